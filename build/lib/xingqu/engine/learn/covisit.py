"""Which items the same people liked one after the other, counted as it happens.

The neighbours of an item are ranked by the cosine of its visits with theirs, shrunk so that a pair met once
is not taken for a rule (item-to-item collaborative filtering: Sarwar et al. 2001; Linden et al. 2003).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.params import LearnParams

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]


def pairs_of(
    person: ArrayLike, item_id: ArrayLike, strength: ArrayLike, at_ms: ArrayLike, params: LearnParams
) -> Pairs:
    """(first, second, weight, at_ms) of the liked items that one person met near each other.

    All arguments are ``m`` long, in any order; ``strength`` as ``grade_signals`` gives it, and what is below
    the minimum is left out. The weight is the weaker strength, halved for each item in between.
    """
    people, items = np.asarray(person), np.asarray(item_id, dtype=np.int64)
    strengths, times = np.asarray(strength, dtype=np.float64), np.asarray(at_ms, dtype=np.int64)
    liked = np.flatnonzero((strengths >= params.covisit_minimum_strength) & (items > 0))
    order = liked[np.lexsort((items[liked], times[liked], people[liked]))]
    people, items, strengths, times = people[order], items[order], strengths[order], times[order]
    found: list[Pairs] = []
    for distance in range(1, params.covisit_window + 1):
        early, late = slice(None, -distance), slice(distance, None)
        near = (people[early] == people[late]) & (items[early] != items[late])
        near &= times[late] - times[early] <= params.covisit_gap_ms
        weight = np.minimum(strengths[early], strengths[late])[near] * 0.5 ** (distance - 1)
        found.append((items[early][near], items[late][near], weight, times[late][near]))
    first, second, weights, met = zip(*found, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(weights), np.concatenate(met)


@dataclass(eq=False)
class CovisitCounts:
    """Decayed weights of unordered pairs; new pairs wait in a list and are folded in now and then."""

    low: NDArray[np.int64]  # (p,) the smaller item id of a pair, ascending (then by ``high``)
    high: NDArray[np.int64]
    weight: NDArray[np.float64]  # as of ``as_of_ms``
    as_of_ms: int = 0
    _pending: list[Pairs] = field(default_factory=list)
    _pending_count: int = 0

    @classmethod
    def empty(cls) -> CovisitCounts:
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))

    def observe(self, pairs: Pairs, params: LearnParams) -> None:
        """Add pairs, late ones too."""
        if not pairs[0].size:
            return
        self._pending.append(pairs)
        self._pending_count += pairs[0].size
        if self._pending_count >= params.covisit_pending_limit:
            self.fold(params)

    def fold(self, params: LearnParams) -> None:
        """Bring the waiting pairs into the sorted counts."""
        if not self._pending:
            return
        first, second, weight, met = (np.concatenate(column) for column in zip(*self._pending, strict=True))
        self._pending, self._pending_count = [], 0
        as_of_ms = max(self.as_of_ms, int(met.max()))
        half_life_ms = params.covisit_half_life_ms
        low = np.concatenate([self.low, np.minimum(first, second)])
        high = np.concatenate([self.high, np.maximum(first, second)])
        faded = self.weight * 0.5 ** ((as_of_ms - self.as_of_ms) / half_life_ms)
        weights = np.concatenate([faded, weight * np.exp2(-(as_of_ms - met) / half_life_ms)])
        order = np.lexsort((high, low))
        low, high = low[order], high[order]
        starts = np.flatnonzero(np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)])
        self.low, self.high = low[starts], high[starts]
        self.weight = np.add.reduceat(weights[order], starts)
        self.as_of_ms = as_of_ms

    def neighbours_for(
        self, item_ids: ArrayLike, params: LearnParams
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        """``covisit_indptr``, ``covisit_rows``, ``covisit_weights`` for ``ItemSnapshot.build``.

        Rows are positions in ``item_ids`` (ascending); pairs with an item that is not there are left out.
        """
        self.fold(params)
        ids = np.asarray(item_ids, dtype=np.int64)
        low, high = _rows(ids, self.low), _rows(ids, self.high)
        known = (low >= 0) & (high >= 0)
        low, high, weight = low[known], high[known], self.weight[known]
        source, target = np.concatenate([low, high]), np.concatenate([high, low])
        weight = np.concatenate([weight, weight])
        visits = np.bincount(source, weights=weight, minlength=ids.size) + params.covisit_shrinkage
        cosine = weight / np.sqrt(visits[source] * visits[target])
        order = np.lexsort((target, -cosine, source))
        source, target, cosine = source[order], target[order], cosine[order]
        rank = np.arange(source.size) - np.searchsorted(source, source)
        near = rank < params.covisit_neighbours
        indptr = np.zeros(ids.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(source[near], minlength=ids.size), out=indptr[1:])
        return indptr, target[near].astype(np.int32), cosine[near].astype(np.float32)

    def to_arrays(self, params: LearnParams) -> dict[str, NDArray[Any]]:
        self.fold(params)
        as_of_ms = np.asarray(self.as_of_ms)
        return {"low": self.low, "high": self.high, "weight": self.weight, "as_of_ms": as_of_ms}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> CovisitCounts:
        return cls(
            np.array(arrays["low"], dtype=np.int64),
            np.array(arrays["high"], dtype=np.int64),
            np.array(arrays["weight"], dtype=np.float64),
            int(arrays["as_of_ms"]),
        )


def _rows(sorted_ids: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    if not sorted_ids.size:
        return np.full(ids.size, -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(sorted_ids, ids), sorted_ids.size - 1)
    rows: NDArray[np.int64] = np.where(sorted_ids[found] == ids, found, -1)
    return rows
