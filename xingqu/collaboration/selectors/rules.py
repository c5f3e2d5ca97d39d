"""The rules of samples and collaborations at a moment."""

from datetime import datetime
from typing import Any

from xingqu.collaboration.domain.rules import Rules, read_rules
from xingqu.collaboration.models import CollaborationRules
from xingqu.kit import clock


def rules_at(at: datetime | None = None) -> Rules:
    """The rules in force at a moment (now): the newest set that has begun, else the built-in ones."""
    rows = CollaborationRules.objects.filter(effective_from__lte=at or clock.now())
    values = rows.order_by("-effective_from").values_list("values", flat=True).first()
    return Rules() if values is None else read_rules(values)


def rule_sets() -> list[dict[str, Any]]:
    """Every set an operator made, the latest first; `values` have every rule."""
    now = clock.now()
    rows = list(CollaborationRules.objects.order_by("-effective_from"))
    current = next((row.pk for row in rows if row.effective_from <= now), None)
    return [
        {
            "id": row.pk,
            "effective_from": row.effective_from,
            "note": row.note,
            "created_at": row.created_at,
            "in_force": row.pk == current,
            "values": read_rules(row.values).as_json(),
        }
        for row in rows
    ]
