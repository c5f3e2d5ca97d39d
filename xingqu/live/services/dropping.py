"""Coupons dropped into a room: a short while to take one, so many of them, for who watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import retried
from xingqu.live.domain.errors import WrongState
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveItem, LiveRoom
from xingqu.live.services.telling import tell_room
from xingqu.programmes.contracts import CouponTerms
from xingqu.programmes.selectors import room_coupons
from xingqu.programmes.services import NewCoupon, claim_coupon, create_coupon

CLAIM_MIN_S, CLAIM_MAX_S = 10, 7_200
UNITS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class NewDrop:
    """A coupon of the shop: off goods of `threshold_minor`, `units` of it to be taken within `claim_s`, valid for `valid_days`."""

    threshold_minor: int
    discount_minor: int
    units: int = 100
    claim_s: int = 300
    valid_days: int = 1


@retried
@transaction.atomic
def drop_coupon(*, shop_id: int, room_id: int, drop: NewDrop) -> int:
    """Drop a coupon into a room on air; it pops up for all viewers. Returns its id. Raises NotFound, WrongState, InvalidInput.

    The shop's goods are in the run of show: its own room, or that of a creator who sells them.
    """
    room = room_with_goods_of(shop_id=shop_id, room_id=room_id)
    if room.state not in ON_AIR:
        raise WrongState(data={"state": room.state})
    if not (CLAIM_MIN_S <= drop.claim_s <= CLAIM_MAX_S and 1 <= drop.units <= UNITS_MAX):
        raise InvalidInput(field="claim_s", expected=f"{CLAIM_MIN_S} to {CLAIM_MAX_S} s, 1 to {UNITS_MAX} units")
    until = clock.now() + timedelta(seconds=drop.claim_s)
    terms = coupon_terms(drop, units=drop.units, until=until, name=room.title[:40])
    coupon_id = create_coupon(shop_id=shop_id, coupon=terms, live_room_id=room_id)
    tell_room(room_id=room_id, kind="coupon", data={"coupon_id": coupon_id})
    return coupon_id


def room_with_goods_of(*, shop_id: int, room_id: int) -> LiveRoom:
    """A room that has goods of this shop in its run of show, locked. Raises NotFound; InvalidInput for the shop's own without any."""
    room = LiveRoom.objects.select_for_update().filter(pk=room_id).first()
    if room is None:
        raise NotFound
    products = cards(set(LiveItem.objects.filter(room=room).values_list("product_id", flat=True)))
    if any(card.shop_id == shop_id for card in products.values()):
        return room
    if room.shop_id != shop_id:
        raise NotFound
    raise InvalidInput(
        field="room_id", expected="a room whose run of show has goods of this shop: its coupons are for them"
    )


def claim_drop(*, room_id: int, coupon_id: int, person_id: int) -> int:
    """Take a coupon that was dropped into a room that is on air; returns the claimed coupon's id.

    Raises NotFound, WrongState, NotClaimable, LimitReached, CouponGone.
    """
    room = LiveRoom.objects.filter(pk=room_id).first()
    if room is None or not any(row.coupon_id == coupon_id for row in room_coupons(live_room_id=room_id)):
        raise NotFound
    if room.state not in ON_AIR:
        raise WrongState(data={"state": room.state})
    return claim_coupon(person_id=person_id, coupon_id=coupon_id, live_room_id=room_id)


def coupon_terms(drop: NewDrop, *, units: int, until: datetime, name: str) -> NewCoupon:
    """A drop as a coupon: one a person."""
    return NewCoupon(
        name=name,
        terms=CouponTerms("fixed", drop.threshold_minor, drop.discount_minor, 0, None),
        audience="everyone",
        stock=units,
        limit_per_person=1,
        claim_from=clock.now(),
        claim_until=until,
        use_from=None,
        use_until=None,
        valid_days=drop.valid_days,
    )
