"""From the signal log to the next snapshot: decayed counters of items and what the same people liked.

One process learns (the worker). It remembers how far it has read, so that a restart goes on where it stopped.
"""

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import ArrayLike

from xingqu.engine.coldstart.pools import PoolBook
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.stream import StreamLearner
from xingqu.engine.models import Model
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import with_near
from xingqu.interest.domain.answers import Answers, answers_in, told_of
from xingqu.interest.domain.days import DayBook
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.services.commerce import observe_commerce
from xingqu.interest.services.days import write_days
from xingqu.interest.services.pools import advance_pools, observe_pools
from xingqu.interest.services.residual import OnlineRanking, learn_residual
from xingqu.interest.storage import PARAMS, SNAPSHOT_FOLDER, snapshots, state_store
from xingqu.interest.stores.snapshots import ServedSnapshot, write_snapshot
from xingqu.kit import clock
from xingqu.signals.contracts import LoggedBatch
from xingqu.signals.selectors import read_batches

log = logging.getLogger(__name__)
BATCHES_AT_ONCE: Final = 500


@dataclass
class Learned:
    """What was learned so far, and up to where the log has been read."""

    stream: StreamLearner = field(default_factory=StreamLearner)
    positions: dict[int, int] = field(default_factory=dict)
    pools: PoolBook = field(default_factory=PoolBook.empty)
    days: DayBook = field(default_factory=DayBook)
    answers: list[Answers] = field(default_factory=list)  # for the taste model, since the last snapshot
    ranking: OnlineRanking = field(default_factory=OnlineRanking)


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
    count += _learn(learned, waiting, served)
    learn_residual(learned.ranking, served.items)
    return count


def publish_snapshot(columns: Mapping[str, ArrayLike]) -> int:
    """Make the item snapshot that is served from now on; returns its version.

    `columns` as `ItemSnapshot.build` takes them, by ascending `item_id`, without counters and co-visits: those were
    learned from the log; trained models are carried over from the snapshot before. Raises SnapshotError when they do not
    make a snapshot; the one before then stays.
    """
    folder, learned, now_ms = Path(settings.HOME) / SNAPSHOT_FOLDER, _load(), clock.now_ms()
    with _only_builder(folder):
        ids = np.asarray(columns["item_id"], dtype=np.int64)
        indptr, rows, weights = learned.stream.covisits.neighbours_for(ids, PARAMS.learn)
        before = snapshots().refresh().items
        counters = learned.stream.counters.columns_for(ids, now_ms=now_ms, params=PARAMS)
        pools = advance_pools(learned.pools, dict(columns), counters, now_ms=now_ms)
        told = told_of(before.models, before, learned.answers, state_store().read_slot, PARAMS)
        built = ItemSnapshot.build(
            version=max(now_ms, before.version + 1),
            built_at_ms=now_ms,
            models=replace(told, residual=learned.ranking.serves(before)),
            params=PARAMS.snapshot,
            counters=counters,
            covisit_indptr=indptr,
            covisit_rows=rows,
            covisit_weights=weights,
            **(dict(columns) | pools),
        )
        items = with_near(with_clusters(built, PARAMS.clusters), PARAMS.near)
        write_snapshot(folder, items)
        write_days(learned.days, now_ms=now_ms)
        _save(learned)
        learned.answers.clear()
    return items.version


def publish_models(models: Mapping[str, Model | None]) -> int:
    """Serve the current items with these models (by their names in `Models`) in the place of the ones before.

    They are laid over the rows of the items as they are now, which may be newer than those the models were trained on;
    models that are not named stay, those named with None are dropped. Returns the version.
    """
    folder = Path(settings.HOME) / SNAPSHOT_FOLDER
    with _only_builder(folder):
        before = snapshots().refresh().items
        rows = ItemTags(before.item_id, before.tag_indptr, before.tag_ids)
        laid: dict[str, Any] = {name: model and model.aligned(rows) for name, model in models.items()}
        version = max(clock.now_ms(), before.version + 1)
        items = with_near(replace(before, version=version, models=replace(before.models, **laid)), PARAMS.near)
        write_snapshot(folder, items)
    snapshots().refresh()
    return items.version


def _learn(learned: Learned, batches: Sequence[LoggedBatch], served: ServedSnapshot) -> int:
    events = [event for batch in batches for event in batch.events]
    if events:
        told = to_engine(events, item_of_product=served.item_showing)
        people = np.repeat([batch.slot for batch in batches], [len(batch.events) for batch in batches])
        learned.stream.observe(people, told, served.items, PARAMS)
        learned.ranking.observe(people, told)
        observe_pools(learned.pools, told, served.items)
        learned.days.observe(told, served.items, PARAMS)
        observe_commerce(people, events, told, served.items)
        if served.items.models.taste is not None:
            learned.answers.append(answers_in(people, told, served.items, PARAMS))
    for batch in batches:
        learned.positions[batch.position.segment] = batch.position.end
    return len(events)


def _path() -> Path:
    return Path(settings.HOME) / "learned.npz"


def _load() -> Learned:
    key = (_path(), os.getpid())
    if key not in _learned:
        _learned[key] = _read(key[0])
    return _learned[key]


def _read(path: Path) -> Learned:
    if not path.exists():
        return Learned()
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    positions = zip(arrays.pop("log-segment"), arrays.pop("log-end"), strict=True)
    pools = {name.removeprefix("pools-"): array for name, array in arrays.items() if name.startswith("pools-")}
    days = {name.removeprefix("days-"): array for name, array in arrays.items() if name.startswith("days-")}
    return Learned(
        stream=StreamLearner.from_arrays(arrays),
        positions={int(segment): int(end) for segment, end in positions},
        pools=PoolBook.from_arrays(pools) if pools else PoolBook.empty(),
        days=DayBook.from_arrays(days) if days else DayBook(),
    )


def _save(learned: Learned) -> None:
    """Counts and reading position in one file, so that a crash can neither lose nor repeat a part of the log."""
    arrays: dict[str, Any] = learned.stream.to_arrays(PARAMS)
    arrays |= {f"pools-{k}": v for k, v in learned.pools.to_arrays().items()}
    arrays |= {f"days-{k}": v for k, v in learned.days.to_arrays().items()}
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
