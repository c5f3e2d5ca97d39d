"""RTMP against a real encoder (ffmpeg): pictures come out, and what can't be played is refused with a reason."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xingqu.live.contracts import StreamGrant
from xingqu.live.domain.errors import StreamRefused
from xingqu.live.ingest import amf, chunks, flv
from xingqu.live.ingest.cutting import CutFailed, cut_recording
from xingqu.live.ingest.ffmpeg import find_ffmpeg
from xingqu.live.ingest.publishing import IngestSettings
from xingqu.live.ingest.server import RtmpServer

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "32k")


@dataclass
class Desk:
    """Takes the key ``room?key=right``, once at a time."""

    log: list[str] = field(default_factory=list)
    health: dict[str, Any] = field(default_factory=dict)
    wanted: bool = True

    def open(self, key: str, *, recording: bool) -> StreamGrant:
        if key != "room?key=right":
            raise StreamRefused("The stream key is wrong.", data={"reason": "unknown_key"})
        self.log.append("open")
        return StreamGrant(1, "token", 7, "room-1")

    def confirm(self, token: str, *, since: datetime) -> bool:
        self.log.append("confirm")
        return True

    def beat(self, token: str, health: dict[str, Any]) -> bool:
        self.health = health
        return self.wanted

    def close(self, token: str, reason: str) -> None:
        self.log.append(reason)


def encoder(port: int, *codecs: str, key: str = "room?key=right", seconds: int = 4, realtime: bool = True) -> list[str]:
    pace = ("-re",) if realtime else ()
    return [
        *(find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", *pace, "-f", "lavfi"),
        *("-i", "testsrc=size=160x90:rate=10", *pace, "-f", "lavfi", "-i", "sine=frequency=440"),
        *("-t", str(seconds), *codecs, "-f", "flv", f"rtmp://127.0.0.1:{port}/live/{key}"),
    ]


async def push(port: int, *codecs: str, **options: Any) -> str:
    """Run the encoder to its end; returns what it complained about."""
    child = await asyncio.create_subprocess_exec(
        *encoder(port, *codecs, **options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _, said = await asyncio.wait_for(child.communicate(), 30)
    finally:
        if child.returncode is None:
            child.kill()
    return said.decode("utf-8", "replace")


def video_tags(data: bytes) -> list[int]:
    """Times of the video tags of an FLV file, in ms."""
    place, found = len(flv.HEADER), []
    while place < len(data):
        size = int.from_bytes(data[place + 1 : place + 4], "big")
        if data[place] == flv.VIDEO:
            found.append(int.from_bytes(data[place + 4 : place + 7], "big"))
        place += size + 15
    return found


def serve(folder: Path, act: Callable[[int, Desk], Awaitable[None]], **changes: Any) -> Desk:
    """Run `act(port, desk)` beside a server whose files stand in `folder`."""

    async def run() -> Desk:
        desk = Desk()
        limits = {"silent_s": 5.0, "bitrate_limit_kbps": 5000, "records": True, **changes}
        settings = IngestSettings(
            segments=folder / "live", recordings=folder / "recordings", segment_ms=1000, playlist_segments=5, **limits
        )
        server = RtmpServer(settings, desk)
        port = await server.listen("127.0.0.1", 0)
        try:
            await act(port, desk)
        finally:
            await server.close()
        return desk

    return asyncio.run(run())


def test_a_stream_becomes_segments_and_a_recording(tmp_path: Path) -> None:
    seen: list[str] = []

    async def act(port: int, desk: Desk) -> None:
        assert await push(port, *H264, *AAC) == ""
        while desk.log[-1] != "disconnected":
            await asyncio.sleep(0.05)
        seen.append((tmp_path / "live/room-1/index.m3u8").read_text())

    desk = serve(tmp_path, act)
    playlist = seen[0]
    assert desk.log == ["open", "confirm", "disconnected"]
    # ffmpeg leaves the very last piece of an fMP4 stream out when the stream ends; the recording has it.
    assert (playlist.count("#EXTINF"), 'URI="init.mp4"' in playlist) == (3, True)
    lengths_s = [float(line[8:-1]) for line in playlist.splitlines() if line.startswith("#EXTINF")]
    assert lengths_s == pytest.approx([1.0] * 3, abs=0.15)
    health = desk.health
    assert (health["video"], health["audio"], health["width"], health["height"]) == ("h264", "aac", 160, 90)
    assert (health["keyframe_s"], health["warnings"]) == (1.0, [])
    recording = (tmp_path / "recordings/7/1.flv").read_bytes()
    assert len(video_tags(recording)) == 42  # 40 pictures, the codec's header before them, the end's mark behind
    piece = tmp_path / "piece.mp4"
    cut_recording(source=tmp_path / "recordings/7/1.flv", target=piece, start_ms=1000, end_ms=3000)
    assert piece.stat().st_size > 1_000
    with pytest.raises(CutFailed):
        cut_recording(source=tmp_path / "recordings/7/2.flv", target=piece, start_ms=0, end_ms=1000)


def test_a_wrong_key_is_refused_before_any_media(tmp_path: Path) -> None:
    async def act(port: int, desk: Desk) -> None:
        assert "The stream key is wrong." in await push(port, *H264, *AAC, key="room?key=wrong")

    assert (serve(tmp_path, act).log, (tmp_path / "live").exists()) == ([], False)


@pytest.mark.parametrize(
    ("codecs", "reason"),
    [
        (("-c:v", "flv1", *AAC), "video_codec"),
        ((*H264, "-c:a", "libmp3lame", "-ar", "44100"), "audio_codec"),
    ],
)
def test_a_codec_that_viewers_cannot_play_ends_the_stream(tmp_path: Path, codecs: tuple[str, ...], reason: str) -> None:
    async def act(port: int, desk: Desk) -> None:
        assert await push(port, *codecs) != ""
        await asyncio.sleep(0.2)

    assert serve(tmp_path, act).log == ["open", reason]


def test_a_stream_that_is_not_wanted_any_more_is_cut_and_its_segments_go(tmp_path: Path) -> None:
    async def act(port: int, desk: Desk) -> None:
        pushing = asyncio.create_task(push(port, *H264, *AAC, seconds=20))
        while "confirm" not in desk.log:
            await asyncio.sleep(0.1)
        desk.wanted = False
        assert await pushing != ""
        await asyncio.sleep(0.2)

    desk = serve(tmp_path, act)
    assert (desk.log, (tmp_path / "live/room-1").exists()) == (["open", "confirm", "stopped"], False)


def test_a_stream_above_the_limit_is_cut(tmp_path: Path) -> None:
    async def act(port: int, desk: Desk) -> None:
        await push(port, *H264, *AAC, seconds=20)
        await asyncio.sleep(0.2)

    assert serve(tmp_path, act, bitrate_limit_kbps=10).log[-1] == "bitrate"


def test_nonsense_and_silence_do_not_hold_the_server(tmp_path: Path) -> None:
    async def act(port: int, desk: Desk) -> None:
        for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + bytes(3072) + b"\xff" * 400, b"\x03" + bytes(100)):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(noise)
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
        assert await push(port, *H264, *AAC, seconds=2) == ""
        await asyncio.sleep(0.2)

    assert serve(tmp_path, act).log[0] == "open"


def test_amf_there_and_back() -> None:
    values = ["connect", 1, None, True, {"app": "live", "n": 2.5, "deep": {"a": "b"}}]
    assert amf.decode(amf.encode(*values)) == values
    assert amf.decode(b"\x08\x00\x00\x00\x01\x00\x01a\x05\x00\x00\x09") == [{"a": None}]
    assert amf.decode(b"\x0a\x00\x00\x00\x01\x01\x01") == [[True]]
    for broken in (b"\x02\x00\x05ab", b"\x7f", b"\x0a\xff\xff\xff\xff", b"\x03\x00\x01a" * 20):
        with pytest.raises(amf.BadAmf):
            amf.decode(broken)


def read_messages(data: bytes, count: int) -> list[chunks.Message]:
    async def run() -> list[chunks.Message]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        chunk_reader = chunks.ChunkReader(reader)
        return [await chunk_reader.message() for _ in range(count)]

    return asyncio.run(run())


def test_messages_in_pieces_are_put_together() -> None:
    size = chunks.write_message(chunks.SET_CHUNK_SIZE, (4096).to_bytes(4, "big"), channel=2)
    body = bytes(range(256)) * 40
    (message,) = read_messages(size + chunks.write_message(9, body, channel=6, stream_id=1), 1)
    assert (message.kind, message.stream_id, message.body == body) == (9, 1, True)
    # Two streams take turns; the second of one goes on 40 ms later by its short header, then 40 ms again by none.
    first = b"\x04\x00\x00\x64\x00\x00\x03\x09\x01\x00\x00\x00abc"
    other = b"\x05\x00\x00\x01\x00\x00\x01\x08\x01\x00\x00\x00x"
    messages = read_messages(first + other + b"\x84\x00\x00\x28def" + b"\xc4ghi", 4)
    assert [(m.timestamp_ms, m.body) for m in messages] == [(100, b"abc"), (1, b"x"), (140, b"def"), (180, b"ghi")]
    late = b"\x04\xff\xff\xff\x00\x00\x03\x09\x01\x00\x00\x00\x01\x00\x00\x00abc"
    assert read_messages(late, 1)[0].timestamp_ms == 1 << 24
    for broken in (b"\xc4abc", b"\x04\x00\x00\x00\xff\xff\xff\x09\x01\x00\x00\x00a"):
        with pytest.raises(chunks.BadChunk):
            read_messages(broken, 1)


def test_what_a_stream_says_of_itself() -> None:
    assert [flv.video_codec(body) for body in (b"\x17\x01", b"\x1c\x01", b"\x90hvc1", b"")] == [
        "h264",
        "hevc",
        "hvc1",
        "",
    ]
    assert [flv.audio_codec(body) for body in (b"\xaf\x01", b"\x2f\x01")] == ["aac", "mp3"]
    health = flv.Health(audio="aac")
    for number in range(100):
        body = (b"\x17\x01" if number % 50 == 0 else b"\x27\x01") + bytes(1248)
        health.note(flv.VIDEO, number * 100, body, number / 10)
    report = health.report()
    assert (report["kbps"], report["frame_rate"], report["keyframe_s"]) == (101, 10.0, 5.0)
    assert report["warnings"] == ["keyframes_rare"]
