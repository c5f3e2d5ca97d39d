"""Payment: one attempt a try, callbacks taken in once, and the one transaction that makes an order paid."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from django.db import transaction

from xingqu.catalogue.services import SoldOut, hold_again, resolve_hold, resolve_holds
from xingqu.events.trade import OrderPaid
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch, fetch_one, insert_rows, read_time
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import PLATFORM_SUBSIDY, UNAPPLIED, escrow_account, presale_account, provider_account
from xingqu.ledger.services import post
from xingqu.programmes.services import ProgrammeGone, take_again, use_coupons
from xingqu.trade.domain.errors import AmountMismatch, OrderExpired, UnknownPayment
from xingqu.trade.domain.transitions import CancelReason, OrderState, PaymentState, Phase, Step
from xingqu.trade.models import ParentOrder, PaymentAttempt, PaymentOpening, Refund, ShopOrder
from xingqu.trade.providers import get_provider, offered_provider
from xingqu.trade.providers.protocol import StatusReport
from xingqu.trade.selectors.times import ship_deadlines
from xingqu.trade.services.charges import pay_charge
from xingqu.trade.services.openings import opening_request
from xingqu.trade.services.orders import cancel_parent
from xingqu.trade.services.phases import (
    book_deposit,
    captured,
    due_phase,
    extend_deposit_hold,
    final_terms,
    take_deposit,
    take_final,
)
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

log = logging.getLogger(__name__)
FIRST_QUERY_S = 5
APPLIED, DUPLICATE, LATE = "applied", "duplicate", "late"
_PAYABLE = (
    "SELECT p.id, p.order_no, p.state, p.payable_minor, p.currency, p.expires_at, r.deposit_minor, r.final_from"
    " FROM trade_shoporder o JOIN trade_parentorder p ON p.id = o.parent_id"
    " LEFT JOIN trade_presaleorder r ON r.parent_id = p.id WHERE o.buyer_key = %s AND {column} = %s ORDER BY o.id LIMIT 1"
)
_CHARGE_PAYABLE = (
    "SELECT p.id, p.order_no, p.state, p.payable_minor, p.currency, p.expires_at, NULL, NULL FROM trade_charge c"
    " JOIN trade_parentorder p ON p.id = c.parent_id WHERE p.buyer_key = %s AND p.order_no = %s"
)
_ATTEMPT = (
    "SELECT a.id, a.payment_no, a.provider, a.amount_minor, a.currency, p.id, p.order_no, a.phase FROM trade_paymentattempt a"
    " JOIN trade_parentorder p ON p.id = a.parent_id WHERE a.payment_no = %s AND a.provider = %s"
)
_ORDERS = (
    "SELECT id, order_no, shop_id, buyer_key, payable_minor, platform_discount_minor, has_programmes, currency, hold_ref"
    " FROM trade_shoporder"
    " WHERE parent_id = %s ORDER BY shop_id"
)
_SUCCEED = (
    "UPDATE trade_paymentattempt SET state = 'succeeded', provider_reference = %s, settled_at = %s, unsure = %s, paid_at = %s"
    " WHERE id = %s AND state IN ('pending', 'failed', 'closed')"
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


def start_payment(
    *,
    buyer_key: str,
    order_no: str,
    provider: str | None,
    return_path: str,
    language: str | None,
    device: Literal["desktop", "phone"] = "desktop",
    payer_ip: str = "",
) -> tuple[str, str]:
    """(payment number, address to send the buyer to) of a new attempt to pay a checkout.

    The address is the provider's own, or a page of this site that waits until the worker has asked the provider for one.
    Without a `provider` it is the first one offered. Raises NotFound, WrongState for one that is not unpaid, OrderExpired,
    MethodUnavailable.
    """
    column = "p.order_no" if order_no.startswith("P") else "o.order_no"
    row = fetch_one(_PAYABLE.format(column=column), [buyer_key, order_no])
    row = row or fetch_one(_CHARGE_PAYABLE, [buyer_key, order_no])
    if row is None:
        raise NotFound(field="order_no", expected="the number of one of your orders")
    parent_id, parent_no, state, payable_minor, currency = row[:5]
    expires_at = read_time(row[5])
    now = clock.now()
    phase, amount_minor = due_phase(state, payable_minor, row[6], row[7], now)
    if expires_at <= now:
        raise OrderExpired(data={"expires_at": expires_at.isoformat()})
    name, adapter = offered_provider(provider, currency)
    attempt = PaymentAttempt(
        payment_no=new_number("Y", now),
        parent_id=parent_id,
        provider=name,
        amount_minor=amount_minor,
        currency=currency,
        phase=phase,
        created_at=now,
        query_due_at=now + timedelta(seconds=FIRST_QUERY_S),
    )
    details = {"return_path": return_path, "language": language, "device": device, "payer_ip": payer_ip}
    redirect_url = adapter.create(opening_request(attempt, parent_no, expires_at, details))
    if redirect_url is not None:
        # One statement: nothing else is written, and an attempt of an order that ends now does no harm.
        insert_rows([attempt])
        return attempt.payment_no, redirect_url
    with transaction.atomic():
        insert_rows([attempt])
        PaymentOpening.objects.create(attempt=attempt, request=details, due_at=now)
    return attempt.payment_no, f"/pay/wait?{urlencode({'payment_no': attempt.payment_no})}"


@retried
def take_callback(*, provider: str, headers: Mapping[str, str], body: bytes) -> str:
    """Take in a provider's notice. Returns its outcome: applied, duplicate, late, pending, closed, failed, replayed, refund
    (one is asked about at once) or ignored (signed, but about nothing of ours).

    Raises NotFound for a provider that is not set up, BadSignature, WrongRecipient, UnknownPayment, AmountMismatch, each with
    nothing changed.
    """
    notice = get_provider(provider).parse_callback(headers, body)
    number = notice.payment.payment_no if notice.payment is not None else notice.refund_no
    with transaction.atomic():
        if not _receive_once(provider, notice.event_id, number[:32]):
            return "replayed"
        if notice.payment is not None:
            outcome = settle(provider=provider, report=notice.payment)
        else:
            outcome = "refund" if notice.refund_no and _hasten_refund(provider, notice.refund_no) else "ignored"
        execute(
            "UPDATE trade_callbackreceipt SET outcome = %s WHERE provider = %s AND event_id = %s",
            [outcome, provider, notice.event_id],
        )
    return outcome


def _hasten_refund(provider: str, refund_no: str) -> bool:
    """A provider says that a refund has moved: the worker asks how it stands. Its word alone books nothing."""
    known = Refund.objects.filter(refund_no=refund_no, payment__provider=provider)
    known.filter(done=False).update(due_at=clock.now())
    return known.exists()


def _receive_once(provider: str, event_id: str, payment_no: str) -> bool:
    row = fetch_one(
        "INSERT INTO trade_callbackreceipt (provider, event_id, payment_no, outcome, received_at)"
        " VALUES (%s, %s, %s, '', %s) ON CONFLICT (provider, event_id) DO NOTHING RETURNING id",
        [provider, event_id, payment_no, clock.now()],
    )
    return row is not None


def settle(*, provider: str, report: StatusReport) -> str:
    """Book what a provider says of an attempt, in the caller's transaction. Exactly one of many calls has an effect.

    Returns the outcome as in :func:`take_callback`. Raises UnknownPayment, AmountMismatch.
    """
    row = fetch_one(_ATTEMPT, [report.payment_no, provider])
    if row is None:
        raise UnknownPayment(data={"payment_no": report.payment_no})
    attempt = Attempt(*row)
    now = clock.now()
    if report.state in ("failed", "closed"):
        pending = PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING)
        pending.update(state=report.state, settled_at=now, unsure=False)
        return report.state
    if report.state != "succeeded":
        PaymentAttempt.objects.filter(pk=attempt.pk, unsure=True).update(unsure=False)
        return "pending"
    if (report.amount_minor, report.currency) != (attempt.amount_minor, attempt.currency):
        log.error("payment %s: the provider says %s %s", attempt.payment_no, report.amount_minor, report.currency)
        raise AmountMismatch(
            expected=f"{attempt.amount_minor} {attempt.currency}", data={"payment_no": attempt.payment_no}
        )
    if not execute(_SUCCEED, [report.reference, now, False, report.paid_at, attempt.pk]):
        return "replayed"
    outcome = _apply(attempt, now)
    execute("UPDATE trade_paymentattempt SET outcome = %s WHERE id = %s", [outcome, attempt.pk])
    return outcome


def _apply(attempt: Attempt, now: datetime) -> str:
    """Pay the order with a payment that succeeded, or send the money back when there is nothing (any more) to pay."""
    orders = [PayableOrder(*row) for row in fetch(_ORDERS, [attempt.parent_id])]
    if not orders:
        return _apply_charge(attempt, now)
    rows = ParentOrder.objects.filter(pk=attempt.parent_id)
    if attempt.phase != Phase.WHOLE:
        return _apply_phase(attempt, orders, now)
    try:
        with transaction.atomic():
            if execute(_PAY, [now, attempt.parent_id]):
                _take_stock(orders, now)
                _make_paid(attempt, orders, Step.PAY, now)
                return APPLIED
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
                _make_paid(attempt, orders, Step.REVIVE, now)
                return APPLIED
    except (SoldOut, ProgrammeGone) as refusal:
        log.info("payment %s came too late: %s", attempt.payment_no, refusal.code)
    outcome = DUPLICATE if rows.filter(state=OrderState.PAID).exists() else LATE
    _send_back(attempt, now, outcome)
    return outcome


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
                _take_stock(orders, now)
                _make_paid(attempt, orders, Step.PAY_FINAL, now)
                return APPLIED
    except SoldOut as refusal:
        log.info("payment %s found its units gone: %s", attempt.payment_no, refusal.code)
    outcome = DUPLICATE if captured(attempt.parent_id, attempt.phase) else LATE
    _send_back(attempt, now, outcome)
    return outcome


def _take_stock(orders: list[PayableOrder], now: datetime) -> None:
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


def _make_paid(attempt: Attempt, orders: list[PayableOrder], step: Step, now: datetime) -> None:
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
    post(
        entries=[
            (provider_account(attempt.provider), attempt.amount_minor),
            *([(presale_account(orders[0].shop_id), deposit_minor)] if deposit_minor else []),
            (PLATFORM_SUBSIDY, sum(order.platform_discount_minor for order in orders)),
            *(
                (escrow_account(order.shop_id), -order.payable_minor - order.platform_discount_minor)
                for order in orders
            ),
        ],
        currency=attempt.currency,
        reference=attempt.parent_no,
        idempotency_key=f"paid:{attempt.payment_no}",
    )
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


def _send_back(attempt: Attempt, now: datetime, reason: str) -> None:
    post(
        entries=[(provider_account(attempt.provider), attempt.amount_minor), (UNAPPLIED, -attempt.amount_minor)],
        currency=attempt.currency,
        reference=attempt.parent_no,
        idempotency_key=f"unapplied:{attempt.payment_no}",
    )
    Refund.objects.create(
        refund_no=new_number("R", now),
        payment_id=attempt.pk,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        reason=reason,
        due_at=now,
        created_at=now,
    )
