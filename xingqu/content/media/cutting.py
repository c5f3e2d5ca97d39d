"""A part of a published clip as a new file, and one of its frames: the clip itself is only read."""

from pathlib import Path

from xingqu.content.media.errors import CorruptMedia
from xingqu.content.media.process import CancelCheck, ProgressCallback, ToolLimits, link_source, run_tool

CUT_QUALITY = 20  # the result is encoded once more: close to the source
FRAME_LIMITS = ToolLimits(timeout_s=20.0, threads=1)


def _input(source: Path, start_ms: int) -> list[str]:
    container = "hls" if source.suffix == ".m3u8" else "mov"
    return ["-ss", f"{start_ms / 1000:.3f}", "-protocol_whitelist", "file", "-f", container, "-i", link_source(source)]


def cut_clip(
    source: Path,
    out_path: Path,
    *,
    start_ms: int,
    end_ms: int,
    limits: ToolLimits | None = None,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> None:
    """Write what stands from `start_ms` until `end_ms` of a playlist or MP4 of the house to `out_path`, exact to a frame.

    Raises:
        CorruptMedia, MediaTimeout, MediaCancelled, ToolFailed: nothing was written.
    """
    unfinished = out_path.with_suffix(".cutting")
    length_ms = end_ms - start_ms
    limits = limits or ToolLimits()
    arguments = [
        *("-y", *_input(source, start_ms), "-t", f"{length_ms / 1000:.3f}", "-map", "0:v:0", "-map", "0:a:0?"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(CUT_QUALITY), "-pix_fmt", "yuv420p"),
        *("-threads", str(limits.threads), "-c:a", "aac", "-b:a", "128k", "-map_metadata", "-1"),
        *("-movflags", "+faststart", "-f", "mp4", str(unfinished)),
    ]
    try:
        result = run_tool(
            arguments, limits=limits, expected_ms=length_ms, on_progress=on_progress, should_cancel=should_cancel
        )
        if result.returncode != 0 or not unfinished.exists():
            raise CorruptMedia(f"the clip could not be cut: {result.log[-200:]}")
        unfinished.rename(out_path)
    finally:
        unfinished.unlink(missing_ok=True)


def grab_frame(source: Path, out_path: Path, *, at_ms: int) -> None:
    """Write the frame at `at_ms` of a playlist or MP4 of the house as PNG.

    Raises:
        CorruptMedia, MediaTimeout, ToolFailed: nothing was written.
    """
    arguments = ["-y", *_input(source, at_ms), "-frames:v", "1", "-threads", "1", "-f", "image2", str(out_path)]
    result = run_tool(arguments, limits=FRAME_LIMITS)
    if result.returncode != 0 or not out_path.exists():
        out_path.unlink(missing_ok=True)
        raise CorruptMedia("there is no frame at this time")
