"""The book of days: what became of each content on each day, counted from the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch

DAY_MS: Final = 86_400_000
KEPT_DAYS: Final = 90
OUTCOMES: Final = ("impressions", "watches", "product_clicks", "orders", "not_interested")
_KINDS: Final = (Signal.IMPRESSION, None, Signal.PRODUCT_CLICK, Signal.ORDER, Signal.NOT_INTERESTED)
Key = tuple[int, int]  # content, Unix day


@dataclass(eq=False)
class DayBook:
    """Counts (len(OUTCOMES),) by content and day; `changed`: since they were last written down elsewhere."""

    counts: dict[Key, NDArray[np.int64]] = field(default_factory=dict)
    changed: set[Key] = field(default_factory=set)

    def observe(self, told: SignalBatch, items: ItemSnapshot, params: EngineParams) -> None:
        """Count a batch, in place."""
        told_of = items.rows_of(told.item_id) >= 0
        watched = watched_signals(told, items, params)
        for column, kind in enumerate(_KINDS):
            which = told_of & (watched if kind is None else told.kind == kind)
            pairs = np.column_stack([told.item_id[which], told.at_ms[which] // DAY_MS])
            for (item_id, day), count in zip(*np.unique(pairs, axis=0, return_counts=True), strict=True):
                key = int(item_id), int(day)
                self.counts.setdefault(key, np.zeros(len(OUTCOMES), np.int64))[column] += count
                self.changed.add(key)

    def forget_before(self, day: int) -> None:
        """Drop the days before this one."""
        for key in [key for key in self.counts if key[1] < day]:
            del self.counts[key]
            self.changed.discard(key)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        keys = np.array(list(self.counts), dtype=np.int64).reshape(-1, 2)
        counts = np.array(list(self.counts.values()), dtype=np.int64).reshape(-1, len(OUTCOMES))
        return {"keys": keys, "counts": counts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "DayBook":
        """Inverse of `to_arrays`; everything counts as changed, so that what a crash left out is written again."""
        keys = [(int(item_id), int(day)) for item_id, day in arrays["keys"]]
        return cls({key: counts.copy() for key, counts in zip(keys, arrays["counts"], strict=True)}, set(keys))
