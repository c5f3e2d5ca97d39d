"""A pool's processes do not outlive a parent that was killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import xingqu
from xingqu.kit.processes import end_with_parent

PARENT = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from xingqu.kit.processes import end_with_parent
if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent) as pool:
        print(*{pool.submit(os.getpid).result() for _ in range(4)}, flush=True)
        time.sleep(60)
"""


def test_a_pool_ends_with_its_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(xingqu.__file__).parents[1])}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while time.monotonic() < until and any(is_running(pid) for pid in children):
        time.sleep(0.05)
    assert children
    assert [pid for pid in children if is_running(pid)] == []


def is_running(pid: int) -> bool:
    """Whether the process exists and has not ended (one that nobody has waited for yet has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_refused_where_there_is_no_parent() -> None:
    with pytest.raises(RuntimeError, match="not started by multiprocessing"):
        end_with_parent()
