"""What the auditor found, for operators."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.settlement.models import AuditDifference, AuditRun


def audit_runs(*, limit: int = 60) -> list[dict[str, Any]]:
    """The last audits, the latest first."""
    return [
        {
            "id": run.pk,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "difference_count": run.difference_count,
            "checked": [{"what": name, "count": number} for name, number in sorted(run.checked.items())],
        }
        for run in AuditRun.objects.order_by("-started_at")[:limit]
    ]


def differences_page(*, run_id: int, after_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page of an audit's differences. Raises NotFound."""
    if not AuditRun.objects.filter(pk=run_id).exists():
        raise NotFound(field="run_id", expected="the number of an audit")
    found = list(AuditDifference.objects.filter(run_id=run_id, pk__gt=after_id or 0).order_by("id")[: limit + 1])
    page = found[:limit]
    names = ("id", "flow", "kind", "reference", "shop_id", "expected", "found")
    return [{name: getattr(row, name) for name in names} for row in page], page[-1].pk if len(found) > limit else None
