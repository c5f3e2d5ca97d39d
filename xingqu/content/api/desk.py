"""What a workplace does around its works: covers, captions, trimming, publishing at a time, comments, figures."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status, UploadedFile
from pydantic import Field, StringConstraints

from xingqu.accounts.selectors import creators_of, shop_of
from xingqu.content import selectors, services
from xingqu.content.api.profile import account_of
from xingqu.content.media.captions import Cue
from xingqu.content.schemas import AssetOut, CommentText, Milliseconds, ShopContentOut
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Moment, ShortText, Text

router = Router(tags=["studio"])
Language = Literal["zh-CN", "en"]
WRITE = "content.write"


class ScheduleIn(Schema):
    """When it is published by the clock."""

    at: Moment


class CoverFrameIn(Schema):
    at_ms: Milliseconds


class CueIn(Schema):
    start_ms: Milliseconds
    end_ms: Milliseconds
    text: Annotated[Text, StringConstraints(max_length=200)]


class CaptionsIn(Schema):
    """`text` is a SubRip or WebVTT file; without it `cues` are taken."""

    text: Annotated[str, StringConstraints(max_length=400_000)] | None = None
    cues: list[CueIn] = Field([], max_length=2000)


class CaptionsOut(Schema):
    language: str
    cues: list[CueIn]


class TrimIn(Schema):
    """From and to, in milliseconds of the clip."""

    start_ms: Milliseconds
    end_ms: Milliseconds


class ShopCommentOut(Schema):
    """A comment below a work of the workplace. `hidden` says why it is: by hand, a word, a person; empty when it is not."""

    id: int
    content_id: int
    content_title: str
    poster_url: str
    person_id: int
    author_name: str
    author_avatar_url: str
    author_blocked: bool
    as_creator: bool
    text: str
    hidden: Literal["", "hand", "word", "person"]
    pinned: bool
    thread_id: int | None
    likes: int
    reply_count: int
    created_at: datetime


class CommentReplyIn(Schema):
    text: CommentText


class CommentWordsIn(Schema):
    words: list[Annotated[ShortText, StringConstraints(max_length=30)]] = Field(max_length=200)


class BlockedPersonOut(Schema):
    person_id: int
    name: str
    since: datetime


class CommentRulesOut(Schema):
    """Words that hide a comment, and people who may not write."""

    words: list[str]
    people: list[BlockedPersonOut]


class RetentionPointOut(Schema):
    """Looks that lasted at least so many seconds, and their share of all in basis points."""

    second: int
    looks: int
    share_bp: int


class ContentFiguresOut(Schema):
    """How a work was watched. A look is one time it was on a screen; `completed` looks lasted as long as the clip."""

    content_id: int
    looks: int
    views: int
    likes: int
    comments: int
    saves: int
    shares: int
    average_watch_ms: int
    completed: int
    duration_ms: int
    curve: list[RetentionPointOut]


def _content(shop_id: int, content_id: int) -> dict[str, Any]:
    return selectors.shop_content(shop_id=shop_id, content_id=content_id)


@router.put("/shops/{shop_id}/contents/{content_id}/schedule", response=ShopContentOut)
def schedule_content(request: HttpRequest, shop_id: Id, content_id: Id, payload: ScheduleIn) -> Any:
    """Have it published at a time. 409 `already_published`."""
    shop_of(request, shop_id, WRITE)
    services.schedule_content(shop_id=shop_id, content_id=content_id, at=payload.at)
    return _content(shop_id, content_id)


@router.delete("/shops/{shop_id}/contents/{content_id}/schedule", response=ShopContentOut)
def unschedule_content(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Leave the publishing to somebody's hand again."""
    shop_of(request, shop_id, WRITE)
    services.unschedule_content(shop_id=shop_id, content_id=content_id)
    return _content(shop_id, content_id)


@router.post("/shops/{shop_id}/contents/{content_id}/cover", response=ShopContentOut)
def upload_cover(request: HttpRequest, shop_id: Id, content_id: Id, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Make a JPEG, PNG or WebP picture of up to 10 MB the cover."""
    shop_of(request, shop_id, WRITE)
    services.save_cover_picture(shop_id=shop_id, content_id=content_id, file=file)
    return _content(shop_id, content_id)


@router.put("/shops/{shop_id}/contents/{content_id}/cover", response=ShopContentOut)
def take_cover_frame(request: HttpRequest, shop_id: Id, content_id: Id, payload: CoverFrameIn) -> Any:
    """Make a frame of the clip the cover. 409 `no_clip` while there is none that is ready."""
    shop_of(request, shop_id, WRITE)
    services.take_cover_frame(shop_id=shop_id, content_id=content_id, at_ms=payload.at_ms)
    return _content(shop_id, content_id)


@router.delete("/shops/{shop_id}/contents/{content_id}/cover", response=ShopContentOut)
def clear_cover(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Show the poster that was made of the file again."""
    shop_of(request, shop_id, WRITE)
    services.clear_cover(shop_id=shop_id, content_id=content_id)
    return _content(shop_id, content_id)


@router.get("/shops/{shop_id}/contents/{content_id}/captions/{language}", response=CaptionsOut)
def get_captions(request: HttpRequest, shop_id: Id, content_id: Id, language: Language) -> Any:
    """What is said in the clip, in one language; no cues where there are none."""
    shop_of(request, shop_id, "view")
    return selectors.shop_captions(shop_id=shop_id, content_id=content_id, language=language)


@router.put("/shops/{shop_id}/contents/{content_id}/captions/{language}", response=CaptionsOut)
def save_captions(request: HttpRequest, shop_id: Id, content_id: Id, language: Language, payload: CaptionsIn) -> Any:
    """Set the captions of one language, from a file's text or from lines with times."""
    shop_of(request, shop_id, WRITE)
    cues = [Cue(cue.start_ms, cue.end_ms, cue.text) for cue in payload.cues]
    services.save_captions(shop_id=shop_id, content_id=content_id, language=language, text=payload.text, cues=cues)
    return selectors.shop_captions(shop_id=shop_id, content_id=content_id, language=language)


@router.delete("/shops/{shop_id}/contents/{content_id}/captions/{language}", response={204: None})
def delete_captions(request: HttpRequest, shop_id: Id, content_id: Id, language: Language) -> Any:
    """Take the captions of one language away."""
    shop_of(request, shop_id, WRITE)
    services.delete_captions(shop_id=shop_id, content_id=content_id, language=language)
    return Status(204, None)


@router.get("/contents/{content_id}/captions/{language}.vtt", response={200: Any})
def read_captions(request: HttpRequest, content_id: Id, language: Language) -> HttpResponse:
    """Captions of a published clip as WebVTT."""
    answer = HttpResponse(
        selectors.public_captions(content_id=content_id, language=language), content_type="text/vtt; charset=utf-8"
    )
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@router.post("/shops/{shop_id}/assets/{asset_id}/trim", response={201: AssetOut})
def trim_asset(request: HttpRequest, shop_id: Id, asset_id: Id, payload: TrimIn) -> Any:
    """Cut a part out of a clip as a file of its own; the clip stays as it is."""
    by = shop_of(request, shop_id, WRITE)
    made = services.trim_asset(
        shop_id=shop_id,
        asset_id=asset_id,
        person_id=by.person_id,
        start_ms=payload.start_ms,
        end_ms=payload.end_ms,
    )
    return Status(201, selectors.shop_asset(shop_id=shop_id, asset_id=made))


@router.get("/shops/{shop_id}/contents/{content_id}/figures", response=ContentFiguresOut)
def get_content_figures(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """How a work was watched, with the curve of retention."""
    shop_of(request, shop_id, "view")
    return selectors.content_figures(shop_id=shop_id, content_id=content_id)


@router.get("/shops/{shop_id}/comments", response=ListOut[ShopCommentOut])
def list_shop_comments(
    request: HttpRequest,
    shop_id: Id,
    state: Literal["all", "shown", "hidden", "unanswered"] = "all",
    content_id: Id | None = None,
    q: ShortText = "",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Comments below all works of the workplace, newest first."""
    shop_of(request, shop_id, "view")
    items, more = selectors.comments_of_shop(
        shop_id=shop_id, state=state, content_id=content_id, q=q, cursor=cursor, limit=limit
    )
    return {"items": items, "next_cursor": more}


@router.post("/shops/{shop_id}/comments/{comment_id}/replies", response={201: ShopCommentOut})
def reply_to_comment(request: HttpRequest, shop_id: Id, comment_id: Id, payload: CommentReplyIn) -> Any:
    """Answer in the name of the publishing account."""
    by = shop_of(request, shop_id, WRITE)
    row = selectors.comment_of_shop(shop_id=shop_id, comment_id=comment_id)
    made = services.post_comment(
        person_id=by.person_id,
        content_id=row["content_id"],
        text=payload.text,
        reply_to_id=comment_id,
        as_creator=True,
    )
    return Status(201, selectors.comment_of_shop(shop_id=shop_id, comment_id=made))


@router.post("/shops/{shop_id}/comments/{comment_id}/{step}", response=ShopCommentOut)
def move_comment(
    request: HttpRequest, shop_id: Id, comment_id: Id, step: Literal["hide", "show", "pin", "unpin", "block"]
) -> Any:
    """Hide it from everybody but its writer or show it again, have it stand first or not, block its writer."""
    shop_of(request, shop_id, WRITE)
    if step in ("hide", "show"):
        services.set_hidden(shop_id=shop_id, comment_id=comment_id, hidden=step == "hide")
    elif step in ("pin", "unpin"):
        services.set_pinned(shop_id=shop_id, comment_id=comment_id, pinned=step == "pin")
    else:
        services.block_writer(shop_id=shop_id, comment_id=comment_id)
    return selectors.comment_of_shop(shop_id=shop_id, comment_id=comment_id)


@router.delete("/shops/{shop_id}/comments/{comment_id}", response={204: None})
def remove_comment(request: HttpRequest, shop_id: Id, comment_id: Id) -> Any:
    """Delete a comment below one's works; its text is erased."""
    shop_of(request, shop_id, WRITE)
    services.remove_comment(shop_id=shop_id, comment_id=comment_id)
    return Status(204, None)


@router.get("/shops/{shop_id}/comment-rules", response=CommentRulesOut)
def get_comment_rules(request: HttpRequest, shop_id: Id) -> Any:
    """Blocked words and people."""
    shop_of(request, shop_id, "view")
    return selectors.comment_rules(creator_id=account_of(shop_id))


@router.put("/shops/{shop_id}/comment-rules", response=CommentRulesOut)
def set_comment_words(request: HttpRequest, shop_id: Id, payload: CommentWordsIn) -> Any:
    """Set the blocked words; comments that are there are hidden or come back with them."""
    shop_of(request, shop_id, WRITE)
    for card in creators_of(organisation_id=shop_id):
        services.set_words(creator_id=card.id, words=payload.words)
    return selectors.comment_rules(creator_id=account_of(shop_id))


@router.delete("/shops/{shop_id}/comment-rules/people/{person_id}", response=CommentRulesOut)
def unblock_person(request: HttpRequest, shop_id: Id, person_id: Id) -> Any:
    """Let somebody write again."""
    shop_of(request, shop_id, WRITE)
    for card in creators_of(organisation_id=shop_id):
        services.unblock_person(creator_id=card.id, person_id=person_id)
    return selectors.comment_rules(creator_id=account_of(shop_id))
