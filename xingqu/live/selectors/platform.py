"""Rooms as the platform sees them, and what an account's rooms came to."""

from datetime import datetime
from typing import Any

from xingqu.accounts.selectors import creators_by_ids
from xingqu.live.domain.states import OPEN
from xingqu.live.models import LiveRoom

SHOWN_MOST = 200


def rooms_on_air() -> list[dict[str, Any]]:
    """Open rooms, the newest first."""
    rows = list(LiveRoom.objects.filter(state__in=OPEN).order_by("-started_at", "-pk")[:SHOWN_MOST])
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    return [
        {
            "id": row.pk,
            "title": row.title,
            "state": row.state,
            "started_at": row.started_at,
            "creator_id": row.creator_id,
            "creator_name": creators[row.creator_id].display_name,
            "creator_handle": creators[row.creator_id].handle,
        }
        for row in rows
    ]


def rooms_between(*, creator_id: int, since: datetime, until: datetime) -> tuple[int, list[tuple[int, datetime]]]:
    """How many rooms of an account went on air in a period, and which were banned in it as (id, when), newest first."""
    aired = LiveRoom.objects.filter(creator_id=creator_id, started_at__gte=since, started_at__lt=until).count()
    banned = LiveRoom.objects.filter(creator_id=creator_id, state="banned", ended_at__gte=since, ended_at__lt=until)
    return aired, [(pk, at) for pk, at in banned.order_by("-pk").values_list("pk", "ended_at") if at is not None]
