"""A million items and a million people: ``python -m bench.engine.scale --folder DIR [--items N ...] [--users N] [--prepare]``.

``--only pages`` (and others of ``PARTS``) with ``--pages 200`` and ``--items 1000000`` is a look in some seconds. ``--vectors``: see
``scale_world.build_models``.

What is measured on is made once in the folder (a million states take some gigabytes); ``--prepare`` makes it and stops, so
that the measuring can be done alone on the machine. Each catalogue is measured in a process of its own, on one core, with
the snapshot mapped from the disk. The floor of a page is the numpy scan that it replaces: one product of every item's vector
(64 numbers) with one person's, and the best ten.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.engine.catalogue import NOW_MS
from bench.engine.scale_world import (
    DAY,
    DIM,
    home_of,
    play,
    prepare_lists,
    prepare_people,
    prepare_snapshot,
    prepared,
)
from bench.figures import Machine
from xingqu.engine.columns import Signal
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.retrieval import taste
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import near_sequence, with_near
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.engine.view import build_view
from xingqu.engine.warming import warm_up
from xingqu.interest.stores.snapshots import CurrentSnapshot, read_snapshot, write_snapshot
from xingqu.standalone.stores.lmdb_store import LmdbStore
from xingqu.standalone.stores.ports import PersonWrite

PARAMS = EngineParams()
PAGES, WARM, EVENTS_EACH = 800, 150, 10
AROUND_S = 6.0  # before and after a swap: it takes in the mapping, and the letting go of the old one
PARTS = ("pages", "events", "memory", "recall", "swap")
BARS = {
    "page p50, ms": 8.0,
    "page p99, ms": 20.0,
    "an event on a state, µs": 50.0,
    "start to first page, s": 10.0,
    "resident, GB": 4.0,
}


class People:
    """States, read from the store of a million; of a smaller catalogue those who were played on it, behind the same read."""

    def __init__(self, folder: Path, count: int, played: list[bytes]) -> None:
        self.store, self.count, self._played = LmdbStore(folder / "people"), count, played

    def state(self, rng: np.random.Generator) -> bytes:
        number = int(rng.integers(self.count))
        data = self.store.read_state(f"p{number}")
        assert data is not None
        return self._played[number % len(self._played)] if self._played else data


def resident_gb() -> dict[str, float]:
    """Memory of this process: its own, and mapped files that other processes share."""
    lines = Path("/proc/self/status").read_text().splitlines()
    told = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("RssAnon", "RssFile", "VmHWM"))}
    return {"own": int(told["RssAnon"]) / 1e6, "mapped": int(told["RssFile"]) / 1e6, "peak": int(told["VmHWM"]) / 1e6}


def start(home: Path) -> tuple[CurrentSnapshot, float]:
    """(the snapshot as a web process holds it, seconds until it is there and has given its first page)."""
    warm_up(PARAMS)  # compiled code is loaded from its cache; that is part of importing, not of the catalogue
    started_s = time.perf_counter()
    current = CurrentSnapshot(home)
    items = current.get().items
    recommend(items, UserState.empty(), Request(size=10, now_ms=NOW_MS), np.random.default_rng(0), PARAMS)
    return current, time.perf_counter() - started_s


def measure_pages(
    items: ItemSnapshot, people: People, rng: np.random.Generator, count: int
) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, milliseconds of each stage at the median)."""
    pages, own, reads, stages = [], [], [], defaultdict(list)
    for turn in range(WARM + count):
        started_s = time.perf_counter()
        state = UserState.decode(people.state(rng))
        read_s, read_own_s = time.perf_counter(), time.thread_time()
        slate = recommend(items, state, Request(size=10, now_ms=NOW_MS + turn), rng, PARAMS)
        if turn >= WARM:
            own.append(time.thread_time() - read_own_s)
            reads.append(read_s - started_s)
            pages.append(time.perf_counter() - read_s)
            for stage, spent_ns in slate.stage_ns.items():
                stages[stage].append(spent_ns / 1e6)
    figures = {"reading a state p50, ms": float(np.median(reads)) * 1e3}
    for name, spent in (("page", pages), ("page, processor alone,", own)):
        p50, p99 = np.percentile(spent, [50, 99]) * 1e3
        figures |= {f"{name} p50, ms": p50, f"{name} p99, ms": p99}
    return figures, {stage: float(np.median(spent)) for stage, spent in stages.items()}


def batch_of(items: ItemSnapshot, count: int, rng: np.random.Generator) -> SignalBatch:
    """Impressions and looks, now and then a like."""
    kind = np.resize([Signal.IMPRESSION, Signal.DWELL], count)
    kind[rng.random(count) < 0.05] = Signal.LIKE
    shown = items.item_id[rng.integers(0, len(items), (count + 1) // 2)]
    return SignalBatch.of(
        kind=kind,
        item_id=np.repeat(shown, 2)[:count],
        value=rng.integers(0, 30_000, count),
        at_ms=NOW_MS + np.arange(count),
    )


def measure_events(items: ItemSnapshot, people: People, rng: np.random.Generator) -> dict[str, float]:
    """One event on a state; and read, unsealed, decoded, applied, encoded, sealed, written with ids and synced, in bulk."""
    single = []
    for _ in range(2_000):
        state, batch = UserState.decode(people.state(rng)), batch_of(items, 1, rng)
        started_s = time.perf_counter()
        apply_signals(state, batch, items, PARAMS)
        single.append(time.perf_counter() - started_s)

    def writing(person: str) -> PersonWrite:
        batch = batch_of(items, EVENTS_EACH, rng)

        def change(stored: bytes | None, _: list[int]) -> tuple[bytes, bytes]:
            state = UserState.decode(stored) if stored else UserState.empty()
            apply_signals(state, batch, items, PARAMS)
            return state.encode(), b""

        return PersonWrite(person, [os.urandom(16) for _ in range(EVENTS_EACH)], change)

    groups = [
        [writing(f"p{number}") for number in rng.choice(people.count, 1_000, replace=False).tolist()] for _ in range(6)
    ]
    people.store.apply(groups[0], day=DAY)
    started_s = time.perf_counter()
    for group in groups[1:]:
        people.store.apply(group, day=DAY)
    spent_s = time.perf_counter() - started_s
    return {
        "an event on a state, µs": float(np.median(single)) * 1e6,
        "durable events/s": 5 * 1_000 * EVENTS_EACH / spent_s,
    }


def measure_floor(items: ItemSnapshot) -> float:
    """Milliseconds of the numpy scan, the best of some."""
    model = items.models.sequence
    assert model is not None
    vector, spent = model.targets[0].copy(), []
    for _ in range(7):
        started_s = time.perf_counter()
        np.argpartition(-(model.targets @ vector), 10)[:10]
        spent.append(time.perf_counter() - started_s)
    return min(spent) * 1e3


def measure_recall(items: ItemSnapshot, people: People, rng: np.random.Generator) -> dict[str, float]:
    """Share of what scoring everything would bring that the lists bring too."""
    if items.models.near is None:
        return {}
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(60):
        state = UserState.decode(people.state(rng))
        view = build_view(items, state, Request(size=10, now_ms=NOW_MS), PARAMS)
        rows = view.eligible.rows()
        sequence_model, taste_model = items.models.sequence, items.models.taste
        assert sequence_model is not None
        assert taste_model is not None
        assert view.person is not None
        # the made-up layers point nowhere; a trained model points near items
        vector = sequence_model.targets[rng.integers(len(items))] + 0.08 * rng.standard_normal(DIM, dtype=np.float32)
        best = np.argpartition(-(sequence_model.targets @ vector), 120)[:120]
        near = near_sequence(items, vector, None, 120, PARAMS.near)
        assert near is not None
        found["recall of the sequence lists"].append(float(np.isin(best, near).mean()))
        odds = taste_model.log_odds(view.person)[rows]
        exact = rows[np.argpartition(-odds, 120)[:120]]
        found["recall of the taste lists"].append(float(np.isin(exact, taste.retrieve(view, 120).rows).mean()))
    return {name: float(np.mean(shares)) for name, shares in found.items()}


def measure_swap(home: Path, current: CurrentSnapshot, people: People) -> dict[str, float]:
    """Pages while another process builds the next snapshot (with mended lists) and while this one maps and swaps to it."""
    rng = np.random.default_rng(5)
    before = current.get().items.version
    command = [sys.executable, "-m", "bench.engine.scale", "--folder", str(home.parent), "--rebuild", home.name]
    builder = subprocess.Popen(command)
    pages: list[tuple[float, float, float, float]] = []
    swapped_s, started_s = 0.0, time.perf_counter()
    while time.perf_counter() - started_s < 120 and not (swapped_s and time.perf_counter() - swapped_s > AROUND_S + 1):
        asked_s = time.perf_counter()
        state = UserState.decode(people.state(rng))  # from a store larger than the memory: may wait for the disk
        begun_s, own_s = time.perf_counter(), time.thread_time()
        items = current.get().items
        recommend(items, state, Request(size=10, now_ms=NOW_MS), rng, PARAMS)
        pages.append((begun_s, time.perf_counter() - begun_s, time.thread_time() - own_s, begun_s - asked_s))
        if not swapped_s and items.version != before:
            swapped_s = time.perf_counter()
    builder.wait()
    assert swapped_s, f"no new snapshot in {home}"
    told = np.array(pages)
    near = np.abs(told[:, 0] - swapped_s) < AROUND_S
    while_building, around, own = told[~near, 1] * 1e3, told[near, 1] * 1e3, told[near, 2] * 1e3
    return {
        "page p99 while building, ms": float(np.percentile(while_building, 99)),
        "page p99 around the swap, ms": float(np.percentile(around, 99)),
        "page, processor alone, p99 around the swap, ms": float(np.percentile(own, 99)),
        "slowest page around the swap, ms": float(around.max()),
        "slowest read of a state around the swap, ms": float(told[near, 3].max()) * 1e3,
    }


def rebuild(home: Path) -> None:
    """The next snapshot of a catalogue, as a builder makes it: new derived arrays, mended lists, written and pointed to."""
    before = read_snapshot(home, (home / "CURRENT").read_text())
    columns = before.to_arrays()
    columns["version"] = np.asarray(before.version + 1)
    write_snapshot(home, with_near(ItemSnapshot.from_arrays(columns, params=PARAMS.snapshot), PARAMS.near))


def measure(folder: Path, size: int, args: argparse.Namespace) -> dict[str, Any]:
    """All figures of one catalogue, in this process."""
    os.sched_setaffinity(0, {0})
    home, largest = home_of(folder, size, args.vectors), size == max(args.items)
    figures: dict[str, float] = {}
    stages: dict[str, float] = {}
    current, start_s = start(home)
    items, rng = current.get().items, np.random.default_rng(7)
    people = People(folder, args.users, [] if largest else play(items, rng, PARAMS))
    if "pages" in args.only:
        figures, stages = measure_pages(items, people, rng, args.pages)
        figures |= {"floor, ms": measure_floor(items), "start to first page, s": start_s}
        figures["page / floor"] = figures["page p50, ms"] / figures["floor, ms"]
    if "events" in args.only:
        figures |= measure_events(items, people, rng)
    if "memory" in args.only:
        gc.collect()
        memory = resident_gb()
        figures |= {"resident, GB": memory["own"] + memory["mapped"], "own memory, GB": memory["own"]}
    if "recall" in args.only:
        figures |= measure_recall(items, people, rng)
    if "swap" in args.only and largest:
        os.sched_setaffinity(0, {0, 1})
        figures |= measure_swap(home, current, people)
    return {"figures": figures, "stages": stages, "threads": threading.active_count()}


def table(told: dict[int, dict[str, Any]]) -> str:
    """Markdown: a column a catalogue."""
    sizes = sorted(told)
    names = dict.fromkeys(name for size in reversed(sizes) for name in told[size]["figures"])
    head = ["| | " + " | ".join(f"{size:,} items" for size in sizes) + " | bar |", "|---" * (len(sizes) + 2) + "|"]
    lines = []
    for name in names:
        cells = [f"{told[size]['figures'][name]:.4g}" if name in told[size]["figures"] else "" for size in sizes]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {BARS.get(name, '')} |")
    stages = dict.fromkeys(stage for size in sizes for stage in told[size]["stages"])
    for stage in stages:
        cells = [f"{told[size]['stages'].get(stage, 0):.3f}" for size in sizes]
        lines.append(f"| stage {stage}, ms | " + " | ".join(cells) + " | |")
    pages = [told[size]["figures"].get("page p50, ms") for size in sizes]
    if pages[-1] and len(pages) > 1:
        lines += ["", f"A page of the largest catalogue costs {pages[-1] / pages[0]:.2f} times one of the smallest."]
    return "\n".join([*head, *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--vectors", choices=("clustered", "loose"), default="clustered")
    parser.add_argument("--prepare", action="store_true", help="make what is measured on, and stop")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rebuild", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.rebuild:
        rebuild(args.folder / args.rebuild)
        return
    if args.one:
        print(json.dumps(measure(args.folder, args.one, args)))
        return
    args.folder.mkdir(parents=True, exist_ok=True)
    for size in args.items:
        prepare_snapshot(args.folder, size, args.vectors, PARAMS)
    largest = CurrentSnapshot(home_of(args.folder, max(args.items), args.vectors)).get().items
    prepare_people(args.folder, args.users, largest, PARAMS)
    for size in args.items:
        prepare_lists(args.folder, size, args.vectors, PARAMS)
    if not args.prepare:
        report(args)


def report(args: argparse.Namespace) -> None:
    """Measures each catalogue in a process of its own, and prints."""
    machine, told = Machine(), {}
    for size in args.items:
        command = [sys.executable, "-m", "bench.engine.scale", "--folder", str(args.folder), "--one", str(size)]
        command += ["--users", str(args.users), "--vectors", args.vectors, "--pages", str(args.pages)]
        command += ["--only", *args.only, "--items", *map(str, args.items)]
        alone = os.environ | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=alone)
        told[size] = json.loads(done.stdout.splitlines()[-1])
        print(table(told), flush=True)
    print(f"\n{args.users:,} people. {machine.line()}\n\nMade once, seconds of processor:\n")
    for size in args.items:
        steps = prepared(home_of(args.folder, size, args.vectors))
        print(f"- {size:,} items: " + ", ".join(f"{name} {n:.1f}" for name, n in steps.items()))


if __name__ == "__main__":
    main()
