"""From what was served and what people did, as both come, to impressions whose first minutes are over."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.impressions import Impressions, join_outcomes, seen_impressions
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch

SETTLE_MS: Final = 2 * 60_000  # what was not watched or clicked by then mostly never is
FORGET_MS: Final = 30 * 60_000  # a page that was not looked at by then teaches nothing here
MOST_ROWS: Final = 200_000  # served items, and events, that are held at most; the oldest go first


@dataclass(eq=False)
class OnlineRows:
    """What waits: served items not yet seen or not yet settled, and the latest events."""

    served: list[Impressions] = field(default_factory=list)
    people: list[NDArray[np.int64]] = field(default_factory=list)
    told: list[SignalBatch] = field(default_factory=list)

    def add_served(self, rows: Impressions) -> None:
        self.served.append(rows)

    def add_events(self, people: NDArray[np.int64], told: SignalBatch) -> None:
        """``people``: whose each event is."""
        self.people.append(people)
        self.told.append(told)

    def forget(self, person: int) -> None:
        """Drop what waits of one person."""
        self.served = [rows.select(rows.person != person) for rows in self.served]
        kept = [people != person for people in self.people]
        self.told = [_selected(told, np.flatnonzero(keep)) for told, keep in zip(self.told, kept, strict=True)]
        self.people = [people[keep] for people, keep in zip(self.people, kept, strict=True)]

    def settle(
        self, now_ms: int, snapshot: ItemSnapshot, params: EngineParams
    ) -> tuple[Impressions, NDArray[np.bool_]] | None:
        """Impressions whose first minutes are over, each told once, with what came of them (m, heads); None when none is."""
        if not self.served or not self.told:
            return None
        served, people, told = Impressions.joined(self.served), np.concatenate(self.people), _joined(self.told)
        seen, rows = seen_impressions(served, people, told)
        done = seen.at_ms <= now_ms - SETTLE_MS
        settled = seen.select(done)
        outcomes = join_outcomes(settled, people, told, snapshot, params)
        waits = np.ones(len(served), dtype=np.bool_)
        waits[rows[done]] = False
        waits &= served.at_ms > now_ms - FORGET_MS
        fresh = np.flatnonzero(told.at_ms > now_ms - FORGET_MS)[-MOST_ROWS:]
        self.served = [served.select(np.flatnonzero(waits)[-MOST_ROWS:])]
        self.people, self.told = [people[fresh]], [_selected(told, fresh)]
        return (settled, outcomes.by(now_ms)) if len(settled) else None


def _joined(parts: list[SignalBatch]) -> SignalBatch:
    return SignalBatch(
        **{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(SignalBatch)}
    )


def _selected(batch: SignalBatch, rows: NDArray[np.int64]) -> SignalBatch:
    return SignalBatch(**{f.name: getattr(batch, f.name)[rows] for f in fields(SignalBatch)})
