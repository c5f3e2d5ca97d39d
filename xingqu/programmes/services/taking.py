"""Orders take discounts and give them back. Every limit is a guarded statement, so that concurrent buyers can't pass it."""

from datetime import datetime

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.sql import execute, fetch, fetch_one
from xingqu.programmes.contracts import Taking
from xingqu.programmes.domain.errors import ProgrammeGone
from xingqu.programmes.services.admission import require_admission
from xingqu.programmes.services.limits import release_limited, take_limited, take_limited_again

_LIMIT = (
    "SELECT i.limit_per_person, g.sale_id FROM programmes_flashsaleitem i JOIN programmes_flashsale s ON s.id = i.sale_id"
    " LEFT JOIN programmes_admissiongate g ON g.sale_id = s.id"
    " WHERE i.id = %s AND (%s OR (s.state = 'running' AND s.starts_at <= %s AND s.ends_at > %s))"
)
_TAKE_QUOTA = (
    "INSERT INTO programmes_flashquota (item_id, person_id, taken) VALUES (%s, %s, %s)"
    " ON CONFLICT (item_id, person_id) DO UPDATE SET taken = programmes_flashquota.taken + excluded.taken"
    " WHERE programmes_flashquota.taken + excluded.taken <= %s RETURNING id"
)
_NOTE_TAKE = (
    "INSERT INTO programmes_flashtake (item_id, person_id, order_ref, shop_id, quantity, state, at)"
    " SELECT %s, %s, %s, s.shop_id, %s, 'taken', %s FROM programmes_flashsaleitem i"
    " JOIN programmes_flashsale s ON s.id = i.sale_id WHERE i.id = %s"
    " ON CONFLICT (order_ref, item_id) DO UPDATE SET state = 'taken', at = excluded.at"
    " WHERE programmes_flashtake.state = 'released' RETURNING id"
)
_LOCK_COUPON = (
    "INSERT INTO programmes_couponuse (claimed_id, order_ref, shop_id, discount_minor, state, at)"
    " SELECT cl.id, %s, %s, %s, %s, %s FROM programmes_claimedcoupon cl WHERE cl.id = %s AND cl.person_id = %s"
    " AND (%s OR cl.valid_until > %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_GIVE_QUOTA = (
    "UPDATE programmes_flashquota SET taken = taken - %s WHERE item_id = %s AND person_id = %s AND taken >= %s"
)
_PAST = (
    "INSERT INTO programmes_pastcustomer (person_id, shop_id) VALUES (%s, %s)"
    " ON CONFLICT (person_id, shop_id) DO NOTHING"
)


@transaction.atomic
def take_programmes(*, order_ref: str, person_id: int, taking: Taking) -> None:
    """Lock coupons and take flash prices for an order: all of them or none. `order_ref` is the checkout's number.

    What is counted here is the limit per person; the units themselves are held in stock, from the item's campaign.
    Flash items are taken in ascending order, so that two orders never wait for each other. Raises ProgrammeGone,
    LimitExceeded.
    """
    now = clock.now()
    take_limited(order_ref, person_id, taking.limited, now)
    for item_id, quantity in sorted(taking.flash):
        _take_units(order_ref, person_id, item_id, quantity, now, late=False)
    for claimed_id, discount_minor, shop_id in sorted(taking.coupons, key=lambda coupon: coupon[0]):
        _lock_coupon(order_ref, person_id, claimed_id, discount_minor, shop_id, now, late=False)


def use_coupons(*, order_ref: str) -> int:
    """The order is paid: its locked coupons are used up. Returns how many."""
    return execute(
        "UPDATE programmes_couponuse SET state = 'used', at = %s WHERE order_ref = %s AND state = 'locked'",
        [clock.now(), order_ref],
    )


@transaction.atomic
def release_programmes(*, order_ref: str) -> None:
    """An order ended unpaid: its coupons and flash units are free again. Doing it twice gives back once."""
    execute(
        "UPDATE programmes_couponuse SET state = 'released', at = %s WHERE order_ref = %s AND state <> 'released'",
        [clock.now(), order_ref],
    )
    _give_units(order_ref, None)
    release_limited(order_ref, None)


def release_coupons(*, order_ref: str) -> None:
    """The coupons that an order holds are free again; the rest of what it took stays."""
    execute(
        "UPDATE programmes_couponuse SET state = 'released', at = %s WHERE order_ref = %s AND state = 'locked'",
        [clock.now(), order_ref],
    )


@transaction.atomic
def return_programmes(*, order_ref: str, shop_id: int, whole: bool) -> None:
    """A shop's part of a paid checkout was refunded before it was shipped: its coupon and flash units come back.

    The platform's coupon comes back with the last part (`whole`): what remains bought had its discount.
    """
    scope = "(shop_id = %s OR (%s AND shop_id IS NULL))"
    execute(
        "UPDATE programmes_couponuse SET state = 'released', at = %s WHERE order_ref = %s AND state <> 'released'"
        f" AND {scope}",
        [clock.now(), order_ref, shop_id, whole],
    )
    _give_units(order_ref, shop_id)
    release_limited(order_ref, shop_id)


@transaction.atomic
def take_again(*, order_ref: str) -> None:
    """A payment came after the time-out: the price it paid needs the released discounts again, also if their time is over.

    Raises ProgrammeGone when another order has them.
    """
    now = clock.now()
    take_limited_again(order_ref, now)
    takes = fetch(
        "SELECT item_id, person_id, quantity FROM programmes_flashtake WHERE order_ref = %s AND state = 'released'"
        " ORDER BY item_id",
        [order_ref],
    )
    for item_id, person_id, quantity in takes:
        _take_units(order_ref, person_id, item_id, quantity, now, late=True)
    uses = fetch(
        "SELECT u.claimed_id, u.discount_minor, u.shop_id, cl.person_id FROM programmes_couponuse u"
        " JOIN programmes_claimedcoupon cl ON cl.id = u.claimed_id WHERE u.order_ref = %s AND u.state = 'released'"
        " ORDER BY u.claimed_id",
        [order_ref],
    )
    for claimed_id, discount_minor, shop_id, person_id in uses:
        _lock_coupon(order_ref, person_id, claimed_id, discount_minor, shop_id, now, late=True)


def note_customer(*, person_id: int, shop_id: int) -> None:
    """This person has bought from this shop. Idempotent."""
    execute(_PAST, [person_id, shop_id])


def _take_units(order_ref: str, person_id: int, item_id: int, quantity: int, now: datetime, *, late: bool) -> None:
    gone = ProgrammeGone(field="lines", data={"flash_item_id": item_id})
    row = fetch_one(_LIMIT, [item_id, late, now, now])
    if row is None or quantity > row[0]:
        raise gone
    if row[1] is not None and not late:
        require_admission(sale_id=row[1], person_id=person_id, at=now)
    if fetch_one(_TAKE_QUOTA, [item_id, person_id, quantity, row[0]]) is None:
        raise gone
    if fetch_one(_NOTE_TAKE, [item_id, person_id, order_ref, quantity, now, item_id]) is None:
        raise RuntimeError(f"{order_ref} has taken flash item {item_id} already")


def _lock_coupon(
    order_ref: str,
    person_id: int,
    claimed_id: int,
    discount_minor: int,
    shop_id: int | None,
    now: datetime,
    *,
    late: bool,
) -> None:
    values = [order_ref, shop_id, discount_minor, "locked", now, claimed_id, person_id, late, now]
    if fetch_one(_LOCK_COUPON, values) is None:
        raise ProgrammeGone(field="coupon_ids", data={"claimed_id": claimed_id})


def _give_units(order_ref: str, shop_id: int | None) -> None:
    rows = fetch(
        "SELECT item_id, person_id, quantity FROM programmes_flashtake WHERE order_ref = %s AND state = 'taken'"
        + (" AND shop_id = %s" if shop_id is not None else "")
        + " ORDER BY item_id",
        [order_ref] if shop_id is None else [order_ref, shop_id],
    )
    for item_id, person_id, quantity in rows:
        mine = execute(
            "UPDATE programmes_flashtake SET state = 'released', at = %s WHERE order_ref = %s AND item_id = %s"
            " AND state = 'taken'",
            [clock.now(), order_ref, item_id],
        )
        if mine:
            execute(_GIVE_QUOTA, [quantity, item_id, person_id, quantity])
