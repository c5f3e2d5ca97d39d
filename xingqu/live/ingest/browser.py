"""A host's browser as an encoder: what its MediaRecorder makes is repacked by an ffmpeg child into FLV, and goes the way of RTMP.

H.264 is copied and only the sound encoded to AAC; where a browser makes no H.264 the picture is encoded, too.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from xingqu.live.ingest import amf, flv
from xingqu.live.ingest.ffmpeg import ToolMissing, find_ffmpeg
from xingqu.live.ingest.ports import StreamDesk
from xingqu.live.ingest.publishing import IngestSettings, Publication, StreamEnded, on_thread

CONTAINERS = {"video/webm": "matroska", "video/x-matroska": "matroska", "video/mp4": "mov"}
COPIED = ("h264", "avc1", "avc3")
ENCODED = ("vp8", "vp9", "vp09", "av1", "av01")
STOP_S = 5.0
FLV_HEAD_BYTES = 13
Receive = Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a browser says it sends: the container as ffmpeg calls it, and whether the picture can be copied."""

    container: str
    copies: bool


def read_mime(mime: str) -> Recorded | None:
    """What a MediaRecorder's type means, as ``video/webm;codecs=h264,opus``; None for what can't be taken."""
    kind, _, rest = mime.lower().partition(";")
    container = CONTAINERS.get(kind.strip())
    codecs = rest.partition("codecs=")[2].strip('" ').split(",")
    video = codecs[0].strip().partition(".")[0]
    if container is None or video not in (*COPIED, *ENCODED):
        return None
    return Recorded(container, video in COPIED)


def repack_arguments(recorded: Recorded) -> list[str]:
    """The recorder's bytes on the input become FLV of H.264 and AAC on the output."""
    picture = ["-c:v", "copy"]
    if not recorded.copies:
        picture = [
            *("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"),
            *("-force_key_frames", "expr:gte(t,n_forced)", "-maxrate", "2500k", "-bufsize", "2500k", "-threads", "2"),
        ]
    return [
        *(
            "-hide_banner",
            "-loglevel",
            "error",
            "-nostats",
            "-protocol_whitelist",
            "pipe",
            "-fflags",
            "+nobuffer+genpts",
        ),
        # What there is to know of the streams stands at the recorder's beginning: looking longer only delays the picture.
        *("-probesize", "200000", "-analyzeduration", "500000"),
        *("-f", recorded.container, "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0?", *picture),
        *("-c:a", "aac", "-b:a", "96k", "-ar", "44100", "-ac", "2", "-flush_packets", "1"),
        *("-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1"),
    ]


class BrowserPush:
    """One browser's stream, from its first bytes to its last; the rules are those of RTMP (key, one host, codecs, rate)."""

    def __init__(self, settings: IngestSettings, desk: StreamDesk) -> None:
        self._settings = settings
        self._desk = desk

    async def run(
        self, receive: Receive, *, key: str, recorded: Recorded, opened: Callable[[], Awaitable[None]]
    ) -> str:
        """Take the stream until the browser ends it (`receive` gives None) or it must stop; returns why, as a code.

        `opened` is awaited once the key is let in. Raises StreamRefused before that, ToolMissing without an ffmpeg.
        """
        find_ffmpeg()
        grant = await on_thread(self._desk.open, key[:200], recording=self._settings.records)
        publication, reason = Publication(grant, self._settings, self._desk), "disconnected"
        publication.health.encoder = "browser"
        child: asyncio.subprocess.Process | None = None
        try:
            await opened()
            child = await _start(recorded)
            await _stream(receive, child, publication)
        except StreamEnded as ended:
            reason = ended.reason
        except (ConnectionError, asyncio.IncompleteReadError):
            reason = "media_broken"
        finally:
            if child is not None:
                await _stop(child)
            await asyncio.shield(publication.close(reason))
        return reason


async def _stream(receive: Receive, child: asyncio.subprocess.Process, publication: Publication) -> None:
    """Until the browser ends it, with what the child still has then. Raises StreamEnded, ConnectionError, IncompleteReadError."""
    giving = asyncio.create_task(_hand_over(receive, child))
    taking = asyncio.create_task(_read_flv(child, publication))
    watching = asyncio.create_task(publication.run())
    try:
        done, _ = await asyncio.wait((giving, taking, watching), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        with contextlib.suppress(asyncio.IncompleteReadError):  # its end
            done, _ = await asyncio.wait((taking, watching), timeout=STOP_S, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in (giving, taking, watching):
            task.cancel()
        await asyncio.gather(giving, taking, watching, return_exceptions=True)


async def _start(recorded: Recorded) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            find_ffmpeg(),
            *repack_arguments(recorded),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )
    except OSError as error:
        raise ToolMissing(f"ffmpeg did not start: {error}") from error


async def _stop(child: asyncio.subprocess.Process) -> None:
    assert child.stdin is not None
    child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), STOP_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


async def _hand_over(receive: Receive, child: asyncio.subprocess.Process) -> None:
    """The browser's bytes to the child, and their end. Raises ConnectionError when the child has ended."""
    assert child.stdin is not None
    while (data := await receive()) is not None:
        child.stdin.write(data)
        await child.stdin.drain()
    child.stdin.close()


async def _read_flv(child: asyncio.subprocess.Process, publication: Publication) -> None:
    """Each message of the child's FLV to the publication. Raises StreamEnded, IncompleteReadError at its end."""
    stream = child.stdout
    assert stream is not None
    await stream.readexactly(FLV_HEAD_BYTES)
    while True:
        head = await stream.readexactly(11)
        body = await stream.readexactly(int.from_bytes(head[1:4], "big"))
        await stream.readexactly(4)
        if head[0] == flv.SCRIPT:
            _note(publication, body)
        await publication.feed(head[0], int.from_bytes(head[7:8] + head[4:7], "big"), body)


def _note(publication: Publication, body: bytes) -> None:
    with contextlib.suppress(amf.BadAmf):
        values = amf.decode(body)
        if values[:1] == ["onMetaData"] and len(values) > 1 and isinstance(values[1], dict):
            publication.note_metadata({name: value for name, value in values[1].items() if name in ("width", "height")})
