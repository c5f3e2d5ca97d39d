"""Payments that a provider has to be told of before they can be paid: the worker asks, no web process waits for the answer."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.kit.ids import new_number
from xingqu.trade.domain.transitions import PaymentState, Phase
from xingqu.trade.models import PaymentAttempt, PaymentOpening
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import Opening, PaymentRequest, ProviderRefused, ProviderUnsure
from xingqu.trade.services.asking import ask_all

log = logging.getLogger(__name__)
FIRST_QUERY_S = 5
RETRY_S = (2, 5, 15, 30)
GIVE_UP_AFTER = timedelta(minutes=2)
NO_ANSWER = "no_answer"


def new_attempt(
    parent_id: int, provider: str, amount_minor: int, currency: str, phase: Phase, now: datetime
) -> PaymentAttempt:
    """A try to pay, not written yet."""
    return PaymentAttempt(
        payment_no=new_number("Y", now),
        parent_id=parent_id,
        provider=provider,
        amount_minor=amount_minor,
        currency=currency,
        phase=phase,
        created_at=now,
        query_due_at=now + timedelta(seconds=FIRST_QUERY_S),
    )


def wait_for_opening(attempt: PaymentAttempt, details: dict[str, Any]) -> None:
    """Have the worker ask the provider where the attempt is paid, in the caller's transaction."""
    PaymentOpening.objects.create(attempt=attempt, request=details, due_at=attempt.created_at)


def waiting_page(attempt: PaymentAttempt) -> str:
    """The page of this site that waits until the worker has asked."""
    return f"/pay/wait?{urlencode({'payment_no': attempt.payment_no})}"


def opening_request(
    attempt: PaymentAttempt, parent_no: str, expires_at: datetime, details: dict[str, Any]
) -> PaymentRequest:
    """What a provider is told of an attempt. `details`: return_path, language, device, payer_ip."""
    return PaymentRequest(
        payment_no=attempt.payment_no,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        subject=parent_no,
        created_at=attempt.created_at,
        expires_at=expires_at,
        notify_url=f"{settings.ENVIRONMENT.origin}/api/v1/payments/callback/{attempt.provider}",
        **details,
    )


def open_payments(*, limit: int = 50) -> int:
    """Ask providers where new attempts are paid. Returns how many can now be paid. For the worker.

    A timeout is asked again with the same number, so nothing is made twice; after a while the attempt counts as failed
    (should money come all the same, it is taken as any late payment).
    """
    now = clock.now()
    due = PaymentOpening.objects.select_related("attempt__parent").filter(due_at__lte=now).order_by("due_at")
    mine = [row for row in due[:limit] if _claim(row, now)]
    answers = ask_all([(row.attempt.provider, partial(_ask, row)) for row in mine])
    return sum(_keep(row, answer, now) for row, answer in zip(mine, answers, strict=True))


def _claim(row: PaymentOpening, now: datetime) -> bool:
    wait_s = settings.ENVIRONMENT.payment_timeout_s + RETRY_S[min(row.tries, len(RETRY_S) - 1)]
    unchanged = PaymentOpening.objects.filter(pk=row.pk, tries=row.tries, due_at__isnull=False)
    return bool(unchanged.update(tries=row.tries + 1, due_at=now + timedelta(seconds=wait_s)))


def _ask(row: PaymentOpening) -> Opening:
    attempt = row.attempt
    request = opening_request(attempt, attempt.parent.order_no, attempt.parent.expires_at, row.request)
    return get_provider(attempt.provider).open(request)


def _keep(row: PaymentOpening, answer: Opening | Exception, now: datetime) -> bool:
    opening = PaymentOpening.objects.filter(pk=row.pk)
    if isinstance(answer, Opening):
        opening.update(kind=answer.kind, url=answer.url, token=answer.token, due_at=None)
        return True
    attempt = row.attempt
    over = attempt.state != PaymentState.PENDING or attempt.closing or now - attempt.created_at > GIVE_UP_AFTER
    refused = isinstance(answer, ProviderRefused)
    if not refused and not over:
        expected = isinstance(answer, (ProviderUnsure, BusinessError))
        log.warning(
            "payment %s can't be opened yet: %s", attempt.payment_no, answer, exc_info=None if expected else answer
        )
        return False
    refusal = answer.code if isinstance(answer, ProviderRefused) else NO_ANSWER
    log.error("payment %s by %s can't be opened: %s", attempt.payment_no, attempt.provider, refusal)
    with transaction.atomic():
        opening.update(refusal=refusal, due_at=None)
        pending = PaymentAttempt.objects.filter(pk=attempt.pk, state=PaymentState.PENDING)
        pending.update(state=PaymentState.FAILED, settled_at=now)
    return False
