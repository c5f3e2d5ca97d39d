"""Claiming coupons: never more than there are, never more a person than allowed, whatever comes at the same time."""

from datetime import datetime, timedelta

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch_one
from xingqu.kit.transactions import retried
from xingqu.programmes.domain.errors import CouponGone, LimitReached, NotClaimable
from xingqu.programmes.domain.rules import claim_refusal
from xingqu.programmes.models import ClaimedCoupon, Coupon
from xingqu.programmes.selectors.coupons import is_new_customer

_TAKE = (
    "UPDATE programmes_coupon SET claimed = claimed + 1 WHERE id = %s AND claimed < stock AND state = 'running'"
    " AND claim_from <= %s AND claim_until > %s RETURNING id"
)
_GIVE = (
    "INSERT INTO programmes_claimedcoupon (coupon_id, person_id, ordinal, valid_from, valid_until, claimed_at)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (coupon_id, person_id, ordinal) DO NOTHING RETURNING id"
)


@retried
@transaction.atomic
def claim_coupon(*, person_id: int, coupon_id: int, live_room_id: int | None = None) -> int:
    """Id of the claimed coupon. One of a live room is given by that room only: it says so by `live_room_id`.

    Raises NotFound, NotClaimable, LimitReached, CouponGone, each with nothing changed.
    """
    coupon = Coupon.objects.filter(pk=coupon_id, live_room_id=live_room_id).first()
    if coupon is None:
        raise NotFound(field="coupon_id", expected="the id of a coupon on offer")
    now = clock.now()
    reason = claim_refusal(coupon.state, coupon.claim_from, coupon.claim_until, now)
    if (
        reason is None
        and coupon.audience == "new_customer"
        and not is_new_customer(person_id=person_id, shop_id=coupon.shop_id)
    ):
        reason = "new_customer_only"
    if reason is not None:
        raise NotClaimable(data={"reason": reason})
    if fetch_one(_TAKE, [coupon_id, now, now]) is None:
        raise CouponGone
    return _give(coupon, person_id, now)


def _give(coupon: Coupon, person_id: int, now: datetime) -> int:
    """The next ordinal that is free: two claims at once find different ones, or the limit."""
    valid_from, valid_until = _validity(coupon, now)
    has = ClaimedCoupon.objects.filter(coupon=coupon, person_id=person_id).count()
    for ordinal in range(has + 1, coupon.limit_per_person + 1):
        row = fetch_one(_GIVE, [coupon.pk, person_id, ordinal, valid_from, valid_until, now])
        if row is not None:
            return int(row[0])
    raise LimitReached(data={"limit_per_person": coupon.limit_per_person})


def _validity(coupon: Coupon, now: datetime) -> tuple[datetime, datetime]:
    if coupon.valid_days is not None:
        return now, now + timedelta(days=coupon.valid_days)
    if coupon.use_from is None or coupon.use_until is None:
        raise RuntimeError(f"coupon {coupon.pk} has no time to be used in")
    return coupon.use_from, coupon.use_until
