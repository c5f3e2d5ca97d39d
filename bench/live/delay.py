"""From a camera to a viewer: how old the picture is that a player shows, by the embedded default.

    python -m bench.live.delay [--seconds 25]

Each frame of the test stream carries the clock in its pixels. ffmpeg encodes it as an encoder of a host does (keyframe every
second) and pushes it by RTMP; the house's ingest makes segments and a playlist. A player is imitated as hls.js is set in the
mall: it reads the playlist once a segment and plays two segments behind its end. What it would show is decoded, and its clock read.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import django

from bench.figures import Machine, percentile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")
django.setup()

from xingqu.live.contracts import StreamGrant  # noqa: E402
from xingqu.live.ingest.ffmpeg import find_ffmpeg  # noqa: E402
from xingqu.live.ingest.publishing import IngestSettings  # noqa: E402
from xingqu.live.ingest.server import RtmpServer  # noqa: E402

WIDTH, HEIGHT, RATE = 192, 64, 25
BITS, BLOCK = 24, 8  # milliseconds of a day's part, each bit a block of pixels
SEGMENT_MS, BEHIND = 1_000, 2


class Door:
    """Lets everybody publish."""

    def open(self, key: str, *, recording: bool) -> StreamGrant:
        return StreamGrant(1, "token", 1, "room-1")

    def confirm(self, token: str, *, since: datetime) -> bool:
        return True

    def beat(self, token: str, health: dict[str, object]) -> bool:
        return True

    def close(self, token: str, reason: str) -> None:
        return None


def now_bits() -> int:
    return int(time.time() * 1000) % (1 << BITS)


def frame(clock: int) -> bytes:
    """A grey picture with the clock in blocks."""
    row = b"".join((b"\xe0" if clock >> (BITS - 1 - bit) & 1 else b"\x20") * BLOCK for bit in range(BITS))
    return row * HEIGHT


def read_frame(pixels: bytes) -> int:
    """The clock in a decoded picture."""
    middle = pixels[HEIGHT // 2 * WIDTH : (HEIGHT // 2 + 1) * WIDTH]
    bits = (middle[bit * BLOCK + BLOCK // 2] > 128 for bit in range(BITS))
    return sum(1 << (BITS - 1 - place) for place, bit in enumerate(bits) if bit)


async def film(port: int, seconds: float) -> None:
    """A host's encoder, fed with frames at their time."""
    command = [
        *(find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "gray"),
        *("-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "pipe:0", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-tune", "zerolatency", "-g", str(RATE), "-pix_fmt", "yuv420p", "-f", "flv"),
        f"rtmp://127.0.0.1:{port}/live/room",
    ]
    encoder = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    started = time.monotonic()
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(max(0.0, started + number / RATE - time.monotonic()))
        encoder.stdin.write(frame(now_bits()))
        await encoder.stdin.drain()
    encoder.stdin.close()
    await encoder.wait()


async def shown_clock(folder: Path, segment: str, at_s: float) -> int:
    """The clock of the frame that stands `at_s` into a segment."""
    data = (folder / "init.mp4").read_bytes() + (folder / segment).read_bytes()
    decoder = await asyncio.create_subprocess_exec(
        *(find_ffmpeg(), "-loglevel", "error", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    pixels, _ = await decoder.communicate(data)
    frames = [pixels[place : place + WIDTH * HEIGHT] for place in range(0, len(pixels), WIDTH * HEIGHT)]
    return read_frame(frames[min(len(frames) - 1, int(at_s * RATE))])


async def watch(folder: Path, until: float) -> tuple[list[float], list[float]]:
    """Seconds behind the camera, of the player and of the newest frame there is, each time the playlist is read."""
    behind_s: list[float] = []
    newest_s: list[float] = []
    while time.monotonic() < until:
        await asyncio.sleep(SEGMENT_MS / 1000)
        playlist = folder / "index.m3u8"
        if not playlist.exists():
            continue
        now = now_bits()
        found = re.findall(r"#EXTINF:([\d.]+),\n(?:#.*\n)*(\S+\.m4s)", playlist.read_text("ascii"))
        target_s = BEHIND * SEGMENT_MS / 1000
        place, left_s = len(found) - 1, target_s
        while place > 0 and float(found[place][0]) < left_s:
            left_s -= float(found[place][0])
            place -= 1
        if sum(float(length) for length, _ in found) <= target_s:
            continue
        clock = await shown_clock(folder, found[place][1], float(found[place][0]) - left_s)
        newest = await shown_clock(folder, found[-1][1], 1e9)
        behind_s.append((now - clock) % (1 << BITS) / 1000)
        newest_s.append((now - newest) % (1 << BITS) / 1000)
    return behind_s, newest_s


async def measure(seconds: float) -> tuple[list[float], list[float]]:
    with tempfile.TemporaryDirectory(prefix="xq-delay-") as home:
        settings = IngestSettings(
            segments=Path(home) / "live",
            recordings=Path(home) / "recordings",
            segment_ms=SEGMENT_MS,
            playlist_segments=8,
            silent_s=8.0,
            bitrate_limit_kbps=12_000,
            records=True,
        )
        server = RtmpServer(settings, Door())
        port = await server.listen("127.0.0.1", 0)
        try:
            camera = asyncio.create_task(film(port, seconds))
            seen = await watch(Path(home) / "live" / "room-1", time.monotonic() + seconds - 1)
            await camera
        finally:
            await server.close()
    return seen


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=25.0)
    machine = Machine()
    behind_s, newest_s = asyncio.run(measure(parser.parse_args().seconds))
    for name, values in (("what the player shows", behind_s), ("the newest frame of the playlist", newest_s)):
        print(
            f"{name} is old: p50 {percentile(values, 0.5):.1f} s, least {min(values):.1f} s, most {max(values):.1f} s"
            f" ({len(values)} times)"
        )
    print(machine.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
