"""What every benchmark prints: percentiles, and what else the machine was doing, without which a figure says little."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CORES = os.cpu_count() or 1


class Machine:
    """Watches the processors from the moment it is made."""

    def __init__(self) -> None:
        self._load_before = os.getloadavg()[0]
        self._started = time.perf_counter()
        self._busy_before_s = _busy_s()

    def line(self, *, own_cpu_s: float | None = None) -> str:
        """Cores, load averages (1 minute), busy cores since the start; with `own_cpu_s`, also those that others used."""
        elapsed_s = max(time.perf_counter() - self._started, 1e-9)
        busy_s = _busy_s() - self._busy_before_s
        others = "" if own_cpu_s is None else f", {max(busy_s - own_cpu_s, 0) / elapsed_s:.1f} of them by others"
        load = f"load {self._load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
        return f"machine: {CORES} cores, {load}; {busy_s / elapsed_s:.1f} cores busy{others}"


def family_cpu_s(pids: Iterable[int]) -> float:
    """Processor seconds used so far by processes and all their descendants that still run."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text("utf-8").rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            used[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / tick
    family = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(used.get(pid, 0.0) for pid in family)


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _busy_s() -> float:
    """Processor seconds of everything but idling, since the machine started. Zero where /proc is missing."""
    try:
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0.0
    idle, waiting = fields[3:5]
    return (sum(fields) - idle - waiting) / os.sysconf("SC_CLK_TCK")
