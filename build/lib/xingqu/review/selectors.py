"""Reads of reviews."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.conf import settings
from django.db.models import Q

from xingqu.accounts.selectors import person_labels
from xingqu.review.domain import mask_name, overall_score, score_hundredths
from xingqu.review.models import ProductScore, Review, ReviewPicture

Sort = Literal["new", "score_high", "score_low"]


def product_reviews(
    *, product_id: int, sort: Sort, after: tuple[int, int] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """One page of a product's reviews, and the (goods score, id) to go on from."""
    rows = Review.objects.filter(product_id=product_id)
    if after is not None:
        score, last_id = after
        beyond = {
            "new": Q(pk__lt=last_id),
            "score_high": Q(goods_score__lt=score) | Q(goods_score=score, pk__lt=last_id),
            "score_low": Q(goods_score__gt=score) | Q(goods_score=score, pk__lt=last_id),
        }
        rows = rows.filter(beyond[sort])
    order = {"new": ("-id",), "score_high": ("-goods_score", "-id"), "score_low": ("goods_score", "-id")}
    found = list(rows.order_by(*order[sort])[: limit + 1])
    page = found[:limit]
    following = (page[-1].goods_score, page[-1].pk) if len(found) > limit else None
    return review_rows(page), following


def product_summary(*, product_id: int) -> dict[str, Any]:
    """Count, average (None without reviews) and how many reviews gave each score."""
    row = ProductScore.objects.filter(product_id=product_id).first()
    stars = {str(n): getattr(row, f"stars_{n}") if row is not None else 0 for n in (5, 4, 3, 2, 1)}
    average = score_hundredths(row.total, row.count) / 100 if row is not None and row.count else None
    return {"count": row.count if row is not None else 0, "score": average, "histogram": stars}


def shop_reviews(
    *, shop_id: int, answered: bool | None, max_score: int | None, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """One page of a shop's reviews, newest first; `answered` and `max_score` narrow them."""
    rows = Review.objects.filter(shop_id=shop_id)
    if answered is not None:
        rows = rows.filter(replied_at__isnull=not answered)
    if max_score is not None:
        rows = rows.filter(goods_score__lte=max_score)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    shown = [
        {**row, "order_no": review.order_no, "product_name": review.product_name}
        for row, review in zip(review_rows(page), page, strict=True)
    ]
    return shown, page[-1].pk if len(found) > limit else None


def order_reviews(*, order_no: str) -> list[dict[str, Any]]:
    """Reviews of one order, in the order they were written."""
    return review_rows(list(Review.objects.filter(order_no=order_no).order_by("id")))


def review_rows(rows: Sequence[Review]) -> list[dict[str, Any]]:
    """Reviews as everybody may read them: names masked."""
    pictures = _pictures([row.pk for row in rows])
    labels = person_labels(ids={row.person_id for row in rows}) if rows else {}
    return [
        {
            "id": row.pk,
            "product_id": row.product_id,
            "sku_id": row.sku_id,
            "author_name": mask_name(labels[row.person_id][0]) if row.person_id in labels else "***",
            "author_avatar_url": labels[row.person_id][1] if row.person_id in labels else "",
            "score": overall_score(row.goods_score, row.service_score, row.logistics_score),
            "goods_score": row.goods_score,
            "service_score": row.service_score,
            "logistics_score": row.logistics_score,
            "text": row.text,
            "option_text": row.option_text,
            "pictures": pictures.get(row.pk, []),
            "created_at": row.created_at,
            "reply": {"text": row.reply, "at": row.replied_at} if row.replied_at is not None else None,
        }
        for row in rows
    ]


def waiting_picture(*, picture_id: int) -> dict[str, Any]:
    """A picture in the shape of ReviewPictureOut."""
    row = ReviewPicture.objects.get(pk=picture_id)
    return {"id": row.pk, "url": picture_url(row.path), "width": row.width, "height": row.height}


def picture_url(path: str) -> str:
    """Public address of a picture's path."""
    return f"{settings.MEDIA_URL}{path}"


def _pictures(review_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Addresses of the pictures of these reviews, in the buyers' order."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = ReviewPicture.objects.filter(review_id__in=review_ids).order_by("review_id", "position")
    for review_id, path in rows.values_list("review_id", "path"):
        found[review_id].append(picture_url(path))
    return found
