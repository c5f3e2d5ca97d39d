"""Counters on the product card. The rooms above call these from their handlers of facts."""

from collections.abc import Mapping

from django.db.models import F, Value
from django.db.models.functions import Greatest

from xingqu.catalogue.models import Product
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput


def add_sold(*, units: Mapping[int, int]) -> None:
    """Add units sold by product id; a refund takes them away with a negative number, never below zero."""
    for product_id in sorted(units):
        Product.objects.filter(pk=product_id).update(
            sold_count=Greatest(F("sold_count") + units[product_id], Value(0)), updated_at=clock.now()
        )


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
