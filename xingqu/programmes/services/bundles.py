"""Sets of a shop's own SKUs at a price (套装). Decision 0094."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xingqu.catalogue.selectors import skus_for_sale
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried
from xingqu.programmes.domain.rules import check_span
from xingqu.programmes.models import BundleItem, BundleOffer

MAX_PARTS = 10
MAX_UNITS = 99


@retried
@transaction.atomic
def create_bundle(
    *,
    shop_id: int,
    name: str,
    price_minor: int,
    items: Sequence[tuple[int, int]],
    starts_at: datetime,
    ends_at: datetime,
) -> int:
    """Offer a set of (SKU, units) for less than its parts cost now. Raises InvalidInput."""
    now = clock.now()
    check_span(starts_at, ends_at, now, field="ends_at")
    ids = [sku_id for sku_id, _ in items]
    units = sum(quantity for _, quantity in items)
    if len(set(ids)) != len(ids) or len(ids) > MAX_PARTS or not 2 <= units <= MAX_UNITS:
        raise InvalidInput(field="items", expected=f"up to {MAX_PARTS} SKUs, each once, 2 to {MAX_UNITS} units in all")
    offers = skus_for_sale(ids, with_tags=False)
    for sku_id, quantity in items:
        if sku_id not in offers or offers[sku_id].shop_id != shop_id:
            raise InvalidInput(field="items", expected="SKUs of this shop", data={"sku_id": sku_id})
        if quantity < 1:
            raise InvalidInput(field="items", expected="at least one unit", data={"sku_id": sku_id})
    currencies = {offers[sku_id].currency for sku_id in ids}
    if len(currencies) != 1:
        raise InvalidInput(field="items", expected="SKUs of one currency")
    apart = sum(offers[sku_id].price_minor * quantity for sku_id, quantity in items)
    if not 1 <= price_minor < apart:
        raise InvalidInput(field="price_minor", expected=f"1 to {apart - 1}, below what the parts cost apart")
    bundle = BundleOffer.objects.create(
        shop_id=shop_id,
        name=name,
        price_minor=price_minor,
        currency=currencies.pop(),
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    BundleItem.objects.bulk_create(
        [
            BundleItem(bundle=bundle, sku_id=sku_id, product_id=offers[sku_id].product_id, quantity=quantity)
            for sku_id, quantity in items
        ]
    )
    return bundle.pk
