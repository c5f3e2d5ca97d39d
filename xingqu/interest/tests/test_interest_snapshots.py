"""A large snapshot is made ready before requests see it, and the one before is let go when none uses it any more."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import NearParams
from xingqu.interest.stores import snapshots
from xingqu.interest.stores.snapshots import CurrentSnapshot, ServedSnapshot, write_snapshot

ITEMS = 2_000


def items_of(version: int) -> ItemSnapshot:
    numbers = np.arange(1, ITEMS + 1)
    return ItemSnapshot.build(
        version=version,
        built_at_ms=1_000,
        item_id=numbers,
        creator_id=1 + numbers % 7,
        product_id=np.where(numbers % 2, 0, numbers % 11),
        tag_indptr=np.arange(ITEMS + 1),
        tag_ids=numbers % 5,
    )


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_PARAMS", replace(snapshots._PARAMS, near=NearParams(items=100)))


def test_what_is_looked_up_is_ascending_and_unique() -> None:
    items = items_of(1)
    served = ServedSnapshot.of(items)
    assert served.creator_ids.tolist() == np.unique(items.creator_id).tolist()
    assert served.tag_ids.tolist() == np.unique(items.tag_ids).tolist()
    assert [served.item_showing(product) for product in (0, 1, 4, 99)] == [0, 12, 4, 0]


@pytest.mark.usefixtures("large")
def test_the_memory_of_a_large_snapshot_is_laid_out_before_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int]] = []
    current = CurrentSnapshot(tmp_path)

    def note(step: str) -> None:
        monkeypatch.setattr(snapshots, step, lambda items: told.append((step, current._current.items.version)))

    note("_touch")
    note("_use_once")
    write_snapshot(tmp_path, items_of(1))
    assert current.refresh().items.version == 1
    write_snapshot(tmp_path, items_of(2))
    assert current.refresh().items.version == 2
    assert told == [("_touch", 0), ("_touch", 1), ("_use_once", 1)]


class Held:
    """In the place of a timer: what it holds on to, until it is due."""

    now: ClassVar[list[Held]] = []

    def __init__(self, interval_s: float, _: Callable[[object], object], args: tuple[object, ...]) -> None:
        self.interval_s, self.args, self.daemon = interval_s, args, False

    def start(self) -> None:
        Held.now.append(self)


@pytest.mark.usefixtures("large")
def test_a_replaced_snapshot_lingers_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots.threading, "Timer", Held)
    current = CurrentSnapshot(tmp_path)
    write_snapshot(tmp_path, items_of(1))
    before = weakref.ref(current.refresh().items)
    write_snapshot(tmp_path, items_of(2))
    current.refresh()
    gc.collect()
    assert before() is not None  # whoever drops it last unmaps it: not a request
    assert [(held.interval_s, held.daemon) for held in Held.now] == [(snapshots.LINGER_S, True)]
    Held.now.clear()
    gc.collect()
    assert before() is None


def test_a_snapshot_of_a_release_without_ratings_is_read_as_one_that_nobody_reviewed(tmp_path: Path) -> None:
    write_snapshot(tmp_path, replace(items_of(1), rating=np.full(ITEMS, 0.5, np.float32)))
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert snapshots.read_snapshot(tmp_path, folder.name).rating.tolist() == [0.5] * ITEMS
    (folder / "rating.npy").unlink()
    old = snapshots.read_snapshot(tmp_path, folder.name)
    assert old.rating.tolist() == [0.0] * ITEMS
    assert (old.rating.dtype, old.rating.flags.writeable) == (np.float32, False)
