"""Comments: people write, answer and delete their own; the texts of the deleted are erased."""

from django.db import transaction
from django.db.models import F

from xingqu.content.domain import find_forbidden
from xingqu.content.models import Comment, Content
from xingqu.content.services.moderation import hidden_by_rules, recount_comments
from xingqu.events.content import CommentPosted
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names

COMMENT_MAX_LETTERS = 500
PER_MINUTE_MAX = 20


class TextRefused(BusinessError):
    """A text that may not stand in public; `data.reason` says why."""

    code = "text_refused"
    status = 422
    message = "This text cannot be published."


class TooManyComments(BusinessError):
    code = "too_many_comments"
    status = 429
    message = "You are writing comments very fast. Wait a moment."


def require_public_text(*, text: str) -> None:
    """Raises TextRefused for a text that may not stand in public: contact details, forbidden words."""
    reason = find_forbidden(text)
    if reason is not None:
        raise TextRefused(
            field="text", expected="a text without contact details or forbidden words", data={"reason": reason}
        )


@transaction.atomic
def post_comment(
    *,
    person_id: int,
    content_id: int,
    text: str,
    reply_to_id: int | None = None,
    limited: bool = True,
    as_creator: bool = False,
) -> int:
    """Write a comment, or an answer to one, and return its id.

    `limited` False lifts the limit per minute (imports); `as_creator`: in the name of the publishing account. What holds a word
    that the creator blocked is hidden at once, and its writer sees it as if it were not.

    Raises NotFound for a content or comment that is not there, InvalidInput for an empty or long text, TextRefused,
    TooManyComments, CommentsBlocked for somebody whom the creator blocked.
    """
    text = text.strip()
    if not 0 < len(text) <= COMMENT_MAX_LETTERS:
        raise InvalidInput(field="text", expected=f"1 to {COMMENT_MAX_LETTERS} letters")
    creator_id = (
        Content.objects.filter(pk=content_id, state=Content.State.PUBLISHED)
        .values_list("creator_id", flat=True)
        .first()
    )
    if creator_id is None:
        raise NotFound
    require_public_text(text=text)
    hidden = "" if as_creator else hidden_by_rules(creator_id=creator_id, person_id=person_id, text=text)
    if limited:
        _check_pace(person_id)
    thread_id = _thread_of(content_id, reply_to_id)
    row = Comment.objects.create(
        content_id=content_id,
        person_id=person_id,
        text=text,
        thread_id=thread_id,
        reply_to_id=reply_to_id,
        created_at=clock.now(),
        hidden=hidden,
        as_creator=as_creator,
    )
    if hidden:
        return row.pk
    Content.objects.filter(pk=content_id).update(comment_count=F("comment_count") + 1)
    if thread_id is not None:
        Comment.objects.filter(pk=thread_id).update(reply_count=F("reply_count") + 1)
    publish(CommentPosted(content_id=content_id, comment_id=row.pk, person_id=person_id))
    return row.pk


@transaction.atomic
def delete_comment(*, person_id: int, comment_id: int) -> None:
    """Delete one's own comment. Raises NotFound for another's: nothing is revealed."""
    now = clock.now()
    mine = Comment.objects.filter(pk=comment_id, person_id=person_id, deleted_at__isnull=True)
    if not mine.update(deleted_at=now, text="", pinned_at=None):
        raise NotFound
    content_id, thread_id = Comment.objects.values_list("content_id", "thread_id").get(pk=comment_id)
    recount_comments(content_id=content_id, thread_id=thread_id)


def _check_pace(person_id: int) -> None:
    hold_names(f"comments:{person_id}")
    since = clock.from_ms(clock.now_ms() - 60_000)
    if Comment.objects.filter(person_id=person_id, created_at__gt=since).count() >= PER_MINUTE_MAX:
        raise TooManyComments(retry_after_s=60)


def _thread_of(content_id: int, reply_to_id: int | None) -> int | None:
    if reply_to_id is None:
        return None
    found = Comment.objects.filter(pk=reply_to_id, content_id=content_id, deleted_at__isnull=True)
    thread_id = found.values_list("id", "thread_id").first()
    if thread_id is None:
        raise NotFound("The comment to answer is gone.", field="reply_to_id", expected="a comment below this content")
    return thread_id[1] or thread_id[0]
