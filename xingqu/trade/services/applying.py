"""What a payment that succeeded does: it pays its order, or goes back when there is nothing (any more) to pay."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from xingqu.catalogue.services import SoldOut, hold_again, resolve_hold, resolve_holds
from xingqu.events.trade import OrderPaid
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch
from xingqu.ledger.contracts import PLATFORM_SUBSIDY, UNAPPLIED, escrow_account, presale_account, provider_account
from xingqu.ledger.services import post
from xingqu.programmes.services import ProgrammeGone, take_again, use_coupons
from xingqu.trade.domain.transitions import CancelReason, OrderState, Phase, Step
from xingqu.trade.models import ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.selectors.times import ship_deadlines
from xingqu.trade.services.charges import pay_charge
from xingqu.trade.services.orders import cancel_parent
from xingqu.trade.services.phases import (
    book_deposit,
    captured,
    extend_deposit_hold,
    final_terms,
    keep_no_deposit,
    take_deposit,
    take_final,
)
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

log = logging.getLogger(__name__)
APPLIED, DUPLICATE, LATE = "applied", "duplicate", "late"
Entry = tuple[str, int]
_ORDERS = (
    "SELECT parent_id, id, order_no, shop_id, buyer_key, payable_minor, platform_discount_minor, has_programmes, currency,"
    " hold_ref FROM trade_shoporder WHERE parent_id IN ({marks}) ORDER BY parent_id, shop_id"
)
_PAY = "UPDATE trade_parentorder SET state = 'paid', paid_at = %s WHERE id = %s AND state = 'unpaid'"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment attempt and its checkout, as settling it needs them."""

    pk: int
    payment_no: str
    provider: str
    amount_minor: int
    currency: str
    parent_id: int
    parent_no: str
    phase: str = Phase.WHOLE


@dataclass(slots=True)
class PayableOrder:
    """A shop order, as paying it needs it."""

    pk: int
    order_no: str
    shop_id: int
    buyer_key: str
    payable_minor: int
    platform_discount_minor: int
    has_programmes: bool
    currency: str
    hold_ref: str


def apply_payment(attempt: Attempt, now: datetime) -> str:
    """Pay the order with a payment that succeeded, or send the money back when there is nothing (any more) to pay."""
    orders = payable_orders([attempt.parent_id]).get(attempt.parent_id)
    if orders is None:
        return _apply_charge(attempt, now)
    if attempt.phase != Phase.WHOLE:
        return _apply_phase(attempt, orders, now)
    entries = pay_or_revive(attempt, orders, now)
    if entries is None:
        outcome = why_not(attempt.parent_id)
        _send_back(attempt, now, outcome)
        return outcome
    _book_paid(attempt, entries)
    return APPLIED


def payable_orders(parent_ids: Sequence[int]) -> dict[int, list[PayableOrder]]:
    """The shop orders of each of these checkouts, by shop; a charge has none and is absent."""
    marks = ", ".join(["%s"] * len(parent_ids))
    found: dict[int, list[PayableOrder]] = {}
    for parent_id, *row in fetch(_ORDERS.format(marks=marks), list(parent_ids)):
        found.setdefault(parent_id, []).append(PayableOrder(*row))
    return found


def mark_paid(parent_id: int, now: datetime) -> bool:
    """Guarded: False for a checkout that is not unpaid (any more)."""
    return bool(execute(_PAY, [now, parent_id]))


def pay_or_revive(attempt: Attempt, orders: list[PayableOrder], now: datetime) -> list[Entry] | None:
    """Make a checkout paid, or one that had run out when its units are still there. Returns what the books get besides the
    provider's entry, None when it can't be paid."""
    rows = ParentOrder.objects.filter(pk=attempt.parent_id)
    try:
        with transaction.atomic():
            if mark_paid(attempt.parent_id, now):
                take_stock(orders, now)
                return make_paid(attempt, orders, Step.PAY, now)
    except SoldOut:  # the hold had run out before the order did, and the units are gone
        cancel_parent(rows.get(), CancelReason.TIMEOUT, now)
    try:
        with transaction.atomic():
            expired = rows.filter(state=OrderState.CANCELLED, cancel_reason=CancelReason.TIMEOUT)
            if expired.update(state=OrderState.PAID, paid_at=now, cancel_reason=""):
                if any(order.has_programmes for order in orders):
                    take_again(order_ref=attempt.parent_no)
                for order in orders:
                    _hold_again(order, now)
                return make_paid(attempt, orders, Step.REVIVE, now)
    except (SoldOut, ProgrammeGone) as refusal:
        log.info("payment %s came too late: %s", attempt.payment_no, refusal.code)
    return None


def why_not(parent_id: int) -> str:
    """Why a payment of a checkout goes back: it was paid before, or can't be paid any more."""
    return DUPLICATE if ParentOrder.objects.filter(pk=parent_id, state=OrderState.PAID).exists() else LATE


def _apply_charge(attempt: Attempt, now: datetime) -> str:
    """Money that buys nothing: it goes to its account however late it comes, and back when it was paid before."""
    if not pay_charge(attempt.parent_id, attempt.payment_no, attempt.provider, now):
        _send_back(attempt, now, DUPLICATE)
        return DUPLICATE
    return APPLIED


def _apply_phase(attempt: Attempt, orders: list[PayableOrder], now: datetime) -> str:
    """Pay a presale's deposit or the rest of it. What comes too late goes back: there is no reviving."""
    try:
        with transaction.atomic():
            if attempt.phase == Phase.DEPOSIT and take_deposit(attempt.parent_id, attempt.amount_minor, now):
                order = orders[0]
                extend_deposit_hold(attempt.parent_id, order.pk, order.hold_ref, f"{order.order_no}-deposit")
                book_deposit(PaymentAttempt.objects.select_related("parent").get(pk=attempt.pk), order.shop_id)
                move_orders(ids=[order.pk], step=Step.PAY_DEPOSIT, at=now, data={"payment_no": attempt.payment_no})
                return APPLIED
            if attempt.phase == Phase.FINAL and take_final(attempt.parent_id, attempt.amount_minor, now):
                take_stock(orders, now)
                _book_paid(attempt, make_paid(attempt, orders, Step.PAY_FINAL, now))
                return APPLIED
    except SoldOut as refusal:
        log.info("payment %s found its units gone: %s", attempt.payment_no, refusal.code)
        if attempt.phase == Phase.FINAL:
            keep_no_deposit(attempt.parent_id)
    outcome = DUPLICATE if captured(attempt.parent_id, attempt.phase) else LATE
    _send_back(attempt, now, outcome)
    return outcome


def take_stock(orders: Sequence[PayableOrder], now: datetime) -> None:
    """Consume the holds; those that have run out are held anew. Raises SoldOut."""
    taken = resolve_holds(order_refs=[order.hold_ref for order in orders], outcome="consume")
    for order in orders:
        if order.hold_ref not in taken:
            _hold_again(order, now)


def _hold_again(order: PayableOrder, now: datetime) -> None:
    new_ref = f"{order.order_no}-late"
    hold_again(order_ref=order.hold_ref, new_ref=new_ref, expires_at=now + timedelta(minutes=5))
    resolve_hold(order_ref=new_ref, outcome="consume")
    ShopOrder.objects.filter(pk=order.pk).update(hold_ref=new_ref)


def make_paid(attempt: Attempt, orders: list[PayableOrder], step: Step, now: datetime) -> list[Entry]:
    """The shop orders of a checkout that was just marked paid go on, and everybody hears of it. Returns what the books get
    besides the provider's entry."""
    is_final = attempt.phase == Phase.FINAL
    deposit_minor, ship_by = final_terms(attempt.parent_id, now) if is_final else (0, None)
    deadlines = (
        ship_deadlines(orders={order.pk: order.shop_id for order in orders}, at=now)
        if ship_by is None
        else {order.pk: ship_by for order in orders}
    )
    ids = [order.pk for order in orders]
    for ship_by in sorted(set(deadlines.values())):
        moved = move_orders(
            ids=[pk for pk in ids if deadlines[pk] == ship_by],
            step=step,
            at=now,
            data={"payment_no": attempt.payment_no},
            ship_by=ship_by,
            cancel_reason="",
            cancelled_at=None,
        )
        if not moved:
            raise RuntimeError(f"{attempt.parent_no} and its shop orders are in different states")
    if any(order.has_programmes for order in orders):
        use_coupons(order_ref=attempt.parent_no)
    facts = fact_lines(ids)
    for order in orders:
        lines, attributions, live_room_ids, paid_minor = facts[order.pk]
        publish(
            OrderPaid(
                order_no=order.order_no,
                parent_order_no=attempt.parent_no,
                shop_id=order.shop_id,
                buyer_key=order.buyer_key,
                person_id=person_id_of(order.buyer_key),
                payable_minor=order.payable_minor,
                currency=order.currency,
                paid_at=now,
                ship_by=deadlines[order.pk],
                lines=lines,
                attributions=attributions,
                live_room_ids=live_room_ids,
                paid_minor=paid_minor,
            )
        )
    return [
        *([(presale_account(orders[0].shop_id), deposit_minor)] if deposit_minor else []),
        (PLATFORM_SUBSIDY, sum(order.platform_discount_minor for order in orders)),
        *((escrow_account(order.shop_id), -order.payable_minor - order.platform_discount_minor) for order in orders),
    ]


def _book_paid(attempt: Attempt, entries: list[Entry]) -> None:
    post(
        entries=[(provider_account(attempt.provider), attempt.amount_minor), *entries],
        currency=attempt.currency,
        reference=attempt.parent_no,
        idempotency_key=f"paid:{attempt.payment_no}",
    )


def _send_back(attempt: Attempt, now: datetime, reason: str) -> None:
    post(
        entries=[(provider_account(attempt.provider), attempt.amount_minor), (UNAPPLIED, -attempt.amount_minor)],
        currency=attempt.currency,
        reference=attempt.parent_no,
        idempotency_key=f"unapplied:{attempt.payment_no}",
    )
    give_back(attempt, attempt.amount_minor, reason, now)


def give_back(attempt: Attempt, amount_minor: int, reason: str, now: datetime) -> None:
    """Have the worker return what of a payment found nothing to pay; the books have it in `UNAPPLIED`."""
    Refund.objects.create(
        refund_no=new_number("R", now),
        payment_id=attempt.pk,
        amount_minor=amount_minor,
        currency=attempt.currency,
        reason=reason,
        due_at=now,
        created_at=now,
    )
