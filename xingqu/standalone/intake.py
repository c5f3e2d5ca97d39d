"""Events on their way in: refused, unknown, or ready to be applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import NO_TAG, Signal
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.standalone.codec import EVENT_DTYPE, encode_events, event_key
from xingqu.standalone.contracts import Event, Rejection
from xingqu.standalone.errors import InvalidInput
from xingqu.standalone.names import Names
from xingqu.standalone.schema import REASONS, SIGNALS
from xingqu.standalone.settings import Settings
from xingqu.standalone.sketch import CountMinSketch
from xingqu.standalone.stores.ports import PersonWrite

DAY_MS: Final = 86_400_000
_QUANTITIES: Final = (Signal.COMPLETION, Signal.ADD_TO_CART, Signal.ORDER, Signal.RETURN)


@dataclass
class Sorted:
    """``unknown``: events about items that have no row yet."""

    by_person: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    rejected: list[Rejection] = field(default_factory=list)
    unknown: int = 0

    @property
    def count(self) -> int:
        return sum(len(events) for events in self.by_person.values())


class Intake:
    """Safe for several threads but for the sketch, whose count may then be one too low."""

    def __init__(self, names: Names, settings: Settings, params: EngineParams) -> None:
        self._names, self._settings, self._params = names, settings, params
        self._sketch = CountMinSketch(settings.sketch_width, settings.sketch_depth)

    def sort(self, events: Iterable[tuple[int, Event]], now_ms: int) -> Sorted:
        """By person, what can be applied; ``events`` with their place in the batch."""
        found = Sorted()
        for index, event in events:
            error = self._out_of_time(index, event, now_ms)
            if error:
                found.rejected.append(error)
            elif not self._admitted(event):
                found.unknown += 1
            else:
                found.by_person[event.person].append(event)
        return found

    def writes_of(self, by_person: Mapping[str, list[Event]], now_ms: int, snapshot: ItemSnapshot) -> list[PersonWrite]:
        """What the store is to do with everybody's events."""
        told = [self._row(event, now_ms) for events in by_person.values() for event in events]
        rows, writes, start = np.array(told, dtype=EVENT_DTYPE), [], 0
        for person, events in by_person.items():
            stop = start + len(events)
            ids = [row[0] for row in told[start:stop]]
            writes.append(self._write_of(person, ids, rows[start:stop], now_ms, snapshot))
            start = stop
        return writes

    def _write_of(
        self, person: str, ids: list[bytes], rows: NDArray[np.void], now_ms: int, snapshot: ItemSnapshot
    ) -> PersonWrite:
        def change(stored: bytes | None, fresh: list[int]) -> tuple[bytes, bytes]:
            state = UserState.decode(stored) if stored else UserState.empty()
            told = rows[fresh]
            batch = SignalBatch.of(**{name: told[name] for name in EVENT_DTYPE.names or () if name != "id"})
            apply_signals(state, batch, snapshot, self._params, now_ms=now_ms)
            # nothing is learned from somebody who has switched personalisation off
            return state.encode(), encode_events(told) if state.personalised else b""

        return PersonWrite(person, ids, change)

    def _out_of_time(self, index: int, event: Event, now_ms: int) -> Rejection | None:
        oldest_ms = now_ms - self._settings.event_age_days * DAY_MS
        if event.at_ms == 0 or oldest_ms <= event.at_ms <= now_ms + self._settings.future_ms:
            return None
        return Rejection(index, InvalidInput.code, "at_ms", f"from {oldest_ms} to now, in Unix milliseconds")

    def _admitted(self, event: Event) -> bool:
        """Whether the event's item has a number, or has now been met often enough to get one."""
        if not event.item or self._names.known("item", event.item):
            return True
        if self._sketch.add(event.item) < self._settings.admit_after:
            return False
        self._names.give("item", [event.item])
        return True

    def _row(self, event: Event, now_ms: int) -> tuple[Any, ...]:
        signal = SIGNALS[event.kind]
        refused = signal == Signal.NOT_INTERESTED
        value = float(REASONS[event.reason or "unspecified"]) if refused else event.value
        tag = self._names.known("tag", event.query) or self._names.known("tag", event.query.strip().lower())
        return (
            event_key(event.id),
            int(signal),
            self._names.known("item", event.item),
            max(value, 1.0) if signal in _QUANTITIES else value,
            min(event.at_ms or now_ms, now_ms),
            self._names.known("creator", event.creator),
            tag or NO_TAG,
        )
