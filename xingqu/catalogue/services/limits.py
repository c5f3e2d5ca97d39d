"""Purchase limits (限购) of a product and of its SKUs. Decision 0094."""

from collections.abc import Mapping

from django.db import transaction

from xingqu.catalogue.domain.limits import Limit, check_limit
from xingqu.catalogue.models import Product, Sku
from xingqu.catalogue.services.shelf import own_product, save_product
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried


@retried
@transaction.atomic
def set_limits(*, shop_id: int, product_id: int, version: int, limit: Limit, skus: Mapping[int, Limit]) -> None:
    """Make these all the limits of a product; SKUs that are not named have none of their own. They hold at once.

    Raises NotFound for another shop's, StaleVersion, InvalidInput.
    """
    product = own_product(shop_id=shop_id, product_id=product_id, version=version)
    check_limit(limit, "limit")
    own = list(product.skus.filter(is_active=True).order_by("pk"))
    if not skus.keys() <= {sku.pk for sku in own}:
        raise InvalidInput(field="skus", expected="SKUs of this product")
    for index, one in enumerate(skus.values()):
        check_limit(one, f"skus.{index}")
    for sku in own:
        Sku.objects.filter(pk=sku.pk).update(**as_columns(skus.get(sku.pk, Limit())))
    write_limit(product, limit)


def set_product_limit(*, shop_id: int, product_id: int, limit: Limit) -> None:
    """Change the limit of a whole product and leave its SKUs' own, in the caller's transaction. Raises NotFound, InvalidInput."""
    check_limit(limit, "limit")
    write_limit(own_product(shop_id=shop_id, product_id=product_id), limit)


def write_limit(product: Product, limit: Limit) -> None:
    """Write the limit of a whole product that the caller has locked."""
    save_product(product, **as_columns(limit))


def as_columns(limit: Limit) -> dict[str, int | None]:
    return {"limit_per_order": limit.per_order, "limit_per_person": limit.per_person, "limit_days": limit.days}
