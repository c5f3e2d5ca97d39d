"""Why a piece of media was refused. Each class has a stable `code` that clients translate."""

from __future__ import annotations

from typing import ClassVar


class MediaError(Exception):
    """Base of every refusal and failure in `xingqu.content.media`.

    `code` is stable and meant for translation, `message` is plain English, and `retryable` says whether the
    same bytes may succeed at another time (a busy machine) or never will (a broken file).
    """

    code: ClassVar[str] = "media_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAVideo(MediaError):
    """The first bytes are of no video container that we accept."""

    code = "not_a_video"


class NoVideoStream(MediaError):
    """A container without a moving picture, such as a sound file."""

    code = "no_video_stream"


class CorruptMedia(MediaError):
    """Truncated or damaged: the bytes end before the header says, or do not decode."""

    code = "corrupt_media"


class TooLong(MediaError):
    """Longer than the limit."""

    code = "too_long"


class TooShort(MediaError):
    """Shorter than the limit."""

    code = "too_short"


class TooLarge(MediaError):
    """Wider, higher or with more pixels than the limit."""

    code = "dimensions_too_large"


class TooManyBytes(MediaError):
    """The file is bigger than the limit."""

    code = "file_too_large"


class UnsupportedCodec(MediaError):
    """A known container with a codec that we do not decode."""

    code = "unsupported_codec"


class NotAPicture(MediaError):
    """Not a JPEG, PNG or WebP picture."""

    code = "not_a_picture"


class MediaTimeout(MediaError):
    """The child process did not finish in its time and was killed."""

    code = "media_timeout"
    retryable = True


class MediaCancelled(MediaError):
    """The caller asked to stop; the child process was killed and its output removed."""

    code = "media_cancelled"
    retryable = True


class ToolFailed(MediaError):
    """ffmpeg itself could not be started or stopped for a reason that is not the file's."""

    code = "media_tool_failed"
    retryable = True
