"""What goes wrong: processes killed at random and at named points, the database killed, clocks that jump, a full disk."""

import errno
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.postgresql import Cluster
from bench.soak.inside.sitecustomize import POINTS
from bench.soak.notes import Notes
from bench.soak.site import Site

RECOVERY_S = 900.0
FULL_S = 4.0
BLOCK = b"\0" * 65_536
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
JUMPS_S = (MINUTE_S * 20, HOUR_S * 3, DAY_S, DAY_S * 2, DAY_S * 4, DAY_S * 8, -MINUTE_S * 10, -HOUR_S * 2)
SKEWS_S = (-90, -5, 3, 45, 240)


@dataclass
class Faults:
    """Breaks something, waits until the site has recovered, and goes on. `disk`: a small file system that can be filled."""

    site: Site
    notes: Notes
    draw: random.Random
    cluster: Cluster | None
    disk: Path | None
    gap_s: float
    done: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    armed: set[str] = field(default_factory=set)
    shift_s: float = 0.0
    slowest_s: float = 0.0

    def kinds(self) -> list[str]:
        """What can be done here, in proportion."""
        found = ["web worker", "web", "worker", "worker", "edge", "jobs", "jump", "jump", "skew"] + ["point"] * 8
        if self.cluster is not None:
            found += ["session", "session", "server", "server"]
        return found + (["disk"] * 2 if self.disk is not None else [])

    def run(self, over: threading.Event) -> None:
        """One fault after the other, each kind once before it is by chance."""
        waiting = sorted(set(self.kinds()))
        self.draw.shuffle(waiting)
        while not over.wait(self.draw.uniform(0.5, 1.5) * self.gap_s):
            kind = waiting.pop() if waiting else self.draw.choice(self.kinds())
            started = time.monotonic()
            try:
                self.make(kind)
            except (ProcessLookupError, IndexError, psycopg.Error) as error:  # it was down already
                self.done[f"{kind}: missed ({type(error).__name__})"] += 1
            else:
                self.done[kind] += 1
            if not (self.site.wait_ready(RECOVERY_S) and self.site.wait_working(RECOVERY_S)):
                self.site.revive()
                self.notes.complain(
                    f"{RECOVERY_S:.0f} s after {kind!r} the site does not answer, or its worker does nothing"
                )
            self.slowest_s = max(self.slowest_s, time.monotonic() - started)

    def make(self, kind: str) -> None:
        if kind == "web worker":
            self.kill(self.site.pids("web")[1:])
        elif kind in ("web", "worker", "edge", "jobs"):
            self.kill(self.site.pids(kind)[:1] if self.draw.random() < 0.5 else self.site.pids(kind))
        elif kind == "jump":
            self.move_clock(self.draw.choice(JUMPS_S))
        elif kind == "skew":
            self.write_clock(web=self.shift_s, worker=self.shift_s + self.draw.choice(SKEWS_S))
        elif kind == "point":
            self.arm_point()
        elif kind == "disk":
            self.fill_disk()
        else:
            self.kill_database(whole=kind == "server")

    def kill(self, pids: list[int]) -> None:
        if not pids:
            raise ProcessLookupError
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def move_clock(self, seconds: float) -> None:
        """All programs' clocks jump together."""
        self.shift_s += seconds
        self.write_clock(web=self.shift_s, worker=self.shift_s)

    def write_clock(self, *, web: float, worker: float) -> None:
        path = self.site.run / "clock.new"
        path.write_text(json.dumps({"web": web, "worker": worker, "jobs": worker}), "ascii")
        path.replace(self.site.run / "clock")

    def arm_point(self) -> None:
        """The next process that passes a point dies there, whenever that is; points that have killed least come first."""
        self.count_passed()
        waiting = [name for name in sorted(POINTS) if name not in self.armed]
        if not waiting:
            return
        least = min(self.points[name] for name in waiting)
        name = self.draw.choice([name for name in waiting if self.points[name] == least])
        (self.site.run / "armed" / name).touch()
        self.armed.add(name)

    def count_passed(self) -> None:
        """Count the points at which a process has died since: it took back what armed them."""
        for name in [name for name in self.armed if not (self.site.run / "armed" / name).exists()]:
            self.armed.remove(name)
            self.points[name] += 1

    def disarm(self) -> None:
        """Nobody dies at a named point any more."""
        for name in self.armed:
            with suppress(FileNotFoundError):
                (self.site.run / "armed" / name).unlink()
                continue
            self.points[name] += 1
        self.armed.clear()

    def fill_disk(self) -> None:
        """Leave no byte on the site's file system for a moment."""
        assert self.disk is not None
        filler = self.disk / "filler"
        try:
            with filler.open("wb", buffering=0) as file:
                until = time.monotonic() + FULL_S
                while time.monotonic() < until:
                    try:
                        file.write(BLOCK)
                    except OSError as error:
                        if error.errno != errno.ENOSPC:
                            raise
                        with suppress(OSError):
                            file.write(b"\0")
                        time.sleep(0.02)  # what others free meanwhile is taken, too
        finally:
            filler.unlink()
        if self.cluster is not None:
            self.cluster.revive()

    def kill_database(self, *, whole: bool) -> None:
        """`kill -9` of one session, whereupon PostgreSQL throws all others out; or of the server, and a start anew."""
        assert self.cluster is not None
        if whole:
            self.cluster.kill()
            self.cluster.start()
            return
        with psycopg.connect(self.cluster.url()) as database:
            found = database.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'xingqu' AND pid <> pg_backend_pid()"
            ).fetchall()
        os.kill(self.draw.choice(found)[0], signal.SIGKILL)
