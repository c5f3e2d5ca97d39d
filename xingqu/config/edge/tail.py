"""The end of the table of events: every new row once, also one whose transaction committed late.

Ids are given before a transaction commits, so a row may appear below others that were read already. Its id was missing until
then: the ids that are missing are remembered, and asked for together with what is new.
"""

import time
from collections.abc import Sequence

from xingqu.live.contracts import RoomEventRow

# A transaction that takes longer than this has been undone. And no more ids than these are waited for.
MISSING_S = 30.0
MISSING_MOST = 1_000


class EventTail:
    """Which events have been read: all up to `last_id` but those in `missing`."""

    def __init__(self) -> None:
        self.last_id = 0
        self._missing: dict[int, float] = {}

    def begin(self, ids: Sequence[int]) -> None:
        """Start behind the newest of the table, of which `ids` are the newest, ascending."""
        if not ids:
            return
        self.last_id = ids[0] - 1
        for event_id in ids:
            self._reach(event_id)

    def missing(self) -> list[int]:
        """Ids that may still appear below `last_id`."""
        oldest = time.monotonic() - MISSING_S
        for event_id in [one for one, since in self._missing.items() if since < oldest]:
            del self._missing[event_id]
        while len(self._missing) > MISSING_MOST:
            del self._missing[next(iter(self._missing))]
        return list(self._missing)

    def follows(self, event_id: int) -> bool:
        """Whether this is the next one, and nothing is missing before it."""
        return event_id == self.last_id + 1

    def take(self, rows: Sequence[RoomEventRow]) -> list[RoomEventRow]:
        """Those of `rows` that are new, in the order of their ids; what was taken back is not told."""
        fresh = []
        for row in sorted(rows, key=lambda row: row.id):
            if row.id > self.last_id:
                self._reach(row.id)
            elif self._missing.pop(row.id, None) is None:
                continue
            else:
                row = row.as_late()
            if not row.is_hidden:
                fresh.append(row)
        return fresh

    def _reach(self, event_id: int) -> None:
        now = time.monotonic()
        for skipped in range(max(self.last_id + 1, event_id - MISSING_MOST), event_id):
            self._missing[skipped] = now
        self.last_id = event_id
