"""Payments and refunds as our books have them, to be compared with a provider's bill."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from xingqu.ledger.contracts import provider_account
from xingqu.ledger.selectors import posted_minor
from xingqu.trade.domain.reconciling import Booked
from xingqu.trade.domain.transitions import PaymentState
from xingqu.trade.models import BilledLine, PaymentAttempt, Refund
from xingqu.trade.providers.protocol import BILL_ZONE


def booked_by_number(*, provider: str, numbers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Booked]:
    """(payment or refund, its number) -> what we have of it at this provider; unknown ones are absent."""
    payment_nos = [number for kind, number in numbers if kind == "payment" and number]
    refund_nos = [number for kind, number in numbers if kind == "refund" and number]
    attempts = PaymentAttempt.objects.filter(provider=provider, payment_no__in=payment_nos)
    refunds = Refund.objects.filter(payment__provider=provider, refund_no__in=refund_nos)
    return {(kind, ours.number): ours for kind, ours in (*_attempts(provider, attempts), *_refunds(provider, refunds))}


def done_and_not_billed(*, provider: str, day: date) -> Iterator[tuple[str, Booked]]:
    """(payment or refund, what we have of it) of all that moved money on a day of the bill's zone and stands in no bill."""
    since = datetime.combine(day, time(), BILL_ZONE)
    span = (since, since + timedelta(days=1))
    lines = BilledLine.objects.filter(bill__provider=provider)
    attempts = PaymentAttempt.objects.annotate(moved_at=Coalesce("paid_at", "settled_at")).filter(
        # The plain bound is for the index; a provider's clock and ours may be a day apart at most.
        Q(settled_at__gte=span[0] - timedelta(days=1), settled_at__lt=span[1] + timedelta(days=7)),
        ~Exists(lines.filter(kind="payment", number=OuterRef("payment_no"))),
        provider=provider,
        state=PaymentState.SUCCEEDED,
        amount_minor__gt=0,
        moved_at__gte=span[0],
        moved_at__lt=span[1],
    )
    yield from _attempts(provider, attempts)
    refunds = Refund.objects.filter(
        ~Exists(lines.filter(kind="refund", number=OuterRef("refund_no"))),
        payment__provider=provider,
        done=True,
        amount_minor__gt=0,
        done_at__gte=span[0],
        done_at__lt=span[1],
    )
    yield from _refunds(provider, refunds)


def _attempts(provider: str, rows: QuerySet[PaymentAttempt]) -> Iterator[tuple[str, Booked]]:
    found = list(rows.select_related("parent").order_by("id"))
    keys = {f"{word}:{row.payment_no}" for row in found for word in ("paid", "unapplied")}
    posted = _posted(provider, {row.currency for row in found}, keys)
    for row in found:
        amounts = [
            posted[key]
            for word in ("paid", "unapplied")
            if (key := (row.currency, f"{word}:{row.payment_no}")) in posted
        ]
        yield (
            "payment",
            Booked(
                number=row.payment_no,
                amount_minor=row.amount_minor,
                currency=row.currency,
                state=row.state,
                is_done=row.state == PaymentState.SUCCEEDED,
                reference=row.provider_reference,
                order_no=row.parent.order_no,
                posted_minor=sum(amounts) if amounts else None,
            ),
        )


def _refunds(provider: str, rows: QuerySet[Refund]) -> Iterator[tuple[str, Booked]]:
    found = list(rows.select_related("order", "payment__parent").order_by("id"))
    posted = _posted(provider, {row.currency for row in found}, {f"refunded:{row.refund_no}" for row in found})
    for row in found:
        moved = posted.get((row.currency, f"refunded:{row.refund_no}"))
        yield (
            "refund",
            Booked(
                number=row.refund_no,
                amount_minor=row.amount_minor,
                currency=row.currency,
                state="done" if row.done else "asked",
                is_done=row.done,
                reference=row.payment.provider_reference,
                order_no=row.order.order_no if row.order is not None else row.payment.parent.order_no,
                posted_minor=-moved if moved is not None else None,
            ),
        )


def _posted(provider: str, currencies: set[str], keys: set[str]) -> dict[tuple[str, str], int]:
    account = provider_account(provider)
    return {
        (currency, key): amount
        for currency in currencies
        for key, amount in posted_minor(account=account, currency=currency, idempotency_keys=keys).items()
    }
