"""Shapes of the live API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import AmountMinor, Id, Moment, MoneyOut, Out, ShortText
from xingqu.live.contracts import CutMode, ItemState, LiveCreatorOut
from xingqu.live.domain.states import RoomState

Title = Annotated[ShortText, StringConstraints(min_length=1, max_length=60)]
Announcement = Annotated[ShortText, StringConstraints(max_length=200)]
Label = Annotated[ShortText, StringConstraints(max_length=40)]
Word = Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
CoverUrl = Annotated[str, StringConstraints(max_length=200, pattern=r"^(/media/[A-Za-z0-9/._-]+)?$")]
ActorKey = Annotated[str, StringConstraints(pattern=r"^[pg]\d{1,16}$")]
ChatText = Annotated[ShortText, StringConstraints(min_length=1, max_length=100)]
Seconds = Annotated[int, Field(ge=0, le=3600)]


class LivePriceOut(Out):
    """A price of the room for a SKU: `room_price` while it is on air (`paused` before it is), `flash_sale` with a countdown to
    `ends_at`."""

    sale_id: int
    kind: Literal["flash_sale", "room_price", "prize"]
    sku_id: int
    price: MoneyOut
    units: int
    left: int
    limit_per_person: int
    starts_at: datetime
    ends_at: datetime
    state: Literal["upcoming", "running", "paused", "ended"]


class LiveItemOut(Out):
    """A product of the room; `available` units can be bought now. A viewer's `touch` credits a purchase to the room."""

    id: int
    position: int
    label: str
    state: ItemState
    available: int
    product: ProductCardOut
    prices: list[LivePriceOut]
    touch: str = ""


class ChatLineOut(Out):
    """`name` is empty for the host's own lines."""

    id: int
    name: str
    text: str
    host: bool
    actor_key: str


class RoomCardOut(Out):
    id: int
    title: str
    cover_url: str
    state: RoomState
    scheduled_at: datetime | None
    viewers: int
    is_ai_host: bool
    creator: LiveCreatorOut
    play_url: str | None
    explained: ProductCardOut | None


class CreatorRoomOut(RoomCardOut):
    """A room on a creator's page; `booked`: this visitor is told when it begins, as `bookings` people are."""

    booked: bool
    bookings: int


class RoomOut(Out):
    """A room to one viewer. `play_url` is an HLS playlist, null unless it is live; events after `cursor` come by /rt/live.

    `booked`: this visitor is told when a planned one begins, as `bookings` people are."""

    id: int
    shop_id: int
    title: str
    cover_url: str
    state: RoomState
    end_reason: str
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    is_ai_host: bool
    announcement: str
    slow_mode_s: int
    creator: LiveCreatorOut | None
    followed: bool
    play_url: str | None
    viewers: int
    likes: int
    items: list[LiveItemOut]
    explaining_item_id: int | None
    chat: list[ChatLineOut]
    muted: bool
    replay_content_id: int | None
    booked: bool
    bookings: int
    cursor: int


class ChatIn(Schema):
    text: ChatText


class ChatPostedOut(Out):
    id: int


class LiveWatchIn(Schema):
    """Milliseconds watched since the last time it was told; 0 on coming in. `latency_ms`: how long ago what is seen came to the
    site, by the site's clock; null where the page does not know."""

    watched_ms: Annotated[int, Field(ge=0, le=60_000)]
    latency_ms: Annotated[int, Field(ge=0, le=600_000)] | None = None


class LiveOfCreatorOut(Out):
    creator_id: int
    room_id: int


class LiveClickIn(Schema):
    product_id: Id


class RoomIn(Schema):
    """`creator_id` defaults to the shop's first publishing account."""

    title: Title
    creator_id: Id | None = None
    cover_url: CoverUrl = ""
    scheduled_at: Moment | None = None
    is_ai_host: bool = False
    replay_mode: CutMode | None = None
    clip_mode: CutMode | None = None


class RoomPatch(Schema):
    """What is absent stays. `scheduled_at` only before the start."""

    title: Title | None = None
    cover_url: CoverUrl | None = None
    scheduled_at: Moment | None = None
    announcement: Announcement | None = None
    slow_mode_s: Seconds | None = None
    block_words: list[Word] | None = Field(None, max_length=200)
    is_ai_host: bool | None = None
    replay_mode: CutMode | None = None
    clip_mode: CutMode | None = None


class NewLiveItemIn(Schema):
    product_id: Id
    label: Label = ""


class LiveItemsIn(Schema):
    items: list[NewLiveItemIn] = Field(min_length=1, max_length=100)


class LiveItemPatch(Schema):
    """`label` stands on the product's card in place of its name; empty: the name does."""

    label: Label


class LivePriceIn(Schema):
    sku_id: Id
    price_minor: AmountMinor
    units: Annotated[int, Field(ge=1, le=1_000_000)]
    limit_per_person: Annotated[int, Field(ge=1, le=1000)] = 1


class LivePricesIn(Schema):
    prices: list[LivePriceIn] = Field(min_length=1, max_length=50)


class LiveRoomPricesIn(LivePricesIn):
    """While the room is on air, from `starts_at` (at once) to `ends_at` (the room's end) at most."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None


class LiveFlashIn(LivePricesIn):
    duration_s: Annotated[int, Field(ge=30, le=7200)]


class LiveOrderIn(Schema):
    item_ids: list[Id] = Field(max_length=1000)


class MuteIn(Schema):
    """`duration_s` null: for good."""

    actor_key: ActorKey
    duration_s: Annotated[int, Field(ge=60, le=31_536_000)] | None = None


class UnmuteIn(Schema):
    actor_key: ActorKey


class MutedOut(Out):
    actor_key: str
    name: str
    until: datetime | None


class StreamStateOut(Out):
    """`health`: codec, width, height, frame_rate, kbps, keyframe_s, audio, and `warnings` (codes)."""

    arriving: bool
    preview_url: str | None
    since: datetime | None
    last_end_reason: str
    health: dict[str, Any]


class LiveCutOut(Out):
    """A piece of the recording on its way into the feed; without products it is the replay."""

    id: int
    state: Literal["waiting", "cut", "done", "failed"]
    mode: CutMode
    content_id: int | None
    failure: str
    product_ids: list[int]
    duration_ms: int


class LiveRecordingOut(Out):
    """What one stream recorded, as the encoder sent it (FLV). `kept_until` is null while it runs; `download_url` is good for an
    hour."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    duration_ms: int
    size_bytes: int
    kept_until: datetime | None
    download_url: str


class DeskRoomRowOut(Out):
    id: int
    title: str
    cover_url: str
    state: RoomState
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    visitors: int
    gmv: MoneyOut


class DeskRoomOut(Out):
    """`deadline`: when it ends by itself if the host does nothing."""

    id: int
    shop_id: int
    creator_id: int
    title: str
    cover_url: str
    state: RoomState
    end_reason: str
    ban_reason: str
    scheduled_at: datetime | None
    started_at: datetime | None
    paused_at: datetime | None
    interrupted_at: datetime | None
    ended_at: datetime | None
    deadline: datetime | None
    is_ai_host: bool
    announcement: str
    slow_mode_s: int
    block_words: list[str]
    replay_mode: CutMode
    clip_mode: CutMode
    items: list[LiveItemOut]
    explaining_item_id: int | None
    stream: StreamStateOut
    chat: list[ChatLineOut]
    cuts: list[LiveCutOut]
    cursor: int


class StreamKeyOut(Out):
    """For the encoder. The key is secret; with `backend` off nobody takes streams."""

    push_url: str
    stream_key: str
    backend: Literal["embedded", "external", "off"]


class LiveMinuteOut(Out):
    minute: datetime
    entries: int
    visitors: int
    viewers: int
    likes: int
    clicks: int
    orders: int
    gmv_minor: int


class LiveDelayOut(Out):
    """Of the `viewers` who told in the last moments: half of them see what came to the site at most `median_ms` ago."""

    median_ms: int
    viewers: int


class LiveProductFiguresOut(Out):
    """One product in the room: how often and how long it was explained, opened, bought; `gmv` as for the room."""

    product_id: int
    name: str
    picture_url: str
    explained: int
    explained_ms: int
    clicks: int
    orders: int
    units: int
    gmv: MoneyOut
    refunded: MoneyOut


class DeskFiguresOut(Out):
    """viewers: connections now; entries: times somebody came in while on air; visitors: different people and guests of these;
    clicks: products opened in the room; orders: paid orders with a line that is credited to the room; gmv: what the buyers
    paid for these lines, all coupons off, freight and refunds not counted; refunded: what of it went back; gpm: gmv for
    1,000 entries; shown: people and guests to whom the feed showed the room, shown_entries: of these who came in
    afterwards; click_rate: clicks ÷ entries; buy_rate: buyers ÷ visitors; delay: how far behind viewers are, null while
    none has told."""

    viewers: int
    viewers_most: int
    entries: int
    visitors: int
    likes: int
    chats: int
    clicks: int
    orders: int
    buyers: int
    units: int
    gmv: MoneyOut
    refunded: MoneyOut
    gpm: MoneyOut
    click_rate: float
    buy_rate: float
    delay: LiveDelayOut | None
    shown: int
    shown_entries: int
    minutes: list[LiveMinuteOut]
    products: list[LiveProductFiguresOut]


class BanIn(Schema):
    reason: Annotated[ShortText, StringConstraints(min_length=1, max_length=200)]


class RoomOnAirOut(Out):
    id: int
    title: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    creator_id: int
    creator_name: str
    creator_handle: str
