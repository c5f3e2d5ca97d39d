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
    "ItemReach",
    "ItemSnapshot",
    "Observed",
    "Page",
    "PoolCard",
    "PoolStep",
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


@dataclass(frozen=True, slots=True)
class PoolCard:
    """Where a content stands in the traffic pools. Names are those of engine.coldstart.params in lower case.

    `low`, `high`: ends of the confidence interval of its quality in this pool. `benchmark` opens the gate, below
    `tolerated` it is demoted. `guaranteed` exposures are due by `due_at`; both None outside of a pool.
    """

    content_id: int
    stage: str
    why: str
    since: datetime
    impressions: int
    positives: int
    low: float
    high: float
    benchmark: float
    tolerated: float
    judged_from: int
    guaranteed: int | None
    due_at: datetime | None
    impressions_all: int
    positives_all: int


@dataclass(frozen=True, slots=True)
class PoolStep:
    """A gate that a content passed, with the numbers the gate saw."""

    at: datetime
    before: str
    after: str
    why: str
    impressions: int
    positives: int
    low: float
    high: float
    benchmark: float


@dataclass(frozen=True, slots=True)
class ItemReach:
    """Who a content reached: decayed counts of outcomes, and the tags of what the same people took to, with weights."""

    counts: dict[str, float]
    audience: tuple[tuple[int, float], ...]
    visible: bool
