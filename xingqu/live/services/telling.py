"""Events of a room: written with the change they tell of, read by the edge in the order of their ids."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from xingqu.kit import clock
from xingqu.live.contracts import EventKind, RoomEventRow
from xingqu.live.models import RoomEvent
from xingqu.live.services.fanout import publish_events


def tell_room(
    *, room_id: int, kind: EventKind, data: dict[str, Any], actor_key: str = "", at: datetime | None = None
) -> int:
    """Write an event in the caller's transaction and return its id."""
    row = RoomEvent.objects.create(room_id=room_id, kind=kind, actor_key=actor_key, data=data, at=at or clock.now())
    tell_others([row])
    return row.pk


def tell_others(rows: Sequence[RoomEvent]) -> None:
    """Tell all edge processes once the caller's transaction has committed, where the site has a Redis for that."""
    if not rows or not settings.ENVIRONMENT.live_fanout_url.get_secret_value():
        return
    told = [
        RoomEventRow(row.pk, row.room_id, row.kind, row.actor_key, row.data, int(row.at.timestamp() * 1000))  # type: ignore[arg-type]
        for row in rows
    ]
    transaction.on_commit(partial(publish_events, rows=told))
