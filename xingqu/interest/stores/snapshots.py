"""Item snapshots on disk: one folder a version, plain arrays that all processes map, and a pointer to the current one."""

import contextlib
import logging
import os
import shutil
import sys
import threading
import time
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Counter, Surface
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.index import SnapshotIndex
from xingqu.engine.state.items import MODEL_PREFIX, ItemSnapshot, models_in
from xingqu.engine.state.user import UserState

log = logging.getLogger(__name__)
POINTER = "CURRENT"
RESIDUAL = "RESIDUAL.npz"
LOOK_EVERY_S = 0.2
KEEP_VERSIONS = 3
LINGER_S = 5.0  # a snapshot that was replaced is held on to, so that no request has to unmap it
SWITCH_S = 0.0005
MEMORY_PAGE = 4_096
# of a model: what only builders read
_FOR_BUILDERS = ("item_id", "item_own", "mark", "member")
_INDEX = "index-"
_PARAMS = EngineParams()


@dataclass(frozen=True, eq=False)
class ServedSnapshot:
    """A snapshot with the look-ups that signals need: a content of a product, known creators and tags."""

    items: ItemSnapshot
    product_ids: NDArray[np.int64] = field(repr=False)  # ascending, unique
    item_of_product: NDArray[np.int64] = field(repr=False)
    creator_ids: NDArray[np.int64] = field(repr=False)  # ascending, unique
    tag_ids: NDArray[np.int32] = field(repr=False)  # ascending, unique

    @classmethod
    def of(cls, items: ItemSnapshot) -> "ServedSnapshot":
        shown = np.flatnonzero(items.product_id > 0)
        products, first = np.unique(items.product_id[shown], return_index=True)
        return cls(
            items=items,
            product_ids=products,
            item_of_product=items.item_id[shown[first]],
            creator_ids=items.index.creators,
            tag_ids=items.index.tags,
        )

    def item_showing(self, product_id: int) -> int:
        """Id of a content that shows the product, 0 when there is none."""
        position = int(np.searchsorted(self.product_ids, product_id))
        if position < self.product_ids.size and self.product_ids[position] == product_id:
            return int(self.item_of_product[position])
        return 0


def empty_snapshot() -> ItemSnapshot:
    """What is served before anything was published."""
    return ItemSnapshot.build(version=0, built_at_ms=0, item_id=[], creator_id=[], tag_indptr=[0], tag_ids=[])


def write_snapshot(folder: Path, items: ItemSnapshot) -> None:
    """Put the arrays beside the older versions, then point to them: a reader sees the old or the new, never a mix.

    The derived index is written too, so that a web process has nothing to compute when it swaps.
    """
    name = f"{items.version:016d}"
    part = folder / f".{name}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for key, array in _all_arrays(items).items():
        np.save(part / f"{key}.npy", array)
    part.rename(folder / name)
    pointer = folder / f".{POINTER}.{os.getpid()}.part"
    with pointer.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    pointer.rename(folder / POINTER)
    versions = sorted(path for path in folder.iterdir() if path.name.isdigit())
    for path in versions[:-KEEP_VERSIONS]:
        shutil.rmtree(path, ignore_errors=True)


def write_residual(folder: Path, residual: ResidualModel) -> None:
    """Put a residual beside the snapshots; it is laid over the one that serves, of which nothing else is read again."""
    part = folder / f".{RESIDUAL}.{os.getpid()}.part"
    with part.open("wb") as file:
        np.savez(file, **residual.to_arrays())  # type: ignore[arg-type]
    part.rename(folder / RESIDUAL)


def read_residual(folder: Path) -> ResidualModel | None:
    """None when there is none."""
    try:
        with np.load(folder / RESIDUAL) as file:
            return ResidualModel.from_arrays({name: file[name] for name in file.files})
    except FileNotFoundError:
        return None


def with_newer_residual(items: ItemSnapshot, residual: ResidualModel | None) -> ItemSnapshot:
    """The same snapshot with this residual, if it corrects the same base and has learned more; no array is copied."""
    own = items.models.residual
    if own is None or residual is None or residual.born_ms != own.born_ms or residual.impressions <= own.impressions:
        return items
    return replace(items, models=replace(items.models, residual=residual))


def read_snapshot(folder: Path, name: str) -> ItemSnapshot:
    """Map the arrays of one version. Raises OSError when it is no longer there, KeyError when it is of another release."""
    arrays = {path.stem: _mapped(path) for path in (folder / name).iterdir()}
    if arrays["counters"].shape[1] < len(
        Counter
    ):  # of an older release: what was derived from fewer counters is derived anew
        return ItemSnapshot.from_arrays({key: array for key, array in arrays.items() if not key.startswith(_INDEX)})
    index = SnapshotIndex(**{f.name: _plain(arrays[_INDEX + f.name]) for f in fields(SnapshotIndex)})
    derived = ("index", "models")
    arrays.setdefault("rating", np.zeros(arrays["item_id"].size, np.float32))  # a release before it: nothing to say
    columns: dict[str, Any] = {f.name: _plain(arrays[f.name]) for f in fields(ItemSnapshot) if f.name not in derived}
    for array in columns.values():
        if isinstance(array, np.ndarray):
            array.setflags(write=False)  # as `ItemSnapshot.build` leaves them: compiled functions tell the two apart
    return ItemSnapshot(index=index, models=models_in(arrays), **columns)


def _touch(items: ItemSnapshot) -> None:
    """Reads a byte of every page of memory, so that requests, which read rows here and there, do not meet the faults."""
    for key, array in _all_arrays(items).items():
        if not (key.startswith(MODEL_PREFIX) and key.rpartition("-")[2].rpartition(".")[2] in _FOR_BUILDERS):
            array.ravel(order="K").view(np.uint8)[::MEMORY_PAGE].max(initial=0)


def _use_once(items: ItemSnapshot) -> None:
    """A page or two for nobody, so that no request waits for what the models of a large catalogue derive at first use."""
    rng, nobody = np.random.default_rng(0), UserState.empty()
    recommend(items, nobody, Request(size=10, now_ms=items.built_at_ms), rng, _PARAMS)
    alike = Request(size=10, now_ms=items.built_at_ms, surface=Surface.SIMILAR, seed_item_id=int(items.item_id[0]))
    recommend(items, nobody, alike, rng, _PARAMS)


def _let_go_later(served: ServedSnapshot) -> None:
    """To unmap a gigabyte takes longer than a page: it is left to a thread that nobody waits for."""
    timer = threading.Timer(LINGER_S, id, (served,))
    timer.daemon = True
    timer.start()


def _all_arrays(items: ItemSnapshot) -> dict[str, NDArray[Any]]:
    index = {_INDEX + f.name: np.asarray(getattr(items.index, f.name)) for f in fields(SnapshotIndex)}
    return items.to_arrays() | index


def _mapped(path: Path) -> NDArray[Any]:
    small = path.stat().st_size <= 4096
    # copy-on-write pages stay shared, for nobody writes, and the array counts as writable like a freshly built one
    return np.asarray(np.load(path, mmap_mode=None if small else "c"))


def _plain(array: NDArray[Any]) -> Any:
    return array.item() if array.ndim == 0 else array


class CurrentSnapshot:
    """The version the pointer names. Looks at the pointer five times a second at most.

    A new version is loaded by a thread of its own while requests go on with the old one; the swap is one assignment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._current = ServedSnapshot.of(empty_snapshot())
        self._stamp: tuple[int, int] | None = None
        self._residual_stamp: tuple[int, int] | None = None
        self._looked_at_s = 0.0
        self._loading = threading.Lock()

    def get(self) -> ServedSnapshot:
        """The snapshot to use for one whole request. The first call waits for the load."""
        now_s = time.monotonic()
        if now_s - self._looked_at_s >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            if (self._stamp_of(POINTER), self._stamp_of(RESIDUAL)) != (self._stamp, self._residual_stamp):
                if self._stamp is None:
                    self.refresh()
                elif self._loading.acquire(blocking=False):
                    threading.Thread(target=self._load_and_release, name="snapshot", daemon=True).start()
        return self._current

    def refresh(self) -> ServedSnapshot:
        """Load what the pointer names now, and wait for it."""
        with self._loading:
            self._load()
        return self._current

    def _load_and_release(self) -> None:
        # while this thread works requests get the interpreter back sooner than after the usual five milliseconds
        usual_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        try:
            self._load()
        finally:
            sys.setswitchinterval(usual_s)
            self._loading.release()

    def _load(self) -> None:
        stamp, residual_stamp = self._stamp_of(POINTER), self._stamp_of(RESIDUAL)
        if stamp is None or (stamp, residual_stamp) == (self._stamp, self._residual_stamp):
            return
        try:
            served = self._current
            if stamp != self._stamp:
                name = (self.folder / POINTER).read_text(encoding="ascii")
                served = ServedSnapshot.of(read_snapshot(self.folder, name))
                if len(served.items) > _PARAMS.near.items:
                    self._prepare(served.items)
            items = with_newer_residual(served.items, read_residual(self.folder))
            self._current = served if items is served.items else replace(served, items=items)
            self._stamp, self._residual_stamp = stamp, residual_stamp
        except (OSError, ValueError, KeyError):  # a faster builder has dropped it: the next look finds the next one
            log.exception("snapshot could not be loaded; the one before stays")

    def _prepare(self, items: ItemSnapshot) -> None:
        """All that the first requests to a large snapshot would wait for, and the last to the one before it."""
        _touch(items)
        if self._stamp is not None:  # requests go on with the one before meanwhile
            _use_once(items)
            _let_go_later(self._current)

    def _stamp_of(self, name: str) -> tuple[int, int] | None:
        with contextlib.suppress(FileNotFoundError):
            stat = (self.folder / name).stat()
            return stat.st_mtime_ns, stat.st_ino
        return None
