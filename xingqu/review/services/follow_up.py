"""What a buyer adds after a while."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from xingqu.content.services import require_public_text
from xingqu.events.review import ReviewFollowedUp
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.review.domain import AlreadyFollowedUp, FollowUpClosed
from xingqu.review.domain.cases import Side
from xingqu.review.models import FollowUp, Review
from xingqu.review.selectors.reading import follow_up_until
from xingqu.review.services.pictures import take_pictures
from xingqu.review.services.trail import note


@retried
@transaction.atomic
def follow_up(*, person_id: int, review_id: int, text: str, picture_ids: Sequence[int]) -> None:
    """Add something to one's own review, once, within the time that ran from receipt.

    Raises NotFound for another's review, FollowUpClosed, AlreadyFollowedUp, TextRefused, InvalidInput for pictures that were
    not uploaded for its order.
    """
    review = Review.objects.filter(pk=review_id, person_id=person_id).first()
    if review is None:
        raise NotFound(field="review_id", expected="the id of a review of yours")
    until = follow_up_until(review)
    if until <= clock.now():
        raise FollowUpClosed(data={"until": until.isoformat()})
    require_public_text(text=text)
    now = clock.now()
    try:
        with transaction.atomic():
            FollowUp.objects.create(review=review, text=text, created_at=now)
    except IntegrityError as error:
        raise AlreadyFollowedUp from error
    take_pictures(review=review, picture_ids=picture_ids, in_follow_up=True)
    changed = {"followed_up_at": now, **({"has_pictures": True} if picture_ids else {})}
    Review.objects.filter(pk=review.pk).update(**changed)
    note(review_id=review.pk, step="follow_up", side=Side.AUTHOR, person_id=person_id)
    publish(
        ReviewFollowedUp(review_id=review.pk, product_id=review.product_id, shop_id=review.shop_id, person_id=person_id)
    )
