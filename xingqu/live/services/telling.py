"""Events of a room: written with the change they tell of, read by the edge in the order of their ids."""

from datetime import datetime
from typing import Any

from xingqu.kit import clock
from xingqu.live.contracts import EventKind
from xingqu.live.models import RoomEvent


def tell_room(
    *, room_id: int, kind: EventKind, data: dict[str, Any], actor_key: str = "", at: datetime | None = None
) -> int:
    """Write an event in the caller's transaction and return its id."""
    row = RoomEvent.objects.create(room_id=room_id, kind=kind, actor_key=actor_key, data=data, at=at or clock.now())
    return row.pk
