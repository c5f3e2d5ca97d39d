"""Who bought an item before: so that the stream can tell a first order from another one of the same thing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.state.signals import SignalBatch

REMEMBERED_ORDERS: Final = 300_000
APART_MS: Final = 86_400_000  # two lines of one order, or of one evening, are not a repurchase


@dataclass(eq=False)
class Reorders:
    """Time of the latest order by a number mixed from person and item; neither can be read from it."""

    latest_ms: OrderedDict[int, int] = field(default_factory=OrderedDict)

    def observe(self, people: NDArray[np.int64], told: SignalBatch) -> NDArray[np.bool_]:
        """Which events of the batch are an order of what the same person ordered at least a day before."""
        again = np.zeros(len(told), dtype=np.bool_)
        orders = np.flatnonzero((told.kind == Signal.ORDER) & (told.item_id > 0))
        if not orders.size:
            return again
        keys = _mixed(people[orders], told.item_id[orders])
        for place, key in zip(orders, keys.tolist(), strict=True):
            at_ms = int(told.at_ms[place])
            before_ms = self.latest_ms.get(key)
            again[place] = before_ms is not None and at_ms - before_ms >= APART_MS
            self.latest_ms[key] = at_ms if before_ms is None else max(at_ms, before_ms)
            self.latest_ms.move_to_end(key)
        while len(self.latest_ms) > REMEMBERED_ORDERS:
            self.latest_ms.popitem(last=False)
        return again

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "key": np.fromiter(self.latest_ms.keys(), np.uint64, len(self.latest_ms)),
            "at_ms": np.fromiter(self.latest_ms.values(), np.int64, len(self.latest_ms)),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Reorders:
        """Inverse of ``to_arrays``; nobody bought anything where the arrays are missing."""
        if "key" not in arrays:
            return cls()
        return cls(OrderedDict(zip(arrays["key"].tolist(), arrays["at_ms"].tolist(), strict=True)))


def _mixed(people: NDArray[np.int64], item_id: NDArray[np.int64]) -> NDArray[np.uint64]:
    mixed = people.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ item_id.astype(np.uint64)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    spread: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return spread
