"""Prices that are a live room's own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from django.db.models import Sum

from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.programmes.contracts import PriceKind, RoomCouponRow, RoomSaleRow, ShopRoomSaleRow, flash_campaign
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import ClaimedCoupon, Coupon, FlashSaleItem, FlashTake


def room_sales(*, live_room_ids: Iterable[int]) -> dict[int, list[RoomSaleRow]]:
    """Prices of live rooms with what is left of them, newest first. Two statements, whatever the number of rooms."""
    ids = sorted(set(live_room_ids))
    rows = list(
        FlashSaleItem.objects.filter(sale__live_room_id__in=ids).select_related("sale").order_by("-sale_id", "id")
    )
    units = allotments_of(campaigns=[flash_campaign(row.pk) for row in rows]) if rows else {}
    now = clock.now()
    found: dict[int, list[RoomSaleRow]] = {pk: [] for pk in ids}
    for row in rows:
        found[cast(int, row.sale.live_room_id)].append(_row(row, units, now))
    return found


def shop_room_sales(*, shop_id: int, before_id: int | None, limit: int) -> list[ShopRoomSaleRow]:
    """Prices that a shop gave in live rooms, also those that have ended, newest first; prizes are not among them.

    `before_id` is the last row's `sale.item_id`, for the rows after it. Three statements.
    """
    items = FlashSaleItem.objects.filter(sale__shop_id=shop_id, sale__live_room_id__isnull=False)
    items = items.exclude(sale__kind="prize")
    items = items.filter(pk__lt=before_id) if before_id is not None else items
    rows = list(items.select_related("sale").order_by("-pk")[:limit])
    units = allotments_of(campaigns=[flash_campaign(row.pk) for row in rows]) if rows else {}
    takes = FlashTake.objects.filter(item__in=rows, state="taken").order_by()
    taken = dict(takes.values_list("item_id").annotate(Sum("quantity")))
    now = clock.now()
    return [
        ShopRoomSaleRow(cast(int, row.sale.live_room_id), taken.get(row.pk, 0), _row(row, units, now)) for row in rows
    ]


def _row(row: FlashSaleItem, units: Mapping[str, tuple[int, int, int]], now: datetime) -> RoomSaleRow:
    sale = row.sale
    return RoomSaleRow(
        sale_id=sale.pk,
        item_id=row.pk,
        kind=cast(PriceKind, sale.kind),
        shop_id=sale.shop_id,
        product_id=row.product_id,
        sku_id=row.sku_id,
        price_minor=row.price_minor,
        currency=row.currency,
        allotment=row.allotment,
        left=units.get(flash_campaign(row.pk), (0, 0, 0))[0],
        limit_per_person=row.limit_per_person,
        starts_at=sale.starts_at,
        ends_at=sale.ends_at,
        state=phase(sale.state, sale.starts_at, sale.ends_at, now),
    )


def room_coupons(*, live_room_id: int) -> list[RoomCouponRow]:
    """Coupons that were dropped into a live room, newest first; prizes are not among them."""
    now = clock.now()
    return [
        RoomCouponRow(
            coupon_id=row.pk,
            name=row.name,
            threshold_minor=row.threshold_minor,
            discount_minor=row.discount_minor,
            currency=row.currency,
            units=row.stock,
            left=row.stock - row.claimed,
            claim_until=row.claim_until,
            is_open=row.state == "running" and row.claim_from <= now < row.claim_until and row.claimed < row.stock,
        )
        for row in Coupon.objects.filter(live_room_id=live_room_id, is_prize=False).order_by("-id")[:100]
    ]


def claimed_among(*, person_id: int, coupon_ids: Iterable[int]) -> set[int]:
    """Those of the coupons of which somebody has one."""
    rows = ClaimedCoupon.objects.filter(person_id=person_id, coupon_id__in=list(coupon_ids))
    return set(rows.values_list("coupon_id", flat=True))
