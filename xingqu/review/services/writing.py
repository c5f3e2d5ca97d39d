"""Reviews of what was received, and what the system says for those who stay silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from xingqu.content.services import require_public_text
from xingqu.events.review import ReviewPublished
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.review.domain import AlreadyReviewed, NothingKept, NotReceived, score_hundredths
from xingqu.review.domain.cases import Side
from xingqu.review.models import Review, ReviewDue
from xingqu.review.selectors.rules import rules_at
from xingqu.review.services.pictures import take_pictures
from xingqu.review.services.scores import count_default, count_score
from xingqu.review.services.trail import note
from xingqu.trade.contracts import Refundable, RefundableLine
from xingqu.trade.selectors import refundable_of, shop_order_for_buyer
from xingqu.trade.services import mark_reviewed

DEFAULT_SCORE = 5
DEFAULTS_A_ROUND = 200


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
def write_reviews(
    *, buyer_key: str, person_id: int, order_no: str, lines: Sequence[LineReview], anonymous: bool = False
) -> None:
    """Review lines of one's own received order; all of them or none. `anonymous`: others read no name at all.

    Raises NotFound for another's order, NotReceived, InvalidInput for a SKU that is not in the order or appears twice and
    for pictures that were not uploaded for it, NothingKept for a line whose money went back in full, TextRefused,
    AlreadyReviewed.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    if order.state != "done":
        raise NotReceived(expected="a received order", data={"state": order.state})
    hold_names(f"reviews:{order_no}")  # of two that review the rest at once the second sees that it is all
    bought = refundable_of(order_no=order_no)
    by_sku = {line.sku_id: line for line in bought.lines}
    if len({line.sku_id for line in lines}) != len(lines) or any(line.sku_id not in by_sku for line in lines):
        raise InvalidInput(field="lines", expected="SKUs of this order, each once")
    for line in lines:
        if not is_kept(by_sku[line.sku_id]):
            raise NothingKept(field="lines", data={"sku_id": line.sku_id})
        require_public_text(text=line.text)
        _write(bought, by_sku[line.sku_id], line, person_id, anonymous)
    _note_complete(bought)


def is_kept(line: RefundableLine) -> bool:
    """Whether the buyer kept something of a line: who got all of its money back reviews it no more.

    A line that cost nothing can't go back and is kept.
    """
    return line.refunded_minor < line.paid_minor or line.refunded_quantity < line.quantity


def _note_complete(bought: Refundable) -> None:
    """An order is reviewed when every line is that may be."""
    open_skus = {line.sku_id for line in bought.lines if is_kept(line)}
    reviewed = set(Review.objects.filter(order_no=bought.order_no).values_list("sku_id", flat=True))
    if open_skus <= reviewed:
        mark_reviewed(order_no=bought.order_no)
        ReviewDue.objects.filter(order_no=bought.order_no).delete()


def _create(order: Refundable, bought: RefundableLine, line: LineReview, person_id: int, **more: bool) -> Review:
    return Review.objects.create(
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
        has_pictures=bool(line.picture_ids),
        received_at=order.done_at,
        created_at=clock.now(),
        **more,
    )


def _write(order: Refundable, bought: RefundableLine, line: LineReview, person_id: int, anonymous: bool) -> None:
    try:
        with transaction.atomic():
            review = _create(order, bought, line, person_id, anonymous=anonymous)
    except IntegrityError as error:
        raise AlreadyReviewed(field="lines", data={"sku_id": line.sku_id}) from error
    take_pictures(review=review, picture_ids=line.picture_ids)
    note(review_id=review.pk, step="write", side=Side.AUTHOR, person_id=person_id)
    total, count = count_score(product_id=bought.product_id, score=line.goods_score)
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


def expect_review(*, order_no: str, received_at: datetime) -> bool:
    """From receipt on an order's buyer has so many days to say something. False when that is so already, or never ends."""
    days = rules_at(received_at).default_good_days
    if not days:
        return False
    _, created = ReviewDue.objects.get_or_create(
        order_no=order_no, defaults={"due_at": received_at + timedelta(days=days)}
    )
    return created


def give_defaults(*, now: datetime | None = None) -> int:
    """Give the default good review to lines whose buyers stayed silent; returns how many. For the worker."""
    due = ReviewDue.objects.filter(due_at__lte=now or clock.now()).order_by("due_at")
    return sum(_give(order_no) for order_no in due.values_list("order_no", flat=True)[:DEFAULTS_A_ROUND])


@retried
@transaction.atomic
def _give(order_no: str) -> int:
    hold_names(f"reviews:{order_no}")
    # Of two workers the second finds the row gone.
    if not ReviewDue.objects.filter(order_no=order_no).delete()[0]:
        return 0
    order = refundable_of(order_no=order_no)
    if order.state != "done" or not order.buyer_key.startswith("p"):
        return 0
    reviewed = set(Review.objects.filter(order_no=order_no).values_list("sku_id", flat=True))
    given = 0
    for line in order.lines:
        if line.sku_id in reviewed or not is_kept(line):
            continue
        silent = LineReview(line.sku_id, DEFAULT_SCORE, DEFAULT_SCORE, DEFAULT_SCORE, "")
        review = _create(order, line, silent, int(order.buyer_key[1:]), is_default=True)
        count_default(product_id=line.product_id, change=1)
        note(review_id=review.pk, step="default", side=None, person_id=None)
        given += 1
    _note_complete(order)
    return given
