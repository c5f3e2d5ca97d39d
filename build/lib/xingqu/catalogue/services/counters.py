"""Counters on the product card. The rooms above call these from their handlers of facts."""

from collections.abc import Mapping

from xingqu.catalogue.models import Product
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.sql import execute

_ADD_SOLD = (
    "UPDATE catalogue_product SET sold_count = CASE WHEN sold_count > %s THEN sold_count + %s ELSE 0 END,"
    " updated_at = %s WHERE id = %s"
)


def add_sold(*, units: Mapping[int, int]) -> None:
    """Add units sold by product id; a refund takes them away with a negative number, never below zero."""
    for product_id in sorted(units):
        execute(_ADD_SOLD, [-units[product_id], units[product_id], clock.now(), product_id])


def set_review_score(*, product_id: int, score: float | None, review_count: int) -> None:
    """Keep the average score (1.00 to 5.00, None without reviews) and how many reviews it is of. Raises InvalidInput."""
    if score is not None and not 1 <= score <= 5:
        raise InvalidInput(field="score", expected="1 to 5")
    if review_count < 0:
        raise InvalidInput(field="review_count", expected="0 or more")
    hundredths = None if score is None else round(score * 100)
    Product.objects.filter(pk=product_id).update(
        score_hundredths=hundredths, review_count=review_count, updated_at=clock.now()
    )
