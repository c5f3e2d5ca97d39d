"""`kill -9` of the web process in the middle of an upload, and of the jobs process in the middle of ffmpeg."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from xingqu.content.media.process import ToolLimits, run_tool

pytestmark = pytest.mark.slow
TUS = {"Tus-Resumable": "1.0.0"}
PATIENCE_S = 90


class House:
    """The web and jobs processes on a home folder of their own."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.home = home
        self.environment = {**os.environ, "XINGQU_HOME": str(home), "XINGQU_PORT": str(self.port)}
        self.environment["XINGQU_DATABASE_URL"] = ""  # it is files and leases that are broken off here
        self.running: list[subprocess.Popen[bytes]] = []
        subprocess.run([sys.executable, "-m", "xingqu", "migrate", "-v0"], env=self.environment, check=True)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def start_web(self) -> subprocess.Popen[bytes]:
        process = self.start(
            *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--blocking-threads", "1", "--no-ws", "xingqu.config.wsgi:application"),
        )
        wait_for(self.answers)
        return process

    def start_jobs(self) -> subprocess.Popen[bytes]:
        return self.start("xingqu", "db_worker", "--queue-name", "media", "--interval", "0.2", "--no-startup-delay")

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/api/v1/session", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def execute(self, sql: str) -> list[Any]:
        with sqlite3.connect(self.home / "xingqu.sqlite3", timeout=20) as database:
            return database.execute(sql).fetchall()


def wait_for(met: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while not met():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "home")
    yield made
    for process in list(made.running):
        made.kill(process)


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    """A clip that takes ffmpeg some seconds."""
    path = tmp_path / "film.mp4"
    made = run_tool(
        [
            *("-y", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=20"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p", str(path)),
        ],
        limits=ToolLimits(),
    )
    assert made.returncode == 0
    return path.read_bytes()


def sign_up(house: House) -> httpx.Client:
    client = httpx.Client(base_url=f"http://127.0.0.1:{house.port}", trust_env=False, timeout=30)
    client.headers["Referer"] = str(client.base_url)
    client.get("/api/v1/session")
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    body = {"email": "owner@example.test", "password": "tea-and-rain-88"}
    assert client.post("/_allauth/browser/v1/auth/signup", json=body).status_code == 200
    client.get("/api/v1/session")
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    return client


def offset_of(client: httpx.Client, path: str) -> int:
    return int(client.head(path, headers=TUS).headers["Upload-Offset"])


def test_an_upload_and_its_processing_survive_kills(house: House, film: bytes) -> None:
    web = house.start_web()
    client = sign_up(house)
    shop_id = client.post("/api/v1/organisations", json={"kind": "merchant", "name": "山行小铺"}).json()["id"]
    metadata = f"filename {b64encode(b'film.mp4').decode()}"
    made = client.post(
        f"/api/v1/shops/{shop_id}/uploads",
        headers={**TUS, "Upload-Length": str(len(film)), "Upload-Metadata": metadata},
    )
    path = made.headers["Location"]
    asset_id = int(path.rsplit("/", 1)[1])
    part = house.home / "uploads" / f"{asset_id}.part"

    def slowly() -> Iterator[bytes]:
        for start in range(0, len(film), 65536):
            yield film[start : start + 65536]
            if start > len(film) // 3 and web in house.running:
                wait_for(lambda: part.stat().st_size > 0)
                house.kill(web)

    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    with pytest.raises(httpx.HTTPError):
        client.patch(path, content=slowly(), headers={**headers, "Content-Length": str(len(film))})
    kept = part.stat().st_size
    assert 0 < kept < len(film)
    house.start_web()
    client = reconnect(client)
    assert offset_of(client, path) == kept
    answer = client.patch(path, content=film[kept:], headers={**headers, "Upload-Offset": str(kept)})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(film)))
    assert sha256(part.read_bytes()).digest() == sha256(film).digest()

    asset = f"/api/v1/shops/{shop_id}/assets/{asset_id}"
    jobs = house.start_jobs()
    wait_for(lambda: 0 < client.get(asset).json()["progress_percent"] < 100)
    house.kill(jobs)
    assert client.get(asset).json()["state"] == "transcoding"
    assert not (house.home / "media" / "assets" / str(asset_id)).exists()
    # As though the minute of its lease had passed.
    house.execute("UPDATE content_mediaasset SET lease_until = '2020-01-01 00:00:00'")
    house.start("xingqu", "worker")
    house.start_jobs()
    wait_for(lambda: client.get(asset).json()["state"] == "ready")
    shown = client.get(asset).json()
    assert (shown["attempts"], shown["progress_percent"], shown["failure"]) == (2, 100, None)
    assert 19_500 <= shown["duration_ms"] <= 20_500
    assert (house.home / "media" / "assets" / str(asset_id) / "master.m3u8").exists()
    assert list((house.home / "media" / "assets").glob(f".{asset_id}-*")) == []
    client.close()


def reconnect(client: httpx.Client) -> httpx.Client:
    """The same session over new connections."""
    client.close()
    fresh = httpx.Client(base_url=client.base_url, trust_env=False, timeout=30, cookies=client.cookies)
    fresh.headers.update({name: client.headers[name] for name in ("Referer", "X-CSRFToken")})
    return fresh
