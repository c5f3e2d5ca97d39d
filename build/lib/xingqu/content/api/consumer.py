"""Content over HTTP, for everyone: cards, likes, saves, shares, comments, creators."""

from typing import Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.content import selectors, services
from xingqu.content.contracts import ContentCardData, ContentCardOut, card_json
from xingqu.content.schemas import (
    CommentIn,
    CommentLikeOut,
    CommentOut,
    CreatorPageOut,
    FollowedCreatorOut,
    FollowOut,
    LikeOut,
    SaveOut,
    ShareOut,
)
from xingqu.kit.api import CursorText, Id, Limit, ListOut

router = Router(tags=["content"])


def _cards(page: tuple[list[ContentCardData], str | None]) -> HttpResponse:
    """Cards are written as they are: they come from our own rows, and a validation would cost more than the reading."""
    body = {"items": [card_json(card) for card in page[0]], "next_cursor": page[1]}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


@router.get("/contents/{content_id}", response=ContentCardOut)
def get_content(request: HttpRequest, content_id: Id) -> Any:
    """A published content."""
    card = selectors.card(content_id=content_id, viewer=actor_of(request))
    return HttpResponse(orjson.dumps(card_json(card)), content_type="application/json")


@router.put("/contents/{content_id}/like", response=LikeOut)
def like_content(request: HttpRequest, content_id: Id) -> Any:
    """Like; repeating changes nothing. Guests may."""
    return {
        "liked": True,
        "counts": services.set_like(actor=actor_of(request), content_id=content_id, liked=True),
    }


@router.delete("/contents/{content_id}/like", response=LikeOut)
def unlike_content(request: HttpRequest, content_id: Id) -> Any:
    """Take a like back."""
    return {
        "liked": False,
        "counts": services.set_like(actor=actor_of(request), content_id=content_id, liked=False),
    }


@router.put("/contents/{content_id}/save", response=SaveOut)
def save_content(request: HttpRequest, content_id: Id) -> Any:
    """Keep for later; repeating changes nothing. Guests may."""
    return {
        "saved": True,
        "counts": services.set_save(actor=actor_of(request), content_id=content_id, saved=True),
    }


@router.delete("/contents/{content_id}/save", response=SaveOut)
def unsave_content(request: HttpRequest, content_id: Id) -> Any:
    """No longer keep it."""
    return {
        "saved": False,
        "counts": services.set_save(actor=actor_of(request), content_id=content_id, saved=False),
    }


@router.post("/contents/{content_id}/share", response=ShareOut)
def share_content(request: HttpRequest, content_id: Id) -> Any:
    """The address to share; counted once a person or guest."""
    counts = services.record_share(actor=actor_of(request), content_id=content_id)
    return {"share_url": selectors.share_url(content_id), "counts": counts}


@router.get("/contents/{content_id}/comments", response=ListOut[CommentOut])
def list_comments(
    request: HttpRequest,
    content_id: Id,
    sort: Literal["hot", "new"] = "hot",
    thread_id: Id | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Top comments, each with its first replies; with `thread_id` the replies of that one, oldest first."""
    items, more = selectors.comments_of_content(
        content_id=content_id, viewer=actor_of(request), sort=sort, thread_id=thread_id, cursor=cursor, limit=limit
    )
    return {"items": items, "next_cursor": more}


@router.post("/contents/{content_id}/comments", response={201: CommentOut})
def post_comment(request: HttpRequest, content_id: Id, payload: CommentIn) -> Any:
    """Write a comment or an answer. Needs a signed-in person."""
    person_id = person_of(request)
    comment_id = services.post_comment(
        person_id=person_id, content_id=content_id, text=payload.text, reply_to_id=payload.reply_to_id
    )
    return 201, selectors.comment_row(comment_id=comment_id, viewer=actor_of(request))


@router.delete("/comments/{comment_id}", response={204: None})
def delete_comment(request: HttpRequest, comment_id: Id) -> Any:
    """Delete one's own comment."""
    services.delete_comment(person_id=person_of(request), comment_id=comment_id)
    return 204, None


@router.put("/comments/{comment_id}/like", response=CommentLikeOut)
def like_comment(request: HttpRequest, comment_id: Id) -> Any:
    """Like a comment."""
    likes = services.set_comment_like(actor=actor_of(request), comment_id=comment_id, liked=True)
    return {"liked": True, "likes": likes}


@router.delete("/comments/{comment_id}/like", response=CommentLikeOut)
def unlike_comment(request: HttpRequest, comment_id: Id) -> Any:
    """Take a comment's like back."""
    likes = services.set_comment_like(actor=actor_of(request), comment_id=comment_id, liked=False)
    return {"liked": False, "likes": likes}


@router.get("/creators/{creator_id}", response=CreatorPageOut)
def get_creator(request: HttpRequest, creator_id: Id) -> Any:
    """A creator's public page."""
    return selectors.creator_page(creator_id=creator_id, viewer=actor_of(request))


@router.get("/creators/{creator_id}/contents", response=ListOut[ContentCardOut])
def list_creator_contents(
    request: HttpRequest, creator_id: Id, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """A creator's published contents, newest first."""
    viewer = actor_of(request)
    return _cards(selectors.contents_of_creator(creator_id=creator_id, viewer=viewer, cursor=cursor, limit=limit))


@router.put("/creators/{creator_id}/follow", response=FollowOut)
def follow_creator(request: HttpRequest, creator_id: Id) -> Any:
    """Follow; repeating changes nothing. Guests may."""
    followers = services.set_follow(actor=actor_of(request), creator_id=creator_id, followed=True)
    return {"followed": True, "followers": followers}


@router.delete("/creators/{creator_id}/follow", response=FollowOut)
def unfollow_creator(request: HttpRequest, creator_id: Id) -> Any:
    """No longer follow."""
    followers = services.set_follow(actor=actor_of(request), creator_id=creator_id, followed=False)
    return {"followed": False, "followers": followers}


@router.get("/me/liked", response=ListOut[ContentCardOut])
def list_liked(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """What one likes, latest first."""
    return _cards(selectors.liked_contents(actor=actor_of(request), cursor=cursor, limit=limit))


@router.get("/me/saved", response=ListOut[ContentCardOut])
def list_saved(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """What one saved, latest first."""
    return _cards(selectors.saved_contents(actor=actor_of(request), cursor=cursor, limit=limit))


@router.get("/me/following", response=ListOut[FollowedCreatorOut])
def list_following(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Creators one follows, latest first."""
    items, more = selectors.followed_creators(actor=actor_of(request), cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": more}
