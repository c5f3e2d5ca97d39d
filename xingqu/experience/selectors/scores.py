"""Scores as they were kept, peers without names, and the rules."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from xingqu.experience.domain.formula import PARTS, Rules, read_rules
from xingqu.experience.models import ExperienceDay, ExperienceRules
from xingqu.kit.dated_rules import sets_of, values_at


def rules_at(at: datetime | None = None) -> Rules:
    """The rules in force at a moment (now): the newest set that has begun, else the built-in ones."""
    values = values_at(ExperienceRules, at)
    return Rules() if values is None else read_rules(values)


def rule_sets() -> list[dict[str, Any]]:
    """Every set an operator made, the latest first; `values` have every rule."""
    return sets_of(ExperienceRules, lambda values: read_rules(values).as_json())


def latest_score(*, shop_id: int) -> ExperienceDay | None:
    """The last day that was kept of a shop."""
    return ExperienceDay.objects.filter(shop_id=shop_id).order_by("-day").first()


def latest_scores(*, shop_ids: Iterable[int]) -> dict[int, float]:
    """Points of each shop's last kept day, as far as it has any."""
    rows = ExperienceDay.objects.filter(shop_id__in=list(shop_ids))
    newest = rows.order_by().values("shop_id").annotate(day=Max("day")).values_list("shop_id", "day")
    found: dict[int, float] = {}
    for shop_id, day in newest:
        tenths = ExperienceDay.objects.values_list("score_tenths", flat=True).get(shop_id=shop_id, day=day)
        if tenths is not None:
            found[shop_id] = tenths / 10
    return found


def history(*, shop_id: int, days: int) -> list[dict[str, Any]]:
    """The kept scores of a shop, oldest first; days without a score have none."""
    rows = ExperienceDay.objects.filter(shop_id=shop_id).order_by("-day")[:days]
    return [
        {
            "day": row.day,
            "orders": row.orders,
            "score": _points(row.score_tenths),
            **{part: _points(getattr(row, f"{part}_tenths")) for part in PARTS},
        }
        for row in reversed(rows)
    ]


def peers_of(*, day: date, category_id: int | None, shop_id: int, least: int) -> dict[str, Any] | None:
    """Quartiles of score and parts over the other shops of a category on a day; None when they are fewer than `least`.

    Only sums leave this function: with few shops even a quartile would be somebody's figure.
    """
    if category_id is None:
        return None
    rows = ExperienceDay.objects.filter(day=day, category_id=category_id, score_tenths__isnull=False)
    values = list(
        rows.exclude(shop_id=shop_id).values_list("score_tenths", "goods_tenths", "logistics_tenths", "service_tenths")
    )
    if len(values) < least:
        return None
    columns = dict(zip(("score", *PARTS), zip(*values, strict=True), strict=True))
    return {
        "shops": len(values),
        **{
            name: [round(_quantile(column, share) / 10) for share in (0.25, 0.5, 0.75)]
            for name, column in columns.items()
        },
    }


def _points(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _quantile(values: Sequence[int], share: float) -> float:
    """Linear between the two nearest."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
