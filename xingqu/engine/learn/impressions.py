"""Served impressions with what followed them: the rows that the ranking learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import COMMERCE_HEADS, Head, Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.ranker import PARENT
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
CLOCK_SLACK_MS: Final = 2_000  # a device's clock may put what followed a little before its impression
SHOWN_WITHIN_MS: Final = 12 * HOUR_MS  # a page may be left open for long
# how long after an impression an outcome still counts as its own
WINDOW_MS: Final = {
    Head.WATCH: HOUR_MS,
    Head.COMPLETION: HOUR_MS,
    Head.LIKE: HOUR_MS,
    Head.FOLLOW: HOUR_MS,
    Head.PRODUCT_CLICK: HOUR_MS,
    Head.ADD_TO_CART: DAY_MS,
    Head.ORDER: 7 * DAY_MS,
    Head.NOT_INTERESTED: HOUR_MS,
}
RETURN_WINDOW_MS: Final = 30 * DAY_MS  # after the order
REPURCHASE_WINDOW_MS: Final = 60 * DAY_MS
SAME_ORDER_MS: Final = DAY_MS  # two orders of one thing within a day are one need
NEVER_MS: Final = np.iinfo(np.int64).max
_SIGNAL: Final = {
    Head.COMPLETION: Signal.COMPLETION,
    Head.LIKE: Signal.LIKE,
    Head.FOLLOW: Signal.FOLLOW,
    Head.PRODUCT_CLICK: Signal.PRODUCT_CLICK,
    Head.ADD_TO_CART: Signal.ADD_TO_CART,
    Head.ORDER: Signal.ORDER,
    Head.NOT_INTERESTED: Signal.NOT_INTERESTED,
}


@dataclass(frozen=True, eq=False)
class Impressions:
    """``n`` items that were on a screen, with what they were ranked by. ``surface``: codes of ``ranking.ranker``."""

    person: NDArray[np.int64]
    item_id: NDArray[np.int64]
    at_ms: NDArray[np.int64]
    surface: NDArray[np.int8]
    position: NDArray[np.int16]
    features: NDArray[np.float32]  # (n, len(Feature))
    prior_logit: NDArray[np.float32]  # (n, len(Head)); minus infinity where an outcome cannot happen

    def __len__(self) -> int:
        return int(self.person.size)

    def select(self, chosen: Any) -> Impressions:
        return Impressions(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    @classmethod
    def joined(cls, parts: list[Impressions]) -> Impressions:
        """Raises ValueError when there is none."""
        return cls(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)})


@dataclass(frozen=True, eq=False)
class Outcomes:
    """When each outcome of each impression happened, (n, len(Head)) ``at_ms``; ``NEVER_MS`` where it did not."""

    at_ms: NDArray[np.int64]

    def by(self, now_ms: int) -> NDArray[np.bool_]:
        """(n, heads) what had happened by ``now_ms``. A later stage that has been told implies those before."""
        happened = self.at_ms <= now_ms
        for head in reversed(range(happened.shape[1])):
            if PARENT[head] >= 0:
                happened[:, PARENT[head]] |= happened[:, head]
        return happened


def seen_impressions(
    served: Impressions, people: NDArray[np.int64], told: SignalBatch
) -> tuple[Impressions, NDArray[np.int64]]:
    """Of what was served that which came onto a screen, with the time it did, and its rows in ``served``.

    An item that was served several times is seen where it was served last before its impression.
    """
    pairs = _Pairs(served, people, told)
    shown = np.flatnonzero(told.kind == Signal.IMPRESSION)
    rows = pairs.latest(shown, SHOWN_WITHIN_MS)
    at_ms = np.full(len(served), NEVER_MS, dtype=np.int64)
    _earliest(at_ms, rows[rows >= 0], told.at_ms[shown[rows >= 0]])
    seen = np.flatnonzero(at_ms != NEVER_MS)
    return replace(served.select(seen), at_ms=at_ms[seen]), seen


def join_outcomes(
    impressions: Impressions,
    people: NDArray[np.int64],
    told: SignalBatch,
    snapshot: ItemSnapshot,
    params: EngineParams,
) -> Outcomes:
    """What followed each impression, by the latest impression that the same person had of the same item.

    ``people``: whose each event is. A return and a repurchase belong to the impression that the order came from.
    """
    at_ms = np.full((len(impressions), len(Head)), NEVER_MS, dtype=np.int64)
    pairs = _Pairs(impressions, people, told)
    watched = watched_signals(told, snapshot, params) | (told.kind == Signal.COMPLETION)
    for head, window_ms in WINDOW_MS.items():
        events = np.flatnonzero(watched if head == Head.WATCH else told.kind == _SIGNAL[head])
        rows = pairs.latest(events, window_ms)
        _earliest(at_ms[:, head], rows[rows >= 0], told.at_ms[events[rows >= 0]])
    _after_orders(at_ms, pairs, told)
    at_ms[:, list(COMMERCE_HEADS)] = np.where(
        np.isneginf(impressions.prior_logit[:, list(COMMERCE_HEADS)]), NEVER_MS, at_ms[:, list(COMMERCE_HEADS)]
    )
    return Outcomes(at_ms)


class _Pairs:
    """Impressions and events by (person, item) and time."""

    def __init__(self, impressions: Impressions, people: NDArray[np.int64], told: SignalBatch) -> None:
        columns = [
            np.unique(np.concatenate([first, second]), return_inverse=True)[1]
            for first, second in ((impressions.person, people), (impressions.item_id, told.item_id))
        ]
        pair = columns[0].astype(np.int64) * (int(columns[1].max(initial=0)) + 1) + columns[1]
        times = np.concatenate([impressions.at_ms, told.at_ms])
        self._start_ms = int(times.min(initial=0))
        self._span = np.int64(int(times.max(initial=0)) - self._start_ms + 2 * CLOCK_SLACK_MS + 1)
        pair = np.unique(pair, return_inverse=True)[1].astype(np.int64)
        self._of_event, of_impression = pair[len(impressions) :], pair[: len(impressions)]
        self._told, self._at_ms = told, impressions.at_ms
        key = self._key(of_impression, impressions.at_ms)
        self._order = np.argsort(key, kind="stable")
        self._keys, self._pair = key[self._order], of_impression

    def _key(self, pair: NDArray[np.int64], at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        key: NDArray[np.int64] = pair * self._span + (at_ms - self._start_ms)
        return key

    def latest(self, events: NDArray[np.int64], window_ms: int) -> NDArray[np.int64]:
        """Impression that each event followed, -1 where there is none within the window."""
        if not self._keys.size:
            return np.full(events.size, -1, dtype=np.int64)
        at_ms = self._told.at_ms[events]
        place = np.searchsorted(self._keys, self._key(self._of_event[events], at_ms + CLOCK_SLACK_MS), "right") - 1
        rows = self._order[np.maximum(place, 0)]
        fits = (place >= 0) & (self._pair[rows] == self._of_event[events]) & (at_ms - self._at_ms[rows] <= window_ms)
        found: NDArray[np.int64] = np.where(fits, rows, -1)
        return found

    def of_event(self, event: int) -> int:
        return int(self._of_event[event])

    def of_impression(self, row: int) -> int:
        return int(self._pair[row])


def _earliest(column: NDArray[np.int64], rows: NDArray[np.int64], at_ms: NDArray[np.int64]) -> None:
    np.minimum.at(column, rows, at_ms)


def _after_orders(at_ms: NDArray[np.int64], pairs: _Pairs, told: SignalBatch) -> None:
    """Returns and repurchases, each of the latest order before it that an impression led to."""
    ordered: dict[int, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(at_ms[:, Head.ORDER] != NEVER_MS).tolist():
        ordered.setdefault(pairs.of_impression(row), []).append((int(at_ms[row, Head.ORDER]), row))
    for event in np.flatnonzero((told.kind == Signal.RETURN) | (told.kind == Signal.ORDER)).tolist():
        when_ms, is_return = int(told.at_ms[event]), told.kind[event] == Signal.RETURN
        head = Head.RETURN if is_return else Head.REPURCHASE
        least, most = (0, RETURN_WINDOW_MS) if is_return else (SAME_ORDER_MS, REPURCHASE_WINDOW_MS)
        before = [
            (order_ms, row)
            for order_ms, row in ordered.get(pairs.of_event(event), ())
            if least <= when_ms - order_ms <= most
        ]
        if before:
            _, row = max(before)
            at_ms[row, head] = min(at_ms[row, head], when_ms)


def batches_of(count: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Rows in random order, ``size`` at a time."""
    order = rng.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]
