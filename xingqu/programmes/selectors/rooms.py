"""Prices that are a live room's own."""

from collections.abc import Iterable
from typing import cast

from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.programmes.contracts import PriceKind, RoomCouponRow, RoomSaleRow, flash_campaign
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import ClaimedCoupon, Coupon, FlashSaleItem


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
        sale = row.sale
        found[cast(int, sale.live_room_id)].append(
            RoomSaleRow(
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
        )
    return found


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
