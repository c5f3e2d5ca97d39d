"""Reactions to facts."""

from xingqu.accounts.services import notify
from xingqu.catalogue.services import set_review_score
from xingqu.events.review import ReviewPublished
from xingqu.review.selectors import product_summary


def update_score(fact: ReviewPublished) -> None:
    """Score and count on the product card: as they are now, so that late deliveries can't set them back."""
    summary = product_summary(product_id=fact.product_id)
    set_review_score(product_id=fact.product_id, score=summary["score"], review_count=summary["count"])


def tell_shop(fact: ReviewPublished) -> None:
    """Merchant: a new review."""
    notify(
        organisation_id=fact.shop_id,
        kind="review_new",
        data={
            "review_id": fact.review_id,
            "shop_id": fact.shop_id,
            "product_id": fact.product_id,
            "goods_score": fact.goods_score,
        },
    )
