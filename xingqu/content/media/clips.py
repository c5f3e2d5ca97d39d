"""A vertical clip from product pictures: directed shots, kinetic captions and a quiet bed of music, as MP4.

Method: every frame is composed here in H.264's own planes and piped to ffmpeg, which only encodes. The same
spec gives the same clip.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from xingqu.content.media.errors import MediaCancelled, MediaTimeout, ToolFailed
from xingqu.content.media.fonts import Colour
from xingqu.content.media.looks import LOOKS
from xingqu.content.media.process import CancelCheck, ProgressCallback, ToolLimits, kill_child, start_tool
from xingqu.content.media.staging import HEIGHT_PX, WIDTH_PX, Shot, Stage, draw_moment
from xingqu.content.media.tones import synthesise_bed, write_wave

FRAMES_PER_S = 24
QUALITY = 25
# A third less time than plain veryfast at the same size: our pictures move as a whole, without small motion.
ENCODER_TUNING = "subme=1:rc-lookahead=8:trellis=0:ref=1"
VIDEO_KBPS_MAX = 390
AUDIO_KBPS = 56
POINTS_MAX = 3


@dataclass(frozen=True)
class ClipSpec:
    """What a clip shows. `key` seeds every choice; `look` is one of `LOOKS`, or empty to let the key choose.

    `pictures` are 1 to 4 files, upright or square; `points` are up to three short selling points; `accent` is
    `#rrggbb`. A price never belongs in here: it would outlive itself in the picture.
    `seconds_max` cuts the clip short (tests, previews); 0 keeps the look's own 7 to 8 seconds.
    """

    key: str
    pictures: tuple[Path, ...]
    headline: str
    points: tuple[str, ...] = ()
    eyebrow: str = ""
    accent: str = "#8a7f72"
    look: str = ""
    with_sound: bool = True
    seconds_max: float = 0.0


@dataclass(frozen=True)
class ClipFile:
    """A written clip."""

    path: Path
    duration_ms: int
    width_px: int
    height_px: int
    bytes_total: int
    look: str


def seed_generator(key: str) -> np.random.Generator:
    """A random generator that is the same for the same key on every machine."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big"))


def parse_colour(text: str) -> Colour:
    """`#rrggbb` as three integers.

    Raises:
        ValueError: anything else.
    """
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"not a #rrggbb colour: {text!r}")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def open_stage(spec: ClipSpec, generator: np.random.Generator) -> Stage:
    """Load a spec's pictures.

    Raises:
        ValueError: no picture, or no headline.
    """
    if not spec.pictures or not spec.headline.strip():
        raise ValueError("a clip needs at least one picture and a headline")
    pictures = []
    for path in spec.pictures[:4]:
        with Image.open(path) as picture:
            pictures.append(picture.convert("RGB"))
    return Stage(
        tuple(pictures),
        spec.headline.strip(),
        tuple(point for point in spec.points if point.strip())[:POINTS_MAX],
        spec.eyebrow.strip(),
        parse_colour(spec.accent),
        generator,
    )


def choose_look(spec: ClipSpec, generator: np.random.Generator) -> str:
    """The spec's look, or a seeded one."""
    if spec.look:
        if spec.look not in LOOKS:
            raise ValueError(f"unknown look {spec.look!r}: one of {', '.join(LOOKS)}")
        return spec.look
    return str(generator.choice(list(LOOKS)))


def _encode_arguments(out_path: Path, sound: Path | None, threads: int) -> list[str]:
    arguments = [
        *(
            "-y",
            "-loglevel",
            "error",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            f"{WIDTH_PX}x{HEIGHT_PX}",
        ),
        *("-color_range", "tv", "-colorspace", "bt709", "-r", str(FRAMES_PER_S), "-i", "pipe:0"),
    ]
    if sound is not None:
        arguments += ["-i", str(sound), "-c:a", "aac", "-b:a", f"{AUDIO_KBPS}k"]
    return [
        *arguments,
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", str(QUALITY)),
        *("-x264-params", ENCODER_TUNING, "-pix_fmt", "yuv420p"),
        *("-maxrate", f"{VIDEO_KBPS_MAX}k", "-bufsize", f"{VIDEO_KBPS_MAX * 2}k", "-threads", str(threads)),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        # Keyframes where `ffmpeg.make_renditions` wants to cut, so that it can copy instead of encode.
        *(
            "-g",
            "300",
            "-sc_threshold",
            "0",
            "-force_key_frames",
            "expr:gte(t,if(eq(n_forced,0),0,2*n_forced-1))",
        ),
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart"),
        *("-f", "mp4", str(out_path)),
    ]


def _pipe_frames(
    shots: list[Shot],
    frames: int,
    arguments: list[str],
    limits: ToolLimits,
    on_progress: ProgressCallback | None,
    should_cancel: CancelCheck | None,
) -> None:
    with (
        tempfile.TemporaryFile() as log,
        start_tool(arguments, log=log, limits=limits, piped_in=True) as child,
    ):
        assert child.stdin is not None
        late = threading.Event()

        def stop_late() -> None:
            late.set()
            kill_child(child)

        watchdog = threading.Timer(limits.timeout_s, stop_late)
        watchdog.start()
        try:
            for place in range(frames):
                if should_cancel is not None and should_cancel():
                    raise MediaCancelled("stopped because the caller asked")
                child.stdin.write(draw_moment(shots, place / FRAMES_PER_S).to_bytes())
                if on_progress is not None and place % FRAMES_PER_S == 0:
                    on_progress(place / frames)
            child.stdin.close()
            returncode = child.wait()
        except (BrokenPipeError, ValueError) as error:
            if not late.is_set() and isinstance(error, ValueError):
                raise
            returncode = child.wait()
        finally:
            watchdog.cancel()
        if late.is_set():
            raise MediaTimeout(f"not finished after {limits.timeout_s:g} s")
        if returncode != 0:
            log.seek(0)
            raise ToolFailed(f"the clip was not encoded: {log.read()[-400:].decode('utf-8', 'replace')}")


def make_clip(
    spec: ClipSpec,
    out_path: Path,
    *,
    limits: ToolLimits | None = None,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> ClipFile:
    """Write the clip of `spec` to `out_path` (MP4, 720x1280, H.264 and AAC); it appears complete or not at
    all.

    Raises:
        ValueError: the spec has no picture or headline, an unknown look or a colour that is none.
        MediaTimeout, MediaCancelled, ToolFailed: nothing was written.
    """
    limits = limits or ToolLimits(threads=1)
    generator = seed_generator(spec.key)
    look = choose_look(spec, generator)
    shots = LOOKS[look](open_stage(spec, generator))
    seconds = sum(shot.seconds for shot in shots)
    if spec.seconds_max:
        seconds = min(seconds, spec.seconds_max)
    frames = max(1, round(seconds * FRAMES_PER_S))
    out_path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out_path.stem}-", dir=out_path.parent) as work:
        sound = Path(work) / "bed.wav" if spec.with_sound else None
        if sound is not None:
            write_wave(synthesise_bed(frames / FRAMES_PER_S, generator), sound)
        unfinished = Path(work) / "clip.mp4"
        arguments = _encode_arguments(unfinished, sound, limits.threads)
        _pipe_frames(shots, frames, arguments, limits, on_progress, should_cancel)
        unfinished.rename(out_path)
    if on_progress is not None:
        on_progress(1.0)
    with contextlib.suppress(OSError):
        out_path.chmod(0o644)
    return ClipFile(out_path, round(frames * 1000 / FRAMES_PER_S), WIDTH_PX, HEIGHT_PX, out_path.stat().st_size, look)
