"""A closed loop on fully observed preferences: the engine as served, answered truthfully.

Everyone is new. In each round everyone gets one recommendation, one person after the other in an order drawn anew; nothing
is shown twice to a person; whether they took to it is all that is ever told. The page comes from ``recommend``, the answer
goes through ``apply_signals`` into the person's state and, a few dozen answers at a time, into the shared taste model;
the snapshot is rebuilt with its counters now and then. This is the path of a request on the platform, with a truthful
person at the other end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.learn.counters import ItemCounters
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

ROUND_MS = 30_000
PLAYS_OF_A_POSITIVE = 2.0


@dataclass(frozen=True)
class LoopParams:
    rounds: int = 100
    answers_per_update: int = 50  # answers after which the shared model is swapped
    rounds_per_rebuild: int = 10  # rounds after which the snapshot is built anew from its counters
    learns: bool = True  # whether the shared model learns at all


@dataclass(frozen=True, eq=False)
class Played:
    """``rows`` (people, rounds) as served, and whether each was a hit."""

    rows: NDArray[np.int32]
    hits: NDArray[np.bool_]


@dataclass
class _Waiting:
    """Answers on their way to the shared model."""

    item_id: list[int]
    positive: list[bool]
    offset: list[float]
    variance: list[float]
    person: list[NDArray[np.float64]]

    @classmethod
    def none(cls) -> _Waiting:
        return cls([], [], [], [], [])


class ClosedLoop:
    """One run. ``truth`` (people, items) by the snapshot's rows."""

    def __init__(
        self,
        snapshot: ItemSnapshot,
        truth: NDArray[np.bool_],
        params: EngineParams,
        loop: LoopParams,
        seed: int,
    ) -> None:
        self.snapshot, self._truth, self._params, self._loop = snapshot, truth, params, loop
        self._rng = np.random.default_rng(seed)
        self._states = [UserState.empty() for _ in range(truth.shape[0])]
        self._counters = ItemCounters.empty()
        self._waiting = _Waiting.none()
        self._now_ms = snapshot.built_at_ms + ROUND_MS

    def play(self) -> Played:
        """Raises RuntimeError if an item is served twice to a person."""
        people, rounds = self._truth.shape[0], self._loop.rounds
        rows = np.full((people, rounds), -1, dtype=np.int32)
        hits = np.zeros((people, rounds), dtype=np.bool_)
        for turn in range(rounds):
            for person in self._rng.permutation(people):
                row = self._serve(int(person))
                if row < 0:
                    continue
                if (rows[person, :turn] == row).any():
                    raise RuntimeError("an item was served twice")
                rows[person, turn], hits[person, turn] = row, self._truth[person, row]
            self._now_ms += ROUND_MS
            if (turn + 1) % self._loop.rounds_per_rebuild == 0:
                self._rebuild()
        return Played(rows, hits)

    def _serve(self, person: int) -> int:
        """One page of one item, and its answer; -1 when there was nothing left to show."""
        state = self._states[person]
        slate = recommend(self.snapshot, state, Request(size=1, now_ms=self._now_ms), self._rng, self._params)
        if not len(slate) or slate.repeated[0]:
            return -1
        row = int(self.snapshot.rows_of(slate.item_id)[0])
        positive = bool(self._truth[person, row])
        kinds = [Signal.IMPRESSION, Signal.COMPLETION] if positive else [Signal.IMPRESSION]
        batch = SignalBatch.of(
            kind=kinds,
            item_id=np.full(len(kinds), slate.item_id[0]),
            value=[0.0, PLAYS_OF_A_POSITIVE][: len(kinds)],
            at_ms=np.full(len(kinds), self._now_ms),
        )
        apply_signals(state, batch, self.snapshot, self._params)
        waiting = self._waiting
        waiting.item_id.append(int(slate.item_id[0]))
        waiting.positive.append(positive)
        waiting.offset.append(float(slate.offset[0]))
        waiting.variance.append(float(slate.offset_variance[0]))
        waiting.person.append(slate.person)
        if len(waiting.item_id) >= self._loop.answers_per_update:
            self._learn()
        return row

    def _learn(self) -> None:
        """What was answered since the last time, into the shared model and the counters."""
        waiting, self._waiting = self._waiting, _Waiting.none()
        item_id, positive = np.array(waiting.item_id, dtype=np.int64), np.array(waiting.positive, dtype=np.bool_)
        signals = SignalBatch.of(
            kind=np.concatenate([np.full(item_id.size, Signal.IMPRESSION), np.full(positive.sum(), Signal.COMPLETION)]),
            item_id=np.concatenate([item_id, item_id[positive]]),
            at_ms=np.full(item_id.size + int(positive.sum()), self._now_ms),
        )
        self._counters.observe(signals, self.snapshot, self._params)
        model = self.snapshot.models.taste
        if self._loop.learns and model is not None:
            rows, people = self.snapshot.rows_of(item_id), np.array(waiting.person)
            after = model.learned(rows, positive, waiting.offset, waiting.variance, people)
            self.snapshot = replace(self.snapshot, models=replace(self.snapshot.models, taste=after))

    def _rebuild(self) -> None:
        arrays = self.snapshot.to_arrays()
        counters = self._counters.columns_for(arrays["item_id"], now_ms=self._now_ms, params=self._params)
        fresh = ItemSnapshot.from_arrays(
            {name: array for name, array in arrays.items() if not name.startswith("model-")} | {"counters": counters},
            params=self._params.snapshot,
        )
        models: Models = self.snapshot.models
        self.snapshot = replace(fresh, version=self.snapshot.version + 1, built_at_ms=self._now_ms, models=models)


def gini(counts: NDArray[np.integer]) -> float:
    """Inequality of counts: 0 all the same, towards 1 all on one. 0 when there is nothing."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    total = ordered.sum()
    if total <= 0:
        return 0.0
    size = ordered.size
    return float(((2 * np.arange(1, size + 1) - size - 1) @ ordered) / (size * total))


def head_of(truth: NDArray[np.bool_], share: float = 0.2) -> NDArray[np.bool_]:
    """(items,) the best liked ``share`` of the items, by the truth itself."""
    head = np.zeros(truth.shape[1], dtype=np.bool_)
    head[np.argsort(-truth.sum(axis=0), kind="stable")[: round(share * truth.shape[1])]] = True
    return head


def figures_of(played: Played, truth: NDArray[np.bool_], interest: NDArray[np.integer]) -> dict[str, float]:
    """What a run is judged by. ``interest`` (items,): the interest each item belongs to, -1 for none."""
    rounds = played.rows.shape[1]
    served = played.rows[played.rows >= 0]
    hit_rows = played.rows[played.hits]
    head = head_of(truth)
    oracle = float(np.minimum(truth.sum(axis=1), rounds).mean())
    hits = float(played.hits.sum(axis=1).mean())
    found = [np.unique(interest[rows[hit]]) for rows, hit in zip(played.rows, played.hits, strict=True)]
    return {
        "positives": hits,
        "first 20": float(played.hits[:, :20].sum(axis=1).mean()),
        "last 20": float(played.hits[:, -20:].sum(axis=1).mean()),
        "of oracle": hits / oracle if oracle else 0.0,
        "gini": gini(np.bincount(served, minlength=truth.shape[1])),
        "tail share": float((~head[hit_rows]).mean()) if hit_rows.size else 0.0,
        "interests": float(np.mean([(interests >= 0).sum() for interests in found])),
    }
