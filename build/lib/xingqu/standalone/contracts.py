"""What goes in and comes out: frozen dataclasses. Ids are the shop's own strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be recommended. Only ``id`` is needed; tags make it findable before anybody met it."""

    id: str
    tags: Mapping[str, float] = field(default_factory=dict)  # tag -> weight
    creator: str = ""
    seller: str = ""
    category: str = ""
    product: str = ""  # which product it sells; empty: itself
    sells: bool = True  # False: a post that sells nothing
    kind: str = "video"  # or "picture_post"
    price_minor: int = 0
    published_at_ms: int = 0  # 0: when it was first put
    duration_ms: int = 0
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did. ``kind`` is a name of ``xingqu.engine.columns.Signal`` in small letters."""

    id: str
    person: str
    kind: str
    item: str = ""
    creator: str = ""
    query: str = ""  # of a search
    reason: str = ""  # of "not_interested": a name of NotInterestedReason in small letters
    value: float = 0.0  # milliseconds of dwell and skip, plays of a completion, units of a cart or an order
    at_ms: int = 0  # 0: now


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event or item that was refused, by its place in the batch."""

    index: int
    code: str
    field: str
    expected: str


@dataclass(frozen=True, slots=True)
class PutResult:
    accepted: int
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """``unknown_items``: events about items that were never put; they count towards the item's admission."""

    accepted: int
    duplicates: int
    unknown_items: int
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    tag: str
    weight: float
    horizon: str


@dataclass(frozen=True, slots=True)
class Recommended:
    """``propensity``: the probability with which this item was put here; log it, policies are judged by it."""

    item: str
    position: int
    channel: str
    score: float
    propensity: float
    repeated: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Page:
    person: str
    surface: str
    at_ms: int
    snapshot_version: int
    personalised: bool
    items: tuple[Recommended, ...]


@dataclass(frozen=True, slots=True)
class Interest:
    """What the engine believes of a person and a tag; all numbers in (-1, 1)."""

    tag: str
    score: float
    instant: float
    mid: float
    long_term: float
    last_at_ms: int
    pinned: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """What the engine expects of one item and one person, as probabilities of one impression."""

    item: str
    value: float
    predictions: Mapping[str, float]
    reasons: tuple[Reason, ...]
    seen: bool
    may_be_shown: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    person: str
    known: bool
    personalised: bool
    events: int
    interests: tuple[Interest, ...]
    item: ItemExplanation | None = None
