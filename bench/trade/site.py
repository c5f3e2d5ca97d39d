"""A site of its own for a benchmark or a crash test: fresh home folder, seeded goods and buyers, granian and the worker."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.figures import family_cpu_s

READY_TIMEOUT_S = 180.0


def is_ready(port: int, *, within_s: float, path: str = "/api/v1/session") -> bool:
    """Whether what listens at this port answers within so long; another `path` asks for more of it."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
            return True
        time.sleep(0.2)
    return False


def wait_ready(port: int) -> None:
    """Wait until what listens at this port answers. Raises RuntimeError."""
    if not is_ready(port, within_s=READY_TIMEOUT_S):
        raise RuntimeError("the site did not start")


def require_free(port: int) -> None:
    """Raises RuntimeError when somebody listens at this port: it would be their site that is measured."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise RuntimeError(f"port {port} is in use")


def end_processes(running: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes that were started as leaders of their groups, and what they started."""
    started = list(running)
    for process in started:
        process.terminate()
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        with suppress(ProcessLookupError):  # its workers too, should it have died without them
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Site:
    """Processes of one installation under `home`, listening on `port`."""

    def __init__(self, home: Path, port: int, *, workers: int = 2, database_url: str = "") -> None:
        """`database_url` empty: SQLite under `home`."""
        self.port = port
        self.workers = workers
        self.environment = {
            **os.environ,
            "XINGQU_HOME": str(home),
            "XINGQU_DATABASE_URL": database_url,
            "XINGQU_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "XINGQU_SECRET_KEY": "benchmark",
            "XINGQU_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def seed(self, *, shops: int, skus_a_shop: int, stock: int, buyers: int) -> dict[str, Any]:
        """Make tables, shops, goods and signed-in buyers. Returns {"skus", "buyers": [{"session", "address_id"}]}."""
        subprocess.run(
            [sys.executable, "-m", "xingqu", "migrate", "-v0"],
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        order = json.dumps({"shops": shops, "skus_a_shop": skus_a_shop, "stock": stock, "buyers": buyers})
        found = subprocess.run(
            [sys.executable, "-m", "bench.trade.seed"],
            env=self.environment,
            check=True,
            input=order.encode(),
            stdout=subprocess.PIPE,
        )
        seeded: dict[str, Any] = json.loads(found.stdout)
        return seeded

    def start(self) -> None:
        """Start web and worker; returns when the site answers."""
        require_free(self.port)
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", str(self.workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
        for command in ([*web, "xingqu.config.wsgi:application"], [sys.executable, "-m", "xingqu", "worker"]):
            self.running.append(subprocess.Popen(command, env=self.environment, start_new_session=True))
        wait_ready(self.port)

    def report(self) -> dict[str, Any]:
        """What the books, orders and stock say: see `bench.trade.audit`."""
        found = subprocess.run(
            [sys.executable, "-m", "bench.trade.audit"], env=self.environment, check=True, stdout=subprocess.PIPE
        )
        audit: dict[str, Any] = json.loads(found.stdout)
        return audit

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds used so far by web (with its workers) and worker."""
        return {
            name: family_cpu_s([process.pid]) for name, process in zip(("web", "worker"), self.running, strict=True)
        }

    def stop(self) -> None:
        """End what was started here."""
        end_processes(self.running)
        self.running.clear()
