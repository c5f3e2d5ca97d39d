"""The peers as processes: seeded, started, stopped. Each runs as its documentation has it run in production."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.figures import family_cpu_s
from bench.trade.site import end_processes, require_free

HERE = Path(__file__).parent
READY_TIMEOUT_S = 120.0


def send_buyers(peer: str, port: int, seeded: dict[str, Any], **order: Any) -> dict[str, Any]:
    """Let all buyers do `task` for `duration_s` in one client process. Returns what they measured."""
    told = json.dumps({"peer": peer, "port": port, **seeded, **order})
    command = [sys.executable, "-m", "bench.peers.shops.buyers"]
    done = subprocess.run(command, input=told.encode(), stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


class Peer:
    """One installation under `home`: `name` is ``oscar`` or ``vendure``, installed in `folder` by install.sh."""

    def __init__(
        self, name: str, *, folder: Path, home: Path, port: int, database_url: str = "", workers: int = 2
    ) -> None:
        self.name, self.port, self.workers = name, port, workers
        self.running: list[subprocess.Popen[bytes]] = []
        self.code = HERE / name
        self.python = str(folder / "oscar" / "bin" / "python")
        home.mkdir(parents=True, exist_ok=True)
        self.seeded_path = home / "seeded.json"
        self.environment = {
            **os.environ,
            "PEER_HOME": str(home),
            "PEER_PORT": str(port),
            "PEER_SEEDED": str(self.seeded_path),
            "PEER_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": str(self.code),
            "NODE_PATH": str(folder / "vendure" / "node_modules"),
            "NODE_ENV": "production",
        }

    def seed(self, *, products: int, stock: int, buyers: int) -> dict[str, Any]:
        """Make tables, goods and signed-in buyers. Returns what `bench.peers.shops.buyers` needs of them."""
        order = json.dumps({"products": products, "stock": stock, "buyers": buyers}).encode()
        if self.name == "oscar":
            self._call([self.python, "-m", "django", "migrate", "-v0"])
            found: dict[str, Any] = json.loads(self._call([self.python, "seed.py"], order))
            self._call([self.python, "-m", "django", "rebuild_index", "--noinput", "-v0"])
            return found
        self._call(["node", "seed.js"], order)
        return dict(json.loads(self.seeded_path.read_text()))

    def _call(self, command: list[str], order: bytes = b"") -> bytes:
        done = subprocess.run(
            command, cwd=self.code, env=self.environment, check=True, input=order, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout

    def commands(self) -> list[list[str]]:
        """What runs in production: Oscar's WSGI workers; Vendure's server and worker."""
        if self.name == "vendure":
            return [["node", "run.js", "server"], ["node", "run.js", "worker"]]
        web = [self.python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        return [[*web, "--workers", str(self.workers), "--blocking-threads", "1", "--no-ws", "wsgi:application"]]

    def start(self) -> None:
        """Start everything; returns when the port answers. Raises RuntimeError."""
        require_free(self.port)
        for command in self.commands():
            self.running.append(
                subprocess.Popen(
                    command,
                    cwd=self.code,
                    env=self.environment,
                    start_new_session=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        deadline = time.time() + READY_TIMEOUT_S
        while time.time() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    time.sleep(2)
                    return
            time.sleep(0.2)
        raise RuntimeError(f"{self.name} did not start")

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds used so far by all its processes."""
        return {"shop": family_cpu_s([process.pid for process in self.running])}

    def stop(self) -> None:
        """End what was started here."""
        end_processes(self.running)
        self.running.clear()
