"""Facts of reviews."""

from dataclasses import dataclass


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
