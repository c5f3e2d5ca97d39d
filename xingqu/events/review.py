"""Facts of reviews."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReviewPublished:
    """A buyer reviewed a product. `score_hundredths` (100..500) and `review_count` are the product's, this review included."""

    review_id: int
    order_no: str
    product_id: int
    sku_id: int
    shop_id: int
    person_id: int
    goods_score: int
    score_hundredths: int
    review_count: int


@dataclass(frozen=True)
class ReviewFollowedUp:
    """A buyer added something to a review."""

    review_id: int
    product_id: int
    shop_id: int
    person_id: int


@dataclass(frozen=True)
class ReviewReplied:
    """A shop answered a review, or (`follow_up`) its follow-up; not told of again when the answer is changed."""

    review_id: int
    product_id: int
    shop_id: int
    person_id: int
    follow_up: bool


@dataclass(frozen=True)
class ReviewVisibilityChanged:
    """A review was hidden, or stands again."""

    review_id: int
    product_id: int
    shop_id: int
    hidden: bool


@dataclass(frozen=True)
class ReviewCaseChanged:
    """A step in the case of a reported review. `waiting_for`: author, shop, platform or None; `due_at`: until when."""

    case_id: int
    review_id: int
    product_id: int
    shop_id: int
    person_id: int
    state: str
    step: str
    hidden: bool
    by_shop: bool
    waiting_for: str | None
    due_at: datetime | None
