"""What other rooms may know of interest."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Channel, Feature, Head, Horizon, Signal
from xingqu.engine.evaluate.channel_samples import ChannelSample
from xingqu.engine.slate.spacing import RULES
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.trace import SlotTrace, Trace

__all__ = [
    "RULES",
    "Audience",
    "AudienceShare",
    "Channel",
    "ClusterCount",
    "Feature",
    "Head",
    "Horizon",
    "InterestTag",
    "InterestTags",
    "ItemReach",
    "ItemSnapshot",
    "Lookup",
    "Observed",
    "OutcomeRate",
    "Page",
    "PersonEvent",
    "PersonState",
    "PoolCard",
    "PoolStep",
    "Preview",
    "Reason",
    "Recommended",
    "Signal",
    "SlotTrace",
    "Trace",
    "words_of",
]
STRONG: Final = 0.5
MEDIUM: Final = 0.2


def words_of(weight: float) -> str:
    """A weight in words that clients translate: strong, medium, light."""
    return "strong" if weight >= STRONG else "medium" if weight >= MEDIUM else "light"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a batch came to: events applied, and events that had been applied before."""

    accepted: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Reason:
    """An interest tag that speaks for an item, with its weight and where it comes from.

    The weight is what the tag adds to the log-odds of watching: above 0, seldom above 3; from .5 on it counts as strong.
    """

    tag_id: int
    weight: float
    horizon: str  # instant, mid, long_term


@dataclass(frozen=True, slots=True)
class Recommended:
    """One place of a page. `propensity`: probability of this item at this place, given the places above.

    `ranked_by` (by engine.columns.Feature) and `biases` (by Head; minus infinity where an outcome cannot happen) are what
    the item was ranked by; empty in pages of an older release.
    """

    content_id: int
    position: int
    channel: str  # a name of engine.columns.Channel in lower case
    score: float
    propensity: float
    reasons: tuple[Reason, ...]
    repeated: bool = False  # seen before; shown because nothing else was left
    ranked_by: tuple[float, ...] = ()
    biases: tuple[float, ...] = ()


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
    sample: ChannelSample | None = None  # of a page that was sampled, until it is recorded


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
class OutcomeRate:
    """An outcome's share of the impressions, with the ends of its 95 % confidence interval.

    `expected`: the same share over all items, which a new item starts from; None where nothing was shown at all.
    """

    outcome: str
    count: float
    rate: float
    low: float
    high: float
    expected: float | None


@dataclass(frozen=True, slots=True)
class ItemReach:
    """Who a content reached: decayed counts of outcomes, and the tags of what the same people took to, with weights."""

    counts: dict[str, float]
    audience: tuple[tuple[int, float], ...]
    visible: bool
    rates: tuple[OutcomeRate, ...]


@dataclass(frozen=True, slots=True)
class AudienceShare:
    """How many of those who took to a content share an interest, and of all who saw it. Shares lie in 0..1."""

    tag_id: int
    of_takers: float
    of_all: float


@dataclass(frozen=True, slots=True)
class Audience:
    """The people a content reached lately, as groups. `saw` and `took_to` are None where they are fewer than
    `group_least`: then nothing is told. What most sets those who took to it apart stands first."""

    saw: int | None
    took_to: int | None
    group_least: int
    since: datetime | None
    shares: tuple[AudienceShare, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One person's data, open to one operator for a stated reason."""

    id: int
    actor: Actor
    reason: str
    open_until: datetime


@dataclass(frozen=True, slots=True)
class ClusterCount:
    """What a person's state counts of a cluster of interest. `tag_ids`: what the cluster is mostly about."""

    cluster_id: int
    coarse_id: int
    liked: float
    shown: float
    days: int
    last_at: datetime | None
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PersonEvent:
    """A signal as the state's ring remembers it. `value` as `engine.columns.Signal` says."""

    kind: str
    content_id: int
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonState:
    """What is remembered of a person, for the one who looks into it. `seen` and `hidden`: (content, when), latest first.

    `creators`: (creator, intensity in -1..1, followed, blocked). `usual_price_minor`: of what they click and buy.
    """

    known: bool
    personalised: bool
    events_total: int
    event_capacity: int
    state_bytes: int
    interests: InterestTags
    events: tuple[PersonEvent, ...]
    clusters: tuple[ClusterCount, ...]
    seen_total: int
    seen: tuple[tuple[int, datetime], ...]
    hidden: tuple[tuple[int, datetime], ...]
    creators: tuple[tuple[int, float, bool, bool], ...]
    usual_price_minor: int | None


@dataclass(frozen=True, eq=False)
class Preview:
    """A page as it would be served, and how it comes about; nothing of it was recorded."""

    at: datetime
    snapshot_version: int
    models: tuple[str, ...]
    commerce: dict[str, float]
    personalised: bool
    places: tuple[Recommended, ...]
    trace: Trace | None
    stage_ns: dict[str, int]
