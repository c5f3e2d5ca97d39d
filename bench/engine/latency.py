"""How long a page takes: ``python -m bench.engine.latency [--items N] [--shoppers N] [--pages N]``.

One thread. Wall time is what a person waits, processor time what the page costs; they differ where other
work shares the machine, so both are printed, with the load.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from bench.engine.catalogue import NOW_MS, build_catalogue, build_shoppers
from bench.figures import Machine
from xingqu.engine.columns import Signal
from xingqu.engine.kernels import match_rows
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.engine.warming import warm_up

T = TypeVar("T")
# (p50, p99) on one core
TARGET_MS: dict[str, tuple[float, ...]] = {"recommend, 10 items": (4.0, 10.0), "decode + encode a state": (0.3,)}


class Samples:
    """Wall and processor times of named steps, in milliseconds."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = defaultdict(list)
        self.processor: dict[str, list[float]] = defaultdict(list)

    def timed(self, name: str, step: Callable[[], T]) -> T:
        wall, processor = time.perf_counter_ns(), time.thread_time_ns()
        result = step()
        self.processor[name].append((time.thread_time_ns() - processor) / 1e6)
        self.wall[name].append((time.perf_counter_ns() - wall) / 1e6)
        return result


def full_scan(snapshot: ItemSnapshot, dense: NDArray[np.float32]) -> NDArray[np.int64]:
    """The floor to compare with: the tag match of every item and its best ten, nothing else."""
    index = snapshot.index
    match = match_rows(index.rows_32, snapshot.tag_indptr, index.tag_rows, index.tag_vectors, dense)
    best: NDArray[np.int64] = np.argpartition(-match[:, 0], 10)[:10]
    return best


def measure(items: int, shoppers: int, pages: int) -> tuple[Samples, dict[str, float], dict[str, float]]:
    """(times, milliseconds of each stage on average, seconds of each preparation)."""
    rng, params, samples = np.random.default_rng(11), EngineParams(), Samples()
    once: dict[str, float] = {}
    started = time.perf_counter()
    warm_up(params)
    once["warm up"] = time.perf_counter() - started
    started = time.perf_counter()
    snapshot = build_catalogue(items, rng)
    once["catalogue and snapshot"] = time.perf_counter() - started
    started = time.perf_counter()
    states = build_shoppers(shoppers, snapshot, rng, params)
    once["shoppers"] = time.perf_counter() - started
    stages: dict[str, float] = defaultdict(float)
    dense = np.zeros((snapshot.index.tags.size, 1), dtype=np.float32)
    dense[rng.integers(0, dense.shape[0], 100)] = 0.5
    warm = min(200, pages)
    for turn in range(pages + warm):
        if turn == warm:
            samples, stages = Samples(), defaultdict(float)
        data = states[int(rng.integers(shoppers))]
        state = UserState.decode(data)
        samples.timed("decode + encode a state", lambda data=data: UserState.decode(data).encode())  # type: ignore[misc]
        request = Request(size=10, now_ms=NOW_MS + turn * 1_000)
        slate = samples.timed(
            "recommend, 10 items",
            lambda state=state, request=request: recommend(snapshot, state, request, rng, params),  # type: ignore[misc]
        )
        for stage, spent_ns in slate.stage_ns.items():
            stages[stage] += spent_ns / 1e6 / pages
        batch = SignalBatch.of(
            kind=np.tile([Signal.IMPRESSION, Signal.DWELL], 5),
            item_id=np.repeat(slate.item_id[:5], 2),
            value=rng.integers(0, 30_000, 10),
            at_ms=NOW_MS + turn * 1_000 + np.arange(10),
        )
        samples.timed(
            "apply 10 signals",
            lambda state=state, batch=batch: apply_signals(state, batch, snapshot, params),  # type: ignore[misc]
        )
        if turn % 10 == 0:
            samples.timed("floor: scan of all items", lambda: full_scan(snapshot, dense))
    return samples, dict(stages), once


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--shoppers", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=3_000)
    args = parser.parse_args()
    machine, processor_before_s = Machine(), time.process_time()
    samples, stages, once = measure(args.items, args.shoppers, args.pages)
    print(f"$ python -m bench.engine.latency --items {args.items} --shoppers {args.shoppers} --pages {args.pages}")
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, "
        f"one thread\n{machine.line(own_cpu_s=time.process_time() - processor_before_s)}\n"
    )
    print(f"{'':28}{'wall p50':>10}{'wall p99':>10}{'cpu p50':>10}{'cpu p99':>10}   ms")
    for name, wall in samples.wall.items():
        figures = [*np.percentile(wall, [50, 99]), *np.percentile(samples.processor[name], [50, 99])]
        target = TARGET_MS.get(name)
        told = "" if target is None else "   target " + " / ".join(f"{limit}" for limit in target)
        print(f"{name:28}" + "".join(f"{figure:10.3f}" for figure in figures) + told)
    total = sum(stages.values())
    print(f"\nshare of each stage of recommend (mean {total:.2f} ms wall)")
    for stage, spent in sorted(stages.items(), key=lambda pair: -pair[1]):
        print(f"  {stage:16}{spent:8.3f} ms {spent / total:6.1%}")
    print("\nonce: " + ", ".join(f"{name} {spent:.2f} s" for name, spent in once.items()))


if __name__ == "__main__":
    main()
