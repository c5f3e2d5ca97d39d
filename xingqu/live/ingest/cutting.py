"""Pieces of a recording, copied and not encoded again: content's pipeline looks at them afterwards."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from xingqu.live.ingest.ffmpeg import ToolMissing, find_ffmpeg

TIMEOUT_S = 900


class CutFailed(RuntimeError):
    """ffmpeg could not cut this piece; the text says what it said."""


def cut_recording(*, source: Path, target: Path, start_ms: int, end_ms: int) -> None:
    """Copy [start_ms, end_ms) of an FLV recording into an MP4; it begins at the keyframe before. Raises CutFailed."""
    if not source.is_file():
        raise CutFailed("the recording is gone")
    try:
        command = [
            *(find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "flv"),
            *(
                "-ss",
                f"{start_ms / 1000:.3f}",
                "-i",
                f"file:{source.resolve()}",
                "-t",
                f"{(end_ms - start_ms) / 1000:.3f}",
            ),
            *("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-avoid_negative_ts", "make_zero"),
            *("-movflags", "+faststart", "-f", "mp4", str(target)),
        ]
    except ToolMissing as error:
        raise CutFailed(str(error)) from error
    child = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
    )
    try:
        _, said = child.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise CutFailed("ffmpeg took too long") from error
    if child.returncode != 0 or not target.is_file() or target.stat().st_size < 1_000:
        raise CutFailed(said.decode("utf-8", "replace").strip()[-200:] or "ffmpeg made nothing")
