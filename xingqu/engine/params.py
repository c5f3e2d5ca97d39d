"""Every tunable number of the engine, once, typed. One dataclass a stage; ``EngineParams`` holds them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.coldstart.params import PoolParams
from xingqu.engine.columns import Feature, Head, Horizon, Signal
from xingqu.engine.learn.clusters import ClusterParams
from xingqu.engine.learn.replenish import DueParams
from xingqu.engine.slate.calibration import CalibrationParams
from xingqu.engine.slate.commerce import CommerceParams
from xingqu.engine.slate.fatigue import FatigueParams
from xingqu.engine.slate.params import DiversityParams as DiversityParams
from xingqu.engine.slate.params import QuotaParams as QuotaParams
from xingqu.engine.slate.params import SpacingParams as SpacingParams
from xingqu.engine.state.near import NearParams
from xingqu.engine.state.rating import RatingParams

MINUTE_MS = 60_000
DAY_MS = 86_400_000


@dataclass(frozen=True)
class StateParams:
    """How a person is remembered."""

    instant_half_life_ms: int = 25 * MINUTE_MS
    mid_half_life_ms: int = 4 * DAY_MS
    long_term_half_life_ms: int = 75 * DAY_MS
    event_capacity: int = 256
    tag_capacity: int = 512
    creator_capacity: int = 256
    category_capacity: int = 128
    seen_capacity: int = 2048
    hidden_capacity: int = 512
    cluster_capacity: int = 1_024  # more than there are clusters: the histogram is to forget none
    purchase_capacity: int = 128
    # weight at which an interest is half as intense as it can get, by horizon
    instant_half_saturation: float = 1.2
    mid_half_saturation: float = 2.5
    long_term_half_saturation: float = 8.0
    # share of each horizon in the one score shown to the person
    instant_share: float = 0.45
    mid_share: float = 0.3
    long_term_share: float = 0.25
    pinned_intensity: float = 0.8
    aversion: float = 1.5  # how much more turning away weighs than turning towards, when items are matched

    @property
    def half_lives_ms(self) -> tuple[int, int, int]:
        return (self.instant_half_life_ms, self.mid_half_life_ms, self.long_term_half_life_ms)

    @cached_property
    def half_lives(self) -> NDArray[np.float64]:
        """The same by horizon, as an array."""
        return np.array(self.half_lives_ms, dtype=np.float64)

    @property
    def half_saturations(self) -> tuple[float, float, float]:
        return (self.instant_half_saturation, self.mid_half_saturation, self.long_term_half_saturation)

    @property
    def shares(self) -> tuple[float, float, float]:
        return (self.instant_share, self.mid_share, self.long_term_share)


@dataclass(frozen=True)
class ReasonEffect:
    """What "not interested" takes away, by what the person named as the reason."""

    tags: float
    creator: float
    category: float


@dataclass(frozen=True)
class SignalParams:
    """How strongly each signal speaks. Dwell and skip are graded against the duration instead."""

    strength: dict[Signal, float] = field(
        default_factory=lambda: {
            Signal.COMPLETION: 0.6,
            Signal.LIKE: 1.5,
            Signal.UNLIKE: -1.5,
            Signal.SAVE: 1.6,
            Signal.UNSAVE: -1.6,
            Signal.SHARE: 1.8,
            Signal.COMMENT: 1.2,
            Signal.FOLLOW: 1.0,
            Signal.UNFOLLOW: -1.0,
            Signal.PRODUCT_CLICK: 1.4,
            Signal.ADD_TO_CART: 2.2,
            Signal.ORDER: 3.0,
            Signal.RETURN: -1.5,
            Signal.SEARCH: 2.5,
        }
    )
    dwell_positive: float = 1.0
    dwell_negative: float = 0.6
    skip_negative: float = 0.5
    quick_skip_share: float = 0.25
    quick_skip_floor_ms: int = 2_000
    quick_skip_ceiling_ms: int = 6_000
    replay_bonus: float = 0.35  # for each doubling of the time looked at beyond one play
    dwell_maximum: float = 1.8
    picture_duration_ms: int = 6_000
    unknown_duration_ms: int = 15_000
    quantity_maximum: float = 3.0
    # what is bought, kept or followed says more about the coming months than a look does
    lasting_gain: dict[Signal, float] = field(
        default_factory=lambda: {
            Signal.ORDER: 3.0,
            Signal.RETURN: 3.0,
            Signal.ADD_TO_CART: 2.0,
            Signal.SAVE: 2.0,
            Signal.UNSAVE: 2.0,
            Signal.FOLLOW: 2.0,
            Signal.UNFOLLOW: 2.0,
        }
    )
    not_interested: dict[int, ReasonEffect] = field(
        default_factory=lambda: {
            0: ReasonEffect(tags=-2.5, creator=-1.5, category=-1.0),
            1: ReasonEffect(tags=-9.0, creator=0.0, category=-2.5),
            2: ReasonEffect(tags=-0.5, creator=-8.0, category=0.0),
            3: ReasonEffect(tags=-2.5, creator=0.0, category=-3.0),
            4: ReasonEffect(tags=-1.0, creator=-1.0, category=0.0),
            5: ReasonEffect(tags=0.0, creator=-3.0, category=0.0),
        }
    )

    @cached_property
    def gains(self) -> NDArray[np.float64]:
        """(signal code, horizon): 1, and the lasting gain at the long-term horizon."""
        table = np.ones((max(Signal) + 1, len(Horizon)))
        for signal, gain in self.lasting_gain.items():
            table[signal, Horizon.LONG_TERM] = gain
        return table

    @cached_property
    def grading(self) -> NDArray[np.float64]:
        """The numbers that looks and quantities are graded by, in the order of ``state.apply_kernels``."""
        return np.array(
            [
                self.quantity_maximum,
                self.replay_bonus,
                self.picture_duration_ms,
                self.unknown_duration_ms,
                self.quick_skip_share,
                self.quick_skip_ceiling_ms,
                self.quick_skip_floor_ms,
                self.dwell_maximum,
                self.dwell_negative,
                self.dwell_positive,
                self.skip_negative,
            ],
            dtype=np.float64,
        )

    @cached_property
    def refusals(self) -> NDArray[np.float64]:
        """(reason, 3): what "not interested" does to tags, creator and category; of an unknown reason the first."""
        told = [self.not_interested.get(r, self.not_interested[0]) for r in range(max(self.not_interested) + 1)]
        return np.array([(effect.tags, effect.creator, effect.category) for effect in told])

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """Strength by signal code, 0 where none is stated."""
        table = np.zeros(max(Signal) + 1)
        for signal, strength in self.strength.items():
            table[signal] = strength
        return table


@dataclass(frozen=True)
class SnapshotParams:
    """How the derived part of an item snapshot is built."""

    postings_per_tag: int = 1_000
    neighbours_per_tag: int = 12
    neighbour_items_limit: int = 40_000
    neighbour_minimum_items: int = 2
    prior_impressions: float = 60.0
    confidence_z: float = 1.0
    # prior rate of each head, used where the catalogue itself has too few impressions to say
    prior_rate: dict[Head, float] = field(
        default_factory=lambda: {
            Head.WATCH: 0.35,
            Head.COMPLETION: 0.18,
            Head.LIKE: 0.03,
            Head.FOLLOW: 0.004,
            Head.PRODUCT_CLICK: 0.02,
            Head.ADD_TO_CART: 0.006,
            Head.ORDER: 0.002,
            Head.NOT_INTERESTED: 0.004,
            Head.RETURN: 0.0002,
            Head.REPURCHASE: 0.0002,
        }
    )
    prior_rate_impressions: float = 5_000.0
    rating: RatingParams = field(default_factory=RatingParams)  # also of the values of a page


@dataclass(frozen=True)
class RetrievalParams:
    covisit_limit: int = 120
    sequence_limit: int = 120
    sessions_limit: int = 120
    interest_tags_limit: int = 200
    fresh_limit: int = 48
    popular_limit: int = 120
    followed_limit: int = 60
    exploration_limit: int = 48
    taste_limit: int = 120
    clusters_limit: int = 96
    due_limit: int = 24
    content_limit: int = 60
    covisit_seeds: int = 24
    covisit_half_life_ms: int = 6 * 60 * MINUTE_MS
    covisit_minimum_strength: float = 0.3
    interest_tags_keys: int = 24
    # a horizon keeps its own tags among the keys, so that a burst of today does not silence the months
    interest_tags_keys_per_horizon: int = 8
    fresh_window_ms: int = 7 * DAY_MS
    fresh_impressions: float = 50.0
    exploration_sources: int = 8
    exploration_known_intensity: float = 0.15
    exploration_met_impressions: float = 3.0  # of a neighbouring cluster, after which it is no discovery any more
    freshness_half_life_ms: int = 3 * DAY_MS


@dataclass(frozen=True)
class HeadWeights:
    """Weights of one logistic head over the features; its bias is the item's own smoothed log-odds."""

    interest_instant: float = 0.0
    interest_mid: float = 0.0
    interest_long_term: float = 0.0
    creator_affinity: float = 0.0
    followed: float = 0.0
    category_affinity: float = 0.0
    covisit: float = 0.0
    seed_similarity: float = 0.0
    freshness: float = 0.0
    price_fit: float = 0.0
    taste: float = 0.0  # log-odds of the learned taste for the item
    next: float = 0.0
    evidence: float = 0.0
    familiarity: float = 0.0
    due: float = 0.0

    def vector(self) -> tuple[float, ...]:
        return tuple(getattr(self, feature.name.lower()) for feature in Feature)


@dataclass(frozen=True)
class ScorerParams:
    heads: dict[Head, HeadWeights] = field(
        default_factory=lambda: {
            Head.WATCH: HeadWeights(2.6, 1.8, 1.8, 0.8, 0.5, 0.6, 2.6, 4.0, 0.15, 0.0, 1.0, 2.0, due=0.6),
            Head.COMPLETION: HeadWeights(2.2, 1.5, 1.5, 0.7, 0.4, 0.5, 2.2, 3.0, 0.1, 0.0, 1.0, 1.7),
            Head.LIKE: HeadWeights(1.8, 1.4, 1.4, 1.0, 0.6, 0.4, 1.6, 2.4, 0.1, 0.0, 0.8, 1.4),
            Head.FOLLOW: HeadWeights(1.2, 1.0, 0.9, 1.4, -6.0, 0.2, 0.4, 0.8, 0.0, 0.0, 0.5, 0.3),
            Head.PRODUCT_CLICK: HeadWeights(1.8, 1.5, 1.4, 0.6, 0.4, 0.8, 1.8, 3.0, 0.1, 0.5, 0.7, 1.6, due=1.6),
            Head.ADD_TO_CART: HeadWeights(1.6, 1.5, 1.5, 0.5, 0.4, 0.9, 1.8, 2.5, 0.0, 0.8, 0.6, 1.6, due=2.0),
            Head.ORDER: HeadWeights(1.3, 1.5, 1.6, 0.5, 0.4, 0.9, 1.8, 2.0, 0.0, 0.9, 0.5, 1.6, due=2.4),
            Head.NOT_INTERESTED: HeadWeights(
                -2.0, -1.5, -1.2, -1.2, -0.8, -0.7, -0.5, -0.8, 0.0, -0.2, -0.7, -0.5, due=-0.4
            ),
            # what is given back was bought first: half of what speaks for buying, and less the better it fits
            Head.RETURN: HeadWeights(0.9, 0.8, 0.8, 0.2, 0.2, 0.5, 1.2, 1.2, 0.0, 0.3, 0.3, 1.0, due=1.2),
            Head.REPURCHASE: HeadWeights(1.3, 1.6, 1.8, 0.6, 0.5, 1.1, 1.9, 2.0, 0.0, 1.0, 0.6, 1.7, due=2.8),
        }
    )
    # where a taste model serves, its item part is the bias of this head instead of the item's own counters
    taste_head: Head = Head.WATCH
    # what is learned and carried by the snapshot: the network, its calibration, the residual that learns on
    use_model: bool = True
    use_calibration: bool = True
    use_residual: bool = True
    probability_floor: float = 1e-5
    probability_ceiling: float = 0.98

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """(len(Head), len(Feature))"""
        return np.array([self.heads[head].vector() for head in Head], dtype=np.float32)


@dataclass(frozen=True)
class ValueParams:
    """What one expected outcome is worth, in units of one watch."""

    weight: dict[Head, float] = field(
        default_factory=lambda: {
            Head.WATCH: 1.0,
            Head.COMPLETION: 0.6,
            Head.LIKE: 1.5,
            Head.FOLLOW: 3.0,
            Head.PRODUCT_CLICK: 2.0,
            Head.ADD_TO_CART: 5.0,
            Head.ORDER: 12.0,
            Head.NOT_INTERESTED: -8.0,
            Head.RETURN: -16.0,  # undoes the order and costs the way back
            Head.REPURCHASE: 6.0,
        }
    )
    # with a taste model: what showing the most exposed item costs, in the same units; others in proportion to how many
    # items are exposed less, so that attention is not all spent on the same few
    exposure_price: float = 0.0
    # with a taste model: by which share a good outcome is worth more on an item outside the best liked fifth
    tail_bonus: float = 0.0
    tail_softness: float = 0.1  # log-odds over which an item passes from one to the other


@dataclass(frozen=True)
class LearnParams:
    """Streaming counts that the next snapshot is built from."""

    counter_half_life_ms: int = 14 * DAY_MS
    watched_grade: float = 0.3  # a dwell graded at least this counts as watched
    positive_strength: float = 0.5  # signals on an item that together reach this are a positive answer
    covisit_half_life_ms: int = 30 * DAY_MS
    covisit_window: int = 5  # items liked one after the other that count as visited together
    covisit_gap_ms: int = 2 * 60 * MINUTE_MS
    covisit_minimum_strength: float = 0.3
    covisit_shrinkage: float = 3.0  # visits added to each item: a pair met once is not a rule
    covisit_neighbours: int = 48
    covisit_pending_limit: int = 200_000


@dataclass(frozen=True)
class SessionParams:
    """Neighbouring sessions; the figures are those that served Diginetica's validation part best."""

    recent_items: int = 12  # of the session under way, newest
    newest_sessions: int = 500  # read for each of its items
    kept_sessions: int = 150
    transitions: int = 4_000  # newest visits of the last item that are read for what came next
    item_decay: float = 0.5  # for each step back in the session under way
    half_life_share: float = 0.6  # of the whole log: how old a session is when it counts half
    place_decay: float = 0.85  # for each step away from the shared item
    backward: float = 1.0  # weight of what came before the shared item, to what came after
    length_power: float = 0.3
    candidates: int = 120  # of the neighbours and of the sequence model, each


@dataclass(frozen=True)
class EngineParams:
    state: StateParams = field(default_factory=StateParams)
    signals: SignalParams = field(default_factory=SignalParams)
    snapshot: SnapshotParams = field(default_factory=SnapshotParams)
    retrieval: RetrievalParams = field(default_factory=RetrievalParams)
    scorer: ScorerParams = field(default_factory=ScorerParams)
    value: ValueParams = field(default_factory=ValueParams)
    diversity: DiversityParams = field(default_factory=DiversityParams)
    spacing: SpacingParams = field(default_factory=SpacingParams)
    quota: QuotaParams = field(default_factory=QuotaParams)
    learn: LearnParams = field(default_factory=LearnParams)
    sessions: SessionParams = field(default_factory=SessionParams)
    near: NearParams = field(default_factory=NearParams)
    commerce: CommerceParams = field(default_factory=CommerceParams)
    pools: PoolParams = field(default_factory=PoolParams)
    calibration: CalibrationParams = field(default_factory=CalibrationParams)
    fatigue: FatigueParams = field(default_factory=FatigueParams)
    clusters: ClusterParams = field(default_factory=ClusterParams)
    due: DueParams = field(default_factory=DueParams)
