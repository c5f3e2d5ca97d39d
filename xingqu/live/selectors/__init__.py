"""Reads of live rooms."""

from xingqu.live.selectors.desk import desk_figures, desk_room, desk_rooms, moderation_page, stream_page
from xingqu.live.selectors.edge import events_after, last_event_id, room_figures, room_ids_on_air
from xingqu.live.selectors.rooms import is_on_air, live_rooms, room_page

__all__ = [
    "desk_figures",
    "desk_room",
    "desk_rooms",
    "events_after",
    "is_on_air",
    "last_event_id",
    "live_rooms",
    "moderation_page",
    "room_figures",
    "room_ids_on_air",
    "room_page",
    "stream_page",
]
