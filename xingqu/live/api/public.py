"""Rooms for viewers. What happens in a room comes by the edge's `/rt/live/{room_id}`."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from xingqu.accounts.selectors import actor_of, operator_of, person_of
from xingqu.kit.api import Id
from xingqu.live import selectors, services
from xingqu.live.schemas import (
    BanIn,
    ChatIn,
    ChatPostedOut,
    CreatorRoomOut,
    LiveClickIn,
    LiveOfCreatorOut,
    LiveWatchIn,
    RoomCardOut,
    RoomOut,
)

router = Router()


@router.get("/live/rooms", response=list[RoomCardOut])
def list_live_rooms(request: HttpRequest) -> Any:
    """Rooms on air, most viewers first, then what is planned."""
    return selectors.live_rooms()


@router.get("/live/creators/{creator_id}/rooms", response=list[CreatorRoomOut])
def list_creators_live_rooms(request: HttpRequest, creator_id: Id) -> Any:
    """Where a publishing account is live now, then what it plans, soonest first."""
    return selectors.creators_rooms(creator_id=creator_id, actor=actor_of(request))


@router.put("/live/rooms/{room_id}/booking", response={204: None})
def book_live_room(request: HttpRequest, room_id: Id) -> Any:
    """Be told when a planned room begins. 409 when it is not planned any more."""
    services.book_room(room_id=room_id, person_id=person_of(request))
    return Status(204, None)


@router.delete("/live/rooms/{room_id}/booking", response={204: None})
def unbook_live_room(request: HttpRequest, room_id: Id) -> Any:
    """Be told no more."""
    services.unbook_room(room_id=room_id, person_id=person_of(request))
    return Status(204, None)


@router.get("/live/rooms/{room_id}", response=RoomOut)
def get_live_room(request: HttpRequest, room_id: Id) -> Any:
    """A room with its bag, what is being explained, the last lines of chat, and where to play it."""
    return selectors.room_page(room_id=room_id, actor=actor_of(request))


@router.post("/live/rooms/{room_id}/chat", response={201: ChatPostedOut})
def post_live_chat(request: HttpRequest, room_id: Id, payload: ChatIn) -> Any:
    """Say something. 429 `live_chat_too_fast` in slow mode, 403 `live_muted`, 422 `live_chat_refused`."""
    return Status(201, {"id": services.post_chat(room_id=room_id, person_id=person_of(request), text=payload.text)})


@router.post("/live/rooms/{room_id}/clicks", response={204: None})
def click_live_product(request: HttpRequest, room_id: Id, payload: LiveClickIn) -> Any:
    """Count that a product of the room was opened."""
    services.record_click(room_id=room_id, product_id=payload.product_id)
    return Status(204, None)


@router.post("/live/rooms/{room_id}/shown", response={204: None})
def tell_live_shown(request: HttpRequest, room_id: Id) -> Any:
    """Tell that the feed has shown a room on air: what share of those comes in decides who else it is shown to."""
    services.record_shown(room_id=room_id, actor_key=actor_of(request).key)
    return Status(204, None)


@router.post("/live/rooms/{room_id}/watch", response={204: None})
def tell_live_watch(request: HttpRequest, room_id: Id, payload: LiveWatchIn) -> Any:
    """Tell that one came in, and every so often how long one has watched: it shapes what is shown next."""
    services.record_watch(
        actor=actor_of(request), room_id=room_id, watched_ms=payload.watched_ms, latency_ms=payload.latency_ms
    )
    return Status(204, None)


@router.get("/live/creators", response=list[LiveOfCreatorOut])
def list_live_creators(request: HttpRequest, ids: Annotated[str, Query(max_length=4000)]) -> Any:
    """Which of these publishing accounts (ids with commas between) are live now, and in which room."""
    asked = [int(part) for part in ids.split(",") if part.isascii() and part.isdecimal() and len(part) < 16][:200]
    found = selectors.live_room_of_creators(creator_ids=asked)
    return [{"creator_id": creator_id, "room_id": room_id} for creator_id, room_id in sorted(found.items())]


@router.post("/platform/live/rooms/{room_id}/ban", response={204: None})
def ban_live_room(request: HttpRequest, room_id: Id, payload: BanIn) -> Any:
    """Take a room off the air at once and for good. For operators."""
    operator_of(request)
    services.ban_room(room_id=room_id, reason=payload.reason)
    return Status(204, None)
