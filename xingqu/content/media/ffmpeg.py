"""A checked video becomes HLS: two fMP4 renditions, a master playlist, a poster and preview frames.

Method: one ffmpeg run decodes once and feeds every output. Keyframes are forced at 0, 1, 3, 5 ... s, so the
first segment lasts one second (a quick start) and the others two. A source that already is light H.264 with
such keyframes is copied instead of encoded. A short clip whose best rendition is light enough for a slow phone
network is written once more as one MP4 (the same streams, not encoded again): it starts without playlists.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageStat

from xingqu.content.media.errors import CorruptMedia
from xingqu.content.media.playlists import Rendition, read_codecs, read_segments, write_master
from xingqu.content.media.probe import VideoLimits, VideoProbe, input_arguments, probe_video
from xingqu.content.media.process import CancelCheck, ProgressCallback, ToolResult, run_tool

MASTER_NAME = "master.m3u8"
POSTER_NAME = "poster.webp"
SINGLE_NAME = "clip.mp4"
SINGLE_DURATION_MAX_MS = 30_000
SINGLE_BIT_RATE_MAX_BPS = 1_000_000
PREVIEW_COUNT = 5
PREVIEW_WIDTH_PX = 240
POSTER_WIDTH_MAX_PX = 720
FRAME_RATE_MAX = 30
SEGMENT_MAX_S = 4.0
COPY_BIT_RATE_MAX_BPS = 3_500_000
LADDER = (("720p", 720, 26, 2_500, 96), ("360p", 360, 28, 700, 64))
FLAT_POSTER_SPREAD = 6.0
TONE_MAP = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"


@dataclass(frozen=True)
class RenditionSet:
    """All files of one published video, relative to `out_dir`, and the source's description.

    `single` is the best rendition as one MP4, empty when the video is too long or too heavy for that.
    """

    out_dir: Path
    master: str
    single: str
    renditions: tuple[Rendition, ...]
    poster: str
    previews: tuple[str, ...]
    duration_ms: int
    width_px: int
    height_px: int
    has_audio: bool
    bytes_total: int
    source: VideoProbe


@dataclass(frozen=True)
class Step:
    """One rung of the ladder with the size it gets for this source."""

    name: str
    width_px: int
    height_px: int
    quality: int
    video_kbps: int
    audio_kbps: int


def fit_even(width: int, height: int, short_side: int) -> tuple[int, int]:
    scale = min(1.0, short_side / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _plan_steps(probe: VideoProbe) -> tuple[Step, ...]:
    """The rungs at or below the source's size; at least one, never enlarged."""
    short_side = min(probe.width_px, probe.height_px)
    rungs = [rung for rung in LADDER if rung[1] < short_side * 1.2] or [LADDER[-1]]
    return tuple(
        Step(name, *fit_even(probe.width_px, probe.height_px, side), quality, kbps, audio)
        for name, side, quality, kbps, audio in rungs
    )


def _may_copy(probe: VideoProbe, step: Step) -> bool:
    return (
        probe.container == "mov"
        and probe.video_codec == "h264"
        and probe.audio_codec in (None, "aac")
        and probe.pixel_format == "yuv420p"
        and probe.rotation_degrees == 0
        and probe.square_pixels
        and (probe.width_px, probe.height_px) == (step.width_px, step.height_px)
        and probe.frame_rate <= FRAME_RATE_MAX + 0.1
        and probe.bit_rate_bps <= COPY_BIT_RATE_MAX_BPS
    )


def _scale_filter(probe: VideoProbe, width: int, height: int) -> str:
    tone = [TONE_MAP] if probe.high_dynamic_range else []
    return ",".join([*tone, f"scale={width}:{height}:flags=bicubic", "setsar=1", "format=yuv420p"])


def _encode_arguments(probe: VideoProbe, step: Step, threads: int) -> list[str]:
    return [
        *("-vf", _scale_filter(probe, step.width_px, step.height_px), "-fpsmax", str(FRAME_RATE_MAX)),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", str(step.quality)),
        *("-maxrate", f"{step.video_kbps}k", "-bufsize", f"{step.video_kbps * 2}k"),
        *("-g", "300", "-sc_threshold", "0", "-threads", str(threads)),
        *("-force_key_frames", "expr:gte(t,if(eq(n_forced,0),0,2*n_forced-1))"),
        *("-c:a", "aac", "-b:a", f"{step.audio_kbps}k", "-ac", "2", "-ar", "44100"),
    ]


def hls_arguments(folder: Path, *, segment_s: int = 1) -> list[str]:
    # The cut times count from the start by hls_time, so with keyframes at 0, 1, 3, 5 ... each keyframe cuts.
    return [
        *(
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-f",
            "hls",
            "-hls_time",
            str(segment_s),
            "-hls_list_size",
            "0",
        ),
        *("-hls_segment_type", "fmp4", "-hls_playlist_type", "vod", "-hls_flags", "independent_segments"),
        *("-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", str(folder / "s%04d.m4s")),
        str(folder / "index.m3u8"),
    ]


def _still_arguments(probe: VideoProbe, folder: Path) -> list[str]:
    poster_width, poster_height = fit_even(probe.width_px, probe.height_px, POSTER_WIDTH_MAX_PX)
    share = PREVIEW_WIDTH_PX / probe.width_px
    small = (PREVIEW_WIDTH_PX, max(2, round(probe.height_px * share / 2) * 2))
    rate = f"fps={PREVIEW_COUNT * 1000}/{probe.duration_ms}:start_time=0:round=down"
    webp = ["-c:v", "libwebp", "-an", "-f", "image2"]
    return [
        *("-map", "0:V:0", "-vf", _scale_filter(probe, poster_width, poster_height), "-frames:v", "1"),
        *(*webp, "-quality", "82", "-update", "1", str(folder / POSTER_NAME)),
        *("-map", "0:V:0", "-vf", f"{rate},{_scale_filter(probe, *small)}", "-frames:v", str(PREVIEW_COUNT)),
        *(*webp, "-quality", "72", "-start_number", "1", str(folder / "preview-%d.webp")),
    ]


def _run_ladder(
    source: Path,
    probe: VideoProbe,
    steps: tuple[Step, ...],
    folder: Path,
    *,
    copy_first: bool,
    limits: VideoLimits,
    on_progress: ProgressCallback | None,
    should_cancel: CancelCheck | None,
) -> ToolResult:
    arguments = ["-y", "-threads", str(limits.tool.threads), *input_arguments(source, probe.container)]
    for place, step in enumerate(steps):
        (folder / step.name).mkdir(parents=True, exist_ok=True)
        arguments += ["-map", "0:V:0", "-map", "0:a:0?"]
        if place == 0 and copy_first:
            arguments += ["-c", "copy"]
        else:
            arguments += _encode_arguments(probe, step, limits.tool.threads)
        arguments += hls_arguments(folder / step.name)
    arguments += _still_arguments(probe, folder)
    return run_tool(
        arguments,
        limits=limits.tool,
        expected_ms=probe.duration_ms,
        on_progress=on_progress,
        should_cancel=should_cancel,
    )


def _is_segmented(folder: Path, step: Step) -> bool:
    """Whether a copied rendition starts quickly and has no long segment."""
    segments = read_segments(folder / step.name / "index.m3u8")
    return segments.durations_s[0] <= 2.1 and max(segments.durations_s) <= SEGMENT_MAX_S


def describe_rendition(folder: Path, step: Step, probe: VideoProbe, *, copied: bool) -> Rendition:
    playlist = folder / step.name / "index.m3u8"
    segments = read_segments(playlist)
    initialisation = (playlist.parent / "init.mp4").read_bytes()
    return Rendition(
        name=step.name,
        playlist=f"{step.name}/index.m3u8",
        width_px=step.width_px,
        height_px=step.height_px,
        frame_rate=min(probe.frame_rate or FRAME_RATE_MAX, FRAME_RATE_MAX),
        codecs=read_codecs(initialisation, has_audio=probe.audio_codec is not None),
        bandwidth_bps=segments.peak_bps,
        average_bandwidth_bps=segments.average_bps,
        bytes_total=sum(segments.sizes_bytes) + len(initialisation),
        copied=copied,
    )


def _write_single(
    folder: Path, best: Rendition, probe: VideoProbe, limits: VideoLimits, should_cancel: CancelCheck | None
) -> str:
    """Put the best rendition's streams into one MP4 with its index in front; returns its name, or nothing."""
    if probe.duration_ms > SINGLE_DURATION_MAX_MS or best.average_bandwidth_bps > SINGLE_BIT_RATE_MAX_BPS:
        return ""
    result = run_tool(
        [
            *("-y", *input_arguments(folder / best.playlist, "hls"), "-map", "0", "-c", "copy"),
            *("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart"),
            *("-f", "mp4", str(folder / SINGLE_NAME)),
        ],
        limits=limits.tool,
        expected_ms=probe.duration_ms,
        should_cancel=should_cancel,
    )
    if result.returncode != 0:
        raise CorruptMedia(f"the renditions do not join: {result.log.strip().splitlines()[-1:]}")
    return SINGLE_NAME


def choose_poster(folder: Path, previews: tuple[str, ...]) -> str:
    """The first frame, so that play starts without a jump; a later one when the first is one flat colour."""
    poster = folder / POSTER_NAME
    with Image.open(poster) as picture:
        spread = ImageStat.Stat(picture.convert("L")).stddev[0]
    if spread < FLAT_POSTER_SPREAD and len(previews) > 1:
        shutil.copyfile(folder / previews[len(previews) // 2], poster)
    return POSTER_NAME


def check_whole(folder: Path, steps: tuple[Step, ...], probe: VideoProbe) -> None:
    for step in steps:
        total_ms = read_segments(folder / step.name / "index.m3u8").total_s * 1000
        if probe.duration_ms - total_ms > max(1000, probe.duration_ms / 10):
            raise CorruptMedia(f"only {total_ms / 1000:.1f} s of {probe.duration_ms / 1000:.1f} s decode")


def _make_in(
    source: Path,
    probe: VideoProbe,
    folder: Path,
    limits: VideoLimits,
    on_progress: ProgressCallback | None,
    should_cancel: CancelCheck | None,
) -> tuple[tuple[Rendition, ...], tuple[str, ...]]:
    steps = _plan_steps(probe)
    tries = (True, False) if _may_copy(probe, steps[0]) else (False,)
    for copy_first in tries:
        result = _run_ladder(
            source,
            probe,
            steps,
            folder,
            copy_first=copy_first,
            limits=limits,
            on_progress=on_progress,
            should_cancel=should_cancel,
        )
        if result.returncode == 0 and (not copy_first or _is_segmented(folder, steps[0])):
            break
        if not copy_first:
            raise CorruptMedia(f"the video does not decode: {result.log.strip().splitlines()[-1:]}")
        shutil.rmtree(folder)
        folder.mkdir()
    check_whole(folder, steps, probe)
    renditions = tuple(
        describe_rendition(folder, step, probe, copied=copy_first and place == 0) for place, step in enumerate(steps)
    )
    previews = tuple(sorted(path.name for path in folder.glob("preview-*.webp")))
    return renditions, previews


def _tell_forward(callback: ProgressCallback) -> ProgressCallback:
    """Progress that never falls, also when a copy is given up and the work starts again."""
    told = -1.0

    def tell(fraction: float) -> None:
        nonlocal told
        if fraction > told:
            told = fraction
            callback(fraction)

    return tell


def make_renditions(
    source: Path,
    out_dir: Path,
    *,
    limits: VideoLimits | None = None,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> RenditionSet:
    """Check `source` and write its HLS files, perhaps its MP4, poster and previews into `out_dir`.

    `out_dir` appears complete or not at all: the work is done in a sibling folder that replaces it at the
    end, so a retry after a crash starts clean. `on_progress` gets 0.0 to 1.0.

    Raises:
        MediaError: see `probe_video`; nothing is left in `out_dir` that was not there before.
    """
    limits = limits or VideoLimits()
    on_progress = _tell_forward(on_progress) if on_progress is not None else None
    probe = probe_video(source, limits=limits, should_cancel=should_cancel)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out_dir.name}-", dir=out_dir.parent) as work:
        folder = Path(work) / "media"
        folder.mkdir()
        try:
            renditions, previews = _make_in(source, probe, folder, limits, on_progress, should_cancel)
            poster = choose_poster(folder, previews)
            single = _write_single(folder, renditions[0], probe, limits, should_cancel)
        except (FileNotFoundError, ValueError) as error:
            raise CorruptMedia(f"the video gave no usable output: {error}") from error
        write_master(renditions, folder / MASTER_NAME)
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if out_dir.exists():
            shutil.rmtree(out_dir)
        folder.rename(out_dir)
    if on_progress is not None:
        on_progress(1.0)
    return RenditionSet(
        out_dir=out_dir,
        master=MASTER_NAME,
        single=single,
        renditions=renditions,
        poster=poster,
        previews=previews,
        duration_ms=probe.duration_ms,
        width_px=probe.width_px,
        height_px=probe.height_px,
        has_audio=probe.audio_codec is not None,
        bytes_total=total,
        source=probe,
    )
