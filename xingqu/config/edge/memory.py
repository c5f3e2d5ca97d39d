"""What was told in a room lately: who comes back by a cursor is answered out of it, however many come at once."""

import time
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from xingqu.config.edge.frames import encode_event
from xingqu.live.contracts import RoomEventRow

# Events told again to one that was away, and lines of chat, which are as many as a page shows.
REPLAYED = 500
LINES_REPLAYED = 40
# Turns of which is known when they were told: some ten minutes.
TURNS = 2_400
# Another process may have told events of the same moment in another order: a little from before is told again.
LOOK_BACK_S = 2.0
NOTHING_NEW = b": nothing new\n\n"


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was told, the `place`-th of the room."""

    place: int
    id: int
    at_s: float
    frame: bytes


class Memory:
    """The last events of a room. `floor`: events up to this id may have been forgotten; None before it was filled."""

    def __init__(self) -> None:
        self.floor: int | None = None
        self._places = 0
        self._deeds: deque[Told] = deque(maxlen=REPLAYED)
        self._lines: deque[Told] = deque(maxlen=LINES_REPLAYED)
        self._turn_ids: list[int] = []
        self._turn_at_s: list[float] = []
        self._ready: dict[float, bytes] = {}

    def keep(self, rows: Sequence[RoomEventRow]) -> None:
        """Remember what is being told now."""
        if not rows:
            return
        now_s = time.monotonic()
        for row in rows:
            self._keep(row, now_s)
        self._turn(max(row.id for row in rows), now_s)
        self._ready.clear()

    def fill(self, rows: Sequence[RoomEventRow], *, now_ms: int, complete: bool) -> None:
        """Put the room's newest events of the table, in order, before what was kept meanwhile."""
        now_s = time.monotonic()
        deeds, lines, turns = (
            list(self._deeds),
            list(self._lines),
            list(zip(self._turn_ids, self._turn_at_s, strict=True)),
        )
        known = {told.id for told in (*deeds, *lines)}
        for kept in (self._deeds, self._lines, self._turn_ids, self._turn_at_s, self._ready):
            kept.clear()
        self.floor = 0 if complete or not rows else rows[0].id
        for row in rows:
            if row.id not in known:
                at_s = now_s - max(0, now_ms - row.at_ms) / 1_000
                self._keep(row, at_s)
                self._turn(row.id, at_s)
        for told in sorted((*deeds, *lines), key=lambda told: told.place):
            self._put(self._lines if told in lines else self._deeds, told.id, told.at_s, told.frame)
        for event_id, at_s in turns:
            self._turn(event_id, at_s)

    def after(self, cursor: int) -> bytes | None:
        """Frames of what was told after `cursor`; None when that may have been forgotten."""
        if self.floor is None or (cursor <= self.floor and self.floor > 0):
            return None
        turn = bisect_left(self._turn_ids, cursor)
        since_s = (self._turn_at_s[turn] if turn < len(self._turn_at_s) else time.monotonic()) - LOOK_BACK_S
        if turn == 0 and self._turn_ids and cursor < self._turn_ids[0]:
            since_s = 0.0
        first = next((told.place for told in self._deeds if told.at_s >= since_s), self._places)
        first = min(first, next((told.place for told in self._lines if told.at_s >= since_s), self._places))
        if first not in self._ready:
            told = sorted((*self._deeds, *self._lines), key=lambda told: told.place)
            self._ready[first] = b"".join(one.frame for one in told if one.place >= first) or NOTHING_NEW
        return self._ready[first]

    def _keep(self, row: RoomEventRow, at_s: float) -> None:
        is_line = row.kind == "chat" and not row.data.get("host")
        self._put(self._lines if is_line else self._deeds, row.id, at_s, encode_event(row))

    def _put(self, kept: deque[Told], event_id: int, at_s: float, frame: bytes) -> None:
        if kept is self._deeds and len(kept) == REPLAYED:
            self.floor = max(self.floor or 0, kept[0].id)
        kept.append(Told(self._places, event_id, at_s, frame))
        self._places += 1

    def _turn(self, event_id: int, at_s: float) -> None:
        if self._turn_ids and event_id <= self._turn_ids[-1]:
            return
        self._turn_ids.append(event_id)
        self._turn_at_s.append(at_s)
        if len(self._turn_ids) > TURNS:
            del self._turn_ids[: TURNS // 2], self._turn_at_s[: TURNS // 2]
