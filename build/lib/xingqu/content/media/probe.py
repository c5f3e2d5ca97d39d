"""What a video file is, found without ffprobe: magic bytes, ffmpeg's own description, and one pass over its
packets.

ffmpeg picks a demuxer by content, and some of its demuxers (hls, concat, image lists, mpd) open other files
that the content names. So the container is told from the first bytes here and forced with `-f`; nothing else
is ever probed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from xingqu.content.media.errors import (
    CorruptMedia,
    NotAVideo,
    NoVideoStream,
    TooLarge,
    TooLong,
    TooManyBytes,
    TooShort,
    UnsupportedCodec,
)
from xingqu.content.media.process import CancelCheck, ToolLimits, ToolResult, link_source, run_tool

VIDEO_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4"})
AUDIO_CODECS = frozenset({"aac", "mp3", "opus", "vorbis", "ac3", "eac3", "flac", "alac"})
DECODERS = (
    "h264,hevc,vp8,vp9,libdav1d,mpeg4,aac,mp3float,mp3,opus,vorbis,ac3,eac3,flac,alac,"
    "pcm_s16le,pcm_s24le,pcm_s16be,pcm_u8,pcm_f32le"
)
PICTURE_BRANDS = (
    b"heic",
    b"heix",
    b"heim",
    b"hevc",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
    b"M4A ",
    b"M4B ",
    b"crx ",
)
BROKEN_TALK = re.compile(
    r"moov atom not found|partial file|Invalid data found|Truncated|truncating|EBML header parsing failed"
    r"|File ended prematurely|error reading header|End of file|could not find codec parameters",
    re.IGNORECASE,
)

DURATION_LINE = re.compile(r"^  Duration: (?:(\d+):(\d\d):(\d\d)\.(\d\d)|N/A)", re.MULTILINE)
STREAM_LINE = re.compile(r"^  Stream #0:\d+(?:\[0x[0-9a-f]+\])?(?:\([^)\n]*\))?: (Video|Audio): (.*)$", re.MULTILINE)
SIZE_PART = re.compile(r", (\d{1,6})x(\d{1,6})(?:,? \[?SAR (\d+):(\d+) DAR \d+:\d+\]?)?")
RATE_PART = re.compile(r", (\d+(?:\.\d+)?)(k?) (fps|tbr)")
ROTATION_PART = re.compile(
    r"^ {4,}(?:display ?matrix: )?rotation of (-?\d+(?:\.\d+)?) degrees", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True)
class VideoLimits:
    """What an uploaded video may be. Pixels count the stored frame; `tool` bounds the child processes."""

    bytes_max: int = 1_000_000_000
    duration_min_ms: int = 500
    duration_max_ms: int = 600_000
    side_max_px: int = 4096
    frame_max_px: int = 4096 * 2304
    tool: ToolLimits = field(default_factory=ToolLimits)


@dataclass(frozen=True)
class VideoProbe:
    """A readable video: container name as ffmpeg calls it, size as displayed (rotation and pixel shape
    applied).
    """

    container: str
    duration_ms: int
    width_px: int
    height_px: int
    frame_rate: float
    video_codec: str
    pixel_format: str
    rotation_degrees: int
    square_pixels: bool
    high_dynamic_range: bool
    audio_codec: str | None
    bytes_total: int

    @property
    def bit_rate_bps(self) -> int:
        """Mean bits a second over the whole file."""
        return self.bytes_total * 8000 // max(1, self.duration_ms)


def sniff_container(head: bytes) -> str | None:
    """ffmpeg's demuxer name for a file's first bytes, or None when it is no video container that we
    accept.
    """
    if len(head) < 16:
        return None
    box = head[4:8]
    if box == b"ftyp":
        return None if head[8:12] in PICTURE_BRANDS else "mov"
    if box in (b"moov", b"mdat", b"wide", b"free", b"skip") and head[0] == 0:
        return "mov"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    for first, step in ((0, 188), (4, 192)):
        marks = head[first : first + 4 * step : step]
        if len(marks) == 4 and set(marks) == {0x47}:
            return "mpegts"
    return None


def input_arguments(source: Path, container: str) -> list[str]:
    """The arguments that open `source` and nothing else: forced demuxer, local file only, known decoders
    only.
    """
    return [
        *("-protocol_whitelist", "file", "-f", container, "-codec_whitelist", DECODERS),
        *("-i", link_source(source)),
    ]


def _count_ms(found: re.Match[str] | None) -> int:
    if found is None or found[1] is None:
        return 0
    hours, minutes, seconds, hundredths = (int(part) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10


def _read_rate(line: str) -> float:
    rates = {unit: float(value) * (1000 if kilo else 1) for value, kilo, unit in RATE_PART.findall(line)}
    return rates.get("fps") or rates.get("tbr") or 0.0


def _describe(log: str, container: str, bytes_total: int, measured_ms: int) -> VideoProbe:
    """Read ffmpeg's description of its input. Stream lines stand at two spaces; file metadata can never."""
    head = log.split("\nOutput #0", 1)[0]
    streams = [(kind, line) for kind, line in STREAM_LINE.findall(head) if "(attached pic)" not in line]
    videos = [line for kind, line in streams if kind == "Video"]
    if not videos:
        raise NoVideoStream("the file has no moving picture")
    video = videos[0]
    size = SIZE_PART.search(video)
    if size is None:
        raise CorruptMedia("the picture's size cannot be read")
    width, height = int(size[1]), int(size[2])
    shape = Fraction(int(size[3]), int(size[4])) if size[3] and int(size[4]) and int(size[3]) else Fraction(1)
    shown_width = round(width * shape)
    rotation_found = ROTATION_PART.search(head)
    rotation = round(float(rotation_found[1])) % 360 if rotation_found else 0
    if rotation in (90, 270):
        shown_width, height = height, shown_width
    audios = [re.split(r"[ ,]", line, maxsplit=1)[0] for kind, line in streams if kind == "Audio"]
    pixel_format = re.search(r"\b((?:yuvj?|gbr|rgb|gray|nv|p0)\w+)", video)
    return VideoProbe(
        container=container,
        # A header may understate; the packets' clock stops a frame early. Cut-off files are refused apart.
        duration_ms=max(measured_ms, min(_count_ms(DURATION_LINE.search(head)), measured_ms + 200)),
        width_px=shown_width,
        height_px=height,
        frame_rate=_read_rate(video),
        video_codec=re.split(r"[ ,]", video, maxsplit=1)[0],
        pixel_format=pixel_format[1] if pixel_format else "",
        rotation_degrees=rotation,
        square_pixels=shape == 1,
        high_dynamic_range="smpte2084" in video or "arib-std-b67" in video,
        audio_codec=audios[0] if audios else None,
        bytes_total=bytes_total,
    )


def _check_probe(probe: VideoProbe, limits: VideoLimits) -> None:
    if probe.video_codec not in VIDEO_CODECS:
        raise UnsupportedCodec(f"video codec {probe.video_codec} is not supported")
    if probe.audio_codec and probe.audio_codec not in AUDIO_CODECS and not probe.audio_codec.startswith("pcm_"):
        raise UnsupportedCodec(f"audio codec {probe.audio_codec} is not supported")
    if max(probe.width_px, probe.height_px) > limits.side_max_px:
        raise TooLarge(f"{probe.width_px}x{probe.height_px} px: a side may have {limits.side_max_px} px")
    if probe.width_px * probe.height_px > limits.frame_max_px:
        raise TooLarge(f"{probe.width_px}x{probe.height_px} px: a frame may have {limits.frame_max_px} px")
    if min(probe.width_px, probe.height_px) < 16:
        raise CorruptMedia(f"a picture of {probe.width_px}x{probe.height_px} px cannot be shown")
    if probe.duration_ms > limits.duration_max_ms:
        raise TooLong(f"{probe.duration_ms / 1000:.1f} s: at most {limits.duration_max_ms / 1000:g} s")
    if probe.duration_ms < limits.duration_min_ms:
        raise TooShort(f"{probe.duration_ms / 1000:.1f} s: at least {limits.duration_min_ms / 1000:g} s")


def _read_head(source: Path, limits: VideoLimits) -> tuple[str, int]:
    bytes_total = source.stat().st_size
    if bytes_total > limits.bytes_max:
        raise TooManyBytes(f"{bytes_total} bytes: at most {limits.bytes_max}")
    with source.open("rb") as stream:
        container = sniff_container(stream.read(4096))
    if container is None:
        raise NotAVideo("not an MP4, MOV, WebM, MKV, AVI or MPEG-TS file")
    return container, bytes_total


def _check_declared(log: str, measured_ms: int) -> None:
    """A file whose header promises more than its packets hold was cut off on the way."""
    declared_ms = _count_ms(DURATION_LINE.search(log))
    if "partial file" in log or declared_ms - measured_ms > max(500, declared_ms // 10):
        raise CorruptMedia(f"cut off: {measured_ms / 1000:.1f} s of {declared_ms / 1000:.1f} s are there")


def _judge_run(result: ToolResult, what: str) -> None:
    if "Stream map" in result.log and "matches no streams" in result.log:
        raise NoVideoStream("the file has no moving picture")
    if result.returncode != 0:
        talk = BROKEN_TALK.search(result.log)
        raise CorruptMedia(f"{what}: {talk[0]}" if talk else f"{what} failed")


def probe_video(
    source: Path, *, limits: VideoLimits | None = None, should_cancel: CancelCheck | None = None
) -> VideoProbe:
    """Describe and check an uploaded video without writing anything.

    Reads every packet once (no decoding: about 1 s a gigabyte) to measure the true duration, which a header
    may lack or overstate, and decodes the first frame.

    Raises:
        NotAVideo, NoVideoStream, UnsupportedCodec, CorruptMedia, TooLong, TooShort, TooLarge, TooManyBytes:
        refusals. MediaTimeout, MediaCancelled, ToolFailed: may succeed later.
    """
    limits = limits or VideoLimits()
    container, bytes_total = _read_head(source, limits)
    opened = input_arguments(source, container)
    run = ["-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-f", "null", "-"]
    packets = run_tool([*opened, *run], limits=limits.tool, should_cancel=should_cancel)
    _judge_run(packets, "the file cannot be read")
    probe = _describe(packets.log, container, bytes_total, packets.out_time_ms)
    if probe.duration_ms <= 0:
        raise CorruptMedia("the file has no frames")
    _check_declared(packets.log, probe.duration_ms)
    _check_probe(probe, limits)
    first = ["-xerror", "-threads", "1", *opened, "-map", "0:V:0", "-frames:v", "1", "-f", "null", "-"]
    _judge_run(run_tool(first, limits=limits.tool, should_cancel=should_cancel), "the first frame does not decode")
    return probe
