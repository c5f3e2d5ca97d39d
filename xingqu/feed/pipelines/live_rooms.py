"""Live rooms beside the feed: those worth a place for this actor, as they are at this moment."""

from collections.abc import Collection
from typing import Any

from xingqu.accounts.contracts import Actor
from xingqu.feed.sources import live_rooms
from xingqu.live.selectors import preview_cards


def serve(*, actor: Actor, size: int, exclude: Collection[int] = ()) -> list[dict[str, Any]]:
    """Preview cards, the best first. What ended between ranking and showing has no card any more."""
    ranked = live_rooms.fetch(actor=actor, exclude=exclude)[:size]
    cards = preview_cards(room_ids=[room.room_id for room in ranked])
    return [
        {
            **cards[room.room_id],
            "chances": {
                "enter": round(room.chances.enter, 4),
                "stay": round(room.chances.stay, 4),
                "buy": round(room.chances.buy, 4),
            },
        }
        for room in ranked
        if room.room_id in cards
    ]
