"""The snapshot that is served, and the thread that builds the next one beside it.

Every change of the catalogue is read back from the store by version, so that servers that share a store see each other's
items; every event is read back from the journal, so that a crash loses nothing of what is learned.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import with_near
from xingqu.standalone.catalogue import KINDS, Catalogue, Row
from xingqu.standalone.codec import decode_item
from xingqu.standalone.contracts import Item
from xingqu.standalone.learning import Learned, load_models
from xingqu.standalone.measure import Measures
from xingqu.standalone.names import Names
from xingqu.standalone.settings import Settings
from xingqu.standalone.stores.ports import Store

log = logging.getLogger(__name__)
DAY_MS: Final = 86_400_000
LEARNED_FILE: Final = "learned.npz"
MODELS_FILE: Final = "models.npz"


class Builder:
    """``current`` is one reference: whoever takes it for a request has a whole snapshot."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        names: Names,
        *,
        settings: Settings,
        params: EngineParams,
        measures: Measures,
        now_ms: Callable[[], int],
    ) -> None:
        self._folder, self._store, self._names = folder, store, names
        self._settings, self._params, self._measures, self._now_ms = settings, params, measures, now_ms
        self._store_id = store_id_of(store)
        self._learned = Learned.load(folder / LEARNED_FILE, store_id=self._store_id)
        self._catalogue = Catalogue()
        self._seen_version = 0
        self._models_stamp: tuple[int, int] | None = None
        self._building = threading.Lock()
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._saved_at_s = self._learned_at_s = time.monotonic()
        self.build_s = 0.0
        self.current = _empty(params)
        self.refresh()

    def start(self) -> None:
        """Build in the background from now on."""
        self._thread = threading.Thread(target=self._run, name="builder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the build under way and save what was learned."""
        self._stopping.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()
        with self._building:
            self._learned.read(self._store, self.current, self._params, now_ms=self._now_ms())
            self._save()

    def want(self) -> None:
        """The catalogue has changed."""
        self._wanted.set()

    def forget(self, slot: int) -> None:
        """What is held of a person who was deleted."""
        with self._building:
            self._learned.forget(slot)

    def refresh(self) -> int:
        """Build now, from all there is, and wait; returns the version."""
        with self._building:
            started_s = time.perf_counter()
            self._learned.read(self._store, self.current, self._params, now_ms=self._now_ms())
            self._learned_at_s = time.monotonic()
            self._follow_items()
            models = self._new_models()
            columns: dict[str, Any] = self._catalogue.columns()
            stream, ids, now_ms = self._learned.stream, columns["item_id"], self._now_ms()
            indptr, rows, weights = stream.covisits.neighbours_for(ids, self._params.learn)
            built = ItemSnapshot.build(
                version=max(now_ms, self.current.version + 1),
                built_at_ms=now_ms,
                params=self._params.snapshot,
                models=self._learned.with_residual(self.current.models if models is None else models),
                counters=stream.counters.columns_for(ids, now_ms=now_ms, params=self._params),
                covisit_indptr=indptr,
                covisit_rows=rows,
                covisit_weights=weights,
                **columns,
            )
            self.current = with_near(with_clusters(built, self._params.clusters), self._params.near)
            self.build_s = time.perf_counter() - started_s
            self._measures.took("build", self.build_s)
            return self.current.version

    def _run(self) -> None:
        settings = self._settings
        while not self._stopping.is_set():
            self._wanted.wait(settings.rebuild_after_s)
            pause_s = max(settings.rebuild_after_s, self.build_s * (1 / settings.rebuild_share - 1))
            self._stopping.wait(min(pause_s, 600.0))
            if self._stopping.is_set():
                return
            try:
                self._turn()
            except Exception:  # the snapshot before goes on serving; the next turn tries again
                log.exception("the snapshot could not be built")
                self._measures.happened("build_failures")

    def _turn(self) -> None:
        changed = self._wanted.is_set() or self._store.items_since(self._seen_version)[0] > self._seen_version
        self._wanted.clear()
        if not changed and time.monotonic() - self._learned_at_s >= self._settings.learn_every_s:
            self._learned_at_s = time.monotonic()
            with self._building:
                changed = self._learned.read(self._store, self.current, self._params, now_ms=self._now_ms()) > 0
            changed |= self._models_path_stamp() != self._models_stamp
        if changed:
            self.refresh()
        if time.monotonic() - self._saved_at_s >= self._settings.save_every_s:
            with self._building:
                self._save()

    def _save(self) -> None:
        self._saved_at_s = time.monotonic()
        self._learned.save(self._folder / LEARNED_FILE, self._params, store_id=self._store_id)

    def _follow_items(self) -> None:
        version, changed = self._store.items_since(self._seen_version)
        items = {number: decode_item(data) for number, data in changed.items() if data is not None}
        give_numbers(self._names, items.values())
        for number, item in items.items():
            self._names.learn("item", item.id, number)
            self._catalogue.put(row_of(number, item, self._names))
        for number, data in changed.items():
            if data is None:
                self._catalogue.remove(number)
        self._seen_version = version

    def _models_path_stamp(self) -> tuple[int, int] | None:
        with contextlib.suppress(FileNotFoundError):
            stat = (self._folder / MODELS_FILE).stat()
            return stat.st_mtime_ns, stat.st_ino
        return None

    def _new_models(self) -> Models | None:
        """Trained models, when there are any that are not served yet."""
        stamp = self._models_path_stamp()
        if stamp is None or stamp == self._models_stamp:
            return None
        self._models_stamp = stamp
        try:
            return load_models(self._folder / MODELS_FILE)
        except (OSError, ValueError, KeyError):
            log.exception("the trained models could not be read; those before stay")
            return None


def store_id_of(store: Store) -> bytes:
    """16 random bytes that tell this store from any other."""
    store_id = store.blob("store_id")
    if store_id is None:
        store_id = secrets.token_bytes(16)
        store.put_blob("store_id", store_id)
    return store_id


def catalogue_columns(store: Store, names: Names) -> dict[str, Any]:
    """The whole catalogue as ``ItemSnapshot.build`` takes it, without counters and co-visits. Writes nothing."""
    catalogue = Catalogue()
    for number, data in store.items_since(0)[1].items():
        if data is not None:
            catalogue.put(row_of(number, decode_item(data), names))
    return catalogue.columns()


def give_numbers(names: Names, items: Iterable[Item]) -> None:
    """See to it that everything the items name has a number."""
    items = list(items)
    names.give("tag", (tag for item in items for tag in item.tags))
    names.give("product", (item.product for item in items))
    for kind in ("creator", "seller", "category"):
        names.give(kind, (getattr(item, kind) for item in items))


def row_of(number: int, item: Item, names: Names) -> Row:
    """The item in numbers. Without a creator it is its own, of a negative number: nobody follows it, nothing is spaced by it."""
    product = names.known("product", item.product) if item.product else -number
    tag_ids = np.array([names.known("tag", tag) for tag in item.tags], dtype=np.int32)
    return Row(
        number=number,
        values={
            "creator_id": names.known("creator", item.creator) or -number,
            "seller_id": names.known("seller", item.seller),
            "category_id": names.known("category", item.category),
            "product_id": product if item.sells else 0,
            "price_minor": item.price_minor,
            "published_at_ms": item.published_at_ms,
            "duration_ms": item.duration_ms,
            "kind": KINDS[item.kind],
            "visible": int(item.visible),
        },
        tag_ids=tag_ids,
        tag_weights=np.array(list(item.tags.values()), dtype=np.float32),
    )


def _empty(params: EngineParams) -> ItemSnapshot:
    return ItemSnapshot.build(
        version=0, built_at_ms=0, item_id=[], creator_id=[], tag_indptr=[0], tag_ids=[], params=params.snapshot
    )
