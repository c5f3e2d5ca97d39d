"""What other rooms may know of interest."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from xingqu.engine.columns import Channel, Horizon, Signal
from xingqu.engine.state.items import ItemSnapshot

__all__ = [
    "Channel",
    "Horizon",
    "InterestTag",
    "InterestTags",
    "ItemSnapshot",
    "Observed",
    "Page",
    "Reason",
    "Recommended",
    "Signal",
    "words_of",
]
STRONG: Final = 0.5
MEDIUM: Final = 0.2


def words_of(weight: float) -> str:
    """A weight of 0..1 in words that clients translate: strong, medium, light."""
    return "strong" if weight >= STRONG else "medium" if weight >= MEDIUM else "light"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a batch came to: events applied, and events that had been applied before."""

    accepted: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Reason:
    """An interest tag that speaks for an item, with its weight (0..1) and where it comes from."""

    tag_id: int
    weight: float
    horizon: str  # instant, mid, long_term


@dataclass(frozen=True, slots=True)
class Recommended:
    """One place of a page. `propensity`: probability of this item at this place, given the places above."""

    content_id: int
    position: int
    channel: str  # a name of engine.columns.Channel in lower case
    score: float
    propensity: float
    reasons: tuple[Reason, ...]
    repeated: bool = False  # seen before; shown because nothing else was left


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was recorded. `stage_ns`: time spent in each stage."""

    request_id: str
    at_ms: int
    surface: str
    snapshot_version: int
    personalised: bool
    items: tuple[Recommended, ...]
    stage_ns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InterestTag:
    """An interest of a person, as they see it. Weights lie in 0..1."""

    tag_id: int
    name: str
    name_en: str
    weight: float
    horizon: str
    words: str
    pinned: bool
    blocked: bool
    instant: float
    mid: float
    long_term: float
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class InterestTags:
    personalised: bool
    tags: tuple[InterestTag, ...]
    event_count: int
