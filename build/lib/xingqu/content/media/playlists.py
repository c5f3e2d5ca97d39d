"""The HLS multivariant playlist, written from the rendition files themselves (RFC 8216, section 4.3.4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from xingqu.content.media.errors import CorruptMedia

SEGMENT_ENTRY = re.compile(r"#EXTINF:([0-9.]+),[^\n]*\n(?:#[^\n]*\n)*([^#\n]+)")


@dataclass(frozen=True)
class Segments:
    """Media segments of one rendition: duration in seconds and size in bytes of each."""

    durations_s: tuple[float, ...]
    sizes_bytes: tuple[int, ...]

    @property
    def total_s(self) -> float:
        """Sum of the durations."""
        return sum(self.durations_s)

    @property
    def peak_bps(self) -> int:
        """BANDWIDTH: the highest bit rate of any segment."""
        return max(
            round(size * 8 / max(0.1, seconds))
            for size, seconds in zip(self.sizes_bytes, self.durations_s, strict=True)
        )

    @property
    def average_bps(self) -> int:
        """AVERAGE-BANDWIDTH: all bits by all seconds."""
        return round(sum(self.sizes_bytes) * 8 / max(0.1, self.total_s))


@dataclass(frozen=True)
class Rendition:
    """One HLS rendition on disk; `playlist` is relative to the master playlist's folder."""

    name: str
    playlist: str
    width_px: int
    height_px: int
    frame_rate: float
    codecs: str
    bandwidth_bps: int
    average_bandwidth_bps: int
    bytes_total: int
    copied: bool


def read_segments(playlist: Path) -> Segments:
    """Read a media playlist and the sizes of the segments it lists.

    Raises:
        CorruptMedia: it lists no segment.
    """
    entries = SEGMENT_ENTRY.findall(playlist.read_text(encoding="utf-8"))
    if not entries:
        raise CorruptMedia("no segment was written")
    sizes = tuple((playlist.parent / name.strip()).stat().st_size for _, name in entries)
    return Segments(tuple(float(seconds) for seconds, _ in entries), sizes)


def read_codecs(initialisation: bytes, *, has_audio: bool) -> str:
    """The CODECS attribute (RFC 6381) of an fMP4 initialisation segment with H.264 and, maybe, AAC-LC.

    Raises:
        CorruptMedia: the segment holds no H.264 configuration.
    """
    at = initialisation.find(b"avcC")
    if at < 0 or at + 8 > len(initialisation):
        raise CorruptMedia("no H.264 configuration in the initialisation segment")
    profile, compatibility, level = initialisation[at + 5 : at + 8]
    video = f"avc1.{profile:02x}{compatibility:02x}{level:02x}"
    return f"{video},mp4a.40.2" if has_audio else video


def write_master(renditions: tuple[Rendition, ...], path: Path) -> None:
    """Write the multivariant playlist, lightest rendition first so that a player starts quickly."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rendition in sorted(renditions, key=lambda one: one.bandwidth_bps):
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={rendition.bandwidth_bps}"
            f",AVERAGE-BANDWIDTH={rendition.average_bandwidth_bps}"
            f",RESOLUTION={rendition.width_px}x{rendition.height_px}"
            f",FRAME-RATE={rendition.frame_rate:.3f}"
            f',CODECS="{rendition.codecs}"'
        )
        lines.append(rendition.playlist)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
