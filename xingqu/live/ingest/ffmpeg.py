"""ffmpeg for live streams: one child a stream copies FLV from its input into HLS, and cuts are copied out of recordings."""

import asyncio
import contextlib
import importlib
import os
import signal
import subprocess
from functools import cache
from pathlib import Path

PLAYLIST = "index.m3u8"
STOP_S = 8.0


class ToolMissing(RuntimeError):
    """This machine has no ffmpeg that can be used."""


@cache
def find_ffmpeg() -> str:
    """Path of the ffmpeg that imageio-ffmpeg carries. Raises ToolMissing."""
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise ToolMissing(f"no ffmpeg for this machine: {error}") from error


def segmenter_arguments(folder: Path, *, segment_ms: int, segments: int) -> list[str]:
    """FLV on the input becomes fMP4 segments and a playlist in `folder`; nothing is encoded again.

    A segment ends at the first keyframe after its length. Keyframes that come as often as segments should end are a millisecond
    early as often as late, hence a little less is asked for.
    """
    return [
        *("-hide_banner", "-loglevel", "warning", "-nostats", "-fflags", "+nobuffer+genpts", "-flags", "low_delay"),
        *("-probesize", "500000", "-analyzeduration", "500000", "-f", "flv", "-i", "pipe:0"),
        *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-flush_packets", "1"),
        *("-f", "hls", "-hls_time", f"{segment_ms * 0.9 / 1000:g}", "-hls_list_size", str(segments)),
        *("-hls_delete_threshold", "6", "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"),
        *("-hls_flags", "delete_segments+independent_segments+program_date_time+temp_file"),
        *("-hls_segment_filename", str(folder / "s%06d.m4s"), str(folder / PLAYLIST)),
    ]


class Segmenter:
    """The child of one stream. It ends with its input, and is killed when it does not."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: Path, *, segment_ms: int, segments: int) -> "Segmenter":
        """Start it; `folder` is made. Raises ToolMissing."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with (folder / ".ffmpeg.log").open("wb") as said:
                process = await asyncio.create_subprocess_exec(
                    find_ffmpeg(),
                    *segmenter_arguments(folder, segment_ms=segment_ms, segments=segments),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    start_new_session=True,
                    env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                )
        except OSError as error:
            raise ToolMissing(f"ffmpeg did not start: {error}") from error
        return cls(process)

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def write(self, data: bytes) -> None:
        """Hand over bytes of FLV. Raises BrokenPipeError, ConnectionResetError when the child has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        await self._process.stdin.drain()

    async def stop(self) -> None:
        """Close the input, wait a moment for the last segment, and leave no process behind."""
        stdin = self._process.stdin
        if stdin is not None:
            stdin.close()
            with contextlib.suppress(OSError):
                await stdin.wait_closed()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
