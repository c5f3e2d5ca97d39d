"""The one place that changes a collaboration's state: an UPDATE guarded by state and version, with its event and its fact."""

from datetime import datetime
from typing import Any

from django.db.models import F

from xingqu.collaboration.domain.errors import StaleVersion, WrongStep
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.domain.states import FINAL, State, Step, may
from xingqu.collaboration.models import Collaboration, CollaborationEvent
from xingqu.collaboration.services.sample_moves import Doing
from xingqu.events.collaboration import CollaborationChanged
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names


def own_collaboration(*, collab_no: str, version: int | None = None, **scope: Any) -> Collaboration:
    """The collaboration within `scope`, held until the transaction ends. Raises NotFound, StaleVersion."""
    hold_names(f"collab:{collab_no}")
    row = Collaboration.objects.filter(collab_no=collab_no, **scope).first()
    if row is None:
        raise NotFound(field="collab_no", expected="the number of one of your collaborations")
    if version is not None and row.version != version:
        raise StaleVersion(field="version", expected=str(row.version), data=where(row))
    return row


def where(row: Collaboration) -> dict[str, Any]:
    """Where a collaboration is, for who was too late."""
    return {"state": row.state, "version": row.version, "terms_version": row.terms_version}


def require(row: Collaboration, step: Step, side: Side) -> None:
    """Raises WrongStep when this side may not take this step now."""
    if not may(step, side, State(row.state), is_turn=row.waiting_for == side):
        raise WrongStep(expected=f"a collaboration that you can {step.value}", data=where(row))


def move(
    row: Collaboration,
    code: str,
    doing: Doing,
    *,
    state: State | None = None,
    waiting_for: str = "",
    due_at: datetime | None = None,
    **changes: Any,
) -> Collaboration:
    """Write a step in the caller's transaction; without a `state` it stays in the one it is in. Raises StaleVersion."""
    target = state or State(row.state)
    ended = target in FINAL
    if state is not None:
        changes |= {
            "state": target,
            "waiting_for": "" if ended else waiting_for,
            "due_at": None if ended else due_at,
            "closed_at": doing.at if ended else None,
        }
    moved = Collaboration.objects.filter(pk=row.pk, version=row.version, state=row.state)
    if not moved.update(version=F("version") + 1, changed_at=doing.at, **changes):
        raise StaleVersion(data=where(Collaboration.objects.get(pk=row.pk)))
    row.refresh_from_db()
    add_event(row, code, doing)
    return row


def add_event(row: Collaboration, code: str, doing: Doing) -> CollaborationEvent:
    """The entry of a step, at the version that it led to, and its fact."""
    event = CollaborationEvent.objects.create(
        collaboration=row,
        version=row.version,
        step=code,
        side=doing.side or "",
        person_id=doing.person_id,
        state=row.state,
        text=doing.text[:1000],
        data=doing.data,
        at=doing.at,
    )
    publish(
        CollaborationChanged(
            collab_no=row.collab_no,
            shop_id=row.shop_id,
            creator_id=row.creator_id,
            state=row.state,
            step=code,
            by_side=doing.side or "",
            waiting_for=row.waiting_for,
            due_at=row.due_at,
            at=doing.at,
        )
    )
    return event
