"""The worker: delivers facts to their handlers and runs what is due, until it is told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import close_old_connections

from xingqu.kit import outbox

log = logging.getLogger(__name__)
IDLE_S = 0.05
THREADS = 4


@dataclass
class Periodic:
    """A function that runs every `every_s` seconds, never twice at once."""

    every_s: float
    run: Callable[[], object]
    due_at: float = 0.0
    running: threading.Lock = field(default_factory=threading.Lock)


class Worker:
    """Two loops: facts as they come, and periodic work on a few threads."""

    def __init__(self, periodic: list[tuple[float, Callable[[], object]]]) -> None:
        self._periodic = [Periodic(every_s=every_s, run=run) for every_s, run in periodic]
        self._stop = threading.Event()

    def stop(self, *_: object) -> None:
        """Finish what is under way and return from `run`."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        clock = threading.Thread(target=self._run_periodic, name="periodic", daemon=True)
        clock.start()
        while not self._stop.is_set():
            if not _guarded(outbox.deliver_due):
                self._stop.wait(IDLE_S)
        clock.join(timeout=20)

    def _run_periodic(self) -> None:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="periodic") as pool:
            while not self._stop.wait(IDLE_S):
                now = time.monotonic()
                for item in self._periodic:
                    if now >= item.due_at and item.running.acquire(blocking=False):
                        item.due_at = now + item.every_s
                        pool.submit(_run_once, item)


def _run_once(item: Periodic) -> None:
    try:
        _guarded(item.run)
    finally:
        item.running.release()


def _guarded(run: Callable[[], object]) -> object:
    """Run, log what goes wrong, and leave no database connection in a bad state."""
    close_old_connections()
    try:
        return run()
    except Exception:
        log.exception("%s failed; it will run again", getattr(run, "__qualname__", run))
        time.sleep(0.5)
        return None
    finally:
        close_old_connections()
