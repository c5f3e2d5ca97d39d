"""What other rooms may know of live rooms."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import Out

EndReason = Literal["", "host", "cancelled", "host_dropped", "paused_too_long", "banned", "platform"]
EventKind = Literal[
    "state",
    "stream",
    "explain",
    "unexplain",
    "items",
    "announcement",
    "chat",
    "chat_deleted",
    "muted",
    "unmuted",
    "rules",
    "coupon",
    "lucky_bag",
    "lucky_drawn",
]
ItemState = Literal["unexplained", "explaining", "explained"]
CutMode = Literal["off", "draft", "publish"]

# How many viewers an edge process has counts this long after it said so.
PRESENCE_FRESH = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class RoomEventRow:
    """Something that happened in a room, in the order of `id`; `at_ms` is Unix time.

    `is_hidden`: taken back. `is_late`: its transaction committed after events of higher ids had been told.
    """

    id: int
    room_id: int
    kind: EventKind
    actor_key: str
    data: dict[str, Any]
    at_ms: int
    is_hidden: bool = False
    is_late: bool = False

    def as_late(self) -> "RoomEventRow":
        """The same event, told late."""
        return replace(self, is_late=True)


@dataclass(frozen=True, slots=True)
class RoomFigures:
    """What the edge tells all viewers of a room; `stock` is [(product id, units that can be bought)] of what is explained."""

    room_id: int
    viewers: int
    likes: int
    stock: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LiveCandidate:
    """A room that is live at this moment: its goods, the explained one first, and what its visitors did."""

    room_id: int
    creator_id: int
    product_ids: tuple[int, ...]
    explained_id: int | None
    visitors: int
    stayers: int
    buyers: int
    shown: int = 0
    shown_entries: int = 0


class LiveCreatorOut(Out):
    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    organisation_id: int | None


class LivePreviewOut(Out):
    """A live room to look into: a muted picture, who watches, what is explained."""

    id: int
    title: str
    cover_url: str
    play_url: str
    viewers: int
    is_ai_host: bool
    creator: LiveCreatorOut
    explained: ProductCardOut | None


@dataclass(frozen=True, slots=True)
class StreamGrant:
    """The right to publish one stream: `token` names it in every later call, `folder` is the last part of its play address."""

    session_id: int
    token: str
    room_id: int
    folder: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A viewer (``p12``, ``g345``) came into a room, perhaps again."""

    room_id: int
    actor_key: str
