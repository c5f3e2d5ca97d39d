"""People, items and outcomes of known truth, served by the engine: what the ranking is measured on.

Everyone has a few topics they like; every item a topic, an appeal and often a product. What is watched depends on the two, on the
place in the page and on a habit of the person that no feature of the hand-set scorer names; what is bought goes from click to
cart to order, orders come a day late on average, some are returned or repeated. Half way through the last part of the time a
tenth of the items change their appeal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head, Signal
from xingqu.engine.learn.impressions import DAY_MS, HOUR_MS, NEVER_MS, Impressions, Outcomes
from xingqu.engine.learn.stream import StreamLearner
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.ranker import PARENT
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

START_MS = 1_790_000_000_000
TOPICS, TAGS_A_TOPIC, PAGE = 24, 5, 10
PLACE_EFFECT = 0.15  # log-odds lost a place
DURATION_MS = 12_000
BASE = {  # log-odds of each stage where taste and appeal say nothing
    Head.WATCH: -0.2,
    Head.COMPLETION: -1.4,
    Head.LIKE: -3.0,
    Head.FOLLOW: -4.5,
    Head.PRODUCT_CLICK: -1.6,
    Head.ADD_TO_CART: -0.5,
    Head.ORDER: 0.2,
    Head.NOT_INTERESTED: -4.5,
    Head.RETURN: -1.8,
    Head.REPURCHASE: -1.5,
}
BY_TASTE = np.array([1.6, 1.3, 1.3, 1.0, 1.2, 0.4, 0.4, -1.5, -0.6, 0.6])
BY_APPEAL = np.array([0.8, 0.6, 0.6, 0.3, 0.7, 0.3, 0.3, -0.5, -0.4, 0.3])
BY_HABIT = np.array([0.0, 0.0, 0.0, 0.0, 0.9, 0.5, 0.5, 0.0, 0.4, 0.2])  # how readily the person buys
SIGNALS = {
    Head.COMPLETION: Signal.COMPLETION,
    Head.LIKE: Signal.LIKE,
    Head.FOLLOW: Signal.FOLLOW,
    Head.PRODUCT_CLICK: Signal.PRODUCT_CLICK,
    Head.ADD_TO_CART: Signal.ADD_TO_CART,
    Head.ORDER: Signal.ORDER,
    Head.NOT_INTERESTED: Signal.NOT_INTERESTED,
    Head.RETURN: Signal.RETURN,
}


@dataclass(frozen=True)
class WorldParams:
    people: int = 300
    items: int = 1_200
    pages: int = 5_000
    days: int = 75
    trained_day: int = 60  # what is served afterwards is for judging
    drift_day: int = 66
    rebuild_days: int = 5


@dataclass(frozen=True, eq=False)
class Served:
    """All impressions in their order, what followed at the very end, and the true probabilities in the average place."""

    rows: Impressions
    outcomes: Outcomes
    truth: NDArray[np.float64]  # (n, heads)
    snapshot: ItemSnapshot
    changed: NDArray[np.bool_]  # (n,) shown after the item's appeal had changed
    trained_ms: int
    end_ms: int


@dataclass(eq=False)
class World:
    """Draws a world and plays it. Equal seeds give equal worlds."""

    seed: int
    params: WorldParams = field(default_factory=WorldParams)
    engine: EngineParams = field(default_factory=EngineParams)

    def __post_init__(self) -> None:
        p, self.rng = self.params, np.random.default_rng(self.seed)
        rng = self.rng
        self.taste = rng.normal(-0.6, 0.4, (p.people, TOPICS))
        for person in range(p.people):
            self.taste[person, rng.choice(TOPICS, 4, replace=False)] = rng.normal(1.4, 0.4, 4)
        self.habit = rng.normal(0, 1, p.people)
        self.topic = rng.integers(0, TOPICS, p.items)
        self.appeal = rng.normal(0, 0.8, p.items)
        self.later = self.appeal.copy()
        moved = rng.random(p.items) < 0.1
        self.later[moved] = rng.choice([-1.8, 1.8], int(moved.sum()))
        self.moved = moved
        self.sells = rng.random(p.items) < 0.6
        self.tags = np.stack([rng.choice(TAGS_A_TOPIC, 3, replace=False) + 1 + t * TAGS_A_TOPIC for t in self.topic])
        self.creator = rng.integers(1, p.items // 12, p.items)

    def snapshot(self, stream: StreamLearner, now_ms: int) -> ItemSnapshot:
        """The catalogue with what was counted so far."""
        size, ids = self.params.items, np.arange(1, self.params.items + 1)
        indptr, rows, weights = stream.covisits.neighbours_for(ids, self.engine.learn)
        return ItemSnapshot.build(
            version=now_ms,
            built_at_ms=now_ms,
            item_id=ids,
            creator_id=self.creator,
            seller_id=self.creator,
            category_id=self.topic + 1,
            product_id=np.where(self.sells, ids + 10_000, 0),
            price_minor=np.where(self.sells, 5_000, 0),
            published_at_ms=np.full(size, START_MS - 30 * DAY_MS),
            duration_ms=np.full(size, DURATION_MS),
            tag_indptr=np.arange(size + 1) * 3,
            tag_ids=np.sort(self.tags, axis=1).ravel(),
            counters=stream.counters.columns_for(ids, now_ms=now_ms, params=self.engine),
            covisit_indptr=indptr,
            covisit_rows=rows,
            covisit_weights=weights,
        )

    def probabilities(
        self, person: int, rows: NDArray[np.integer], drifted: bool, places: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """(m, heads) over all impressions; in the average place unless places are given."""
        appeal = (self.later if drifted else self.appeal)[rows]
        taste = self.taste[person, self.topic[rows]]
        base = np.array([BASE[head] for head in Head])
        stage = base + np.outer(taste, BY_TASTE) + np.outer(appeal, BY_APPEAL) + self.habit[person] * BY_HABIT
        if places is not None:
            stage[:, PARENT < 0] -= (PLACE_EFFECT * (places - (PAGE - 1) / 2))[:, None]
        p: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-stage))
        for head in Head:
            if PARENT[head] >= 0:
                p[:, head] *= p[:, PARENT[head]]
        commerce = [Head.PRODUCT_CLICK, *(head for head in Head if PARENT[head] >= 0)]
        p[np.ix_(~self.sells[rows], commerce)] = 0.0
        return p

    def play(self) -> Served:
        """Serve every page; what people did is known to the next one, except for what comes later."""
        p, rng = self.params, self.rng
        stream, states = StreamLearner(), [UserState.empty() for _ in range(p.people)]
        times_ms = START_MS + np.sort(rng.integers(0, p.days * DAY_MS, p.pages))
        parts: list[Impressions] = []
        outcomes, truths, changed = [], [], []
        waiting: list[tuple[int, int, Signal, int]] = []
        snapshot, built_ms = self.snapshot(stream, START_MS), START_MS
        for now_ms in times_ms.tolist():
            if now_ms - built_ms > p.rebuild_days * DAY_MS:
                _tell_counters(stream, waiting, snapshot, now_ms, self.engine)
                snapshot, built_ms = self.snapshot(stream, now_ms), now_ms
            person = int(rng.integers(p.people))
            slate = recommend(snapshot, states[person], Request(size=PAGE, now_ms=now_ms), rng, self.engine)
            rows, drifted = snapshot.rows_of(slate.item_id), now_ms >= START_MS + p.drift_day * DAY_MS
            shown = self.probabilities(person, rows, drifted, np.arange(rows.size))
            at_ms = _happen(shown, now_ms, rng)
            parts.append(
                Impressions(
                    person=np.full(rows.size, person),
                    item_id=slate.item_id,
                    at_ms=np.full(rows.size, now_ms),
                    surface=np.zeros(rows.size, np.int8),
                    position=np.arange(rows.size, dtype=np.int16),
                    features=slate.features.astype(np.float16).astype(np.float32),
                    prior_logit=slate.prior_logit.astype(np.float16).astype(np.float32),
                )
            )
            outcomes.append(at_ms)
            truths.append(self.probabilities(person, rows, drifted))
            changed.append(self.moved[rows] & drifted)
            events = _events(person, slate.item_id, at_ms, now_ms)
            waiting += events
            soon = [event for event in events if event[3] - now_ms < HOUR_MS]
            apply_signals(states[person], _batch(soon), snapshot, self.engine)
        return Served(
            rows=Impressions.joined(parts),
            outcomes=Outcomes(np.concatenate(outcomes)),
            truth=np.concatenate(truths),
            snapshot=snapshot,
            changed=np.concatenate(changed),
            trained_ms=START_MS + p.trained_day * DAY_MS,
            end_ms=START_MS + p.days * DAY_MS,
        )


def _happen(p: NDArray[np.float64], now_ms: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """(m, heads) when each outcome happens: orders late by a day on average, returns a week, repurchases twenty days."""
    happened = np.zeros(p.shape, dtype=np.bool_)
    for head in Head:
        above = PARENT[head]
        share = p[:, head] if above < 0 else p[:, head] / np.maximum(p[:, above], 1e-12)
        happened[:, head] = (rng.random(len(p)) < share) & (happened[:, above] if above >= 0 else True)
    later_ms = np.full(p.shape, 20_000, dtype=np.float64)
    later_ms[:, Head.ORDER] = np.minimum(rng.exponential(DAY_MS, len(p)), 6.9 * DAY_MS)
    for head, days in ((Head.RETURN, 5.0), (Head.REPURCHASE, 15.0)):
        later_ms[:, head] = later_ms[:, Head.ORDER] + rng.uniform(1.0, 2 * days - 1.0, len(p)) * DAY_MS
    return np.where(happened, now_ms + later_ms.astype(np.int64), NEVER_MS)


def _events(
    person: int, item_id: NDArray[np.int64], at_ms: NDArray[np.int64], now_ms: int
) -> list[tuple[int, int, Signal, int]]:
    """(person, item, signal, time) of a page."""
    events = []
    for row, item in enumerate(item_id.tolist()):
        events.append((person, item, Signal.IMPRESSION, now_ms))
        watched = at_ms[row, Head.WATCH] != NEVER_MS
        events.append((person, item, Signal.DWELL if watched else Signal.SKIP, now_ms + 20_000))
        for head, signal in SIGNALS.items():
            if at_ms[row, head] != NEVER_MS:
                events.append((person, item, signal, int(at_ms[row, head])))
    return events


def _batch(events: list[tuple[int, int, Signal, int]]) -> SignalBatch:
    value = {Signal.DWELL: 9_000.0, Signal.SKIP: 500.0, Signal.IMPRESSION: 0.0, Signal.NOT_INTERESTED: 0.0}
    return SignalBatch.of(
        kind=[int(event[2]) for event in events],
        item_id=[event[1] for event in events],
        at_ms=[event[3] for event in events],
        value=[value.get(event[2], 1.0) for event in events],
    )


def _tell_counters(
    stream: StreamLearner,
    waiting: list[tuple[int, int, Signal, int]],
    snapshot: ItemSnapshot,
    now_ms: int,
    params: EngineParams,
) -> None:
    """Let the counters know what has happened by now; the rest waits on."""
    told = sorted((event for event in waiting if event[3] <= now_ms), key=lambda event: event[3])
    waiting[:] = [event for event in waiting if event[3] > now_ms]
    if told:
        stream.observe(np.array([event[0] for event in told]), _batch(told), snapshot, params)
