"""Rooms as the platform sees them, and what an account's rooms came to."""

from datetime import datetime
from typing import Any

from xingqu.accounts.selectors import creator_id_by_handle, creators_by_ids
from xingqu.live.domain.states import OPEN
from xingqu.live.models import LiveRoom

SHOWN_MOST = 200
PAST_SHOWN = 50


def rooms_on_air() -> list[dict[str, Any]]:
    """Open rooms, the newest first."""
    rows = list(LiveRoom.objects.filter(state__in=OPEN).order_by("-started_at", "-pk")[:SHOWN_MOST])
    return _told(rows)


def _told(rows: list[LiveRoom]) -> list[dict[str, Any]]:
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    return [
        {
            "id": row.pk,
            "title": row.title,
            "state": row.state,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "creator_id": row.creator_id,
            "creator_name": creators[row.creator_id].display_name,
            "creator_handle": creators[row.creator_id].handle,
        }
        for row in rows
    ]


def past_rooms(*, handle: str) -> list[dict[str, Any]]:
    """Rooms that are over, the newest first: of the account with this handle, of all without one."""
    rows = LiveRoom.objects.filter(state__in=("ended", "banned"), started_at__isnull=False)
    if handle:
        rows = rows.filter(creator_id=creator_id_by_handle(handle=handle) or 0)
    found = list(rows.order_by("-ended_at", "-pk")[:PAST_SHOWN])
    return _told(found)


def rooms_between(*, creator_id: int, since: datetime, until: datetime) -> tuple[int, list[tuple[int, datetime]]]:
    """How many rooms of an account went on air in a period, and which were banned in it as (id, when), newest first."""
    aired = LiveRoom.objects.filter(creator_id=creator_id, started_at__gte=since, started_at__lt=until).count()
    banned = LiveRoom.objects.filter(creator_id=creator_id, state="banned", ended_at__gte=since, ended_at__lt=until)
    return aired, [(pk, at) for pk, at in banned.order_by("-pk").values_list("pk", "ended_at") if at is not None]
