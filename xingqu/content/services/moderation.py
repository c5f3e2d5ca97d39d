"""What a creator does with comments below their works: hide, delete, pin, words and people that are blocked.

Hiding is a column of the comment, so that every reader asks one thing; words and people set it for what is there when they are
blocked and for what is written later, and take it back when they are unblocked.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from xingqu.content.models import BlockedPerson, Comment, CommentRules, Content
from xingqu.kit import clock
from xingqu.kit.errors import Forbidden, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried

WORDS_MAX = 200
WORD_MAX = 30
PINNED_MAX = 3
Hidden = Comment.Hidden


class CommentsBlocked(Forbidden):
    code = "comments_blocked"
    message = "You can't comment on this creator's works."


def hidden_by_rules(*, creator_id: int, person_id: int, text: str) -> str:
    """Why a new comment is hidden; empty when it is not. Raises CommentsBlocked."""
    if BlockedPerson.objects.filter(creator_id=creator_id, person_id=person_id).exists():
        raise CommentsBlocked
    words = CommentRules.objects.filter(pk=creator_id).values_list("words", flat=True).first() or []
    return Hidden.WORD if _holds(text, words) else Hidden.NO


def recount_comments(*, content_id: int, thread_id: int | None) -> None:
    """Count anew what everybody sees: what is deleted or hidden, or below something hidden, is not."""
    Content.objects.select_for_update(no_key=True).get(pk=content_id)
    shown = Comment.objects.filter(deleted_at__isnull=True, hidden=Hidden.NO)
    below = shown.filter(content_id=content_id).filter(Q(thread__isnull=True) | Q(thread__hidden=Hidden.NO))
    Content.objects.filter(pk=content_id).update(comment_count=below.count())
    if thread_id is not None:
        Comment.objects.filter(pk=thread_id).update(reply_count=shown.filter(thread_id=thread_id).count())


@retried
@transaction.atomic
def set_hidden(*, shop_id: int, comment_id: int, hidden: bool) -> None:
    """Hide a comment from everybody but its writer, or show it again. Doing so again changes nothing. Raises NotFound."""
    row = _own(shop_id, comment_id)
    _hide(Comment.objects.filter(pk=row.pk), Hidden.HAND if hidden else Hidden.NO)


@retried
@transaction.atomic
def remove_comment(*, shop_id: int, comment_id: int) -> None:
    """Delete a comment below one's works; its text is erased. Raises NotFound."""
    row = _own(shop_id, comment_id)
    Comment.objects.filter(pk=row.pk).update(deleted_at=clock.now(), text="", pinned_at=None)
    recount_comments(content_id=row.content_id, thread_id=row.thread_id)


@retried
@transaction.atomic
def set_pinned(*, shop_id: int, comment_id: int, pinned: bool) -> None:
    """Have a top comment stand first, or no more. Raises NotFound, InvalidInput for a reply, a hidden one, or one too many."""
    row = _own(shop_id, comment_id)
    Content.objects.select_for_update(no_key=True).get(pk=row.content_id)
    if pinned and (row.thread_id is not None or row.hidden):
        raise InvalidInput(field="comment_id", expected="a top comment that everybody sees")
    others = Comment.objects.filter(content_id=row.content_id, pinned_at__isnull=False).exclude(pk=row.pk)
    if pinned and others.count() >= PINNED_MAX:
        raise InvalidInput(field="comment_id", expected=f"at most {PINNED_MAX} pinned comments a work")
    Comment.objects.filter(pk=row.pk).update(pinned_at=clock.now() if pinned else None)


@retried
@transaction.atomic
def set_words(*, creator_id: int, words: list[str]) -> list[str]:
    """Block comments with these words, those that are there included; words that are no more bring theirs back. Returns them.

    Raises InvalidInput for too many or too long.
    """
    wanted = list(dict.fromkeys(word.strip().casefold() for word in words if word.strip()))
    if len(wanted) > WORDS_MAX or any(len(word) > WORD_MAX for word in wanted):
        raise InvalidInput(field="words", expected=f"at most {WORDS_MAX} words of {WORD_MAX} letters")
    hold_names(f"comment_rules:{creator_id}")
    CommentRules.objects.update_or_create(creator_id=creator_id, defaults={"words": wanted})
    below = Comment.objects.filter(content__creator_id=creator_id, deleted_at__isnull=True)
    texts = below.filter(hidden__in=(Hidden.NO, Hidden.WORD), as_creator=False).values_list("id", "text", "hidden")
    hide = [pk for pk, text, hidden in texts if not hidden and _holds(text, wanted)]
    show = [pk for pk, text, hidden in texts if hidden and not _holds(text, wanted)]
    _hide(below.filter(pk__in=hide), Hidden.WORD)
    _hide(below.filter(pk__in=show), Hidden.NO)
    return wanted


@retried
@transaction.atomic
def block_writer(*, shop_id: int, comment_id: int) -> int:
    """Let the writer of a comment write none below this creator's works; all of theirs are hidden. Returns the person.

    Raises NotFound, InvalidInput for what was said in the creator's own name.
    """
    row = _own(shop_id, comment_id)
    if row.as_creator:
        raise InvalidInput(field="comment_id", expected="a comment of somebody else")
    creator_id = row.content.creator_id
    hold_names(f"comment_rules:{creator_id}")
    BlockedPerson.objects.get_or_create(
        creator_id=creator_id, person_id=row.person_id, defaults={"created_at": clock.now()}
    )
    theirs = Comment.objects.filter(content__creator_id=creator_id, person_id=row.person_id, deleted_at__isnull=True)
    _hide(theirs.filter(hidden=Hidden.NO, as_creator=False), Hidden.PERSON)
    return row.person_id


@retried
@transaction.atomic
def unblock_person(*, creator_id: int, person_id: int) -> None:
    """Let somebody write again; what was hidden for it is shown again. Doing so again changes nothing."""
    hold_names(f"comment_rules:{creator_id}")
    if BlockedPerson.objects.filter(creator_id=creator_id, person_id=person_id).delete()[0]:
        theirs = Comment.objects.filter(content__creator_id=creator_id, person_id=person_id, hidden=Hidden.PERSON)
        _hide(theirs, Hidden.NO)


def _hide(rows: QuerySet[Comment], why: str) -> None:
    found = list(rows.exclude(hidden=why).order_by("content_id", "id").values_list("id", "content_id", "thread_id"))
    ids = [pk for pk, _, _ in found]
    Comment.objects.filter(pk__in=ids).update(hidden=why)
    if why:
        Comment.objects.filter(pk__in=ids).update(pinned_at=None)
    for content_id, thread_id in sorted({(content, thread or 0) for _, content, thread in found}):
        recount_comments(content_id=content_id, thread_id=thread_id or None)


def _holds(text: str, words: Iterable[str]) -> bool:
    folded = text.casefold()
    return any(word in folded for word in words)


def _own(shop_id: int, comment_id: int) -> Comment:
    rows = Comment.objects.select_related("content").filter(content__shop_id=shop_id, deleted_at__isnull=True)
    row = rows.filter(pk=comment_id).first()
    if row is None:
        raise NotFound
    return row
