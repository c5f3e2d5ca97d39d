"""A person's own reviews."""

from collections.abc import Sequence
from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.review.domain.cases import Side
from xingqu.review.models import Review
from xingqu.review.selectors.cases import cases_of
from xingqu.review.selectors.reading import follow_up_until, review_rows


def order_reviews(*, order_no: str) -> list[dict[str, Any]]:
    """Reviews of one order as its buyer reads them, in the order they were written."""
    return own_rows(list(Review.objects.filter(order_no=order_no).order_by("id")))


def author_reviews(*, person_id: int, before_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """One page of a person's own reviews, newest first, with what became of them."""
    rows = Review.objects.filter(person_id=person_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return own_rows(page), page[-1].pk if len(found) > limit else None


def author_review(*, person_id: int, review_id: int) -> dict[str, Any]:
    """One of a person's own reviews. Raises NotFound for another's."""
    review = Review.objects.filter(pk=review_id, person_id=person_id).first()
    if review is None:
        raise NotFound(field="review_id", expected="the id of a review of yours")
    return own_rows([review])[0]


def own_rows(rows: Sequence[Review]) -> list[dict[str, Any]]:
    """Reviews as their author reads them: until when a follow-up may be written, and whether others see them."""
    cases = cases_of(review_ids=[row.pk for row in rows], side=Side.AUTHOR)
    return [
        {
            **shown,
            "order_no": row.order_no,
            "product_name": row.product_name,
            "hidden": row.hidden,
            "case": cases.get(row.pk),
            "follow_up_until": follow_up_until(row) if row.followed_up_at is None else None,
        }
        for shown, row in zip(review_rows(rows), rows, strict=True)
    ]
