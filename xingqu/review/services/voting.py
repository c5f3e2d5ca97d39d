"""Who found a review helpful."""

from django.db import IntegrityError, transaction
from django.db.models import F

from xingqu.accounts.selectors import member_ids
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.review.domain import OwnReview
from xingqu.review.models import Review, ReviewVote


@retried
@transaction.atomic
def vote_helpful(*, person_id: int, review_id: int) -> int:
    """Say that a review is helpful, once; again changes nothing. Returns its votes.

    Raises NotFound for a review that is not there or hidden, OwnReview for its author and the shop's members.
    """
    review = _public(review_id)
    if person_id == review.person_id or person_id in member_ids(organisation_id=review.shop_id):
        raise OwnReview
    try:
        with transaction.atomic():
            ReviewVote.objects.create(review=review, person_id=person_id, created_at=clock.now())
    except IntegrityError:
        return _votes(review_id)
    Review.objects.filter(pk=review_id).update(helpful_count=F("helpful_count") + 1)
    return _votes(review_id)


@retried
@transaction.atomic
def take_vote_back(*, person_id: int, review_id: int) -> int:
    """Take one's vote back; without one nothing changes. Returns the review's votes. Raises NotFound."""
    _public(review_id)
    if ReviewVote.objects.filter(review_id=review_id, person_id=person_id).delete()[0]:
        Review.objects.filter(pk=review_id).update(helpful_count=F("helpful_count") - 1)
    return _votes(review_id)


def _public(review_id: int) -> Review:
    review = Review.objects.filter(pk=review_id, hidden=False).first()
    if review is None:
        raise NotFound(field="review_id", expected="the id of a review")
    return review


def _votes(review_id: int) -> int:
    return Review.objects.values_list("helpful_count", flat=True).get(pk=review_id)
