"""Live rooms for operators: what is on air, ending it, and what was recorded."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import Id
from xingqu.live import services
from xingqu.live.schemas import BanIn, LiveRecordingOut, RoomOnAirOut
from xingqu.live.selectors.platform import past_rooms, rooms_on_air
from xingqu.live.selectors.recordings import room_recordings

router = Router()
Handle = Annotated[str, Query(max_length=40)]


@router.get("/platform/live/rooms", response=list[RoomOnAirOut])
def list_rooms_on_air(request: HttpRequest) -> Any:
    """Rooms that are live, paused or interrupted, the newest first, up to 200. For operators."""
    operator_of(request)
    return rooms_on_air()


@router.get("/platform/live/past-rooms", response=list[RoomOnAirOut])
def list_past_live_rooms(request: HttpRequest, handle: Handle = "") -> Any:
    """Rooms that are over, the newest 50 first, of one account or of all. For operators."""
    operator_of(request)
    return past_rooms(handle=handle.strip().removeprefix("@").lower())


@router.get("/platform/live/rooms/{room_id}/recordings", response=list[LiveRecordingOut])
def list_room_recordings(request: HttpRequest, room_id: Id) -> Any:
    """What was recorded of a room, to look into a complaint. For operators."""
    operator_of(request)
    return room_recordings(room_id=room_id)


@router.post("/platform/live/rooms/{room_id}/end", response={204: None})
def end_live_room(request: HttpRequest, room_id: Id, payload: BanIn) -> Any:
    """End a room that is on air; its host reads why. For operators."""
    operator_of(request)
    services.end_room_by_platform(room_id=room_id, reason=payload.reason)
    return Status(204, None)
