"""A shop's review desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet

from xingqu.kit import clock
from xingqu.kit.spreadsheets import Cell
from xingqu.review.domain.cases import Side
from xingqu.review.models import Review, ReviewCase, SavedReply
from xingqu.review.selectors.cases import cases_of
from xingqu.review.selectors.opinions import mentioning
from xingqu.review.selectors.reading import review_rows

EXPORT_ROWS = 200_000
COUNT_LIMIT = 1_000
Queue = Literal["all", "unanswered", "low", "follow_up_unanswered", "pictures", "reported", "hidden", "default"]
_UNANSWERED_FOLLOW_UP = Q(follow_up__isnull=False, follow_up__replied_at__isnull=True)
QUEUES: dict[str, Q] = {
    "all": Q(),
    "unanswered": Q(replied_at__isnull=True, is_default=False, hidden=False),
    "low": Q(goods_score__lte=3),
    "follow_up_unanswered": _UNANSWERED_FOLLOW_UP & Q(hidden=False),
    "pictures": Q(has_pictures=True),
    "hidden": Q(hidden=True),
    "default": Q(is_default=True),
}
HEADER = (
    "review_id",
    "created_at",
    "order_no",
    "product_id",
    "product_name",
    "option",
    "goods_score",
    "service_score",
    "logistics_score",
    "default",
    "hidden",
    "text",
    "pictures",
    "helpful",
    "reply",
    "replied_at",
    "follow_up",
    "followed_up_at",
    "follow_up_reply",
)


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """What narrows the desk; `q` finds a review's or an order's number, or part of a product's name or of what was written."""

    queue: Queue = "all"
    answered: bool | None = None
    max_score: int | None = None
    min_score: int | None = None
    product_id: int | None = None
    aspect: str | None = None
    feeling: str | None = None
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None


def desk_rows(*, shop_id: int, query: DeskQuery) -> QuerySet[Review]:
    """A shop's reviews that a query asks for."""
    rows = Review.objects.filter(shop_id=shop_id)
    if query.queue == "reported":
        open_cases = ReviewCase.objects.filter(shop_id=shop_id, closed_at=None)
        rows = rows.filter(pk__in=open_cases.values("review_id"))
    else:
        rows = rows.filter(QUEUES[query.queue])
    if query.aspect is not None or query.feeling is not None:
        rows = rows.filter(pk__in=mentioning(aspect=query.aspect, feeling=query.feeling, shop_id=shop_id))
    if query.answered is not None:
        rows = rows.filter(replied_at__isnull=not query.answered)
    limits = {
        "goods_score__lte": query.max_score,
        "goods_score__gte": query.min_score,
        "product_id": query.product_id,
        "created_at__gte": query.since,
        "created_at__lt": query.until,
    }
    rows = rows.filter(**{name: value for name, value in limits.items() if value is not None})
    if query.q:
        words = Q(pk=int(query.q)) if query.q.isascii() and query.q.isdigit() and len(query.q) < 19 else Q()
        words |= Q(order_no=query.q) | Q(product_name__icontains=query.q) | Q(text__icontains=query.q)
        rows = rows.filter(words | Q(follow_up__text__icontains=query.q))
    return rows


def shop_reviews(
    *, rows: QuerySet[Review], before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """One page of a shop's reviews, newest first, and the id to go on from."""
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return shop_rows(page), page[-1].pk if len(found) > limit else None


def shop_rows(page: Sequence[Review]) -> list[dict[str, Any]]:
    """Reviews as their shop reads them."""
    cases = cases_of(review_ids=[row.pk for row in page], side=Side.SHOP)
    return [
        {
            **shown,
            "order_no": row.order_no,
            "product_name": row.product_name,
            "hidden": row.hidden,
            "case": cases.get(row.pk),
        }
        for shown, row in zip(review_rows(page), page, strict=True)
    ]


def desk_counts(*, shop_id: int) -> dict[str, int]:
    """Counters of the desk, each up to 1,000; `to_act`: cases in which it is the shop's turn."""
    counted = {
        name: len(desk_rows(shop_id=shop_id, query=DeskQuery(queue=name)).values_list("pk")[:COUNT_LIMIT])
        for name in ("unanswered", "low", "follow_up_unanswered", "reported", "hidden")
    }
    turn = ReviewCase.objects.filter(shop_id=shop_id, waiting_for=Side.SHOP, due_at__gt=clock.now())
    return {**counted, "to_act": len(turn.values_list("pk")[:COUNT_LIMIT])}


def export_rows(*, rows: QuerySet[Review]) -> Iterator[Sequence[Cell]]:
    """The rows of the desk's file, a header first; at most 200,000."""
    yield HEADER
    for row in rows.select_related("follow_up").order_by("-id")[:EXPORT_ROWS].iterator(chunk_size=1000):
        more = getattr(row, "follow_up", None)
        yield (
            row.pk,
            row.created_at,
            row.order_no,
            row.product_id,
            row.product_name,
            row.option_text,
            row.goods_score,
            row.service_score,
            row.logistics_score,
            int(row.is_default),
            int(row.hidden),
            row.text,
            int(row.has_pictures),
            row.helpful_count,
            row.reply,
            row.replied_at,
            more.text if more is not None else "",
            more.created_at if more is not None else None,
            more.reply if more is not None else "",
        )


def saved_replies(*, shop_id: int) -> list[dict[str, Any]]:
    """The answers that a shop keeps at hand."""
    rows = SavedReply.objects.filter(shop_id=shop_id).order_by("title")
    return [{"id": row.pk, "title": row.title, "text": row.text} for row in rows]
