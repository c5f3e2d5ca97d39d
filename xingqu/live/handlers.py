"""Reactions to facts."""

from collections import defaultdict

from xingqu.events.accounts import GuestMerged
from xingqu.events.catalogue import ProductDelisted
from xingqu.events.governance import CreatorRestricted
from xingqu.events.interest import BehaviourErased
from xingqu.events.live import LivePlanChanged
from xingqu.events.trade import Line, OrderPaid, RefundSettled
from xingqu.live.services import (
    empty_bags_of_restricted,
    end_rooms_of_restricted,
    forget_visits,
    move_visits,
    record_refund,
    record_sale,
    tell_booked,
    withdraw_product,
)


def stop_explaining_delisted(fact: ProductDelisted) -> None:
    """What left the shelf is not explained any more."""
    withdraw_product(product_id=fact.product_id)


def tell_plan_changed(fact: LivePlanChanged) -> None:
    """Who booked a planned room."""
    tell_booked(room_id=fact.room_id, what=fact.what)


def merge_guest_visits(fact: GuestMerged) -> None:
    """Where a guest was, the person was they turned out to be."""
    move_visits(guest_key=f"g{fact.guest_key}", person_key=f"p{fact.person_id}")


def erase_visits(fact: BehaviourErased) -> None:
    """Who wants nothing kept of their behaviour has not been anywhere; a room's counts name nobody and stay."""
    forget_visits(actor_key=fact.actor_key)


def stop_restricted(fact: CreatorRestricted) -> None:
    """Who may not go live is off the air; who may not sell has no shop's products in the bag."""
    end_rooms_of_restricted(creator_id=fact.creator_id)
    empty_bags_of_restricted(creator_id=fact.creator_id)


def count_sale(fact: OrderPaid) -> None:
    """Lines of a paid order count for the room that is credited with them, with what was paid for them."""
    sold: defaultdict[int, list[Line]] = defaultdict(list)
    # Facts of before amounts after coupons were told have those before.
    paid = fact.paid_minor or tuple(line[3] for line in fact.lines)
    for line, amount_minor, room_id in zip(fact.lines, paid, fact.live_room_ids, strict=False):
        if room_id is not None:
            sold[room_id].append((*line[:3], amount_minor))
    for room_id, lines in sold.items():
        record_sale(
            room_id=room_id,
            order_no=fact.order_no,
            shop_id=fact.shop_id,
            buyer_key=fact.buyer_key,
            currency=fact.currency,
            lines=lines,
            paid_at=fact.paid_at,
        )


def count_refund(fact: RefundSettled) -> None:
    """What went back to the buyer is shown beside what the room sold."""
    record_refund(order_no=fact.order_no, refund_no=fact.refund_no, lines=[(line[1], line[4]) for line in fact.lines])
