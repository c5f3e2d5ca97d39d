"""Writes supervisord's configuration: which processes the house consists of and how each is started, restarted and stopped."""

import os
import sys
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

from xingqu.config.environment import Environment


@dataclass(frozen=True)
class Process:
    """One supervised process. `restart` is supervisord's autorestart; `priority` orders the start and, backwards, the stop."""

    name: str
    command: str
    priority: int
    restart: str = "true"
    to_console: bool = False


def processes(environment: Environment) -> list[Process]:
    """The processes of one installation."""
    manage = f"{sys.executable} -m xingqu"
    found = [
        Process(
            "web",
            f"{sys.executable} -m granian --interface wsgi --host 127.0.0.1 --port {environment.web_port} "
            f"--workers {environment.web_workers} --blocking-threads 1 --backlog 1024 --respawn-failed-workers "
            "--no-ws --log-level warning --workers-kill-timeout 10 xingqu.config.wsgi:application",
            priority=10,
        ),
        Process(
            "edge",
            f"{sys.executable} -m uvicorn --host {environment.host} --port {environment.port} --log-level warning "
            "--no-access-log --no-server-header --backlog 4096 --timeout-keep-alive 30 --timeout-graceful-shutdown 3 "
            "xingqu.config.edge.app:app",
            priority=20,
        ),
        Process("worker", f"{manage} worker", priority=30),
        # Making clips takes whole cores: it must never delay a page.
        Process("jobs", f"nice -n 15 {manage} db_worker --queue-name * --interval 0.5 --no-startup-delay", priority=40),
        Process("announce", f"{manage} announce", priority=50, restart="false", to_console=True),
    ]
    if environment.live_backend == "embedded":
        found.append(Process("ingest", f"{manage} live_ingest", priority=45))
    if environment.demo and environment.life_duration_s and environment.life_shoppers:
        life = (
            f"nice -n 10 {sys.executable} -m simulator --origin http://127.0.0.1:{environment.port} "
            f"--shoppers {environment.life_shoppers} --duration {environment.life_duration_s}"
        )
        found.append(Process("life", life, priority=60, restart="unexpected"))
    return found


def write_configuration(environment: Environment, home: Path) -> Path:
    """Write `supervisord.conf` under the home folder and return its path."""
    run, logs = home / "run", home / "log"
    run.mkdir(parents=True, exist_ok=True)
    logs.mkdir(parents=True, exist_ok=True)
    config = RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": str(logs / "supervisord.log"),
        "pidfile": str(run / "supervisord.pid"),
        "childlogdir": str(logs),
        "loglevel": "info",
    }
    if os.geteuid() == 0:  # said on purpose, or supervisord warns about it
        config["supervisord"]["user"] = "root"
    socket = str(run / "supervisor.sock")
    config["unix_http_server"] = {"file": socket, "chmod": "0700"}
    config["supervisorctl"] = {"serverurl": f"unix://{socket}"}
    config["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for process in processes(environment):
        config[f"program:{process.name}"] = _program(process, logs)
    path = run / "supervisord.conf"
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
    return path


def _program(process: Process, logs: Path) -> dict[str, str]:
    return {
        "command": process.command.replace("%", "%%"),
        "priority": str(process.priority),
        "autorestart": process.restart,
        "startsecs": "0" if process.restart == "false" else "2",
        "startretries": "20",
        "exitcodes": "0",
        "stopsignal": "TERM",
        "stopwaitsecs": "15",
        "stopasgroup": "true",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": "/dev/fd/1" if process.to_console else str(logs / f"{process.name}.log"),
        "stdout_logfile_maxbytes": "0" if process.to_console else "10MB",
        "stdout_logfile_backups": "3",
    }
