"""From the store's journal to what the next snapshot is built from, and the file in which that survives."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from xingqu.engine.learn.online import OnlineRows
from xingqu.engine.learn.residual_fit import base_of
from xingqu.engine.learn.stream import StreamLearner
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.standalone.codec import decode_events, decode_page, impressions_of
from xingqu.standalone.stores.ports import JournalEntry, Store

ENTRIES_AT_ONCE = 2_000


@dataclass(eq=False)
class Learned:
    """What was learned, and up to where the journal has been read."""

    stream: StreamLearner = field(default_factory=StreamLearner)
    position: int = 0
    waiting: OnlineRows = field(default_factory=OnlineRows)  # for the residual; lost with the process, minutes of it
    residual: ResidualModel | None = None

    def read(self, store: Store, snapshot: ItemSnapshot, params: EngineParams, *, now_ms: int) -> int:
        """Learn what is new in the journal; returns how many events."""
        count, base = 0, snapshot.models.residual
        if base is None or self.residual is None or self.residual.born_ms != base.born_ms:
            self.waiting, self.residual = OnlineRows(), base
        while entries := store.journal(self.position, limit=ENTRIES_AT_ONCE):
            parts = [decode_events(entry.data) for entry in entries]
            rows = np.concatenate(parts)
            if rows.size:
                people = np.repeat([entry.slot for entry in entries], [part.size for part in parts])
                told = SignalBatch.of(**{name: rows[name] for name in rows.dtype.names or () if name != "id"})
                self.stream.observe(people, told, snapshot, params)
                if base is not None:
                    self.waiting.add_events(people, told)
            if base is not None:
                self._wait_for(entries)
            count += rows.size
            self.position = entries[-1].position
        self._learn_residual(snapshot, params, now_ms)
        return count

    def with_residual(self, models: Models) -> Models:
        """The models with what was learned on since, unless the residual among them corrects another base."""
        base = models.residual
        if base is None or self.residual is None or base.born_ms != self.residual.born_ms:
            return models
        return replace(models, residual=self.residual)

    def forget(self, slot: int) -> None:
        """What is held of a person who was deleted."""
        self.stream.forget(slot)
        self.waiting.forget(slot)

    def _wait_for(self, entries: Sequence[JournalEntry]) -> None:
        for entry in entries:
            page = decode_page(entry.data)
            rows = impressions_of(page, entry.slot) if page is not None else None
            if rows is not None:
                self.waiting.add_served(rows)

    def _learn_residual(self, snapshot: ItemSnapshot, params: EngineParams, now_ms: int) -> None:
        settled = self.waiting.settle(now_ms, snapshot, params) if self.residual is not None else None
        if settled is None or self.residual is None:
            return
        rows, labels = settled
        row = snapshot.rows_of(rows.item_id)
        known = row >= 0
        base = base_of(rows, snapshot.models, params.scorer)[known]
        self.residual = self.residual.learned(snapshot, row[known], rows.features[known], base, labels[known])

    def save(self, path: Path, params: EngineParams, *, store_id: bytes) -> None:
        """Counts and position in one file, so that a crash can neither lose nor repeat a part of the journal."""
        arrays = self.stream.to_arrays(params)
        arrays["position"] = np.asarray(self.position)
        arrays["store"] = np.frombuffer(store_id, dtype=np.uint8)
        part = path.with_suffix(".part.npz")
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)

    @classmethod
    def load(cls, path: Path, *, store_id: bytes) -> Learned:
        """Nothing learned when there is no file or it belongs to another store: the journal is then read from its start."""
        try:
            with np.load(path) as file:
                arrays = {name: file[name] for name in file.files}
        except (FileNotFoundError, zipfile.BadZipFile):
            return cls()
        if arrays["store"].tobytes() != store_id:
            return cls()
        return cls(StreamLearner.from_arrays(arrays), int(arrays["position"]))


def save_models(path: Path, models: Models) -> None:
    """All arrays of all models in one file; a server that runs takes it up at its next build."""
    part = path.with_suffix(".part.npz")
    with part.open("wb") as file:
        np.savez(file, **models.to_arrays())  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def load_models(path: Path) -> Models:
    """Raises FileNotFoundError."""
    with np.load(path) as file:
        return Models.from_arrays({name: file[name] for name in file.files})
