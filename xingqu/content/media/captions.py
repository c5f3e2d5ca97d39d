"""Captions: SubRip and WebVTT in, cues, WebVTT out. Pure.

A cue is a line (or two) with the time in which it stands. What else the formats know (styles, positions, notes) is left out.
"""

import re
from dataclasses import dataclass

CUES_MAX = 2000
TEXT_MAX = 200
_TIME = re.compile(
    r"^(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})(?:\s.*)?$"
)
_TAG = re.compile(r"<[^>]{0,80}>|\{\\[^}]{0,80}\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that stands from `start_ms` until before `end_ms`."""

    start_ms: int
    end_ms: int
    text: str


class BadCaptions(ValueError):
    """What can't be read as captions; `line` is the first one that can't, from 1 (0: the whole)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def parse_captions(text: str) -> list[Cue]:
    """Cues of a SubRip or WebVTT text, by time. Raises BadCaptions."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues: list[Cue] = []
    place = 0
    while place < len(lines):
        found = _TIME.match(lines[place].strip())
        if found is None:
            if "-->" in lines[place]:
                raise BadCaptions("a time that can't be read", place + 1)
            place += 1
            continue
        at, words = place + 1, []
        place += 1
        while place < len(lines) and lines[place].strip():
            words.append(_TAG.sub("", lines[place]).strip())
            place += 1
        said = "\n".join(word for word in words if word)
        if said:
            cues.append(_cue(_ms(found.groups()[:4]), _ms(found.groups()[4:]), said, at))
    return check_cues(cues)


def check_cues(cues: list[Cue]) -> list[Cue]:
    """The cues by time. Raises BadCaptions for none, too many, or one without time or text."""
    if not 0 < len(cues) <= CUES_MAX:
        raise BadCaptions(f"1 to {CUES_MAX} captions")
    return sorted(
        (_cue(cue.start_ms, cue.end_ms, cue.text, place) for place, cue in enumerate(cues, 1)),
        key=lambda cue: (cue.start_ms, cue.end_ms),
    )


def write_webvtt(cues: list[Cue]) -> str:
    """The cues as WebVTT."""
    parts = ["WEBVTT", ""]
    for cue in cues:
        safe = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")
        parts += [f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}", safe, ""]
    return "\n".join(parts)


def _cue(start_ms: int, end_ms: int, text: str, line: int) -> Cue:
    said = "\n".join(part for part in (each.strip() for each in text.split("\n")) if part)
    if not 0 < len(said) <= TEXT_MAX:
        raise BadCaptions(f"a caption has 1 to {TEXT_MAX} letters", line)
    if not 0 <= start_ms < end_ms:
        raise BadCaptions("a caption ends after it begins", line)
    return Cue(start_ms, end_ms, said)


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _clock(at_ms: int) -> str:
    seconds, rest = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
