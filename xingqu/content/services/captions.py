"""Captions of clips: given as a file's text or as lines with times, kept as cues."""

from django.db import transaction

from xingqu.content.domain import find_forbidden
from xingqu.content.media.captions import BadCaptions, Cue, check_cues, parse_captions
from xingqu.content.models import ContentCaption, Kind
from xingqu.content.services.comments import TextRefused
from xingqu.content.services.studio import own_content, refresh_media
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried


def save_captions(*, shop_id: int, content_id: int, language: str, text: str | None, cues: list[Cue]) -> None:
    """Set what is said in a clip, in one language: `text` as SubRip or WebVTT, else `cues`.

    Raises NotFound, InvalidInput for a picture post and for what can't be read (`data.line` says where), TextRefused.
    """
    try:
        read = parse_captions(text) if text is not None else check_cues(cues)
    except BadCaptions as error:
        expected = "SubRip or WebVTT" if text is not None else "captions that end after they begin"
        raise InvalidInput(str(error), field="text", expected=expected, data={"line": error.line}) from error
    for place, cue in enumerate(read):
        reason = find_forbidden(cue.text)
        if reason is not None:
            raise TextRefused(
                field=f"cues.{place}.text",
                expected="a text without contact details or forbidden words",
                data={"reason": reason},
            )
    _save(shop_id, content_id, language, read)


@retried
@transaction.atomic
def _save(shop_id: int, content_id: int, language: str, cues: list[Cue]) -> None:
    content = own_content(shop_id=shop_id, content_id=content_id)
    if content.kind != Kind.VIDEO:
        raise InvalidInput(field="content_id", expected="a clip")
    if content.duration_ms and cues[-1].start_ms >= content.duration_ms:
        raise InvalidInput(field="text", expected=f"captions within the clip's {content.duration_ms} ms")
    row = ContentCaption.objects.filter(content=content, language=language).first()
    kept = [[cue.start_ms, cue.end_ms, cue.text] for cue in cues]
    if row is None:
        ContentCaption.objects.create(content=content, language=language, cues=kept)
    else:
        row.cues, row.version = kept, row.version + 1
        row.save(update_fields=["cues", "version"])
    refresh_media(content=content)


@retried
@transaction.atomic
def delete_captions(*, shop_id: int, content_id: int, language: str) -> None:
    """Take the captions of one language away. Doing so again changes nothing. Raises NotFound."""
    content = own_content(shop_id=shop_id, content_id=content_id)
    ContentCaption.objects.filter(content=content, language=language).delete()
    refresh_media(content=content)
