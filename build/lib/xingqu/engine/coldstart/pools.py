"""The book of the pools: who stands where since when, what was counted there, and the gates between.

Quality is the share of impressions that were watched and not refused. A gate is passed when the lower end of Wilson's
interval (1927) reaches the pool's benchmark, and an item is demoted when the upper end stays below the part of it that
is tolerated: few impressions decide nothing either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.coldstart.params import PoolParams, Stage, Why
from xingqu.engine.columns import Counter

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
_TYPES: dict[str, Any] = {
    "item_id": np.int64,
    "stage": np.int8,
    "why": np.int8,
    "since_ms": np.int64,
    "impressions": np.float64,
    "positives": np.float64,
    "impressions_all": np.float64,
    "positives_all": np.float64,
    "moves": np.int32,
}


@dataclass(frozen=True, slots=True)
class Move:
    """One passage of a gate. ``number`` counts an item's moves from 1; rates as the gate saw them."""

    item_id: int
    number: int
    at_ms: int
    before: Stage
    after: Stage
    why: Why
    impressions: int
    positives: int
    low: float
    high: float
    benchmark: float


@dataclass(eq=False)
class PoolBook:
    """One row an item that ever entered, ascending by ``item_id``. Counts are of the present stage, ``_all`` of all."""

    item_id: I64
    stage: NDArray[np.int8]
    why: NDArray[np.int8]
    since_ms: I64
    impressions: F64
    positives: F64
    impressions_all: F64
    positives_all: F64
    moves: NDArray[np.int32]

    @classmethod
    def empty(cls) -> PoolBook:
        return cls(**{name: np.empty(0, dtype) for name, dtype in _TYPES.items()})

    def __len__(self) -> int:
        return int(self.item_id.size)

    def enter(self, item_ids: ArrayLike, *, now_ms: int) -> list[Move]:
        """Put items that were never here into the first pool; the others stay where they are."""
        new = np.setdiff1d(np.asarray(item_ids, dtype=np.int64), self.item_id)
        if not new.size:
            return []
        fresh = {name: np.zeros(new.size, dtype) for name, dtype in _TYPES.items()}
        fresh |= {"item_id": new, "since_ms": np.full(new.size, now_ms, np.int64)}
        fresh["stage"][:] = Stage.ENTRY
        fresh["moves"][:] = 1
        joined = {name: np.concatenate([getattr(self, name), column]) for name, column in fresh.items()}
        order = np.argsort(joined["item_id"], kind="stable")
        for name, column in joined.items():
            setattr(self, name, column[order])
        return [
            Move(int(pk), 1, now_ms, Stage.NONE, Stage.ENTRY, Why.ENTERED, 0, 0, 0.0, 1.0, 0.0) for pk in new.tolist()
        ]

    def observe(self, item_ids: I64, impressions: F64, positives: F64) -> None:
        """Add counts, in place; unknown items are passed over. ``positives`` may be negative where one was taken back."""
        if not len(self):
            return
        place = np.minimum(np.searchsorted(self.item_id, item_ids), len(self) - 1)
        known = self.item_id[place] == item_ids
        place = place[known]
        for counted, amount in ((self.impressions, impressions), (self.impressions_all, impressions)):
            np.add.at(counted, place, amount[known])
        for counted, amount in ((self.positives, positives), (self.positives_all, positives)):
            np.add.at(counted, place, amount[known])

    def judge(self, reference: float, *, now_ms: int, params: PoolParams) -> list[Move]:
        """Let every item through the gate that its counts open; ``reference`` is the quality of established items."""
        moves = []
        for row in np.flatnonzero(self.in_pool()):
            level = params.levels[self.stage[row] - 1]
            shown, liked = float(self.impressions[row]), float(np.clip(self.positives[row], 0, self.impressions[row]))
            benchmark = level.benchmark_share * reference
            low, high = wilson_bounds(liked, shown, params.confidence_z)
            late = now_ms - int(self.since_ms[row]) >= level.within_ms
            after, why = Stage(int(self.stage[row])), Why.GATHERING
            if shown >= level.judged_from and low >= benchmark:
                after, why = Stage(int(self.stage[row]) + 1), Why.PROVEN
            elif shown >= level.judged_from and high < params.tolerated_share * benchmark:
                after, why = Stage.DEMOTED, Why.POOR
            elif shown >= level.exposures * params.budget_overrun or (shown >= level.exposures and late):
                after, why = Stage.UNPROVEN, Why.USED_UP
            self.why[row] = why
            if why == Why.GATHERING:
                continue
            self.moves[row] += 1
            before = Stage(int(self.stage[row]))
            moves.append(
                Move(
                    int(self.item_id[row]), int(self.moves[row]), now_ms, before, after, why, round(shown), round(liked),
                    low, high, benchmark,
                )
            )  # fmt: skip
            self.stage[row], self.since_ms[row] = after, now_ms
            self.impressions[row] = self.positives[row] = 0.0
        return moves

    def in_pool(self) -> NDArray[np.bool_]:
        return (self.stage >= Stage.ENTRY) & (self.stage <= Stage.BREAKOUT)

    def owed(self, *, now_ms: int, params: PoolParams) -> NDArray[np.float32]:
        """How far each item is behind its schedule, as a share of its guarantee: 0 on time, 1 with nothing got in time."""
        owed = np.zeros(len(self), dtype=np.float32)
        for level_number, level in enumerate(params.levels):
            here = self.stage == Stage.ENTRY + level_number
            passed = np.clip((now_ms - self.since_ms[here]) / (level.within_ms * params.front_loading), 0.0, 1.0)
            # one exposure is owed from the first moment on
            due = np.maximum(passed * level.exposures, 1.0)
            owed[here] = np.clip((due - self.impressions[here]) / level.exposures, 0.0, 1.0)
        return owed

    def columns_for(self, item_ids: ArrayLike, *, now_ms: int, params: PoolParams) -> dict[str, NDArray[Any]]:
        """``pool_stage`` and ``pool_owed`` as ``ItemSnapshot.build`` takes them."""
        wanted = np.asarray(item_ids, dtype=np.int64)
        stage, owed = np.zeros(wanted.size, np.int8), np.zeros(wanted.size, np.float32)
        if len(self):
            place = np.minimum(np.searchsorted(self.item_id, wanted), len(self) - 1)
            known = self.item_id[place] == wanted
            stage[known] = self.stage[place[known]]
            owed[known] = self.owed(now_ms=now_ms, params=params)[place[known]]
        return {"pool_stage": stage, "pool_owed": owed}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> PoolBook:
        """Inverse of ``to_arrays``. Raises KeyError when one is missing."""
        return cls(**{name: np.array(arrays[name], dtype=dtype) for name, dtype in _TYPES.items()})


def wilson_bounds(positives: float, impressions: float, z: float) -> tuple[float, float]:
    """Ends of Wilson's score interval; (0, 1) without impressions."""
    if impressions <= 0:
        return 0.0, 1.0
    rate, square = positives / impressions, z * z / impressions
    centre = (rate + square / 2) / (1 + square)
    half = z / (1 + square) * float(np.sqrt(rate * (1 - rate) / impressions + square / (4 * impressions)))
    return max(0.0, centre - half), min(1.0, centre + half)


def reference_quality(counters: NDArray[np.float32], stage: NDArray[np.int8], params: PoolParams) -> float:
    """Quality of what is not in a pool, all impressions together, drawn to the prior where there are few."""
    open_to_all = (stage == Stage.NONE) | (stage >= Stage.GRADUATED)
    sums = counters[open_to_all].astype(np.float64).sum(axis=0)
    positives = max(0.0, float(sums[Counter.WATCHES] - sums[Counter.NOT_INTERESTED]))
    prior = params.prior_impressions
    return (positives + prior * params.prior_quality) / (float(sums[Counter.IMPRESSIONS]) + prior)
