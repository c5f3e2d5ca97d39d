"""Payment: one attempt a try, callbacks taken in once, and the one transaction that makes an order paid."""

import logging
from collections.abc import Mapping
from typing import Literal

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import execute, fetch_one, insert_rows, read_time
from xingqu.kit.transactions import retried
from xingqu.trade.domain.errors import AmountMismatch, OrderExpired, UnknownPayment
from xingqu.trade.domain.transitions import PaymentState, Phase
from xingqu.trade.models import PaymentAttempt, Refund
from xingqu.trade.providers import get_provider, offered_provider
from xingqu.trade.providers.protocol import StatusReport
from xingqu.trade.services.applying import Attempt, apply_payment
from xingqu.trade.services.applying_shares import apply_shares
from xingqu.trade.services.openings import new_attempt, opening_request, wait_for_opening, waiting_page
from xingqu.trade.services.phases import due_phase

log = logging.getLogger(__name__)
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
_SUCCEED = (
    "UPDATE trade_paymentattempt SET state = 'succeeded', provider_reference = %s, settled_at = %s, unsure = %s, paid_at = %s"
    " WHERE id = %s AND state IN ('pending', 'failed', 'closed')"
)


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
    attempt = new_attempt(parent_id, name, amount_minor, currency, phase, now)
    details = {"return_path": return_path, "language": language, "device": device, "payer_ip": payer_ip}
    redirect_url = adapter.create(opening_request(attempt, parent_no, expires_at, details))
    if redirect_url is not None:
        # One statement: nothing else is written, and an attempt of an order that ends now does no harm.
        insert_rows([attempt])
        return attempt.payment_no, redirect_url
    with transaction.atomic():
        insert_rows([attempt])
        wait_for_opening(attempt, details)
    return attempt.payment_no, waiting_page(attempt)


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
    outcome = (apply_shares if attempt.phase == Phase.MERGED else apply_payment)(attempt, now)
    execute("UPDATE trade_paymentattempt SET outcome = %s WHERE id = %s", [outcome, attempt.pk])
    return outcome
