"""Asking providers about payments of which no notice has come, and closing those that nobody can pay any more."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.kit.sql import execute, fetch_one
from xingqu.trade.domain.transitions import PAYABLE_IN, PaymentState, Phase
from xingqu.trade.models import PaymentAttempt
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import PaymentRef, ProviderUnsure, StatusReport
from xingqu.trade.services.asking import ask_all
from xingqu.trade.services.openings import FIRST_QUERY_S
from xingqu.trade.services.payments import settle

log = logging.getLogger(__name__)
LAST_QUERY_S = 600
CLOSE_AFTER = timedelta(hours=2)
_TO_HASTEN = (
    "SELECT id FROM trade_paymentattempt WHERE payment_no = %s AND state = 'pending' AND created_at <= %s"
    " AND query_due_at > %s"
)
# One of its checkouts can't be paid by it any more.
_IS_OVER = (
    "a.state = 'pending' AND a.closing = %s AND (EXISTS (SELECT 1 FROM trade_parentorder p WHERE p.id = a.parent_id"
    " AND p.state <> CASE WHEN a.phase = 'final' THEN 'part_paid' ELSE 'unpaid' END) OR (a.phase = 'merged' AND EXISTS"
    " (SELECT 1 FROM trade_paymentshare s JOIN trade_parentorder p ON p.id = s.parent_id WHERE s.attempt_id = a.id"
    " AND p.state <> 'unpaid')))"
)
_CLOSE = f"UPDATE trade_paymentattempt AS a SET closing = %s, query_due_at = %s WHERE {_IS_OVER}"
_ANY_TO_CLOSE = f"SELECT a.id FROM trade_paymentattempt a WHERE {_IS_OVER} LIMIT 1"


def query_payments(*, limit: int = 50) -> int:
    """Ask providers about attempts of which no notice has come. Returns how many were asked. For the worker.

    An attempt whose order was cancelled, timed out or paid otherwise is closed at the provider, so that nobody pays for
    nothing; should it have been paid by then, the money goes back. A timeout leaves the attempt as it is, marked unsure, to
    be asked again.
    """
    now = clock.now()
    # Looked up first: on SQLite an UPDATE waits for the write lock even if it changes nothing.
    if fetch_one(_ANY_TO_CLOSE, [False]):
        execute(_CLOSE, [True, now, False])
    due = PaymentAttempt.objects.select_related("parent", "opening").filter(
        state=PaymentState.PENDING, query_due_at__lte=now
    )
    mine = [attempt for attempt in due.order_by("query_due_at")[:limit] if _claim(attempt, now)]
    answers = ask_all([(attempt.provider, partial(_ask, attempt)) for attempt in mine])
    for attempt, answer in zip(mine, answers, strict=True):
        _take(attempt, answer, now)
    return len(mine)


def ask_again(*, payment_nos: Sequence[str]) -> int:
    """Ask about payments that count as over or pending here and that a provider's bill has as paid. Returns how many were
    paid indeed, and are now settled as any late payment. For the worker."""
    rows = PaymentAttempt.objects.select_related("parent", "opening").filter(payment_no__in=payment_nos)
    attempts = list(rows.exclude(state=PaymentState.SUCCEEDED))
    answers = ask_all([(attempt.provider, partial(_query, attempt)) for attempt in attempts])
    for attempt, answer in zip(attempts, answers, strict=True):
        if isinstance(answer, StatusReport) and answer.state == "succeeded":
            _take(attempt, answer, clock.now())
    paid = PaymentAttempt.objects.filter(pk__in=[attempt.pk for attempt in attempts], state=PaymentState.SUCCEEDED)
    return paid.count()


def hasten_query(*, payment_no: str) -> None:
    """The buyer waits for the result: ask the provider in the worker's next round."""
    now = clock.now()
    wait = timedelta(seconds=FIRST_QUERY_S)
    # Looked up first: on SQLite an UPDATE waits for the write lock even if it will change nothing, and buyers ask often.
    if row := fetch_one(_TO_HASTEN, [payment_no, now - wait, now + wait]):
        PaymentAttempt.objects.filter(pk=row[0], state=PaymentState.PENDING).update(query_due_at=now)


def _claim(attempt: PaymentAttempt, now: datetime) -> bool:
    wait_s = min(FIRST_QUERY_S * 2 ** min(attempt.queries + 1, 10), LAST_QUERY_S)
    unchanged = PaymentAttempt.objects.filter(pk=attempt.pk, queries=attempt.queries, state=PaymentState.PENDING)
    return bool(unchanged.update(queries=attempt.queries + 1, query_due_at=now + timedelta(seconds=wait_s)))


def _ask(attempt: PaymentAttempt) -> StatusReport:
    if attempt.closing or attempt.parent.state != PAYABLE_IN[Phase(attempt.phase)]:
        return get_provider(attempt.provider).close(_ref(attempt))
    return _query(attempt)


def _query(attempt: PaymentAttempt) -> StatusReport:
    return get_provider(attempt.provider).query(_ref(attempt))


def _ref(attempt: PaymentAttempt) -> PaymentRef:
    opening = getattr(attempt, "opening", None)
    return PaymentRef(
        payment_no=attempt.payment_no,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        token=opening.token if opening is not None else "",
    )


def _take(attempt: PaymentAttempt, answer: StatusReport | Exception, now: datetime) -> None:
    if isinstance(answer, Exception):
        expected = isinstance(answer, (ProviderUnsure, BusinessError))
        log.warning("payment %s is unknown: %s", attempt.payment_no, answer, exc_info=None if expected else answer)
        PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING).update(unsure=True)
        return
    try:
        with transaction.atomic():
            settle(provider=attempt.provider, report=answer)
            _close_when_over(attempt, now)
    except BusinessError:  # for a person to look into; the others must not wait for it
        log.exception("payment %s can't be settled", attempt.payment_no)


def _close_when_over(attempt: PaymentAttempt, now: datetime) -> None:
    if attempt.parent.expires_at + CLOSE_AFTER <= now:
        PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING).update(
            state=PaymentState.CLOSED, settled_at=now
        )
