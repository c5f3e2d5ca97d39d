"""Rules that hold from a moment on until the next set: tables with `effective_from`, `values`, `note` and `created_at`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput


class DatedRules(models.Model):
    """A set of rules; before the first row the ones built in hold. Never changed: a new one is added."""

    effective_from = models.DateTimeField(unique=True)
    values = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"from {self.effective_from:%Y-%m-%d %H:%M}"


def begin_set(
    table: type[DatedRules], *, values: dict[str, Any], person_id: int, effective_from: datetime | None, note: str
) -> int:
    """Add a set that holds from a moment on (None: from now on); returns its id. The caller has checked the values.

    Raises InvalidInput for a moment that is over, Conflict for one that has its rules.
    """
    now = clock.now()
    begins = effective_from or now
    if begins < now:
        raise InvalidInput(field="effective_from", expected="a moment that is not over")
    try:
        with transaction.atomic():
            row = table._default_manager.create(
                effective_from=begins, values=values, note=note, person_id=person_id, created_at=now
            )
    except IntegrityError as error:
        raise Conflict(field="effective_from", expected="a moment without rules of its own") from error
    return int(row.pk)


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
