"""A buyer's own reviews."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of
from xingqu.review import selectors, services
from xingqu.review.domain.cases import Side
from xingqu.review.schemas import (
    CaseSpeechIn,
    FollowUpIn,
    OrderReviewsOut,
    OwnReviewOut,
    ReviewPictureOut,
    ReviewsIn,
)
from xingqu.trade.selectors import shop_order_for_buyer

router = Router()


@router.post("/orders/{order_no}/reviews", response={201: OrderReviewsOut})
def write_reviews(request: HttpRequest, order_no: Number, payload: ReviewsIn) -> Any:
    """Review lines of one's own received order, each once."""
    services.write_reviews(
        person_id=person_of(request),
        buyer_key=actor_of(request).key,
        order_no=order_no,
        lines=[services.LineReview(**line.dict()) for line in payload.lines],
        anonymous=payload.anonymous,
    )
    return Status(201, {"items": selectors.order_reviews(order_no=order_no)})


@router.get("/orders/{order_no}/reviews", response=OrderReviewsOut)
def list_order_reviews(request: HttpRequest, order_no: Number) -> Any:
    """What one wrote about one's own order, and what became of it."""
    person_of(request)
    order = shop_order_for_buyer(buyer_key=actor_of(request).key, order_no=order_no)
    return {"items": selectors.order_reviews(order_no=order.order_no)}


@router.post("/orders/{order_no}/review-pictures", response={201: ReviewPictureOut})
def add_review_picture(request: HttpRequest, order_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB for a review of this order; it waits a day for the review."""
    picture_id = services.add_picture(
        person_id=person_of(request), buyer_key=actor_of(request).key, order_no=order_no, file=file
    )
    return Status(201, selectors.waiting_picture(picture_id=picture_id))


@router.get("/reviews/mine", response=ListOut[OwnReviewOut])
def list_own_reviews(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """One's own reviews, newest first: what others see, what the platform decided, and who must act by when."""
    items, last_id = selectors.author_reviews(person_id=person_of(request), before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.post("/reviews/{review_id}/follow-up", response={201: OwnReviewOut})
def follow_up(request: HttpRequest, review_id: Id, payload: FollowUpIn) -> Any:
    """Add something to one's own review, once, within the time that ran from receipt."""
    person_id = person_of(request)
    services.follow_up(person_id=person_id, review_id=review_id, text=payload.text, picture_ids=payload.picture_ids)
    return Status(201, selectors.author_review(person_id=person_id, review_id=review_id))


@router.post("/reviews/{review_id}/appeal", response=OwnReviewOut)
def appeal(request: HttpRequest, review_id: Id, payload: CaseSpeechIn) -> Any:
    """Ask the platform to let one's own hidden review stand again, once."""
    person_id = person_of(request)
    services.appeal(review_id=review_id, side=Side.AUTHOR, person_id=person_id, text=payload.text)
    return selectors.author_review(person_id=person_id, review_id=review_id)


@router.post("/reviews/{review_id}/statement", response=OwnReviewOut)
def make_statement(request: HttpRequest, review_id: Id, payload: CaseSpeechIn) -> Any:
    """Answer the shop's appeal against one's own review."""
    person_id = person_of(request)
    services.make_statement(review_id=review_id, side=Side.AUTHOR, person_id=person_id, text=payload.text)
    return selectors.author_review(person_id=person_id, review_id=review_id)
