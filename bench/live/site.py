"""A site with a room on air: web and edge as the supervisor starts them, in a home folder of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bench.soak.site import free_port
from bench.trade.site import end_processes, wait_ready
from xingqu.config.environment import Environment
from xingqu.config.supervise import processes

NAMES = ("web", "edge")


class LiveSite:
    """Processes of one installation under `home`; viewers come to `port`."""

    def __init__(self, home: Path, *, database_url: str = "", **settings: str) -> None:
        """`database_url` empty: SQLite under `home`. `settings` are environment variables of all processes."""
        self.port, self.web_port = free_port(), free_port()
        self.environment = {
            **os.environ,
            "XINGQU_HOME": str(home),
            "XINGQU_DATABASE_URL": database_url,
            "XINGQU_HOST": "127.0.0.1",
            "XINGQU_PORT": str(self.port),
            "XINGQU_WEB_PORT": str(self.web_port),
            "XINGQU_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "XINGQU_SECRET_KEY": "benchmark",
            "XINGQU_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
            **settings,
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def seed(self, *, people: int, buyers: int = 0) -> dict[str, Any]:
        """Make tables and a room on air: see `bench.live.seed`."""
        subprocess.run(
            [sys.executable, "-m", "xingqu", "migrate", "-v0"],
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found = subprocess.run(
            [sys.executable, "-m", "bench.live.seed"],
            env=self.environment,
            check=True,
            input=json.dumps({"people": people, "buyers": buyers}).encode(),
            stdout=subprocess.PIPE,
        )
        seeded: dict[str, Any] = json.loads(found.stdout)
        return seeded

    def start(self, *names: str) -> None:
        """Start these (web and edge); returns when the origin answers."""
        for name in names or NAMES:
            self.start_one(name)
        wait_ready(self.port)

    def start_one(self, name: str, *, port: int | None = None, as_name: str = "") -> None:
        """Start a process as the supervisor does, an edge perhaps at another port; it goes by `as_name`."""
        environment = Environment(
            host="127.0.0.1", port=port or self.port, web_port=self.web_port, web_workers=1, live_backend="embedded"
        )
        [plan] = [one for one in processes(environment) if one.name == name]
        self.running[as_name or name] = subprocess.Popen(
            plan.command.split(), env=self.environment, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """`kill -9` of a process and its workers."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def desk(self, session: str, path: str, body: dict[str, Any] | None, *, method: str = "POST") -> Any:
        """What the host's desk asks for at the public origin."""
        token = "a" * 32
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Content-Type": "application/json",
                "Cookie": f"sessionid={session}; csrftoken={token}",
                "X-CSRFToken": token,
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def memory_kb(self, name: str) -> int:
        """What a process holds for itself."""
        for line in Path(f"/proc/{self.running[name].pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
        return 0

    def stop(self) -> None:
        """End what was started here."""
        end_processes(self.running.values())
        self.running.clear()
