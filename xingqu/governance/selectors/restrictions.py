"""What is in force against whom, and what was."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xingqu.accounts.selectors import creators_by_ids, person_labels
from xingqu.governance.contracts import Kind
from xingqu.governance.domain.errors import Restricted
from xingqu.governance.domain.states import IN_FORCE, State
from xingqu.governance.models import Restriction
from xingqu.kit import clock

QUEUES: dict[str, Q] = {
    "in_force": Q(ended_at=None),
    "appealed": Q(state=State.APPEALED),
    "over": Q(ended_at__isnull=False),
}
_NAMES = ("id", "creator_id", "kind", "severity", "state", "reason", "until", "made_at")
_LATER = ("appeal", "appealed_at", "answer", "answered_at", "ended_at")


def _in_force(kind: Kind, at: datetime) -> QuerySet[Restriction]:
    rows = Restriction.objects.filter(kind=kind, state__in=IN_FORCE, ended_at=None)
    return rows.filter(Q(until=None) | Q(until__gt=at))


def is_restricted(*, creator_id: int, kind: Kind) -> bool:
    """Whether an account may not do something now."""
    return _in_force(kind, clock.now()).filter(creator_id=creator_id).exists()


def restricted_among(*, creator_ids: Iterable[int], kind: Kind) -> set[int]:
    """Those of the accounts that may not do something now."""
    rows = _in_force(kind, clock.now()).filter(creator_id__in=list(creator_ids))
    return set(rows.values_list("creator_id", flat=True))


def was_restricted(*, creator_id: int, kind: Kind, at: datetime) -> bool:
    """Whether an account was forbidden something at a moment; what was voided never was."""
    rows = Restriction.objects.filter(creator_id=creator_id, kind=kind, made_at__lte=at).exclude(state=State.VOIDED)
    rows = rows.filter(Q(until=None) | Q(until__gt=at))
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at)).exists()


def require_free(*, creator_id: int, kind: Kind) -> None:
    """Raises Restricted when the account may not do this now."""
    row = _in_force(kind, clock.now()).filter(creator_id=creator_id).first()
    if row is not None:
        until = row.until.isoformat() if row.until is not None else None
        raise Restricted(data={"kind": row.kind, "until": until, "reason": row.reason})


def violations_between(*, creator_id: int, since: datetime, until: datetime) -> list[tuple[int, str, datetime]]:
    """(id, severity, when) of what an account was restricted for in a period, newest first; without what was voided."""
    rows = Restriction.objects.filter(creator_id=creator_id, made_at__gte=since, made_at__lt=until)
    rows = rows.exclude(state=State.VOIDED).order_by("-id")
    return list(rows.values_list("id", "severity", "made_at"))


def restrictions_of(*, creator_id: int) -> list[dict[str, Any]]:
    """All of an account, newest first, as the account reads them: who decided is not told."""
    rows = Restriction.objects.filter(creator_id=creator_id).order_by("-id")
    return [_row(row) for row in rows]


def restrictions_page(
    *, queue: str | None, creator_id: int | None, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page for operators, newest first, with names, and the id to go on from."""
    rows = Restriction.objects.filter(QUEUES[queue] if queue is not None else Q())
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    return _named(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def _named(rows: Sequence[Restriction]) -> list[dict[str, Any]]:
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    names = person_labels(ids={pk for row in rows for pk in (row.made_by_id, row.answered_by_id) if pk is not None})
    return [
        {
            **_row(row),
            "creator_name": creators[row.creator_id].display_name,
            "creator_handle": creators[row.creator_id].handle,
            "made_by": names.get(row.made_by_id, ("", ""))[0],
            "answered_by": names.get(row.answered_by_id or 0, ("", ""))[0],
        }
        for row in rows
    ]


def _row(row: Restriction) -> dict[str, Any]:
    over = row.ended_at is not None or (row.until is not None and row.until <= clock.now())
    return {**{name: getattr(row, name) for name in (*_NAMES, *_LATER)}, "is_in_force": not over}
