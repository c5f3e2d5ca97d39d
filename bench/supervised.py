"""Processes of a running site, by the names of its supervisor."""

import subprocess
import sys
from pathlib import Path


def pids(home: Path, name: str) -> list[int]:
    """Process ids of a supervised program and its children, the program's own first; none when it is not running."""
    control = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(home / "run/supervisord.conf")]
    said = subprocess.run([*control, "pid", name], capture_output=True, text=True, check=False).stdout.strip()
    if not said.isdigit() or said == "0":
        return []
    children = Path(f"/proc/{said}/task/{said}/children")
    below = [int(pid) for pid in children.read_text("ascii").split()] if children.exists() else []
    return [int(said), *below]
