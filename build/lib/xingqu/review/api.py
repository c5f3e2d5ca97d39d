"""Reviews over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, UploadedFile

from xingqu.accounts.selectors import actor_of, person_of, shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, decode_cursor, encode_cursor
from xingqu.review import selectors, services
from xingqu.review.schemas import (
    OrderReviewsOut,
    ProductReviewsOut,
    ReplyIn,
    ReviewPictureOut,
    ReviewsIn,
    Score,
    ShopReviewOut,
)

router = Router(tags=["review"])


@router.post("/orders/{order_no}/reviews", response={201: OrderReviewsOut})
def write_reviews(request: HttpRequest, order_no: Number, payload: ReviewsIn) -> Any:
    """Review lines of one's own received order, each once."""
    services.write_reviews(
        person_id=person_of(request),
        buyer_key=actor_of(request).key,
        order_no=order_no,
        lines=[services.LineReview(**line.dict()) for line in payload.lines],
    )
    return 201, {"items": selectors.order_reviews(order_no=order_no)}


@router.post("/orders/{order_no}/review-pictures", response={201: ReviewPictureOut})
def add_review_picture(request: HttpRequest, order_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB for a review of this order; it waits a day for the review."""
    picture_id = services.add_picture(
        person_id=person_of(request), buyer_key=actor_of(request).key, order_no=order_no, file=file
    )
    return 201, selectors.waiting_picture(picture_id=picture_id)


@router.get("/products/{product_id}/reviews", response=ProductReviewsOut)
def list_product_reviews(
    request: HttpRequest,
    product_id: Id,
    sort: selectors.Sort = "new",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Reviews of a product with their summary."""
    position = decode_cursor(cursor, int, int)
    items, following = selectors.product_reviews(
        product_id=product_id, sort=sort, after=(position[0], position[1]) if position else None, limit=limit
    )
    return {
        "items": items,
        "next_cursor": encode_cursor(*following) if following is not None else None,
        "summary": selectors.product_summary(product_id=product_id),
    }


@router.get("/shops/{shop_id}/reviews", response=ListOut[ShopReviewOut])
def list_shop_reviews(
    request: HttpRequest,
    shop_id: Id,
    answered: bool | None = None,
    max_score: Score | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's reviews, newest first."""
    shop_of(request, shop_id, "view")
    position = decode_cursor(cursor, int)
    items, last_id = selectors.shop_reviews(
        shop_id=shop_id,
        answered=answered,
        max_score=max_score,
        before_id=position[0] if position else None,
        limit=limit,
    )
    return {"items": items, "next_cursor": encode_cursor(last_id) if last_id is not None else None}


@router.post("/shops/{shop_id}/reviews/{review_id}/reply", response={204: None})
def reply_to_review(request: HttpRequest, shop_id: Id, review_id: Id, payload: ReplyIn) -> Any:
    """Answer a review, once, for everybody to read."""
    shop_of(request, shop_id, "reviews.write")
    services.reply_to_review(shop_id=shop_id, review_id=review_id, text=payload.text)
    return 204, None
