"""What reviews say: aspects, and the reviews behind each figure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from xingqu.kit import clock
from xingqu.review.models import OpinionMention, ReviewOpinion, SentimentModel
from xingqu.review.selectors.rules import rules_at

PRAISE_PERMILLE = 500
_SIGN = {"positive": 1, "negative": -1}


def mentioning(
    *, aspect: str | None, feeling: str | None, product_id: int | None = None, shop_id: int | None = None
) -> QuerySet[OpinionMention, int]:
    """Ids of the reviews behind an aspect's figure: those that speak of it with (this) opinion."""
    rows = OpinionMention.objects.exclude(polarity=0)
    wanted = {"aspect": aspect, "product_id": product_id, "shop_id": shop_id}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if feeling is not None:
        rows = rows.filter(polarity=_SIGN[feeling])
    return rows.values_list("review_id", flat=True)


def product_aspects(*, product_id: int) -> list[dict[str, Any]]:
    """Aspects that enough reviews of a product speak of with an opinion, the most spoken of first."""
    rows = _counted(OpinionMention.objects.filter(product_id=product_id))
    least = rules_at().aspect_min_mentions
    return [row for row in rows if row["mentions"] >= least]


def shop_opinions(*, shop_id: int, days: int, product_id: int | None) -> dict[str, Any]:
    """What a shop's reviews of the last days say, aspect by aspect, beside the period before."""
    now = clock.now()
    since = now - timedelta(days=days)
    rows = OpinionMention.objects.filter(shop_id=shop_id)
    opinions = ReviewOpinion.objects.filter(
        review__shop_id=shop_id, review__created_at__gte=since, review__hidden=False
    )
    if product_id is not None:
        rows, opinions = rows.filter(product_id=product_id), opinions.filter(review__product_id=product_id)
    before = {row["aspect"]: row for row in _counted(rows.filter(at__gte=since - timedelta(days=days), at__lt=since))}
    weeks = _weeks(rows.filter(at__gte=since), since, days)
    model = current_model_row()
    return {
        "days": days,
        "texts": opinions.count(),
        "praising": opinions.filter(praise_permille__gte=PRAISE_PERMILLE).count(),
        "model_accuracy": model.accuracy if model is not None else None,
        "aspects": [
            {
                **row,
                "before_mentions": before.get(row["aspect"], {}).get("mentions", 0),
                "before_positive": before.get(row["aspect"], {}).get("positive", 0),
                "weeks": weeks[row["aspect"]],
            }
            for row in _counted(rows.filter(at__gte=since))
        ],
    }


def bad_aspects(*, shop_id: int, since: datetime, limit: int = 5) -> list[dict[str, Any]]:
    """Aspects that buyers blame most often: {aspect, mentions, positive}, enough of them and a third or more blame."""
    rows = _counted(OpinionMention.objects.filter(shop_id=shop_id, at__gte=since))
    least = rules_at().aspect_min_mentions
    blamed = [row for row in rows if row["mentions"] >= least and 3 * row["positive"] <= 2 * row["mentions"]]
    return sorted(blamed, key=lambda row: row["positive"] - row["mentions"])[:limit]


def spans_of(*, review_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Where each review speaks of what, in the order of the text."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in OpinionMention.objects.filter(review_id__in=review_ids).order_by("in_follow_up", "start"):
        found[row.review_id].append(
            {
                "aspect": row.aspect,
                "polarity": row.polarity,
                "in_follow_up": row.in_follow_up,
                "start": row.start,
                "end": row.end,
            }
        )
    return found


def current_model_row() -> SentimentModel | None:
    """The newest model that was adopted, without its weights."""
    return SentimentModel.objects.filter(adopted=True).defer("weights").order_by("-id").first()


def _counted(rows: QuerySet[OpinionMention]) -> list[dict[str, Any]]:
    """Reviews by aspect. A review that speaks of one twice (again in its follow-up) counts once, as praise if either praises."""
    counted = (
        rows.exclude(polarity=0)
        .order_by()
        .values("aspect")
        .annotate(
            mentions=Count("review_id", distinct=True),
            positive=Count("review_id", distinct=True, filter=Q(polarity=1)),
        )
    )
    found: list[dict[str, Any]] = [dict(row) for row in counted]
    return sorted(found, key=lambda row: (-row["mentions"], row["aspect"]))


def _weeks(rows: QuerySet[OpinionMention], since: datetime, days: int) -> dict[str, list[dict[str, Any]]]:
    sums: dict[str, dict[date, list[int]]] = defaultdict(dict)
    count = -(-days // 7)
    for aspect, polarity, at in rows.exclude(polarity=0).values_list("aspect", "polarity", "at"):
        week = (since + timedelta(days=7 * min((at - since).days // 7, count - 1))).date()
        cell = sums[aspect].setdefault(week, [0, 0])
        cell[0] += 1
        cell[1] += polarity > 0
    return defaultdict(
        list,
        {
            aspect: [
                {"week": week, "mentions": cells[0], "positive": cells[1]} for week, cells in sorted(weeks.items())
            ]
            for aspect, weeks in sums.items()
        },
    )
