"""The site under test: all programs of `xingqu up` under their supervisor, in a home folder of its own, on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench import supervised
from bench.trade.site import is_ready

READY_TIMEOUT_S = 1_200.0
STOP_TIMEOUT_S = 40.0
PROGRAMS = ("web", "edge", "worker", "jobs")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One installation. `run` is the folder by which the soak reaches into its processes (`inside/sitecustomize.py`)."""

    def __init__(self, home: Path, run: Path, database_url: str) -> None:
        self.home, self.run = home, run
        self.port = free_port()
        (run / "armed").mkdir(parents=True, exist_ok=True)
        (run / "web").mkdir(exist_ok=True)
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parent / "inside"),
            "XINGQU_SOAK_FOLDER": str(run),
            "XINGQU_HOME": str(home),
            "XINGQU_DATABASE_URL": database_url,
            "XINGQU_PORT": str(self.port),
            "XINGQU_WEB_PORT": str(free_port()),
            "XINGQU_WEB_WORKERS": "2",
            "XINGQU_WEB_ROOT": str(run / "web"),
            "XINGQU_LOG_LEVEL": "WARNING",
            "XINGQU_TRACKING_PROVIDER": "simulated",
            "XINGQU_SANDBOX_LATE_NOTIFY_S": "6",
            "XINGQU_TRAINING_EVERY_S": "0",
            "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Make tables, shops, goods and people. Returns what `bench.soak.seed` prints."""
        self.command("-m", "xingqu", "migrate", "-v0")
        found: dict[str, Any] = json.loads(self.command("-m", "bench.soak.seed", said=json.dumps(wanted)))
        return found

    def command(self, *arguments: str, said: str = "") -> str:
        """Run Python in the site's environment; what it printed. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            input=said,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self) -> None:
        """Start all programs; returns when the site answers."""
        with (self.run / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xingqu", "up"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not self.wait_ready(READY_TIMEOUT_S):
            raise RuntimeError(f"the site did not start; see {self.run / 'up.log'} and {self.home / 'log'}")

    def wait_ready(self, timeout_s: float) -> bool:
        """Whether the site answers a question that needs its database, within this long."""
        return is_ready(self.port, within_s=timeout_s, path="/api/v1/categories")

    def wait_working(self, timeout_s: float) -> bool:
        """Whether the worker, which may have to start anew, does something within this long."""
        started, until = time.time(), time.monotonic() + timeout_s
        while time.monotonic() < until:
            with suppress(OSError):
                if (self.run / "alive-worker").stat().st_mtime > started:
                    return True
            time.sleep(0.3)
        return False

    def pids(self, name: str) -> list[int]:
        """Process ids of a supervised program and its children; the program's own comes first."""
        return supervised.pids(self.home, name)

    def revive(self) -> None:
        """Start programs that the supervisor gave up: what an operator does after the disk was full."""
        control = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(self.home / "run/supervisord.conf")]
        subprocess.run([*control, "start", *PROGRAMS], capture_output=True, check=False)

    def stop(self) -> None:
        """Ask the supervisor to stop everything; end its group should it not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
