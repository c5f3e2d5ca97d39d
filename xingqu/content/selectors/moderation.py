"""Comments below all works of a workplace, as those see them who look after them."""

from typing import Any

from xingqu.accounts.selectors import person_labels
from xingqu.content.models import BlockedPerson, Comment, CommentRules
from xingqu.content.selectors.cards import media_url
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound


def comments_of_shop(
    *,
    shop_id: int,
    state: str,
    content_id: int | None,
    q: str,
    cursor: str | None,
    limit: int,
    comment_id: int | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """Comments that are not deleted, newest first. `state` all, shown, hidden, or unanswered: top ones without the creator's word."""
    rows = Comment.objects.select_related("content").filter(content__shop_id=shop_id, deleted_at__isnull=True)
    if comment_id is not None:
        rows = rows.filter(pk=comment_id)
    if content_id is not None:
        rows = rows.filter(content_id=content_id)
    if state in ("shown", "unanswered"):
        rows = rows.filter(hidden="")
    if state == "hidden":
        rows = rows.exclude(hidden="")
    if state == "unanswered":
        answered = Comment.objects.filter(content__shop_id=shop_id, as_creator=True, thread__isnull=False)
        rows = rows.filter(thread__isnull=True, as_creator=False).exclude(pk__in=answered.values("thread_id"))
    if q:
        rows = rows.filter(text__icontains=q)
    position = decode_cursor(cursor, int)
    rows = rows.filter(pk__lt=position[0]) if position else rows
    found = list(rows.order_by("-id")[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    return _rows(found[:limit]), more


def comment_of_shop(*, shop_id: int, comment_id: int) -> dict[str, Any]:
    """One of them. Raises NotFound."""
    rows, _ = comments_of_shop(
        shop_id=shop_id, state="all", content_id=None, q="", cursor=None, limit=1, comment_id=comment_id
    )
    if not rows:
        raise NotFound
    return rows[0]


def comment_rules(*, creator_id: int) -> dict[str, Any]:
    """Blocked words, and blocked people, latest first."""
    words = CommentRules.objects.filter(pk=creator_id).values_list("words", flat=True).first() or []
    blocked = list(BlockedPerson.objects.filter(creator_id=creator_id).order_by("-id")[:500])
    names = person_labels(ids=[row.person_id for row in blocked])
    people = [
        {"person_id": row.person_id, "name": names.get(row.person_id, ("", ""))[0], "since": row.created_at}
        for row in blocked
    ]
    return {"words": words, "people": people}


def _rows(rows: list[Comment]) -> list[dict[str, Any]]:
    people = {row.person_id for row in rows}
    names = person_labels(ids=people)
    creators = {row.content.creator_id for row in rows}
    blocked = set(
        BlockedPerson.objects.filter(creator_id__in=creators, person_id__in=people).values_list(
            "creator_id", "person_id"
        )
    )
    return [
        {
            "id": row.pk,
            "content_id": row.content_id,
            "content_title": row.content.title,
            "poster_url": media_url(row.content.media.get("poster", "")),
            "person_id": row.person_id,
            "author_name": names.get(row.person_id, ("", ""))[0],
            "author_avatar_url": names.get(row.person_id, ("", ""))[1],
            "author_blocked": (row.content.creator_id, row.person_id) in blocked,
            "as_creator": row.as_creator,
            "text": row.text,
            "hidden": row.hidden,
            "pinned": row.pinned_at is not None,
            "thread_id": row.thread_id,
            "likes": row.like_count,
            "reply_count": row.reply_count,
            "created_at": row.created_at,
        }
        for row in rows
    ]
