"""Sums over a product's reviews."""

from xingqu.events.review import ReviewVisibilityChanged
from xingqu.kit.outbox import publish
from xingqu.kit.sql import fetch_one
from xingqu.review.models import ProductScore, Review

_TABLE = ProductScore._meta.db_table


def count_score(*, product_id: int, score: int) -> tuple[int, int]:
    """Add one score to a product's sums in one statement. Returns (total, count) after it."""
    column = f"stars_{score}"
    zeros = {f"stars_{n}": int(n == score) for n in range(1, 6)}
    row = fetch_one(
        f"INSERT INTO {_TABLE} (product_id, count, total, defaults, {', '.join(zeros)})"
        f" VALUES (%s, 1, %s, 0, %s, %s, %s, %s, %s)"
        f" ON CONFLICT (product_id) DO UPDATE SET count = {_TABLE}.count + 1,"
        f" total = {_TABLE}.total + excluded.total, {column} = {_TABLE}.{column} + 1 RETURNING total, count",
        [product_id, score, *zeros.values()],
    ) or (0, 0)
    return int(row[0]), int(row[1])


def count_default(*, product_id: int, change: int) -> None:
    """One default review more, or less."""
    fetch_one(
        f"INSERT INTO {_TABLE} (product_id, count, total, defaults, stars_1, stars_2, stars_3, stars_4, stars_5)"
        f" VALUES (%s, 0, 0, 1, 0, 0, 0, 0, 0)"
        f" ON CONFLICT (product_id) DO UPDATE SET defaults = {_TABLE}.defaults + %s RETURNING defaults",
        [product_id, change],
    )


def set_hidden(*, review_id: int, hidden: bool) -> bool:
    """Take a review from public view and every count, or back. False when it is so already. In the caller's transaction."""
    if not Review.objects.filter(pk=review_id, hidden=not hidden).update(hidden=hidden):
        return False
    review = Review.objects.get(pk=review_id)
    if review.is_default:
        count_default(product_id=review.product_id, change=-1 if hidden else 1)
    elif hidden:
        column = f"stars_{review.goods_score}"
        fetch_one(
            f"UPDATE {_TABLE} SET count = count - 1, total = total - %s, {column} = {column} - 1"
            f" WHERE product_id = %s RETURNING count",
            [review.goods_score, review.product_id],
        )
    else:
        count_score(product_id=review.product_id, score=review.goods_score)
    publish(
        ReviewVisibilityChanged(
            review_id=review.pk, product_id=review.product_id, shop_id=review.shop_id, hidden=hidden
        )
    )
    return True
