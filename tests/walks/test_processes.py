"""The supervisor restarts what dies, the edge is honest while the web process is away, and all stops cleanly."""

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.walks.conftest import Site, start_site, stop_site

pytestmark = pytest.mark.slow
PATIENCE_S = 300  # a busy machine takes a minute and more to start a process


def wait_for(condition: object, patience_s: float = PATIENCE_S) -> bool:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def session_status(site: Site) -> int:
    try:
        return httpx.get(f"{site.origin}/api/v1/session", timeout=5, trust_env=False).status_code
    except httpx.HTTPError:
        return 0


def test_what_dies_is_restarted_and_all_stops_cleanly(tmp_path: Path) -> None:
    site = start_site(
        tmp_path / "home", XINGQU_DEMO_FIRST_CLIPS="0", XINGQU_DEMO_FIRST_POSTS="0", XINGQU_DEMO_LATER_CLIPS="0"
    )
    try:
        for name in ("web", "edge", "worker"):
            before = site.pids(name)
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            assert wait_for(
                lambda name=name, before=before: site.pids(name) and not set(site.pids(name)) & set(before)
            ), name
        assert wait_for(lambda: session_status(site) == 200)
        everything = [pid for name in ("web", "edge", "worker", "jobs") for pid in site.pids(name)]
    finally:
        stop_site(site)
    assert site.process.returncode == 0
    assert [pid for pid in everything if Path(f"/proc/{pid}").exists()] == []
