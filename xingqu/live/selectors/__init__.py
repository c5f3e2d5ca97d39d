"""Reads of live rooms."""

from xingqu.live.selectors.desk import desk_figures, desk_room, desk_rooms, moderation_page, stream_page
from xingqu.live.selectors.edge import events_after, latest_events, new_events, newest_event_ids, room_figures
from xingqu.live.selectors.explained import newest_clips, newest_explained
from xingqu.live.selectors.feeding import feed_candidates, live_room_of_creators, preview_cards
from xingqu.live.selectors.pricing import pricing_rooms, shop_prices
from xingqu.live.selectors.recordings import recording_of, room_recordings, shops_recordings
from xingqu.live.selectors.rooms import creators_rooms, is_known, item_prices, live_rooms, room_page
from xingqu.live.selectors.selling import room_rewards, selling_page

__all__ = [
    "creators_rooms",
    "desk_figures",
    "desk_room",
    "desk_rooms",
    "events_after",
    "feed_candidates",
    "is_known",
    "item_prices",
    "latest_events",
    "live_room_of_creators",
    "live_rooms",
    "moderation_page",
    "new_events",
    "newest_clips",
    "newest_event_ids",
    "newest_explained",
    "preview_cards",
    "pricing_rooms",
    "recording_of",
    "room_figures",
    "room_page",
    "room_recordings",
    "room_rewards",
    "selling_page",
    "shop_prices",
    "shops_recordings",
    "stream_page",
]
