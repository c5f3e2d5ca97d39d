"""Stars of a period: what people gave, without the system's and without hidden ones."""

from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from xingqu.review.models import ProductScore, Review


def _rated(shop_id: int, since: datetime, until: datetime) -> QuerySet[Review]:
    rows = Review.objects.filter(shop_id=shop_id, created_at__gte=since, created_at__lt=until)
    return rows.filter(is_default=False, hidden=False)


def stars_between(*, shop_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """How many reviews a shop got in a period, and the sums of their goods, service and logistics stars."""
    found = _rated(shop_id, since, until).aggregate(
        count=Count("id"), goods=Sum("goods_score"), service=Sum("service_score"), logistics=Sum("logistics_score")
    )
    return {name: int(value or 0) for name, value in found.items()}


def starred_rows(
    *, shop_id: int, since: datetime, until: datetime, part: str, limit: int
) -> list[tuple[int, datetime, int]]:
    """The same reviews as (id, time, stars of the part), the lowest stars first."""
    rows = _rated(shop_id, since, until).order_by(f"{part}_score", "-id")
    return list(rows.values_list("id", "created_at", f"{part}_score")[:limit])


def score_sums() -> list[tuple[int, int, int]]:
    """(product, sum of its stars, number of reviews) of every product that has any, in one statement.

    As in the score shown: neither the system's default reviews nor hidden ones.
    """
    return list(ProductScore.objects.filter(count__gt=0).order_by().values_list("product_id", "total", "count"))
