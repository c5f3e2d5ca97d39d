"""The shop's answers, and those it keeps at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from xingqu.content.services import require_public_text
from xingqu.events.review import ReviewReplied
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, Conflict, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.review.domain import AlreadyReplied, ReplyClosed
from xingqu.review.domain.cases import Side
from xingqu.review.models import FollowUp, Review, SavedReply
from xingqu.review.selectors.rules import rules_at
from xingqu.review.services.trail import note

SAVED_REPLIES = 100


@dataclass(frozen=True, slots=True)
class BatchReply:
    """What became of one answer of many: `code` None when it stands."""

    review_id: int
    code: str | None
    message: str | None


@retried
@transaction.atomic
def reply_to_review(
    *, shop_id: int, review_id: int, text: str, person_id: int | None = None, follow_up: bool = False
) -> None:
    """The shop answers a review, or (`follow_up`) its follow-up, each once.

    Raises NotFound for another shop's review or one without a follow-up, TextRefused, AlreadyReplied.
    """
    require_public_text(text=text)
    review = _own(shop_id, review_id)
    rows = _answered(review, follow_up)
    if not rows.filter(replied_at__isnull=True).update(reply=text, replied_at=clock.now()):
        if not rows.exists():
            raise NotFound(field="review_id", expected="the id of a review with a follow-up")
        raise AlreadyReplied
    note(review_id=review_id, step="reply", side=Side.SHOP, person_id=person_id, data={"follow_up": follow_up})
    publish(
        ReviewReplied(
            review_id=review_id,
            product_id=review.product_id,
            shop_id=shop_id,
            person_id=review.person_id,
            follow_up=follow_up,
        )
    )


@retried
@transaction.atomic
def edit_reply(*, shop_id: int, review_id: int, text: str, person_id: int, follow_up: bool = False) -> None:
    """Change an answer while its time lasts; what it was before stays in the review's trail.

    Raises NotFound for another shop's review or one without an answer, ReplyClosed, TextRefused.
    """
    require_public_text(text=text)
    review = _own(shop_id, review_id)
    row = _answered(review, follow_up).filter(replied_at__isnull=False).first()
    if row is None or row.replied_at is None:
        raise NotFound(field="review_id", expected="the id of a review that was answered")
    until = row.replied_at + timedelta(seconds=rules_at(row.replied_at).reply_edit_s)
    if until <= clock.now():
        raise ReplyClosed(data={"until": until.isoformat()})
    before = row.reply
    _answered(review, follow_up).update(reply=text, reply_edited_at=clock.now())
    data = {"follow_up": follow_up, "before": before}
    note(review_id=review_id, step="edit_reply", side=Side.SHOP, person_id=person_id, data=data)


def reply_batch(*, shop_id: int, review_ids: Sequence[int], text: str, person_id: int) -> list[BatchReply]:
    """The same answer to many reviews, each for itself: one that can't be answered stops none of the others."""
    results = []
    for review_id in dict.fromkeys(review_ids):
        try:
            reply_to_review(shop_id=shop_id, review_id=review_id, text=text, person_id=person_id)
            results.append(BatchReply(review_id, None, None))
        except BusinessError as error:
            results.append(BatchReply(review_id, error.code, str(error)))
    return results


@retried
@transaction.atomic
def save_reply(*, shop_id: int, title: str, text: str, reply_id: int | None = None) -> int:
    """Keep an answer at hand, or change one; returns its id. Raises NotFound, Conflict for a title twice or too many, TextRefused."""
    require_public_text(text=text)
    try:
        with transaction.atomic():
            if reply_id is None:
                if SavedReply.objects.filter(shop_id=shop_id).count() >= SAVED_REPLIES:
                    raise Conflict(field="title", expected=f"at most {SAVED_REPLIES} saved replies")
                return int(SavedReply.objects.create(shop_id=shop_id, title=title, text=text).pk)
            if not SavedReply.objects.filter(pk=reply_id, shop_id=shop_id).update(title=title, text=text):
                raise NotFound(field="reply_id", expected="the id of a saved reply of this shop")
            return reply_id
    except IntegrityError as error:
        raise Conflict(field="title", expected="a title that no other saved reply has") from error


@transaction.atomic
def delete_reply(*, shop_id: int, reply_id: int) -> None:
    """Raises NotFound for another shop's."""
    if not SavedReply.objects.filter(pk=reply_id, shop_id=shop_id).delete()[0]:
        raise NotFound(field="reply_id", expected="the id of a saved reply of this shop")


def _own(shop_id: int, review_id: int) -> Review:
    review = Review.objects.filter(pk=review_id, shop_id=shop_id).first()
    if review is None:
        raise NotFound(field="review_id", expected="the id of a review of this shop")
    return review


def _answered(review: Review, follow_up: bool) -> QuerySet[Review] | QuerySet[FollowUp]:
    return FollowUp.objects.filter(review=review) if follow_up else Review.objects.filter(pk=review.pk)
