"""One stream that was let in: its media go to the segmenter and the recording, its health to the desk."""

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

from django.db import close_old_connections

from xingqu.kit import clock
from xingqu.live.contracts import StreamGrant
from xingqu.live.ingest import flv
from xingqu.live.ingest.ffmpeg import PLAYLIST, Segmenter
from xingqu.live.ingest.ports import StreamDesk

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
log = logging.getLogger(__name__)
BEAT_S = 1.0
DISK_RESERVE_BYTES = 1024 * 1024 * 1024
# Viewers who are behind still fetch the last segments.
FOLDER_KEPT_S = 30.0


class StreamEnded(Exception):
    """The stream must stop; `reason` is a code the desk has words for, the text is for the host's encoder."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Folders and limits of the ingest."""

    segments: Path
    recordings: Path
    segment_ms: int
    playlist_segments: int
    silent_s: float
    bitrate_limit_kbps: int
    records: bool


class Publication:
    """From the first message of a stream to its last. `run` watches it; `feed` takes the messages."""

    def __init__(self, grant: StreamGrant, settings: IngestSettings, desk: StreamDesk) -> None:
        self.grant = grant
        self.health = flv.Health()
        self._settings = settings
        self._desk = desk
        self._segmenter: Segmenter | None = None
        self._recording: IO[bytes] | None = None
        self._headers: dict[int, tuple[int, bytes]] = {}
        self._first_ms = 0
        self._since: datetime | None = None
        self._confirmed = False
        self._media_at = time.monotonic()
        self._folder = settings.segments / grant.folder

    async def feed(self, kind: int, timestamp_ms: int, body: bytes) -> None:
        """Take one audio, video or script message. Raises StreamEnded for a codec that viewers can't play."""
        self._media_at = time.monotonic()
        if not body:
            return
        if kind != flv.SCRIPT:
            self._check_codec(kind, body)
            self.health.note(kind, timestamp_ms, body, self._media_at)
        if kind == flv.SCRIPT or flv.is_header(kind, body):
            self._headers[kind] = (kind, body)
            if self._segmenter is None:
                return
        if self._segmenter is None:
            if not (kind == flv.VIDEO and flv.is_keyframe(body)) or flv.VIDEO not in self._headers:
                return  # nothing can be shown before the first whole picture
            await self._begin(timestamp_ms)
        await self._write(flv.tag(kind, (timestamp_ms - self._first_ms) & 0xFFFFFFFF, body))

    async def run(self) -> None:
        """Tell the desk once a second that media arrive. Returns never; raises StreamEnded when the stream must stop."""
        while True:
            await asyncio.sleep(BEAT_S)
            silent_s = time.monotonic() - self._media_at
            if silent_s > self._settings.silent_s:
                raise StreamEnded("silent", "No media for too long.")
            if self.health.kbps() > self._settings.bitrate_limit_kbps:
                limit = self._settings.bitrate_limit_kbps
                raise StreamEnded("bitrate", f"The stream is above {limit} kbit/s. Lower the bit rate in your encoder.")
            if self._segmenter is not None and self._segmenter.ended:
                raise StreamEnded("media_broken", "The stream can't be read.")
            if not await self._is_wanted(silent_s):
                raise StreamEnded("stopped", "The room is over, or its key has changed.")

    async def close(self, reason: str) -> None:
        """End everything that belongs to the stream, whatever state it is in."""
        if self._segmenter is not None:
            await self._segmenter.stop()
        if self._recording is not None:
            self._recording.close()
        with contextlib.suppress(Exception):  # the worker notices a stream that is silent
            await on_thread(self._desk.close, self.grant.token, reason)
        at_once = reason == "stopped"
        loop = asyncio.get_running_loop()
        loop.call_later(0 if at_once else FOLDER_KEPT_S, shutil.rmtree, self._folder, True)

    def _check_codec(self, kind: int, body: bytes) -> None:
        if kind == flv.VIDEO:
            name = flv.video_codec(body)
            if name != "h264":
                raise StreamEnded("video_codec", f"The video is {name}. Set your encoder to H.264.")
            self.health.video = name
            return
        name = flv.audio_codec(body)
        if name != "aac":
            raise StreamEnded("audio_codec", f"The audio is {name}. Set your encoder to AAC.")
        self.health.audio = name

    def note_metadata(self, values: dict[str, object]) -> None:
        """What the encoder says of itself."""
        for name, attribute in (("width", "width"), ("height", "height")):
            value = values.get(name)
            if isinstance(value, float) and 0 < value < 20_000:
                setattr(self.health, attribute, int(value))
        encoder = values.get("encoder")
        if isinstance(encoder, str):
            self.health.encoder = encoder[:60]

    async def _begin(self, timestamp_ms: int) -> None:
        settings = self._settings
        self._first_ms = timestamp_ms
        self._since = clock.now()
        self._segmenter = await Segmenter.start(
            self._folder, segment_ms=settings.segment_ms, segments=settings.playlist_segments
        )
        self._recording = self._open_recording()
        await self._write(flv.HEADER)
        for kind, body in sorted(self._headers.values(), key=lambda item: -item[0]):
            await self._write(flv.tag(kind, 0, body))

    def _open_recording(self) -> IO[bytes] | None:
        if not self._settings.records:
            return None
        path = self._settings.recordings / str(self.grant.room_id) / f"{self.grant.session_id}.flv"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(path.parent).free < DISK_RESERVE_BYTES:
                raise OSError("the disk is nearly full")
            return path.open("wb")
        except OSError:
            log.exception("stream %s is not recorded", self.grant.session_id)
            return None

    async def _write(self, data: bytes) -> None:
        assert self._segmenter is not None
        try:
            await self._segmenter.write(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise StreamEnded("media_broken", "The stream can't be read.") from error
        if self._recording is not None:
            try:
                self._recording.write(data)
            except OSError:
                log.exception("the recording of stream %s ends early", self.grant.session_id)
                self._recording.close()
                self._recording = None

    async def _is_wanted(self, silent_s: float) -> bool:
        try:
            if self._since is not None and not self._confirmed and (self._folder / PLAYLIST).exists():
                self._confirmed = True
                return await on_thread(self._desk.confirm, self.grant.token, since=self._since)
            if silent_s > BEAT_S * 2:
                return True  # nothing to say; the desk counts the silence
            return await on_thread(self._desk.beat, self.grant.token, self.health.report())
        except Exception:  # the database is away for a moment: the show goes on
            log.exception("stream %s could not tell the desk", self.grant.session_id)
            return True


async def on_thread(call: Callable[Parameters, Result], *args: Parameters.args, **named: Parameters.kwargs) -> Result:
    """Run a call that uses the database on a thread, with connections that are alive."""

    def run() -> Result:
        close_old_connections()
        return call(*args, **named)

    return await asyncio.to_thread(run)
