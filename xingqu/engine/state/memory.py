"""What a person's state never forgets: how often they came back to each cluster of interest, and when they bought what.

Both are sums, maxima and unions, so that the order in which events arrive does not matter and merging two people is the
same operation again. Neither decays: the decaying tables tell what a person is into, these what they always return to.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.state.memory_kernels import DAY_S, count_events, count_told, join_counts

PURCHASE_DAYS = 8  # latest days of purchase that are kept of a category: seven intervals
HISTOGRAM_TYPES: tuple[Any, ...] = (np.int64, np.float32, np.float32, np.uint64, np.uint32)


@dataclass(eq=False)
class Histogram:
    """Counts by cluster of interest (``learn.clusters``: its ids outlive a re-clustering)."""

    keys: NDArray[np.int64]  # (k,) ascending
    liked: NDArray[np.float32]  # (k,) sum of what positive signals said
    shown: NDArray[np.float32]  # (k,) impressions
    days: NDArray[np.uint64]  # (k,) bit ``day % 64`` of each day on which something was liked
    last_s: NDArray[np.uint32]  # (k,) Unix seconds of the last positive signal; 0: none yet

    @classmethod
    def empty(cls) -> Histogram:
        return cls(*(np.empty(0, dtype) for dtype in HISTOGRAM_TYPES))

    def __len__(self) -> int:
        return int(self.keys.size)

    @property
    def days_met(self) -> NDArray[np.int64]:
        """(k,) on how many different days something was liked; at most 64."""
        bits = np.unpackbits(self.days.view(np.uint8).reshape(-1, 8), axis=1)
        count: NDArray[np.int64] = bits.sum(axis=1, dtype=np.int64)
        return count

    def add(
        self,
        keys: NDArray[np.int64],
        liked: NDArray[np.floating],
        shown: NDArray[np.floating] | NDArray[np.bool_],
        at_ms: NDArray[np.int64],
        capacity: int,
    ) -> None:
        """What ``m`` events told of their clusters. The least liked clusters beyond ``capacity`` are left out."""
        if not keys.size:
            return
        told, seen = np.asarray(liked, dtype=np.float64), np.asarray(shown, dtype=np.float64)
        self._become(count_told(*self._columns(), keys, told, seen, at_ms), capacity)

    def count(
        self,
        kind: NDArray[np.int8],
        rows: NDArray[np.int32],
        effects: NDArray[np.float64],
        at_ms: NDArray[np.int64],
        clusters: tuple[NDArray[np.int32], NDArray[np.int64]],
        capacity: int,
    ) -> None:
        """``add`` what events about ``rows`` (-1: unknown) tell; ``clusters``: of each row (-1: none), and the clusters' ids."""
        item_cluster, cluster_id = clusters
        table = count_events(*self._columns(), kind, rows, effects, at_ms, item_cluster, cluster_id)
        self._become(table, capacity)

    def merged(self, other: Histogram, capacity: int) -> Histogram:
        """Both together; commutative."""
        result = Histogram(*self._columns())
        result._take(other, capacity)
        return result

    def remove(self, keys: NDArray[np.int64]) -> None:
        keep = ~np.isin(self.keys, keys)
        for column in fields(self):
            setattr(self, column.name, getattr(self, column.name)[keep])

    def _columns(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        return self.keys, self.liked, self.shown, self.days, self.last_s

    def _take(self, other: Histogram, capacity: int) -> None:
        self._become(join_counts(*self._columns(), *other._columns()), capacity)

    def _become(self, columns: tuple[Any, ...], capacity: int) -> None:
        self.keys, self.liked, self.shown, self.days, self.last_s = columns
        if self.keys.size > capacity:
            least = np.lexsort((self.keys, self.shown, self.liked))[: self.keys.size - capacity]
            self.remove(self.keys[least])


@dataclass(eq=False)
class Purchases:
    """On which days a person bought something of a category."""

    keys: NDArray[np.int64]  # (k,) category ids, ascending
    days: NDArray[np.uint16]  # (k, PURCHASE_DAYS) Unix days, latest first, each once; 0 where there is none

    @classmethod
    def empty(cls) -> Purchases:
        return cls(np.empty(0, np.int64), np.empty((0, PURCHASE_DAYS), np.uint16))

    def __len__(self) -> int:
        return int(self.keys.size)

    def add(self, keys: NDArray[np.int64], at_ms: NDArray[np.int64], capacity: int) -> None:
        """Something of category ``keys`` (m,) was bought at ``at_ms`` (m,). Two purchases of a day are one."""
        if not keys.size:
            return
        days = (at_ms // (1000 * DAY_S)).astype(np.uint16)
        self._take(np.concatenate([self._key_of_day(), keys]), np.concatenate([self._known_days(), days]), capacity)

    def merged(self, other: Purchases, capacity: int) -> Purchases:
        """Both together; commutative."""
        result = Purchases.empty()
        keys = np.concatenate([self._key_of_day(), other._key_of_day()])
        result._take(keys, np.concatenate([self._known_days(), other._known_days()]), capacity)
        return result

    def _key_of_day(self) -> NDArray[np.int64]:
        return np.repeat(self.keys, np.count_nonzero(self.days, axis=1))

    def _known_days(self) -> NDArray[np.uint16]:
        return self.days[self.days > 0]

    def _take(self, keys: NDArray[np.int64], days: NDArray[np.uint16], capacity: int) -> None:
        """Of each key its latest days; of the keys those bought last."""
        pair = np.unique(keys << 16 | days.astype(np.int64))
        unique, start, count = np.unique(pair >> 16, return_index=True, return_counts=True)
        latest_first = np.repeat(start + count, count) - 1 - np.arange(pair.size)
        kept = latest_first < PURCHASE_DAYS
        table = np.zeros((unique.size, PURCHASE_DAYS), dtype=np.uint16)
        table[np.repeat(np.arange(unique.size), count)[kept], latest_first[kept]] = (pair & 0xFFFF)[kept]
        chosen = np.sort(np.lexsort((unique, -table[:, 0].astype(np.int64)))[:capacity])
        self.keys, self.days = unique[chosen], table[chosen]
