"""Stars of given lines of orders."""

from collections.abc import Sequence
from datetime import datetime

from xingqu.review.models import Review


def stars_of_lines(*, lines: Sequence[tuple[str, int]]) -> list[tuple[int, datetime, int]]:
    """(review, when, goods stars) of these (order number, SKU), without the system's and hidden ones. At most 500 lines."""
    wanted = set(lines)
    rows = Review.objects.filter(order_no__in={number for number, _ in wanted}, is_default=False, hidden=False)
    found = rows.order_by("-id").values_list("id", "created_at", "goods_score", "order_no", "sku_id")
    return [(pk, at, stars) for pk, at, stars, number, sku_id in found if (number, sku_id) in wanted]
