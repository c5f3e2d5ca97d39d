"""Rules that hold from a moment on until the next set: tables with `effective_from`, `values`, `note` and `created_at`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from xingqu.kit import clock


def values_at(table: Any, at: datetime | None = None) -> dict[str, Any] | None:
    """Values of the newest set that has begun at a moment (now); None before the first."""
    rows = table.objects.filter(effective_from__lte=at or clock.now()).order_by("-effective_from")
    values: dict[str, Any] | None = rows.values_list("values", flat=True).first()
    return values


def sets_of(table: Any, complete: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    """Every set that was made, the latest first, with which is in force; `complete` fills in what a set leaves out."""
    now = clock.now()
    rows = list(table.objects.order_by("-effective_from"))
    current = next((row.pk for row in rows if row.effective_from <= now), None)
    return [
        {
            "id": row.pk,
            "effective_from": row.effective_from,
            "note": row.note,
            "created_at": row.created_at,
            "in_force": row.pk == current,
            "values": complete(row.values),
        }
        for row in rows
    ]
