"""Reviews, and the shop's answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from xingqu.content.services import require_public_text
from xingqu.events.review import ReviewPublished
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import fetch_one
from xingqu.kit.transactions import hold_names, retried
from xingqu.review.domain import AlreadyReplied, AlreadyReviewed, NotReceived, score_hundredths
from xingqu.review.models import ProductScore, Review
from xingqu.review.services.pictures import take_pictures
from xingqu.trade.contracts import OrderLineRow, ShopOrderRow
from xingqu.trade.selectors import shop_order_for_buyer
from xingqu.trade.services import mark_reviewed


@dataclass(frozen=True, slots=True)
class LineReview:
    """Scores are 1 to 5."""

    sku_id: int
    goods_score: int
    service_score: int
    logistics_score: int
    text: str
    picture_ids: Sequence[int] = ()


@retried
@transaction.atomic
def write_reviews(*, buyer_key: str, person_id: int, order_no: str, lines: Sequence[LineReview]) -> None:
    """Review lines of one's own received order; all of them or none.

    Raises NotFound for another's order, NotReceived, InvalidInput for a SKU that is not in the order or appears twice and
    for pictures that were not uploaded for it, TextRefused, AlreadyReviewed.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    if order.state != "done":
        raise NotReceived(expected="a received order", data={"state": order.state})
    hold_names(f"reviews:{order_no}")  # of two that review the rest at once the second sees that it is all
    by_sku = {line.sku_id: line for line in order.lines}
    if len({line.sku_id for line in lines}) != len(lines) or any(line.sku_id not in by_sku for line in lines):
        raise InvalidInput(field="lines", expected="SKUs of this order, each once")
    for line in lines:
        require_public_text(text=line.text)
        _write(order, by_sku[line.sku_id], line, person_id)
    if Review.objects.filter(order_no=order_no).count() == len(by_sku):
        mark_reviewed(order_no=order_no)


def _write(order: ShopOrderRow, bought: OrderLineRow, line: LineReview, person_id: int) -> None:
    try:
        with transaction.atomic():
            review = Review.objects.create(
                order_no=order.order_no,
                sku_id=line.sku_id,
                product_id=bought.product_id,
                shop_id=order.shop_id,
                person_id=person_id,
                product_name=bought.name,
                option_text=bought.option_text,
                goods_score=line.goods_score,
                service_score=line.service_score,
                logistics_score=line.logistics_score,
                text=line.text,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise AlreadyReviewed(field="lines", data={"sku_id": line.sku_id}) from error
    take_pictures(review=review, picture_ids=line.picture_ids)
    total, count = _add_score(bought.product_id, line.goods_score)
    publish(
        ReviewPublished(
            review_id=review.pk,
            order_no=order.order_no,
            product_id=bought.product_id,
            sku_id=line.sku_id,
            shop_id=order.shop_id,
            person_id=person_id,
            goods_score=line.goods_score,
            score_hundredths=score_hundredths(total, count),
            review_count=count,
        )
    )


def _add_score(product_id: int, score: int) -> tuple[int, int]:
    """Add one score to a product's sums in one statement. Returns (total, count) after it."""
    table, column = ProductScore._meta.db_table, f"stars_{score}"
    zeros = {f"stars_{n}": int(n == score) for n in range(1, 6)}
    row = fetch_one(
        f"INSERT INTO {table} (product_id, count, total, {', '.join(zeros)}) VALUES (%s, 1, %s, %s, %s, %s, %s, %s)"
        f" ON CONFLICT (product_id) DO UPDATE SET count = {table}.count + 1,"
        f" total = {table}.total + excluded.total, {column} = {table}.{column} + 1 RETURNING total, count",
        [product_id, score, *zeros.values()],
    ) or (0, 0)
    return int(row[0]), int(row[1])


@transaction.atomic
def reply_to_review(*, shop_id: int, review_id: int, text: str) -> None:
    """The shop answers, once. Raises NotFound for another shop's review, TextRefused, AlreadyReplied."""
    require_public_text(text=text)
    rows = Review.objects.filter(pk=review_id, shop_id=shop_id)
    if rows.filter(replied_at__isnull=True).update(reply=text, replied_at=clock.now()):
        return
    if not rows.exists():
        raise NotFound(field="review_id", expected="the id of a review of this shop")
    raise AlreadyReplied
