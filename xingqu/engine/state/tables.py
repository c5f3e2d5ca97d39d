"""Small sorted tables of a person's state: decaying weights by key, and ids with a time.

Every weight is linear in what was added and all keys share one reference time, so that the order in which
events arrive does not matter and an update touches nothing it does not have to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.columns import Flag
from xingqu.engine.kernels import F64
from xingqu.engine.state.apply_kernels import add_weights, decay_weights, keep_strongest, meet_ids

HORIZONS = 3
# below this a weight is forgotten instead of becoming a denormal number
VANISHED = 1e-6


def decay_factors(elapsed_ms: NDArray[Any] | int, half_lives_ms: tuple[int, ...]) -> NDArray[np.float64]:
    """``0.5 ** (elapsed / half life)``; shape of ``elapsed_ms`` plus one axis for the horizons."""
    elapsed = np.asarray(elapsed_ms, dtype=np.float64)[..., None]
    factors: NDArray[np.float64] = np.exp2(-elapsed / np.asarray(half_lives_ms, dtype=np.float64))
    return factors


@dataclass(eq=False)
class InterestTable:
    """Weights at each horizon by key (a tag, creator or category), as of one time."""

    keys: NDArray[np.int64]  # (k,) ascending
    weights: NDArray[np.float32]  # (k, HORIZONS), as of ``as_of_ms``
    touched_s: NDArray[np.uint32]  # (k,) Unix seconds of the last event
    flags: NDArray[np.uint8]  # (k,) columns.Flag
    as_of_ms: int = 0

    @classmethod
    def empty(cls) -> InterestTable:
        return cls(
            np.empty(0, np.int64),
            np.empty((0, HORIZONS), np.float32),
            np.empty(0, np.uint32),
            np.empty(0, np.uint8),
        )

    def __len__(self) -> int:
        return int(self.keys.size)

    def positions(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Position of each key, -1 where unknown."""
        if not self.keys.size:
            return np.full(keys.size, -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        positions: NDArray[np.int64] = np.where(self.keys[found] == keys, found, -1)
        return positions

    def with_flag(self, flag: Flag) -> NDArray[np.int64]:
        """Keys that carry the flag."""
        flagged: NDArray[np.int64] = self.keys[(self.flags & np.uint8(flag)) != 0]
        return flagged

    def weights_at(self, now_ms: int, half_lives_ms: tuple[int, ...]) -> NDArray[np.float64]:
        """Weights decayed to ``now_ms`` (never grown back when the clock stands before the last event)."""
        elapsed = max(0, now_ms - self.as_of_ms)
        return self.weights * decay_factors(elapsed, half_lives_ms)

    def ensure(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions of ``keys``, added with no weight where missing."""
        if (self.positions(keys) < 0).any():
            nothing, never = np.zeros((keys.size, HORIZONS)), np.zeros(keys.size, dtype=np.int64)
            self._join(keys, nothing, never, np.ones(HORIZONS))
        return np.searchsorted(self.keys, keys)

    def add(
        self,
        keys: NDArray[np.int64],
        amounts: NDArray[Any],
        at_ms: NDArray[np.int64],
        half_lives_ms: ArrayLike,
    ) -> None:
        """Add ``amounts`` (m, HORIZONS) that happened at ``at_ms`` (m,) to ``keys`` (m,), late ones too."""
        if not keys.size:
            return
        half_lives = np.asarray(half_lives_ms, dtype=np.float64)
        self.advance(int(at_ms.max()), half_lives)
        self._join(keys, np.ascontiguousarray(amounts, dtype=np.float64), at_ms, half_lives)

    def _join(
        self, keys: NDArray[np.int64], amounts: NDArray[np.float64], at_ms: NDArray[np.int64], half_lives: F64
    ) -> None:
        self.keys, self.weights, self.touched_s, self.flags = add_weights(
            self.keys, self.weights, self.touched_s, self.flags, keys, amounts, at_ms, self.as_of_ms, half_lives
        )

    def advance(self, to_ms: int, half_lives_ms: ArrayLike) -> None:
        """Move the reference time forward; never back."""
        if to_ms <= self.as_of_ms:
            return
        if self.keys.size:
            half_lives = np.asarray(half_lives_ms, dtype=np.float64)
            self.weights = decay_weights(self.weights, to_ms - self.as_of_ms, half_lives, VANISHED)
        self.as_of_ms = to_ms

    def trim(self, capacity: int) -> None:
        """Forget the faintest entries beyond ``capacity``; a flagged entry was set by hand and stays."""
        if self.keys.size > capacity:
            self.keys, self.weights, self.touched_s, self.flags = keep_strongest(
                self.keys, self.weights, self.touched_s, self.flags, capacity
            )

    def remove(self, keys: NDArray[np.int64]) -> None:
        self.select(~np.isin(self.keys, keys))

    def select(self, keep: NDArray[np.bool_]) -> None:
        self.keys, self.weights = self.keys[keep], self.weights[keep]
        self.touched_s, self.flags = self.touched_s[keep], self.flags[keep]

    def set_flag(self, key: int, flag: Flag, on: bool) -> None:
        position = self.ensure(np.array([key], dtype=np.int64))[0]
        bit = np.uint8(flag)
        self.flags = self.flags.copy()
        self.flags[position] = self.flags[position] | bit if on else self.flags[position] & ~bit

    def merged(self, other: InterestTable, half_lives_ms: tuple[int, ...]) -> InterestTable:
        """Sum of both; commutative."""
        as_of = max(self.as_of_ms, other.as_of_ms)
        keys = np.union1d(self.keys, other.keys)
        weights = np.zeros((keys.size, HORIZONS), dtype=np.float64)
        touched = np.zeros(keys.size, dtype=np.uint32)
        flags = np.zeros(keys.size, dtype=np.uint8)
        for table in (self, other):
            position = np.searchsorted(keys, table.keys)
            weights[position] += table.weights_at(as_of, half_lives_ms)
            touched[position] = np.maximum(touched[position], table.touched_s)
            flags[position] |= table.flags
        return InterestTable(keys, weights.astype(np.float32), touched, flags, as_of)


@dataclass(eq=False)
class TimedIds:
    """A bounded set of ids, each with the time it was last met; the oldest leave first."""

    ids: NDArray[np.int64]  # ascending
    at_s: NDArray[np.uint32]  # Unix seconds

    @classmethod
    def empty(cls) -> TimedIds:
        return cls(np.empty(0, np.int64), np.empty(0, np.uint32))

    def __len__(self) -> int:
        return int(self.ids.size)

    def add(self, ids: NDArray[np.int64], at_ms: NDArray[np.int64], capacity: int) -> None:
        """Meet ``ids``; adding the same twice changes nothing."""
        if not ids.size:
            return
        self.ids, self.at_s = meet_ids(self.ids, self.at_s, ids, at_ms, capacity)

    def remove(self, ids: NDArray[np.int64]) -> None:
        keep = ~np.isin(self.ids, ids)
        self.ids, self.at_s = self.ids[keep], self.at_s[keep]

    def merged(self, other: TimedIds, capacity: int) -> TimedIds:
        result = TimedIds(self.ids, self.at_s)
        result.add(other.ids, other.at_s.astype(np.int64) * 1000, capacity)
        return result
