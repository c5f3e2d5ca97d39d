"""One payment of several checkouts that succeeded: each is paid or not by itself, and what found nothing to pay goes back."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from xingqu.catalogue.services import SoldOut
from xingqu.kit.sql import execute, fetch
from xingqu.ledger.contracts import UNAPPLIED, provider_account
from xingqu.ledger.services import post
from xingqu.trade.domain.transitions import Phase, Step
from xingqu.trade.models import ParentOrder
from xingqu.trade.services.applying import (
    APPLIED,
    LATE,
    Attempt,
    Entry,
    PayableOrder,
    give_back,
    make_paid,
    mark_paid,
    pay_or_revive,
    payable_orders,
    take_stock,
    why_not,
)

# Some of it paid something: which, the shares say.
SHARED = "shared"
_SHARES = (
    "SELECT s.parent_id, p.order_no, s.amount_minor FROM trade_paymentshare s JOIN trade_parentorder p ON p.id = s.parent_id"
    " WHERE s.attempt_id = %s ORDER BY s.parent_id"
)
_OUTCOME = "UPDATE trade_paymentshare SET outcome = %s WHERE attempt_id = %s AND parent_id = %s"


def apply_shares(attempt: Attempt, now: datetime) -> str:
    """Pay each of the checkouts that a payment was made for, or send back what is too much, in one refund.

    Returns `SHARED`, or why all of it goes back. In the caller's transaction.
    """
    parts = [
        replace(attempt, parent_id=parent_id, parent_no=parent_no, amount_minor=amount_minor, phase=Phase.WHOLE)
        for parent_id, parent_no, amount_minor in fetch(_SHARES, [attempt.pk])
    ]
    ids = [part.parent_id for part in parts]
    # Payments that share checkouts follow each other before either touches any stock.
    list(ParentOrder.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    orders = payable_orders(ids)
    booked = _pay_unpaid(parts, orders, now)
    for part in parts:
        if part.parent_id not in booked:
            entries = pay_or_revive(part, orders[part.parent_id], now)
            if entries is not None:
                booked[part.parent_id] = entries
    outcomes = {pk: APPLIED if pk in booked else why_not(pk) for pk in ids}
    for pk, outcome in outcomes.items():
        execute(_OUTCOME, [outcome, attempt.pk, pk])
    surplus = sum(part.amount_minor for part in parts if part.parent_id not in booked)
    _book(attempt, booked, surplus)
    reasons = sorted(set(outcomes.values()) - {APPLIED})
    reason = LATE if LATE in reasons else "".join(reasons)
    if surplus:
        give_back(attempt, surplus, reason, now)
    return SHARED if booked else reason


def _pay_unpaid(parts: list[Attempt], orders: dict[int, list[PayableOrder]], now: datetime) -> dict[int, list[Entry]]:
    """All that are unpaid, their units taken at once and so in one order of rows. None of them when some units are gone."""
    try:
        with transaction.atomic():
            unpaid = [part for part in parts if mark_paid(part.parent_id, now)]
            if not unpaid:
                return {}
            take_stock([order for part in unpaid for order in orders[part.parent_id]], now)
            return {part.parent_id: make_paid(part, orders[part.parent_id], Step.PAY, now) for part in unpaid}
    except SoldOut:
        return {}


def _book(attempt: Attempt, booked: dict[int, list[Entry]], surplus_minor: int) -> None:
    sums: Counter[str] = Counter({provider_account(attempt.provider): attempt.amount_minor})
    for entries in booked.values():
        for account, amount_minor in entries:
            sums[account] += amount_minor
    sums[UNAPPLIED] -= surplus_minor
    post(
        entries=[(account, amount_minor) for account, amount_minor in sums.items() if amount_minor],
        currency=attempt.currency,
        reference=attempt.payment_no,
        idempotency_key=f"{'paid' if booked else 'unapplied'}:{attempt.payment_no}",
    )
