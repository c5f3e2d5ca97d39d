"""What everybody may read of reviews."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import Q, QuerySet

from xingqu.accounts.selectors import person_labels
from xingqu.review.domain import mask_name, overall_score, score_hundredths
from xingqu.review.models import FollowUp, ProductScore, Review, ReviewPicture, ReviewVote
from xingqu.review.selectors.opinions import product_aspects, spans_of
from xingqu.review.selectors.rules import rules_at

Sort = Literal["new", "helpful", "score_high", "score_low"]
Show = Literal["all", "pictures", "follow_up", "good", "middle", "low", "default"]
# What nobody wrote is no review that a reader asks for; it is found under its own name.
SHOWN: dict[str, Q] = {
    "all": Q(is_default=False) | Q(followed_up_at__isnull=False),
    "pictures": Q(has_pictures=True),
    "follow_up": Q(followed_up_at__isnull=False),
    "good": Q(goods_score__gte=4, is_default=False),
    "middle": Q(goods_score=3),
    "low": Q(goods_score__lte=2),
    "default": Q(is_default=True),
}
ORDERS = {
    "new": ("-id",),
    "helpful": ("-helpful_count", "-id"),
    "score_high": ("-goods_score", "-id"),
    "score_low": ("goods_score", "-id"),
}


def public_reviews(*, product_id: int) -> QuerySet[Review]:
    """A product's reviews that may be read."""
    return Review.objects.filter(product_id=product_id, hidden=False)


def product_reviews(
    *, rows: QuerySet[Review], sort: Sort, after: tuple[int, int] | None, limit: int, reader_id: int | None
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """One page of reviews, and the (sort value, id) to go on from. `reader_id`: whose votes are marked."""
    if after is not None:
        value, last_id = after
        same = Q(pk__lt=last_id)
        beyond = {
            "new": same,
            "helpful": Q(helpful_count__lt=value) | Q(helpful_count=value) & same,
            "score_high": Q(goods_score__lt=value) | Q(goods_score=value) & same,
            "score_low": Q(goods_score__gt=value) | Q(goods_score=value) & same,
        }
        rows = rows.filter(beyond[sort])
    found = list(rows.order_by(*ORDERS[sort])[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    following = None
    if last is not None:
        following = (last.helpful_count if sort == "helpful" else last.goods_score, last.pk)
    return review_rows(page, reader_id=reader_id), following


def product_summary(*, product_id: int) -> dict[str, Any]:
    """Count, average (None without reviews), how many reviews gave each score, and how many there are of each kind."""
    row = ProductScore.objects.filter(product_id=product_id).first()
    stars = {str(n): getattr(row, f"stars_{n}") if row is not None else 0 for n in (5, 4, 3, 2, 1)}
    average = score_hundredths(row.total, row.count) / 100 if row is not None and row.count else None
    rows = public_reviews(product_id=product_id)
    return {
        "count": row.count if row is not None else 0,
        "score": average,
        "histogram": stars,
        "pictures": rows.filter(SHOWN["pictures"]).count(),
        "follow_ups": rows.filter(SHOWN["follow_up"]).count(),
        "defaults": row.defaults if row is not None else 0,
        "aspects": product_aspects(product_id=product_id),
    }


def follow_up_until(review: Review) -> datetime:
    """Until when its author may add to a review. Reviews of before this was kept count from when they were written."""
    start = review.received_at or review.created_at
    return start + timedelta(days=rules_at(start).follow_up_days)


def review_rows(rows: Sequence[Review], *, reader_id: int | None = None) -> list[dict[str, Any]]:
    """Reviews as everybody may read them: names masked, or none where the author wants none."""
    ids = [row.pk for row in rows]
    pictures = _pictures(ids)
    follow_ups = {row.review_id: row for row in FollowUp.objects.filter(review_id__in=ids)} if ids else {}
    labels = person_labels(ids={row.person_id for row in rows if not row.anonymous}) if rows else {}
    spans = spans_of(review_ids=ids) if ids else {}
    voted: set[int] = set()
    if reader_id is not None and ids:
        votes = ReviewVote.objects.filter(person_id=reader_id, review_id__in=ids)
        voted = set(votes.values_list("review_id", flat=True))
    return [
        {
            "id": row.pk,
            "product_id": row.product_id,
            "sku_id": row.sku_id,
            "author_name": mask_name(labels[row.person_id][0]) if row.person_id in labels else "***",
            "author_avatar_url": labels[row.person_id][1] if row.person_id in labels else "",
            "anonymous": row.anonymous,
            "is_default": row.is_default,
            "score": overall_score(row.goods_score, row.service_score, row.logistics_score),
            "goods_score": row.goods_score,
            "service_score": row.service_score,
            "logistics_score": row.logistics_score,
            "text": row.text,
            "option_text": row.option_text,
            "pictures": pictures.get((row.pk, False), []),
            "helpful_count": row.helpful_count,
            "found_helpful": row.pk in voted,
            "created_at": row.created_at,
            "reply": _reply(row),
            "follow_up": _follow_up(row, follow_ups.get(row.pk), pictures),
            "spans": spans.get(row.pk, []),
        }
        for row in rows
    ]


def _reply(row: Review | FollowUp) -> dict[str, Any] | None:
    if row.replied_at is None:
        return None
    return {"text": row.reply, "at": row.replied_at, "edited_at": row.reply_edited_at}


def _follow_up(
    review: Review, row: FollowUp | None, pictures: Mapping[tuple[int, bool], list[str]]
) -> dict[str, Any] | None:
    if row is None:
        return None
    received_at = review.received_at or review.created_at
    return {
        "text": row.text,
        "pictures": pictures.get((review.pk, True), []),
        "created_at": row.created_at,
        "days_after_receipt": max((row.created_at - received_at).days, 0),
        "reply": _reply(row),
    }


def waiting_picture(*, picture_id: int) -> dict[str, Any]:
    """A picture in the shape of ReviewPictureOut."""
    row = ReviewPicture.objects.get(pk=picture_id)
    return {"id": row.pk, "url": picture_url(row.path), "width": row.width, "height": row.height}


def picture_url(path: str) -> str:
    """Public address of a picture's path."""
    return f"{settings.MEDIA_URL}{path}"


def _pictures(review_ids: Sequence[int]) -> Mapping[tuple[int, bool], list[str]]:
    """Addresses of the pictures of these reviews and of their follow-ups (True), in the buyers' order."""
    found: dict[tuple[int, bool], list[str]] = defaultdict(list)
    rows = ReviewPicture.objects.filter(review_id__in=review_ids).order_by("review_id", "position")
    for review_id, in_follow_up, path in rows.values_list("review_id", "in_follow_up", "path"):
        found[review_id, in_follow_up].append(picture_url(path))
    return found
