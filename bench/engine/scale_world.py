"""What ``bench.engine.scale`` measures on: catalogues with trained-size models as they lie on a disk, and a million people."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.catalogue import NOW_MS, build_catalogue
from xingqu.engine.columns import Signal
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.learn.taste import TasteModel
from xingqu.engine.learn.transitions import Transitions
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.fusion import Fusion, NextFeature
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import with_near
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.interest.stores.snapshots import POINTER, CurrentSnapshot, write_snapshot
from xingqu.standalone.stores.lmdb_store import LmdbStore
from xingqu.standalone.stores.ports import PersonWrite

DAY_MS = 86_400_000
DIM, TASTE_DIM, MAX_LEN, HEADS = 64, 16, 50, 2
PLAYED = 2_000
# events of a person, and the share of people with so many
EVENTS = {8: 0.35, 30: 0.30, 60: 0.20, 120: 0.10, 240: 0.05}
DAY = NOW_MS // DAY_MS


def home_of(folder: Path, size: int, vectors: str) -> Path:
    """Where a catalogue of ``size`` items with such vectors lies."""
    return folder / (f"items-{size}" if vectors == "loose" else f"items-{size}-{vectors}")


def prepare_snapshot(folder: Path, size: int, vectors: str, params: EngineParams) -> None:
    """A catalogue of ``size`` items with models, written as the platform writes it. Made once."""
    home = home_of(folder, size, vectors)
    if (home / POINTER).exists():
        return
    rng = np.random.default_rng(size)
    steps = _Steps(home, size)
    plain = build_catalogue(size, rng)
    steps.done("arrays")
    rebuilt = ItemSnapshot.from_arrays(plain.to_arrays(), params=params.snapshot)
    steps.done("snapshot")
    items = replace(rebuilt, models=build_models(rebuilt, vectors, rng))
    steps.done("made-up models")
    items = with_clusters(items, params.clusters)
    steps.done("clusters")
    write_snapshot(home, items)
    steps.done("writing")


def prepare_lists(folder: Path, size: int, vectors: str, params: EngineParams) -> None:
    """The lists of near vectors beside the rest of the snapshot, one after the other. Made once."""
    home, name = home_of(folder, size, vectors), ("lists of the sequence model", "lists of taste")
    if size <= params.near.items:
        return
    for turn, without in enumerate(({"taste": None}, {})):
        items = CurrentSnapshot(home).get().items
        near = items.models.near
        if near is not None and (near.taste is not None or without):
            continue
        steps = _Steps(home, size)
        made = with_near(replace(items, models=replace(items.models, **without)), params.near).models.near
        steps.done(name[turn])
        write_snapshot(home, replace(items, version=items.version + 1, models=replace(items.models, near=made)))


def prepared(home: Path) -> dict[str, float]:
    """Seconds of processor of each step, and the most memory that one took, of a catalogue made in ``home``."""
    told = home.with_suffix(".json")
    found: dict[str, float] = json.loads(told.read_text()) if told.exists() else {}
    return found


class _Steps:
    """Notes what each step took in a file, so that what is made once is told by every run."""

    def __init__(self, home: Path, size: int) -> None:
        self._home, self._size, self._last_s = home, size, time.process_time()

    def done(self, step: str) -> None:
        now_s = time.process_time()
        told = prepared(self._home)
        told[step], self._last_s = now_s - self._last_s, now_s
        peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        told["peak GB"] = max(peak_gb, told.get("peak GB", 0.0))
        self._home.with_suffix(".json").write_text(json.dumps(told))
        print(f"{self._size:,} items, {step}: {told[step]:.1f} s of processor", flush=True)


def topic_vectors(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """(size, DIM) around topics, which stand in groups: cosines of about .72 within a topic and .44 within a group.

    A model trained on 12,000 items (Amazon Beauty, this engine's own training) has .72 to the closest item on average, .48
    to the tenth and .35 to the hundredth.
    """
    topics = max(200, min(20_000, size // 50))

    def normal(*shape: int) -> NDArray[np.float32]:
        drawn: NDArray[np.float32] = rng.standard_normal(shape, dtype=np.float32)
        return drawn

    groups = normal(300, DIM)
    centres = groups[rng.integers(0, 300, topics)] + np.float32(0.8) * normal(topics, DIM)
    vectors: NDArray[np.float32] = centres[rng.integers(0, topics, size)] + np.float32(0.8) * normal(size, DIM)
    return vectors


def build_models(items: ItemSnapshot, vectors: str, rng: np.random.Generator) -> Models:
    """Sequence, transitions with fusion, and taste, of the sizes that training makes.

    ``vectors``: "clustered" around topics, as what was trained is, or "loose": the mean of some tags and nearly as much noise.
    """
    clustered = vectors == "clustered"
    tags = ItemTags(items.item_id, items.tag_indptr, items.tag_ids)
    size, tag_id = len(items), items.index.tags

    def normal(*shape: int, scale: float = 1.0) -> np.ndarray[Any, np.dtype[np.float32]]:
        drawn = rng.standard_normal(shape, dtype=np.float32)
        drawn *= np.float32(scale)
        return drawn

    def layer() -> dict[str, Any]:
        square = {name: normal(DIM, DIM, scale=0.1) for name in ("query", "key", "value", "out", "gate_1", "gate_2")}
        wide = {"up": normal(DIM, 2 * DIM, scale=0.1), "gate": normal(DIM, 2 * DIM, scale=0.1)}
        plain = {"norm_1": np.ones(DIM, np.float32), "norm_2": np.ones(DIM, np.float32)}
        return square | wide | plain | {"down": normal(2 * DIM, DIM, scale=0.1), "bias": normal(HEADS, MAX_LEN)}

    sequence = SequenceModel(
        item_id=items.item_id,
        item_own=topic_vectors(size, rng) if clustered else normal(size, DIM, scale=0.25),
        targets=np.zeros((size, DIM), np.float32),
        norms=np.zeros(size, np.float32),
        tag_id=tag_id,
        tag_vectors=normal(tag_id.size, DIM, scale=0.25 if clustered else 1.0),
        norm=np.ones(DIM, np.float32),
        layers=(layer(), layer()),
        max_len=MAX_LEN,
        scale=10.0,
    ).aligned(tags)
    taste = TasteModel.start(
        items=tags,
        popularity=normal(size),
        vectors=sequence.targets[:, :TASTE_DIM] * np.float32(1.5),
        tag_id=tag_id,
        tag_vectors=normal(tag_id.size, TASTE_DIM),
    )
    transitions = Transitions(
        items.item_id,
        items.covisit_indptr,
        items.covisit_rows,
        items.covisit_weights,
        np.full(size, 10, np.float32),
    )
    fusion = Fusion(np.ones(len(NextFeature), np.float32))
    return Models(sequence=sequence, taste=taste, transitions=transitions, fusion=fusion)


def play(items: ItemSnapshot, rng: np.random.Generator, params: EngineParams, count: int = PLAYED) -> list[bytes]:
    """States of people who met 8 to 240 items over a month, half of them around one item's tags."""
    index, played = items.index, []
    for met in rng.choice(list(EVENTS), size=count, p=list(EVENTS.values())):
        tag = index.tag_rows[int(rng.integers(index.tag_rows.size))]
        near = index.posting_rows[index.posting_indptr[tag] : index.posting_indptr[tag + 1]]
        rows = np.concatenate([rng.choice(near, met // 2), rng.integers(0, len(items), met - met // 2)])
        kind = np.full(met, Signal.DWELL)
        kind[rng.random(met) < 0.05] = Signal.LIKE
        kind[rng.random(met) < 0.02] = Signal.PRODUCT_CLICK
        kind[rng.random(met) < 0.01] = Signal.FOLLOW
        batch = SignalBatch.of(
            kind=kind,
            item_id=items.item_id[rows],
            value=rng.integers(0, 30_000, met),
            at_ms=NOW_MS - rng.integers(0, 30 * DAY_MS, met),
        )
        state = UserState.empty()
        apply_signals(state, batch, items, params)
        played.append(state.encode())
    return played


def prepare_people(folder: Path, count: int, items: ItemSnapshot, params: EngineParams) -> None:
    """``count`` people in a sealed store, each with a copy of a state played on ``items``; those that are missing are added."""
    store = LmdbStore(folder / "people")
    have = _people_in(store)
    rng = np.random.default_rng(have)
    played = play(items, rng, params) if have < count else []
    for start in range(have, count, 5_000):
        writes = [
            PersonWrite(f"p{number}", (), _giving(played[int(rng.integers(len(played)))]))
            for number in range(start, min(start + 5_000, count))
        ]
        store.apply(writes, day=DAY)
    store.close()


def _people_in(store: LmdbStore) -> int:
    """How many of p0, p1, ... are there."""
    low, high = 0, 1
    while store.slot_of(f"p{high - 1}"):
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        if store.slot_of(f"p{middle}"):
            low = middle + 1
        else:
            high = middle
    return low


def _giving(state: bytes) -> Any:
    def change(_: bytes | None, __: list[int]) -> tuple[bytes, bytes]:
        return state, b""

    return change
