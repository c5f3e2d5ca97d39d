"""FLV, which RTMP's media messages are already: tags for ffmpeg and the recording, and what they say about the codec."""

from collections import deque
from dataclasses import dataclass, field

HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
AUDIO, VIDEO, SCRIPT = 8, 9, 18
VIDEO_CODECS = {2: "h263", 3: "screen", 4: "vp6", 5: "vp6a", 6: "screen2", 7: "h264", 12: "hevc"}
AUDIO_CODECS = {0: "pcm", 1: "adpcm", 2: "mp3", 3: "pcm", 7: "pcma", 8: "pcmu", 10: "aac", 11: "speex", 14: "mp3"}
WINDOW_S = 10.0
KEYFRAME_MAX_S = 4.0
KEYFRAME_GOOD_S = 2.1


def tag(kind: int, timestamp_ms: int, body: bytes) -> bytes:
    """One FLV tag with its trailing size."""
    size = len(body).to_bytes(3, "big")
    stamp = (timestamp_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([timestamp_ms >> 24 & 0xFF])
    return bytes([kind]) + size + stamp + b"\0\0\0" + body + (len(body) + 11).to_bytes(4, "big")


def video_codec(body: bytes) -> str:
    """Name of a video message's codec; for the enhanced form its four letters (``hvc1``, ``av01``)."""
    if not body:
        return ""
    if body[0] & 0x80:
        return body[1:5].decode("ascii", "replace")
    return VIDEO_CODECS.get(body[0] & 15, f"codec {body[0] & 15}")


def audio_codec(body: bytes) -> str:
    """Name of an audio message's codec."""
    return AUDIO_CODECS.get(body[0] >> 4, f"codec {body[0] >> 4}") if body else ""


def is_header(kind: int, body: bytes) -> bool:
    """Whether a message configures its decoder: it comes first and is no picture or sound."""
    if kind == VIDEO:
        return len(body) > 1 and body[0] & 15 == 7 and body[1] == 0
    return len(body) > 1 and body[0] >> 4 == 10 and body[1] == 0


def is_keyframe(body: bytes) -> bool:
    """Whether an H.264 message is a picture that needs no other."""
    return len(body) > 1 and body[0] >> 4 == 1 and body[0] & 15 == 7 and body[1] == 1


@dataclass
class Health:
    """What the desk is told of a stream, over the last ten seconds. Times are of the caller's clock, in seconds."""

    width: int = 0
    height: int = 0
    video: str = ""
    audio: str = ""
    encoder: str = ""
    _sizes: deque[tuple[float, int]] = field(default_factory=deque)
    _frames: deque[float] = field(default_factory=deque)
    _keyframe_at_ms: int | None = None
    _keyframe_s: float = 0.0

    def note(self, kind: int, timestamp_ms: int, body: bytes, at_s: float) -> None:
        """Count one media message."""
        self._sizes.append((at_s, len(body)))
        if kind == VIDEO and not is_header(kind, body):
            self._frames.append(at_s)
            if is_keyframe(body):
                if self._keyframe_at_ms is not None:
                    self._keyframe_s = max(0, timestamp_ms - self._keyframe_at_ms) / 1000
                self._keyframe_at_ms = timestamp_ms
        while self._sizes and self._sizes[0][0] < at_s - WINDOW_S:
            self._sizes.popleft()
        while self._frames and self._frames[0] < at_s - WINDOW_S:
            self._frames.popleft()

    def kbps(self) -> int:
        """Rate of the last ten seconds."""
        if len(self._sizes) < 2:
            return 0
        span_s = max(1.0, self._sizes[-1][0] - self._sizes[0][0])
        return int(sum(size for _, size in self._sizes) * 8 / 1000 / span_s)

    def frame_rate(self) -> float:
        """Pictures a second, of the last ten seconds."""
        if len(self._frames) < 2:
            return 0.0
        return round((len(self._frames) - 1) / max(0.5, self._frames[-1] - self._frames[0]), 1)

    def report(self) -> dict[str, object]:
        """For the desk; `warnings` are codes it has words for."""
        warnings = []
        if self._keyframe_s > KEYFRAME_GOOD_S:
            warnings.append("keyframes_rare" if self._keyframe_s > KEYFRAME_MAX_S else "keyframes_slow")
        if not self.audio:
            warnings.append("no_audio")
        if self._frames and self.frame_rate() < 10:
            warnings.append("few_frames")
        return {
            "video": self.video,
            "audio": self.audio,
            "width": self.width,
            "height": self.height,
            "encoder": self.encoder,
            "kbps": self.kbps(),
            "frame_rate": self.frame_rate(),
            "keyframe_s": round(self._keyframe_s, 2),
            "warnings": warnings,
        }
