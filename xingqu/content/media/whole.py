"""A recording of hours becomes HLS without being encoded again: one rendition, its streams copied."""

import shutil
import tempfile
from pathlib import Path

from PIL import Image

from xingqu.content.media.cutting import grab_frame
from xingqu.content.media.errors import CorruptMedia
from xingqu.content.media.ffmpeg import (
    MASTER_NAME,
    POSTER_NAME,
    POSTER_WIDTH_MAX_PX,
    PREVIEW_COUNT,
    PREVIEW_WIDTH_PX,
    RenditionSet,
    Step,
    check_whole,
    choose_poster,
    describe_rendition,
    fit_even,
    hls_arguments,
)
from xingqu.content.media.playlists import write_master
from xingqu.content.media.probe import VideoLimits, VideoProbe, input_arguments, probe_video
from xingqu.content.media.process import CancelCheck, ProgressCallback, run_tool

# Long segments, so that the playlist of hours stays short.
WHOLE_NAME, WHOLE_SEGMENT_S = "whole", 6


def copy_recording(
    source: Path,
    out_dir: Path,
    *,
    limits: VideoLimits | None = None,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> RenditionSet:
    """Write a recording of hours as HLS of one rendition, its streams copied, with poster and previews.

    Costs reading and writing; nothing is encoded, so viewers see what the encoder sent. As `ffmpeg.make_renditions` otherwise.

    Raises:
        MediaError: see `probe_video`; CorruptMedia for what is not H.264 with AAC or silence.
    """
    limits = limits or VideoLimits()
    probe = probe_video(source, limits=limits, should_cancel=should_cancel)
    if (probe.container, probe.video_codec) != ("mov", "h264") or probe.audio_codec not in (None, "aac"):
        raise CorruptMedia("a recording is an MP4 of H.264 and AAC")
    step = Step(WHOLE_NAME, probe.width_px, probe.height_px, 0, 0, 0)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out_dir.name}-", dir=out_dir.parent) as work:
        folder = Path(work) / "media"
        (folder / step.name).mkdir(parents=True)
        result = run_tool(
            [
                *("-y", *input_arguments(source, probe.container), "-map", "0:V:0", "-map", "0:a:0?", "-c", "copy"),
                *hls_arguments(folder / step.name, segment_s=WHOLE_SEGMENT_S),
            ],
            limits=limits.tool,
            expected_ms=probe.duration_ms,
            on_progress=on_progress,
            should_cancel=should_cancel,
        )
        if result.returncode != 0:
            raise CorruptMedia(f"the recording can't be copied: {result.log.strip().splitlines()[-1:]}")
        check_whole(folder, (step,), probe)
        rendition = describe_rendition(folder, step, probe, copied=True)
        previews = _grab_stills(source, folder, probe)
        poster = choose_poster(folder, previews)
        write_master((rendition,), folder / MASTER_NAME)
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if out_dir.exists():
            shutil.rmtree(out_dir)
        folder.rename(out_dir)
    return RenditionSet(
        out_dir=out_dir,
        master=MASTER_NAME,
        single="",
        renditions=(rendition,),
        poster=poster,
        previews=previews,
        duration_ms=probe.duration_ms,
        width_px=probe.width_px,
        height_px=probe.height_px,
        has_audio=probe.audio_codec is not None,
        bytes_total=total,
        source=probe,
    )


def _grab_stills(source: Path, folder: Path, probe: VideoProbe) -> tuple[str, ...]:
    """Poster and previews of a long video, each sought and not found by decoding all of it."""
    for place in range(PREVIEW_COUNT):
        frame = folder / "frame.png"
        grab_frame(source, frame, at_ms=probe.duration_ms * place // PREVIEW_COUNT)
        with Image.open(frame) as picture:
            still = picture.convert("RGB")
        frame.unlink()
        if place == 0:
            still.resize(fit_even(*still.size, POSTER_WIDTH_MAX_PX)).save(folder / POSTER_NAME, "WEBP", quality=82)
        still.thumbnail((PREVIEW_WIDTH_PX, PREVIEW_WIDTH_PX * 4))
        still.save(folder / f"preview-{place + 1}.webp", "WEBP", quality=70)
    return tuple(sorted(path.name for path in folder.glob("preview-*.webp")))
