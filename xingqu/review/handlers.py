"""Reactions to facts."""

from typing import Any

from xingqu.accounts.services import notify
from xingqu.catalogue.services import set_review_score
from xingqu.events.review import (
    ReviewCaseChanged,
    ReviewFollowedUp,
    ReviewPublished,
    ReviewReplied,
    ReviewVisibilityChanged,
)
from xingqu.events.trade import OrderReceived
from xingqu.review.selectors import product_summary
from xingqu.review.services import analyse_review, expect_review


def update_score(fact: ReviewPublished | ReviewVisibilityChanged) -> None:
    """Score and count on the product card: as they are now, so that late deliveries can't set them back."""
    summary = product_summary(product_id=fact.product_id)
    set_review_score(product_id=fact.product_id, score=summary["score"], review_count=summary["count"])


def read_opinions(fact: ReviewPublished | ReviewFollowedUp | ReviewVisibilityChanged) -> None:
    """What a review says, as it stands now."""
    analyse_review(review_id=fact.review_id)


def await_review(fact: OrderReceived) -> None:
    """The time in which a buyer may speak begins."""
    expect_review(order_no=fact.order_no, received_at=fact.received_at)


def tell_shop(fact: ReviewPublished) -> None:
    """Merchant: a new review."""
    _tell(fact, "review_new", goods_score=fact.goods_score)


def tell_followed_up(fact: ReviewFollowedUp) -> None:
    """Merchant: a buyer added something."""
    _tell(fact, "review_followed_up")


def tell_replied(fact: ReviewReplied) -> None:
    """Author: the shop answered."""
    data = {"review_id": fact.review_id, "product_id": fact.product_id, "follow_up": fact.follow_up}
    notify(person_id=fact.person_id, kind="review_replied", data=data)


def tell_case(fact: ReviewCaseChanged) -> None:
    """Both sides: what happened to a reported review, and who must act by when."""
    data = {
        "case_id": fact.case_id,
        "review_state": fact.state,
        "step": fact.step,
        "hidden": fact.hidden,
        "waiting_for": fact.waiting_for,
        "due_at": fact.due_at.isoformat() if fact.due_at is not None else None,
    }
    own = {"review_id": fact.review_id, "product_id": fact.product_id, **data}
    notify(person_id=fact.person_id, kind="review_case", data=own)
    _tell(fact, "review_case", **data)


def _tell(fact: ReviewPublished | ReviewFollowedUp | ReviewCaseChanged, kind: str, **more: Any) -> None:
    data = {"review_id": fact.review_id, "shop_id": fact.shop_id, "product_id": fact.product_id, **more}
    notify(organisation_id=fact.shop_id, kind=kind, data=data)
