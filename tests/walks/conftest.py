"""A real site for the walks: every process of `xingqu up`, in a home folder of its own, on free ports."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import supervised

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
START_PATIENCE_S = 480
STOP_PATIENCE_S = 40


@dataclass
class Site:
    """A running site. `process` is its supervisor."""

    origin: str
    web_origin: str
    home: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def pids(self, name: str) -> list[int]:
        """Process ids of a supervised program and its children."""
        return supervised.pids(self.home, name)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(home: Path, **settings: str) -> Site:
    """Start `xingqu up` and wait until the origin answers."""
    port, web_port, rtmp_port = free_port(), free_port(), free_port()
    environment = {
        **os.environ,
        "XINGQU_HOME": str(home),
        "XINGQU_DEMO": "1",
        "XINGQU_PORT": str(port),
        "XINGQU_WEB_PORT": str(web_port),
        "XINGQU_LIVE_RTMP_PORT": str(rtmp_port),
        "XINGQU_WEB_ROOT": str(ROOT / "web" / "dist"),
        "XINGQU_LIFE_SHOPPERS": "0",
        "XINGQU_DEMO_PAST_DAYS": "0",
        "XINGQU_DATABASE_URL": "",  # SQLite, unless the walk says otherwise
        **settings,
    }
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "xingqu", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    site = Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{web_port}", home, process, environment)
    until = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{site.origin}/api/v1/feed?size=1", timeout=5, trust_env=False).status_code == 200:
                return site
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    stop_site(site)
    raise RuntimeError(f"the site did not start: {(home / 'up.log').read_text(errors='replace')[-2000:]}")


def stop_site(site: Site) -> None:
    """Ask the supervisor to stop everything; end its group should it not."""
    if site.process.poll() is None:
        site.process.terminate()
        try:
            site.process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.wait()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with a small share of its clips."""
    running = start_site(
        tmp_path_factory.mktemp("site"),
        XINGQU_DEMO_FIRST_CLIPS="12",
        XINGQU_DEMO_FIRST_POSTS="200",
        XINGQU_DEMO_LATER_CLIPS="0",
        # As on a site that is not a demo: papers and products wait for an operator.
        XINGQU_SHOP_REVIEW="operator",
        XINGQU_LISTING_REVIEW="operator",
        # A day of the carrier in a second: what is handed over arrives while one looks.
        XINGQU_SIMULATED_CARRIER_DAY_S="1",
    )
    yield running
    stop_site(running)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def phone_context(chromium: Browser, site: Site) -> BrowserContext:
    """A phone with a profile of its own, in Chinese, at the site's origin."""
    context = chromium.new_context(
        base_url=site.origin,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="zh-CN",
        device_scale_factor=2,
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of a new phone."""
    context = phone_context(chromium, site)
    yield context.new_page()
    context.close()
