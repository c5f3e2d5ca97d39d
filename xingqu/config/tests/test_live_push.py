"""Browsers as encoders: what a MediaRecorder makes comes out as a stream, by the rules of any other."""

import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from xingqu.config.edge.pushing import ENDED, REFUSED, PushGate
from xingqu.live.contracts import StreamGrant
from xingqu.live.domain.errors import StreamRefused
from xingqu.live.ingest.browser import Recorded, read_mime
from xingqu.live.ingest.ffmpeg import find_ffmpeg
from xingqu.live.ingest.publishing import IngestSettings

KEY = "room?key=right"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "10")


class Desk:
    """Takes one key."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def open(self, key: str, *, recording: bool) -> StreamGrant:
        if key != KEY:
            raise StreamRefused("The stream key is wrong.", data={"reason": "unknown_key"})
        self.log.append("open")
        return StreamGrant(1, "token", 7, "room-1")

    def confirm(self, token: str, *, since: datetime) -> bool:
        return True

    def beat(self, token: str, health: dict[str, Any]) -> bool:
        return True

    def close(self, token: str, reason: str) -> None:
        self.log.append(reason)


def recorder(*codec: str) -> bytes:
    """Three seconds as a browser's recorder makes them."""
    command = [
        *(find_ffmpeg(), "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=90x160:rate=10"),
        *("-f", "lavfi", "-i", "sine=frequency=440", "-t", "3", *codec, "-c:a", "libopus", "-f", "matroska", "-"),
    ]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def gate(folder: Path) -> tuple[TestClient, Desk]:
    desk = Desk()
    ingest = IngestSettings(
        segments=folder / "live",
        recordings=folder / "recordings",
        segment_ms=1000,
        playlist_segments=5,
        silent_s=5.0,
        bitrate_limit_kbps=50_000,
        records=True,
    )
    app = Starlette(routes=[WebSocketRoute("/rt/live-push", PushGate(ingest, desk).__call__)])
    return TestClient(app), desk


@pytest.mark.parametrize(
    ("mime", "codec"), [("video/webm;codecs=h264,opus", H264), ("video/webm;codecs=vp8,opus", VP8)]
)
def test_what_a_recorder_makes_becomes_a_stream(tmp_path: Path, mime: str, codec: tuple[str, ...]) -> None:
    client, desk = gate(tmp_path)
    made = recorder(*codec)
    recording = tmp_path / "recordings/7/1.flv"
    with client, client.websocket_connect("/rt/live-push") as socket:
        socket.send_json({"key": KEY, "mime": mime})
        assert socket.receive_json() == {"state": "open"}
        for start in range(0, len(made), 20_000):
            socket.send_bytes(made[start : start + 20_000])
        socket.send_bytes(b"")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert (closed.value.code, closed.value.reason) == (ENDED, "disconnected")
    assert desk.log == ["open", "disconnected"]
    probe = subprocess.run([find_ffmpeg(), "-hide_banner", "-i", str(recording)], capture_output=True, text=True)
    assert "Video: h264" in probe.stderr
    assert "90x160" in probe.stderr
    assert "Audio: aac" in probe.stderr


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        ({"key": "room?key=wrong", "mime": "video/webm;codecs=h264,opus"}, "unknown_key"),
        ({"key": KEY, "mime": "video/x-msvideo;codecs=h264"}, "protocol"),
        ({"key": KEY, "mime": "video/webm;codecs=theora"}, "protocol"),
        ({"key": KEY}, "protocol"),
        (["key"], "protocol"),
    ],
)
def test_who_is_not_let_in_sends_nothing(tmp_path: Path, hello: Any, reason: str) -> None:
    client, desk = gate(tmp_path)
    with client, client.websocket_connect("/rt/live-push") as socket:
        socket.send_json(hello)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert (closed.value.code, closed.value.reason, desk.log) == (REFUSED, reason, [])
    assert not (tmp_path / "live").exists()


def test_bytes_that_are_no_video_end_the_stream(tmp_path: Path) -> None:
    client, desk = gate(tmp_path)
    with client, client.websocket_connect("/rt/live-push") as socket:
        socket.send_json({"key": KEY, "mime": "video/webm;codecs=h264,opus"})
        socket.receive_json()
        for _ in range(40):
            socket.send_bytes(bytes(50_000))
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert (closed.value.code, closed.value.reason) == (ENDED, "media_broken")
    assert desk.log == ["open", "media_broken"]


def test_a_site_whose_streams_are_taken_elsewhere(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "live_backend", "external")
    client, desk = gate(tmp_path)
    with client, client.websocket_connect("/rt/live-push") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert (closed.value.code, closed.value.reason, desk.log) == (REFUSED, "backend_off", [])


def test_types_of_recorders() -> None:
    assert read_mime('video/mp4; codecs="avc1.42E01F,mp4a.40.2"') == Recorded("mov", True)
    assert read_mime("video/webm;codecs=vp9") == Recorded("matroska", False)
    assert [read_mime(mime) for mime in ("", "video/webm", "audio/webm;codecs=opus", "video/mp4;codecs=hvc1")] == [
        None
    ] * 4
