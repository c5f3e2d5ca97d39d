"""Reviews as everybody reads them, and what a reader may do."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.kit.api import CursorText, Id, Limit, decode_cursor, encode_cursor
from xingqu.review import selectors, services
from xingqu.review.schemas import Aspect, Feeling, ProductReviewsOut, ReportIn, VotesOut

router = Router()


@router.get("/products/{product_id}/reviews", response=ProductReviewsOut)
def list_product_reviews(
    request: HttpRequest,
    product_id: Id,
    sort: selectors.Sort = "new",
    show: selectors.Show = "all",
    aspect: Aspect | None = None,
    feeling: Feeling | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Reviews of a product with their summary. Hidden ones are not among them, the system's default ones only when asked for."""
    position = decode_cursor(cursor, int, int)
    rows = selectors.public_reviews(product_id=product_id).filter(selectors.SHOWN[show])
    if aspect is not None or feeling is not None:
        rows = rows.filter(pk__in=selectors.mentioning(aspect=aspect, feeling=feeling, product_id=product_id))
    items, following = selectors.product_reviews(
        rows=rows,
        sort=sort,
        after=(position[0], position[1]) if position else None,
        limit=limit,
        reader_id=actor_of(request).person_id,
    )
    return {
        "items": items,
        "next_cursor": encode_cursor(*following) if following is not None else None,
        "summary": selectors.product_summary(product_id=product_id),
    }


@router.put("/reviews/{review_id}/helpful", response=VotesOut)
def vote_helpful(request: HttpRequest, review_id: Id) -> Any:
    """Say that a review is helpful, once a person."""
    return {"helpful_count": services.vote_helpful(person_id=person_of(request), review_id=review_id)}


@router.delete("/reviews/{review_id}/helpful", response=VotesOut)
def take_vote_back(request: HttpRequest, review_id: Id) -> Any:
    """Take one's vote back."""
    return {"helpful_count": services.take_vote_back(person_id=person_of(request), review_id=review_id)}


@router.post("/reviews/{review_id}/reports", response={204: None})
def report_review(request: HttpRequest, review_id: Id, payload: ReportIn) -> Any:
    """Tell the platform that a review may not stand, once a person."""
    services.report_review(person_id=person_of(request), review_id=review_id, reason=payload.reason, text=payload.text)
    return Status(204, None)
