"""Reads of live rooms."""

from xingqu.live.selectors.desk import desk_figures, desk_room, desk_rooms, moderation_page, stream_page
from xingqu.live.selectors.edge import events_after, last_event_id, room_figures
from xingqu.live.selectors.rooms import is_known, item_prices, live_rooms, room_page

__all__ = [
    "desk_figures",
    "desk_room",
    "desk_rooms",
    "events_after",
    "is_known",
    "item_prices",
    "last_event_id",
    "live_rooms",
    "moderation_page",
    "room_figures",
    "room_page",
    "stream_page",
]
