"""Likes, saves, shares and follows, of people and of guests. A counter moves only when a row really came or went."""

from django.db import transaction
from django.db.models import F, Model

from xingqu.accounts.contracts import Actor
from xingqu.accounts.selectors import creators_by_ids
from xingqu.content.contracts import Counts
from xingqu.content.models import (
    Comment,
    CommentLike,
    Content,
    ContentLike,
    ContentSave,
    ContentShare,
    CreatorCounts,
    CreatorFollow,
)
from xingqu.events.content import CreatorFollowed, CreatorUnfollowed
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute

ROWS_AT_ONCE = 200
CounterField = str


@transaction.atomic
def set_like(*, actor: Actor, content_id: int, liked: bool) -> Counts:
    """Like or unlike a published content; repeating changes nothing. Raises NotFound."""
    creator_id = _require_published(content_id)
    if _set_mark(ContentLike, actor=actor, on=liked, content_id=content_id):
        step = 1 if liked else -1
        _move_content_count(content_id, "like_count", step)
        _move_creator_count(creator_id, "like_count", step)
    return _counts(content_id)


@transaction.atomic
def set_save(*, actor: Actor, content_id: int, saved: bool) -> Counts:
    """Keep a published content for later, or not; repeating changes nothing. Raises NotFound."""
    _require_published(content_id)
    if _set_mark(ContentSave, actor=actor, on=saved, content_id=content_id):
        _move_content_count(content_id, "save_count", 1 if saved else -1)
    return _counts(content_id)


@transaction.atomic
def record_share(*, actor: Actor, content_id: int) -> Counts:
    """Count a share, once an actor. Raises NotFound."""
    _require_published(content_id)
    if _set_mark(ContentShare, actor=actor, on=True, content_id=content_id):
        _move_content_count(content_id, "share_count", 1)
    return _counts(content_id)


@transaction.atomic
def set_follow(*, actor: Actor, creator_id: int, followed: bool) -> int:
    """Follow or unfollow a creator and return their followers; repeating changes nothing. Raises NotFound."""
    if creator_id not in creators_by_ids(ids=[creator_id]):
        raise NotFound
    if _set_mark(CreatorFollow, actor=actor, on=followed, creator_id=creator_id):
        _move_creator_count(creator_id, "follower_count", 1 if followed else -1)
        fact = CreatorFollowed if followed else CreatorUnfollowed
        publish(fact(creator_id=creator_id, actor_key=actor.key))
    return CreatorCounts.objects.filter(pk=creator_id).values_list("follower_count", flat=True).first() or 0


@transaction.atomic
def set_comment_like(*, actor: Actor, comment_id: int, liked: bool) -> int:
    """Like or unlike a comment and return its likes. Raises NotFound for one that is gone or below a withdrawn content."""
    comments = Comment.objects.filter(pk=comment_id, deleted_at__isnull=True, content__state=Content.State.PUBLISHED)
    if not comments.exists():
        raise NotFound
    if _set_mark(CommentLike, actor=actor, on=liked, comment_id=comment_id):
        Comment.objects.filter(pk=comment_id).update(like_count=F("like_count") + (1 if liked else -1))
    return Comment.objects.values_list("like_count", flat=True).get(pk=comment_id)


@transaction.atomic
def add_views(*, views: dict[int, int]) -> None:
    """Add watched impressions to contents: {content id: how many}. Unknown ids are ignored."""
    for content_id, count in sorted(views.items()):
        Content.objects.filter(pk=content_id).update(view_count=F("view_count") + max(0, count))


def add_watched(*, watched: dict[tuple[int, int], int]) -> None:
    """Add looks to contents: {(content id, second in which it ended): how many}. Unknown ids are ignored."""
    known = set(Content.objects.filter(pk__in={pk for pk, _ in watched}).values_list("id", flat=True))
    rows = [(pk, second, count) for (pk, second), count in sorted(watched.items()) if pk in known]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        execute(
            "INSERT INTO content_watchedsecond (content_id, second, looks) VALUES "
            + ", ".join(["(%s, %s, %s)"] * len(some))
            + " ON CONFLICT (content_id, second) DO UPDATE SET looks = content_watchedsecond.looks + excluded.looks",
            [value for row in some for value in row],
        )


@transaction.atomic
def merge_guest_marks(*, guest_key: int, person_id: int) -> None:
    """Hand a guest's likes, saves, shares, follows and comment likes to the person they turned out to be.

    What both had counts once: the guest's row goes and the counter with it. Running it again finds nothing to do.
    """
    guest, person = f"g{guest_key}", f"p{person_id}"
    for content_id in _take_doubles(ContentLike, "content_id", guest, person):
        Content.objects.filter(pk=content_id).update(like_count=F("like_count") - 1)
        # A creator's likes are those of what can be seen; a withdrawn content has taken its own along.
        published = Content.objects.filter(pk=content_id, state=Content.State.PUBLISHED)
        creator_id = published.values_list("creator_id", flat=True).first()
        if creator_id is not None:
            _move_creator_count(creator_id, "like_count", -1)
    for content_id in _take_doubles(ContentSave, "content_id", guest, person):
        Content.objects.filter(pk=content_id).update(save_count=F("save_count") - 1)
    for content_id in _take_doubles(ContentShare, "content_id", guest, person):
        Content.objects.filter(pk=content_id).update(share_count=F("share_count") - 1)
    for creator_id in _take_doubles(CreatorFollow, "creator_id", guest, person):
        _move_creator_count(creator_id, "follower_count", -1)
    for comment_id in _take_doubles(CommentLike, "comment_id", guest, person):
        Comment.objects.filter(pk=comment_id).update(like_count=F("like_count") - 1)


def _require_published(content_id: int) -> int:
    found = Content.objects.filter(pk=content_id, state=Content.State.PUBLISHED)
    creator_id = found.values_list("creator_id", flat=True).first()
    if creator_id is None:
        raise NotFound
    return creator_id


def _set_mark(model: type[Model], *, actor: Actor, on: bool, **target: int) -> bool:
    """Whether the row really came or went."""
    rows = model._default_manager
    if on:
        return rows.get_or_create(actor_key=actor.key, **target, defaults={"created_at": clock.now()})[1]
    return rows.filter(actor_key=actor.key, **target).delete()[0] > 0


def _move_content_count(content_id: int, field: CounterField, step: int) -> None:
    """Raises NotFound for a content that was withdrawn since it was looked up: it took its counts along."""
    published = Content.objects.filter(pk=content_id, state=Content.State.PUBLISHED)
    if not published.update(**{field: F(field) + step}):
        raise NotFound


def _move_creator_count(creator_id: int, field: CounterField, step: int) -> None:
    changed = CreatorCounts.objects.filter(pk=creator_id).update(**{field: F(field) + step})
    if not changed:
        CreatorCounts.objects.get_or_create(creator_id=creator_id)
        CreatorCounts.objects.filter(pk=creator_id).update(**{field: F(field) + step})


def _take_doubles(model: type[Model], target: str, guest: str, person: str) -> list[int]:
    """Give the guest's rows to the person; return the targets that both had, whose guest row is deleted."""
    rows = model._default_manager
    theirs = rows.filter(actor_key=person).values(target)
    doubles = list(rows.filter(actor_key=guest, **{f"{target}__in": theirs}).values_list(target, flat=True))
    rows.filter(actor_key=guest, **{f"{target}__in": doubles}).delete()
    rows.filter(actor_key=guest).update(actor_key=person)
    return doubles


def _counts(content_id: int) -> Counts:
    row = Content.objects.values_list("like_count", "comment_count", "save_count", "share_count", "view_count")
    return Counts(*row.get(pk=content_id))
