"""For operators: the queue of submitted products."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import operator_of
from xingqu.catalogue import selectors, services
from xingqu.catalogue.schemas import (
    ListingQueueOut,
    ListingReviewDetailOut,
    RejectListingIn,
    VersionIn,
)
from xingqu.kit.api import CursorText, Id, Limit

router = Router()
State = Literal["waiting", "approved", "rejected"]


@router.get("/operator/listings", response=ListingQueueOut)
def list_listings(
    request: HttpRequest, state: State = "waiting", cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Products that wait for a decision, oldest first; decided ones newest first."""
    operator_of(request)
    items, following = selectors.listing_reviews(state=state, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following, "waiting": selectors.waiting_listings()}


@router.get("/operator/listings/{review_id}", response=ListingReviewDetailOut)
def get_listing(request: HttpRequest, review_id: Id) -> Any:
    """A submitted product as it would stand, beside what is on sale now."""
    operator_of(request)
    return selectors.listing_review(review_id=review_id)


@router.post("/operator/listings/{review_id}/approve", response=ListingReviewDetailOut)
def approve_listing(request: HttpRequest, review_id: Id, payload: VersionIn) -> Any:
    """Pass it as it was seen at `version`; it goes on the shelf when its merchant asked for that."""
    services.approve_listing(operator_id=operator_of(request), review_id=review_id, version=payload.version)
    return selectors.listing_review(review_id=review_id)


@router.post("/operator/listings/{review_id}/reject", response=ListingReviewDetailOut)
def reject_listing(request: HttpRequest, review_id: Id, payload: RejectListingIn) -> Any:
    """Send it back with what is wrong, by field; what is on sale stays on sale."""
    services.reject_listing(
        operator_id=operator_of(request), review_id=review_id, version=payload.version, reasons=payload.reasons
    )
    return selectors.listing_review(review_id=review_id)
