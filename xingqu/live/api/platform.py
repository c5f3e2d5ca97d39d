"""Live rooms for operators: what is on air, and ending it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import Id
from xingqu.live import services
from xingqu.live.schemas import BanIn, RoomOnAirOut
from xingqu.live.selectors.platform import rooms_on_air

router = Router()


@router.get("/platform/live/rooms", response=list[RoomOnAirOut])
def list_rooms_on_air(request: HttpRequest) -> Any:
    """Rooms that are live, paused or interrupted, the newest first, up to 200. For operators."""
    operator_of(request)
    return rooms_on_air()


@router.post("/platform/live/rooms/{room_id}/end", response={204: None})
def end_live_room(request: HttpRequest, room_id: Id, payload: BanIn) -> Any:
    """End a room that is on air; its host reads why. For operators."""
    operator_of(request)
    services.end_room_by_platform(room_id=room_id, reason=payload.reason)
    return Status(204, None)
