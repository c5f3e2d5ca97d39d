"""What a stream of signals teaches as it comes: counters of items, and which items the same people liked near each other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.counters import ItemCounters
from xingqu.engine.learn.covisit import CovisitCounts, pairs_of
from xingqu.engine.learn.reorders import Reorders
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, grade_signals

REMEMBERED_PEOPLE: Final = 50_000
_COUNTED: Final = np.int64(1 << 60)  # no item id is as large
Liked = tuple[int, float, int]  # item, strength, time


@dataclass(eq=False)
class StreamLearner:
    """Counters, co-visits, and the last items each of the most recently active people liked."""

    counters: ItemCounters = field(default_factory=ItemCounters.empty)
    covisits: CovisitCounts = field(default_factory=CovisitCounts.empty)
    latest: OrderedDict[int, list[Liked]] = field(default_factory=OrderedDict)
    reorders: Reorders = field(default_factory=Reorders)

    def observe(
        self, people: NDArray[np.int64], told: SignalBatch, snapshot: ItemSnapshot, params: EngineParams
    ) -> None:
        """Learn from a batch, in place. ``people``: whose each event is, as long as ``told``."""
        self.counters.observe(told, snapshot, params, self.reorders.observe(people, told))
        strength = grade_signals(told, snapshot.rows_of(told.item_id), snapshot, params.signals)
        liked = np.flatnonzero((strength >= params.learn.covisit_minimum_strength) & (told.item_id > 0))
        now = [
            (int(people[i]), int(told.item_id[i]), float(strength[i]), int(told.at_ms[i]))
            for i in liked[np.argsort(told.at_ms[liked], kind="stable")]
        ]
        if now:
            self._pair(now, params)
            self._remember(now, params.learn.covisit_window)

    def forget(self, person: int) -> None:
        """Drop what is held of one person; what the counts hold is nobody's."""
        self.latest.pop(person, None)

    def to_arrays(self, params: EngineParams) -> dict[str, NDArray[Any]]:
        """Counters, co-visits and what was bought; the latest likes are not kept."""
        arrays = {f"counters-{key}": array for key, array in self.counters.to_arrays().items()}
        arrays |= {f"reorders-{key}": array for key, array in self.reorders.to_arrays().items()}
        return arrays | {f"covisits-{key}": array for key, array in self.covisits.to_arrays(params.learn).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> StreamLearner:
        """Inverse of ``to_arrays``; other arrays are ignored. Raises KeyError when one is missing."""
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            part, _, key = name.partition("-")
            parts.setdefault(part, {})[key] = array
        return cls(
            ItemCounters.from_arrays(parts["counters"]),
            CovisitCounts.from_arrays(parts["covisits"]),
            reorders=Reorders.from_arrays(parts.get("reorders", {})),
        )

    def _pair(self, now: list[tuple[int, int, float, int]], params: EngineParams) -> None:
        # What a person liked last stands before what is new, marked: a pair of two marked ones was counted before.
        before = [
            (person, item_id | _COUNTED, strength, at_ms)
            for person in {row[0] for row in now}
            for item_id, strength, at_ms in self.latest.get(person, ())
        ]
        person, item_id, weight, at_ms = (np.asarray(column) for column in zip(*before, *now, strict=True))
        first, second, weights, met = pairs_of(person, item_id, weight, at_ms, params.learn)
        is_new = (first & second & _COUNTED) == 0
        first, second = first & ~_COUNTED, second & ~_COUNTED
        is_new &= first != second
        self.covisits.observe((first[is_new], second[is_new], weights[is_new], met[is_new]), params.learn)

    def _remember(self, now: list[tuple[int, int, float, int]], window: int) -> None:
        for who, *liked_item in now:
            latest = self.latest.setdefault(who, [])
            latest.append((int(liked_item[0]), liked_item[1], int(liked_item[2])))
            del latest[:-window]
            self.latest.move_to_end(who)
        while len(self.latest) > REMEMBERED_PEOPLE:
            self.latest.popitem(last=False)
