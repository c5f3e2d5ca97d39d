"""A site of its own for a benchmark or a crash test: fresh home folder, seeded goods and buyers, granian and the worker."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

READY_TIMEOUT_S = 180.0


class Site:
    """Processes of one installation under `home`, listening on `port`."""

    def __init__(self, home: Path, port: int, *, workers: int = 2) -> None:
        self.port = port
        self.workers = workers
        self.environment = {
            **os.environ,
            "XINGQU_HOME": str(home),
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
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", str(self.workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
        for command in ([*web, "xingqu.config.wsgi:application"], [sys.executable, "-m", "xingqu", "worker"]):
            self.running.append(subprocess.Popen(command, env=self.environment))
        deadline = time.time() + READY_TIMEOUT_S
        while time.time() < deadline:
            with suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/session", timeout=2).read()
                return
            time.sleep(0.2)
        raise RuntimeError("the site did not start")

    def report(self) -> dict[str, Any]:
        """What the books, orders and stock say: see `bench.trade.audit`."""
        found = subprocess.run(
            [sys.executable, "-m", "bench.trade.audit"], env=self.environment, check=True, stdout=subprocess.PIPE
        )
        audit: dict[str, Any] = json.loads(found.stdout)
        return audit

    def stop(self) -> None:
        """End what was started here."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            process.kill()
        self.running.clear()
