"""Decayed counts of what happened to each item: the evidence behind its rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.columns import Counter, Signal
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot, widened
from xingqu.engine.state.signals import SignalBatch, grade_dwell

# (signal, counter, amount)
_COUNTED = (
    (Signal.IMPRESSION, Counter.IMPRESSIONS, 1.0),
    (Signal.COMPLETION, Counter.COMPLETIONS, 1.0),
    (Signal.LIKE, Counter.LIKES, 1.0),
    (Signal.UNLIKE, Counter.LIKES, -1.0),
    (Signal.FOLLOW, Counter.FOLLOWS, 1.0),
    (Signal.UNFOLLOW, Counter.FOLLOWS, -1.0),
    (Signal.PRODUCT_CLICK, Counter.PRODUCT_CLICKS, 1.0),
    (Signal.ADD_TO_CART, Counter.CARTS, 1.0),
    (Signal.ORDER, Counter.ORDERS, 1.0),
    (Signal.RETURN, Counter.RETURNS, 1.0),
    (Signal.NOT_INTERESTED, Counter.NOT_INTERESTED, 1.0),
)


@dataclass(eq=False)
class ItemCounters:
    """Counts by item as of one time; linear, so the order of events does not matter."""

    item_id: NDArray[np.int64]  # (m,) ascending
    counts: NDArray[np.float64]  # (m, len(Counter)), as of ``as_of_ms``
    as_of_ms: int = 0

    @classmethod
    def empty(cls) -> ItemCounters:
        return cls(np.empty(0, np.int64), np.empty((0, len(Counter))))

    def observe(
        self,
        batch: SignalBatch,
        snapshot: ItemSnapshot,
        params: EngineParams,
        bought_again: NDArray[np.bool_] | None = None,
    ) -> None:
        """Count a batch, in place. Items that the snapshot does not know yet are counted too.

        ``bought_again``: which of the orders repeat an earlier one of the same person.
        """
        amounts = np.zeros((len(batch), len(Counter)))
        for signal, counter, amount in _COUNTED:
            amounts[batch.kind == signal, counter] = amount
        amounts[watched_signals(batch, snapshot, params), Counter.WATCHES] = 1.0
        if bought_again is not None:
            amounts[bought_again, Counter.REPURCHASES] = 1.0
        told = (batch.item_id > 0) & amounts.any(axis=1)
        if not told.any():
            return
        item_id, amounts, at_ms = batch.item_id[told], amounts[told], batch.at_ms[told]
        half_life_ms = params.learn.counter_half_life_ms
        self._advance(int(at_ms.max()), half_life_ms)
        joined = np.union1d(self.item_id, item_id)
        counts = np.zeros((joined.size, len(Counter)))
        counts[np.searchsorted(joined, self.item_id)] = self.counts
        aged = amounts * np.exp2(-(self.as_of_ms - at_ms) / half_life_ms)[:, None]
        np.add.at(counts, np.searchsorted(joined, item_id), aged)
        self.item_id, self.counts = joined, counts

    def columns_for(self, item_ids: ArrayLike, *, now_ms: int, params: EngineParams) -> NDArray[np.float32]:
        """(n, len(Counter)) as ``ItemSnapshot.build`` takes them; 0 for items never met, never below 0."""
        wanted = np.asarray(item_ids, dtype=np.int64)
        columns = np.zeros((wanted.size, len(Counter)))
        if self.item_id.size:
            found = np.minimum(np.searchsorted(self.item_id, wanted), self.item_id.size - 1)
            known = self.item_id[found] == wanted
            elapsed_ms = max(0, now_ms - self.as_of_ms)
            faded = 0.5 ** (elapsed_ms / params.learn.counter_half_life_ms)
            columns[known] = self.counts[found[known]] * faded
        return np.maximum(columns, 0.0).astype(np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {"item_id": self.item_id, "counts": self.counts, "as_of_ms": np.asarray(self.as_of_ms)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ItemCounters:
        return cls(
            np.array(arrays["item_id"], dtype=np.int64),
            widened(np.array(arrays["counts"], dtype=np.float64)),
            int(arrays["as_of_ms"]),
        )

    def _advance(self, to_ms: int, half_life_ms: int) -> None:
        if to_ms > self.as_of_ms:
            self.counts = self.counts * 0.5 ** ((to_ms - self.as_of_ms) / half_life_ms)
            self.as_of_ms = to_ms


def watched_signals(batch: SignalBatch, snapshot: ItemSnapshot, params: EngineParams) -> NDArray[np.bool_]:
    """Which signals are looks long enough to count as watched."""
    rows = snapshot.rows_of(batch.item_id)
    watched: NDArray[np.bool_] = (batch.kind == Signal.DWELL) & (rows >= 0)
    of = rows[watched]
    grade = grade_dwell(batch.value[watched], snapshot.duration_ms[of], snapshot.kind[of], params.signals)
    watched[watched] = grade >= params.learn.watched_grade
    return watched
