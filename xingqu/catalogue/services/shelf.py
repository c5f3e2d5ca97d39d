"""What every write of a product shares: the version lock, and telling the house what changed on the shelf."""

from typing import Any

from xingqu.catalogue.domain.errors import StaleVersion, WrongState
from xingqu.catalogue.models import ListingReview, Product
from xingqu.events.catalogue import ProductChanged, ProductDelisted, ProductListed
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish


def is_on_shelf(product: Product) -> bool:
    """Whether it can be found by consumers."""
    return product.status == "online" and product.check_status == "approved"


def own_product(*, shop_id: int, product_id: int, version: int | None = None) -> Product:
    """The shop's product, ready to be changed. Raises NotFound for another's or a deleted one, StaleVersion."""
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id, shop_id=shop_id).first()
    if product is None or product.status == "deleted":
        raise NotFound
    if version is not None and product.version != version:
        raise StaleVersion(field="version", expected=str(product.version), data={"version": product.version})
    return product


def save_product(product: Product, **changes: Any) -> None:
    """Write `changes` if nobody else was faster, bump the version, and publish what became of the product on the shelf.

    Raises StaleVersion when the row changed since it was read.
    """
    was_listed = is_on_shelf(product)
    for name, value in changes.items():
        setattr(product, name, value)
    listed = is_on_shelf(product)
    now = clock.now()
    if listed and product.published_at is None:
        product.published_at = changes["published_at"] = now
    moved = Product.objects.filter(pk=product.pk, version=product.version).update(
        **changes, version=product.version + 1, updated_at=now
    )
    if not moved:
        raise StaleVersion(field="version")
    product.version += 1
    product.updated_at = now
    if "pending" not in (product.check_status, product.draft_status):
        # A review waits exactly as long as its product does.
        ListingReview.objects.filter(product=product, state=ListingReview.State.WAITING).update(
            state=ListingReview.State.WITHDRAWN, decided_at=now
        )
    if listed and not was_listed:
        publish(ProductListed(product_id=product.pk, shop_id=product.shop_id))
    elif listed:
        publish(ProductChanged(product_id=product.pk, shop_id=product.shop_id, version=product.version))
    elif was_listed:
        publish(ProductDelisted(product_id=product.pk, shop_id=product.shop_id, reason=_why_delisted(product)))


def _why_delisted(product: Product) -> str:
    if product.status == "deleted":
        return "deleted"
    return product.check_status if product.check_status != "approved" else "offline"


def require(condition: bool, message: str, expected: str) -> None:
    """Raises WrongState unless the condition holds."""
    if not condition:
        raise WrongState(message, expected=expected)
