"""From the signal log to the next snapshot: decayed counters of items and what the same people liked.

One process learns (the worker). It remembers how far it has read, so that a restart goes on where it stopped.
"""

import fcntl
import logging
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.coldstart.pools import PoolBook
from xingqu.engine.learn.counters import ItemCounters
from xingqu.engine.learn.covisit import CovisitCounts, pairs_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, grade_signals
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.services.commerce import observe_commerce
from xingqu.interest.services.pools import advance_pools, observe_pools
from xingqu.interest.storage import PARAMS, SNAPSHOT_FOLDER, snapshots
from xingqu.interest.stores.snapshots import ServedSnapshot, write_snapshot
from xingqu.kit import clock
from xingqu.signals.contracts import LoggedBatch
from xingqu.signals.selectors import read_batches

log = logging.getLogger(__name__)
BATCHES_AT_ONCE: Final = 500
REMEMBERED_PEOPLE: Final = 50_000
_COUNTED: Final = np.int64(1 << 60)  # no id of the platform is as large
Liked = tuple[int, float, int]  # item, strength, time


@dataclass
class Learned:
    """What was learned so far, and up to where the log has been read."""

    counters: ItemCounters
    covisits: CovisitCounts
    positions: dict[int, int]
    pools: PoolBook
    latest: OrderedDict[int, list[Liked]] = field(default_factory=OrderedDict)  # what each person liked last

    @classmethod
    def empty(cls) -> "Learned":
        return cls(ItemCounters.empty(), CovisitCounts.empty(), {}, PoolBook.empty())


_learned: dict[tuple[Path, int], Learned] = {}


def learn_from_log() -> int:
    """Read what the log has got since the last call; returns how many events."""
    learned, served, count = _load(), snapshots().get(), 0
    waiting: list[LoggedBatch] = []
    for batch in read_batches(positions=learned.positions):
        waiting.append(batch)
        if len(waiting) >= BATCHES_AT_ONCE:
            count += _learn(learned, waiting, served)
            waiting = []
    return count + _learn(learned, waiting, served)


def publish_snapshot(columns: Mapping[str, ArrayLike]) -> int:
    """Make the item snapshot that is served from now on; returns its version.

    `columns` as `ItemSnapshot.build` takes them, by ascending `item_id`, without counters and co-visits: those were
    learned from the log; trained models are carried over from the snapshot before. Raises SnapshotError when they do not
    make a snapshot; the one before then stays.
    """
    folder, learned, now_ms = Path(settings.HOME) / SNAPSHOT_FOLDER, _load(), clock.now_ms()
    with _only_builder(folder):
        ids = np.asarray(columns["item_id"], dtype=np.int64)
        indptr, rows, weights = learned.covisits.neighbours_for(ids, PARAMS.learn)
        before = snapshots().refresh().items
        counters = learned.counters.columns_for(ids, now_ms=now_ms, params=PARAMS)
        pools = advance_pools(learned.pools, dict(columns), counters, now_ms=now_ms)
        items = ItemSnapshot.build(
            version=max(now_ms, before.version + 1),
            built_at_ms=now_ms,
            models=before.models,
            params=PARAMS.snapshot,
            counters=counters,
            covisit_indptr=indptr,
            covisit_rows=rows,
            covisit_weights=weights,
            **(dict(columns) | pools),
        )
        write_snapshot(folder, items)
        _save(learned)
    return items.version


def _learn(learned: Learned, batches: Sequence[LoggedBatch], served: ServedSnapshot) -> int:
    events = [event for batch in batches for event in batch.events]
    if events:
        told = to_engine(events, item_of_product=served.item_showing)
        people = np.repeat([batch.slot for batch in batches], [len(batch.events) for batch in batches])
        learned.counters.observe(told, served.items, PARAMS)
        observe_pools(learned.pools, told, served.items)
        observe_commerce(events, told, served.items)
        _learn_covisits(learned, people, told, served)
    for batch in batches:
        learned.positions[batch.position.segment] = batch.position.end
    return len(events)


def _learn_covisits(learned: Learned, people: NDArray[np.int64], told: SignalBatch, served: ServedSnapshot) -> None:
    strength = grade_signals(told, served.items.rows_of(told.item_id), served.items, PARAMS.signals)
    liked = np.flatnonzero((strength >= PARAMS.learn.covisit_minimum_strength) & (told.item_id > 0))
    now = [
        (int(people[i]), int(told.item_id[i]), float(strength[i]), int(told.at_ms[i]))
        for i in liked[np.argsort(told.at_ms[liked], kind="stable")]
    ]
    # What a person liked last stands before what is new, marked: a pair of two marked ones was counted before.
    before = [
        (person, item_id | _COUNTED, strength, at_ms)
        for person in {row[0] for row in now}
        for item_id, strength, at_ms in learned.latest.get(person, ())
    ]
    if now:
        person, item_id, weight, at_ms = (np.asarray(column) for column in zip(*before, *now, strict=True))
        first, second, weights, met = pairs_of(person, item_id, weight, at_ms, PARAMS.learn)
        is_new = (first & second & _COUNTED) == 0
        first, second = first & ~_COUNTED, second & ~_COUNTED
        is_new &= first != second
        learned.covisits.observe((first[is_new], second[is_new], weights[is_new], met[is_new]), PARAMS.learn)
    for who, *liked_item in now:
        latest = learned.latest.setdefault(who, [])
        latest.append((int(liked_item[0]), liked_item[1], int(liked_item[2])))
        del latest[: -PARAMS.learn.covisit_window]
        learned.latest.move_to_end(who)
    while len(learned.latest) > REMEMBERED_PEOPLE:
        learned.latest.popitem(last=False)


def _path() -> Path:
    return Path(settings.HOME) / "learned.npz"


def _load() -> Learned:
    key = (_path(), os.getpid())
    if key not in _learned:
        _learned[key] = _read(key[0])
    return _learned[key]


def _read(path: Path) -> Learned:
    if not path.exists():
        return Learned.empty()
    with np.load(path) as file:
        parts: dict[str, dict[str, Any]] = {"counters": {}, "covisits": {}, "log": {}, "pools": {}}
        for name in file.files:
            part, _, key = name.partition("-")
            parts[part][key] = file[name]
    return Learned(
        counters=ItemCounters.from_arrays(parts["counters"]),
        covisits=CovisitCounts.from_arrays(parts["covisits"]),
        positions={int(s): int(e) for s, e in zip(parts["log"]["segment"], parts["log"]["end"], strict=True)},
        pools=PoolBook.from_arrays(parts["pools"]) if parts["pools"] else PoolBook.empty(),
    )


def _save(learned: Learned) -> None:
    """Counts and reading position in one file, so that a crash can neither lose nor repeat a part of the log."""
    arrays: dict[str, Any] = {f"counters-{k}": v for k, v in learned.counters.to_arrays().items()}
    arrays |= {f"covisits-{k}": v for k, v in learned.covisits.to_arrays(PARAMS.learn).items()}
    arrays |= {f"pools-{k}": v for k, v in learned.pools.to_arrays().items()}
    arrays["log-segment"] = np.array(list(learned.positions), dtype=np.int64)
    arrays["log-end"] = np.array(list(learned.positions.values()), dtype=np.int64)
    part = _path().with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.rename(_path())


@contextmanager
def _only_builder(folder: Path) -> Iterator[None]:
    """One process builds at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".building").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
