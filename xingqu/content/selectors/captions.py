"""What is said in a clip."""

from typing import Any

from xingqu.content.media.captions import Cue, write_webvtt
from xingqu.content.models import Content, ContentCaption
from xingqu.kit.errors import NotFound


def shop_captions(*, shop_id: int, content_id: int, language: str) -> dict[str, Any]:
    """Cues of one language of a workplace's clip; none where there are none. Raises NotFound for another's clip."""
    if not Content.objects.filter(pk=content_id, shop_id=shop_id).exists():
        raise NotFound
    return {
        "language": language,
        "cues": [
            {"start_ms": cue.start_ms, "end_ms": cue.end_ms, "text": cue.text} for cue in _cues(content_id, language)
        ],
    }


def public_captions(*, content_id: int, language: str) -> str:
    """WebVTT of a published clip. Raises NotFound."""
    cues = _cues(content_id, language) if Content.objects.filter(pk=content_id, state="published").exists() else []
    if not cues:
        raise NotFound
    return write_webvtt(cues)


def _cues(content_id: int, language: str) -> list[Cue]:
    row = ContentCaption.objects.filter(content_id=content_id, language=language).first()
    return [Cue(*cue) for cue in row.cues] if row is not None else []
