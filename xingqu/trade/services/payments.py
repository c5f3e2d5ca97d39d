"""Payment: one attempt a try, callbacks taken in once, and the one transaction that makes an order paid."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xingqu.catalogue.services import HoldResolved, SoldOut, hold_stock, resolve_hold
from xingqu.events.trade import OrderPaid
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch, fetch_one, insert_rows, read_time
from xingqu.kit.transactions import retried
from xingqu.ledger.services import post
from xingqu.programmes.services import ProgrammeGone, take_again, use_coupons
from xingqu.trade.domain.accounts import PLATFORM_SUBSIDY, UNAPPLIED, escrow_account, provider_account
from xingqu.trade.domain.errors import AmountMismatch, OrderExpired, UnknownPayment, WrongState
from xingqu.trade.domain.transitions import CancelReason, OrderState, PaymentState, Step
from xingqu.trade.models import OrderLine, ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import PaymentRequest, ProviderUnsure, StatusReport
from xingqu.trade.services.orders import cancel_parent
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

log = logging.getLogger(__name__)
FIRST_QUERY_S = 5
LAST_QUERY_S = 600
CLOSE_AFTER = timedelta(hours=2)
APPLIED, DUPLICATE, LATE = "applied", "duplicate", "late"
_PAYABLE = (
    "SELECT p.id, p.order_no, p.state, p.payable_minor, p.currency, p.expires_at FROM trade_shoporder o"
    " JOIN trade_parentorder p ON p.id = o.parent_id WHERE o.buyer_key = %s AND {column} = %s ORDER BY o.id LIMIT 1"
)
_ATTEMPT = (
    "SELECT a.id, a.payment_no, a.provider, a.amount_minor, a.currency, p.id, p.order_no FROM trade_paymentattempt a"
    " JOIN trade_parentorder p ON p.id = a.parent_id WHERE a.payment_no = %s AND a.provider = %s"
)
_ORDERS = (
    "SELECT id, order_no, shop_id, buyer_key, payable_minor, platform_discount_minor, has_programmes, currency, hold_ref"
    " FROM trade_shoporder"
    " WHERE parent_id = %s ORDER BY shop_id"
)
_SUCCEED = (
    "UPDATE trade_paymentattempt SET state = 'succeeded', provider_reference = %s, settled_at = %s, unsure = %s"
    " WHERE id = %s AND state IN ('pending', 'failed', 'closed')"
)
_TO_HASTEN = (
    "SELECT id FROM trade_paymentattempt WHERE payment_no = %s AND state = 'pending' AND created_at <= %s"
    " AND query_due_at > %s"
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
    *, buyer_key: str, order_no: str, provider: str, return_path: str, language: str | None
) -> tuple[str, str]:
    """(payment number, address to send the buyer to) of a new attempt to pay a checkout.

    Raises NotFound, WrongState for one that is not unpaid, OrderExpired.
    """
    column = "p.order_no" if order_no.startswith("P") else "o.order_no"
    row = fetch_one(_PAYABLE.format(column=column), [buyer_key, order_no])
    if row is None:
        raise NotFound(field="order_no", expected="the number of one of your orders")
    parent_id, parent_no, state, amount_minor, currency = row[:5]
    expires_at = read_time(row[5])
    now = clock.now()
    if state != OrderState.UNPAID:
        raise WrongState(expected="an unpaid order", data={"state": state})
    if expires_at <= now:
        raise OrderExpired(data={"expires_at": expires_at.isoformat()})
    attempt = PaymentAttempt(
        payment_no=new_number("Y", now),
        parent_id=parent_id,
        provider=provider,
        amount_minor=amount_minor,
        currency=currency,
        created_at=now,
        query_due_at=now + timedelta(seconds=FIRST_QUERY_S),
    )
    # One statement: nothing else is written, and an attempt of an order that ends now does no harm.
    insert_rows([attempt])
    redirect_url = get_provider(provider).create(
        PaymentRequest(
            payment_no=attempt.payment_no,
            amount_minor=amount_minor,
            currency=currency,
            subject=parent_no,
            expires_at=expires_at,
            notify_url=f"{settings.ENVIRONMENT.origin}/api/v1/payments/callback/{provider}",
            return_path=return_path,
            language=language,
        )
    )
    return attempt.payment_no, redirect_url


@retried
def take_callback(*, provider: str, headers: Mapping[str, str], body: bytes) -> str:
    """Take in a provider's notice. Returns its outcome: applied, duplicate, late, pending, closed, failed or replayed.

    Raises BadSignature, UnknownPayment, AmountMismatch, each with nothing changed.
    """
    event_id, report = get_provider(provider).parse_callback(headers, body)
    with transaction.atomic():
        if not _receive_once(provider, event_id, report.payment_no):
            return "replayed"
        outcome = settle(provider=provider, report=report)
        execute(
            "UPDATE trade_callbackreceipt SET outcome = %s WHERE provider = %s AND event_id = %s",
            [outcome, provider, event_id],
        )
    return outcome


def _receive_once(provider: str, event_id: str, payment_no: str) -> bool:
    row = fetch_one(
        "INSERT INTO trade_callbackreceipt (provider, event_id, payment_no, outcome, received_at)"
        " VALUES (%s, %s, %s, '', %s) ON CONFLICT (provider, event_id) DO NOTHING RETURNING id",
        [provider, event_id, payment_no, clock.now()],
    )
    return row is not None


def query_payments(*, limit: int = 50) -> int:
    """Ask providers about attempts of which no notice has come. Returns how many were asked. For the worker.

    A timeout leaves the attempt as it is, marked unsure, to be asked again.
    """
    now = clock.now()
    due = PaymentAttempt.objects.filter(state=PaymentState.PENDING, query_due_at__lte=now)
    asked = 0
    for attempt in due.order_by("query_due_at")[:limit]:
        wait_s = min(FIRST_QUERY_S * 2 ** min(attempt.queries + 1, 10), LAST_QUERY_S)
        mine = PaymentAttempt.objects.filter(pk=attempt.pk, queries=attempt.queries, state=PaymentState.PENDING)
        if not mine.update(queries=attempt.queries + 1, query_due_at=now + timedelta(seconds=wait_s)):
            continue
        asked += 1
        try:
            report = get_provider(attempt.provider).query(attempt.payment_no)
        except ProviderUnsure as error:
            log.warning("payment %s is unknown: %s", attempt.payment_no, error)
            PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING).update(unsure=True)
            continue
        try:
            with transaction.atomic():
                settle(provider=attempt.provider, report=report)
                _close_when_over(attempt, now)
        except BusinessError:  # for a person to look into; the others must not wait for it
            log.exception("payment %s can't be settled", attempt.payment_no)
    return asked


def hasten_query(*, payment_no: str) -> None:
    """The buyer waits for the result: ask the provider in the worker's next round."""
    now = clock.now()
    wait = timedelta(seconds=FIRST_QUERY_S)
    # Looked up first: on SQLite an UPDATE waits for the write lock even if it will change nothing, and buyers ask often.
    if row := fetch_one(_TO_HASTEN, [payment_no, now - wait, now + wait]):
        PaymentAttempt.objects.filter(pk=row[0], state=PaymentState.PENDING).update(query_due_at=now)


def _close_when_over(attempt: PaymentAttempt, now: datetime) -> None:
    if attempt.parent.expires_at + CLOSE_AFTER <= now:
        PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING).update(
            state=PaymentState.CLOSED, settled_at=now
        )


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
    if not execute(_SUCCEED, [report.reference, now, False, attempt.pk]):
        return "replayed"
    outcome = _apply(attempt, now)
    execute("UPDATE trade_paymentattempt SET outcome = %s WHERE id = %s", [outcome, attempt.pk])
    return outcome


def _apply(attempt: Attempt, now: datetime) -> str:
    """Pay the order with a payment that succeeded, or send the money back when there is nothing (any more) to pay."""
    orders = [PayableOrder(*row) for row in fetch(_ORDERS, [attempt.parent_id])]
    rows = ParentOrder.objects.filter(pk=attempt.parent_id)
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


def _take_stock(orders: list[PayableOrder], now: datetime) -> None:
    """Consume the holds; those that have run out are held anew. Raises SoldOut."""
    for order in orders:
        try:
            resolve_hold(order_ref=order.hold_ref, outcome="consume")
        except HoldResolved:
            _hold_again(order, now)


def _hold_again(order: PayableOrder, now: datetime) -> None:
    order.hold_ref = f"{order.order_no}-late"
    lines = OrderLine.objects.filter(order_id=order.pk).values_list("sku_id", "quantity")
    hold_stock(order_ref=order.hold_ref, lines=list(lines), expires_at=now + timedelta(minutes=5))
    resolve_hold(order_ref=order.hold_ref, outcome="consume")
    ShopOrder.objects.filter(pk=order.pk).update(hold_ref=order.hold_ref)


def _make_paid(attempt: Attempt, orders: list[PayableOrder], step: Step, now: datetime) -> None:
    ship_by = now + timedelta(seconds=settings.ENVIRONMENT.ship_within_s)
    ids = [order.pk for order in orders]
    moved = move_orders(
        ids=ids,
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
        lines, attributions = facts[order.pk]
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
                ship_by=ship_by,
                lines=lines,
                attributions=attributions,
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
