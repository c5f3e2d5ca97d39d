"""Bills and differences as operators and the nightly auditor see them."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from xingqu.trade.contracts import ReconciliationDifference
from xingqu.trade.models import Bill, BillDifference
from xingqu.trade.providers import configured


def reconciliation_differences(*, day: date, unresolved_only: bool = False) -> list[ReconciliationDifference]:
    """What all providers' bills of a day and our books disagree about, oldest first. `day` is one of Beijing."""
    rows = BillDifference.objects.filter(bill__day=day)
    if unresolved_only:
        rows = rows.filter(resolved_at=None)
    return [_one(row) for row in rows.order_by("id").select_related("bill")]


def is_reconciled(*, day: date) -> bool:
    """Whether every bill of a day that was asked for has come and was compared."""
    return not Bill.objects.filter(day=day, state=Bill.State.DUE).exists()


def differences_page(
    *, unresolved_only: bool, provider: str | None, day: date | None, before_id: int | None, limit: int
) -> tuple[list[ReconciliationDifference], int | None]:
    """(differences, id to go on from or None on the last page), newest first."""
    rows = BillDifference.objects.order_by("-id")
    if unresolved_only:
        rows = rows.filter(resolved_at=None)
    if provider is not None:
        rows = rows.filter(bill__provider=provider)
    if day is not None:
        rows = rows.filter(bill__day=day)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("bill")[: limit + 1])
    return [_one(row) for row in found[:limit]], found[limit - 1].pk if len(found) > limit else None


def bills_page(*, limit: int = 60) -> list[dict[str, Any]]:
    """The latest bills, with how many differences each has and how many of them are open."""
    rows = Bill.objects.order_by("-day", "provider").annotate(
        found=Count("differences"), unresolved=Count("differences", filter=Q(differences__resolved_at=None))
    )
    return [
        {
            "provider": row.provider,
            "day": row.day,
            "state": row.state,
            "error": row.error,
            "line_count": row.line_count,
            "sums": [{"currency": currency, **amounts} for currency, amounts in sorted(row.sums.items())],
            "compared_at": row.compared_at,
            "found": row.found,
            "unresolved": row.unresolved,
        }
        for row in rows[:limit]
    ]


def billing_providers() -> list[str]:
    """Names of the providers whose bills can be asked for."""
    return configured()


def _one(row: BillDifference) -> ReconciliationDifference:
    return ReconciliationDifference(
        id=row.pk,
        provider=row.bill.provider,
        day=row.bill.day,
        kind=row.kind,  # type: ignore[arg-type]
        subject=row.subject,  # type: ignore[arg-type]
        key=row.key,
        reference=row.reference,
        order_no=row.order_no,
        currency=row.currency,
        ours_minor=row.ours_minor,
        theirs_minor=row.theirs_minor,
        ours_state=row.ours_state,
        theirs_state=row.theirs_state,
        found_at=row.found_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        note=row.note,
    )
