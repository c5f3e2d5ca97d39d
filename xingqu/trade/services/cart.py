"""Changes of the cart."""

from collections.abc import Iterable

import orjson
from django.db import transaction

from xingqu.catalogue.services import SoldOut
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.sql import fetch, insert
from xingqu.kit.transactions import hold_names
from xingqu.programmes.selectors import bundle_items
from xingqu.trade.domain.errors import CartFull, NotForSale, PurchaseLimited
from xingqu.trade.domain.quote import Offer
from xingqu.trade.models import CartLine
from xingqu.trade.selectors.offers import offers_of
from xingqu.trade.services.touches import Claim, proven

MAX_LINES = 120
MAX_QUANTITY = 999
_PRESENT = "SELECT COUNT(*), MAX(CASE WHEN sku_id = %s THEN quantity END) FROM trade_cartline WHERE owner_key = %s"


@transaction.atomic(savepoint=False)
def add_line(*, owner_key: str, sku_id: int, quantity: int, claim: Claim | None = None) -> None:
    """Put units of a SKU into the cart; what is there already is added to, up to 999 and up to what is available.

    `claim` is what is said to have led to it; it is kept with the line when it is proven.

    Raises NotFound for an unknown SKU, SoldOut, NotForSale, InvalidInput for more than is available, PurchaseLimited, CartFull.
    """
    offer = offers_of(sku_ids=[sku_id]).get(sku_id)
    if offer is None:
        raise NotFound("There is no such SKU.", field="sku_id", expected="the id of a SKU on sale")
    if offer.sale_code == "sold_out":
        skus = [{"sku_id": sku_id, "requested": quantity, "available": 0}]
        raise SoldOut(field="sku_id", expected="a SKU that is in stock", data={"skus": skus})
    if not offer.can_buy:
        raise NotForSale(
            field="sku_id",
            expected="a SKU on sale",
            data={"skus": [{"sku_id": sku_id, "code": "not_for_sale", "sale_state": offer.sale_code}]},
        )
    hold_names(f"cart:{owner_key}")  # two tabs
    count, present = fetch(_PRESENT, [sku_id, owner_key])[0]
    wanted = quantity + (present or 0)
    _check_quantity(wanted, offer)
    touch = proven(actor_key=owner_key, product_id=offer.product_id, claim=claim)
    told = touch.as_json() if touch is not None else {}
    line = {"quantity": wanted, "selected": True, "price_then_minor": offer.price_minor, "added_at": clock.now()}
    if present is not None:
        CartLine.objects.filter(owner_key=owner_key, sku_id=sku_id).update(
            **line, **({"attribution": told} if told else {})
        )
        return
    if count >= MAX_LINES:
        raise CartFull(expected=f"at most {MAX_LINES} different SKUs")
    insert(
        "trade_cartline",
        ("owner_key", "sku_id", *line, "attribution"),
        [(owner_key, sku_id, *line.values(), orjson.dumps(told).decode())],
    )


@transaction.atomic
def add_bundle(*, owner_key: str, bundle_id: int, sets: int, claim: Claim | None = None) -> None:
    """Put the parts of so many sets into the cart: all of them or none. Raises NotFound for a set that is not offered, and as
    :func:`add_line`."""
    for sku_id, units in bundle_items(bundle_id=bundle_id):
        add_line(owner_key=owner_key, sku_id=sku_id, quantity=units * sets, claim=claim)


@transaction.atomic(savepoint=False)
def change_line(*, owner_key: str, sku_id: int, quantity: int | None, selected: bool | None) -> None:
    """Set a line's quantity or selection; None leaves it. Raises NotFound, InvalidInput for more than is available,
    PurchaseLimited."""
    row = CartLine.objects.select_for_update(no_key=True).filter(owner_key=owner_key, sku_id=sku_id).first()
    if row is None:
        raise NotFound("This SKU is not in the cart.", field="sku_id")
    if quantity is not None and quantity != row.quantity:
        offer = offers_of(sku_ids=[sku_id]).get(sku_id)
        if quantity > row.quantity:
            _check_quantity(quantity, offer)
        row.quantity = quantity
    if selected is not None:
        row.selected = selected
    row.save(update_fields=["quantity", "selected"])


def remove_line(*, owner_key: str, sku_id: int) -> None:
    """Take a SKU out of the cart. Raises NotFound."""
    if not CartLine.objects.filter(owner_key=owner_key, sku_id=sku_id).delete()[0]:
        raise NotFound("This SKU is not in the cart.", field="sku_id")


def select_lines(*, owner_key: str, sku_ids: Iterable[int], selected: bool) -> None:
    """Select or deselect lines; SKUs that are not in the cart are ignored."""
    CartLine.objects.filter(owner_key=owner_key, sku_id__in=list(sku_ids)).update(selected=selected)


@transaction.atomic(savepoint=False)
def merge_carts(*, from_key: str, to_key: str) -> None:
    """Move a guest's lines to the person they turned out to be. Quantities add up, capped by 999 and by what is available.

    Idempotent: what has moved is gone from the guest's cart. The oldest lines beyond a full cart are dropped.
    """
    hold_names(f"cart:{from_key}", f"cart:{to_key}")
    guest_rows = list(CartLine.objects.filter(owner_key=from_key).order_by("id"))
    if not guest_rows:
        return
    own = {row.sku_id: row for row in CartLine.objects.filter(owner_key=to_key)}
    offers = offers_of(sku_ids=[row.sku_id for row in guest_rows])
    for row in guest_rows:
        mine = own.get(row.sku_id)
        if mine is None:
            row.owner_key = to_key
            row.save(update_fields=["owner_key"])
            continue
        offer = offers.get(row.sku_id)
        most = 0 if offer is None else min(offer.available, offer.most_per_order or MAX_QUANTITY)
        mine.quantity = max(mine.quantity, min(mine.quantity + row.quantity, most, MAX_QUANTITY))
        mine.selected = mine.selected or row.selected
        mine.added_at = max(mine.added_at, row.added_at)
        mine.attribution = row.attribution or mine.attribution
        mine.save()
        row.delete()
    kept = CartLine.objects.filter(owner_key=to_key).order_by("-added_at", "-id").values_list("id", flat=True)
    CartLine.objects.filter(pk__in=list(kept)[MAX_LINES:]).delete()


def _check_quantity(wanted: int, offer: Offer | None) -> None:
    """What somebody has bought before is the quote's question; a cart holds no more than one order may."""
    available = offer.available if offer is not None else 0
    limits = offer.most_per_order if offer is not None else None
    if limits is not None and wanted > limits:
        raise PurchaseLimited(
            field="quantity", expected=f"at most {limits} in the cart", data={"requested": wanted, "most": limits}
        )
    if wanted > min(MAX_QUANTITY, available):
        raise InvalidInput(
            "Fewer units are available.",
            field="quantity",
            expected=f"at most {min(MAX_QUANTITY, available)} in the cart",
            data={"available": available, "requested": wanted, "limit": MAX_QUANTITY},
        )
