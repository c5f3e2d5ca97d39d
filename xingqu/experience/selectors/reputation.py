"""Creators' scores, levels and credit as they were kept, credit as it is now, and the rules."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from xingqu.experience.contracts import Reputation
from xingqu.experience.domain.reputation import ReputationRules, credit_of, read_rules
from xingqu.experience.models import CreatorDeed, ReputationDay, ReputationRuleSet
from xingqu.governance.selectors import violations_between
from xingqu.kit import clock
from xingqu.kit.dated_rules import sets_of, values_at

UNKNOWN = Reputation(None, 0, None)


def reputation_rules_at(at: datetime | None = None) -> ReputationRules:
    """The rules in force at a moment (now): the newest set that has begun, else the built-in ones."""
    values = values_at(ReputationRuleSet, at)
    return ReputationRules() if values is None else read_rules(values)


def reputation_rule_sets() -> list[dict[str, Any]]:
    """Every set an operator made, the latest first; `values` have every rule."""
    return sets_of(ReputationRuleSet, lambda values: read_rules(values).as_json())


def credit_at(*, creator_id: int, at: datetime | None = None, rules: ReputationRules | None = None) -> int:
    """A creator's credit at a moment (now), 0 to 100: a breach counts from when it is told, not from the next day."""
    until = at or clock.now()
    used = rules or reputation_rules_at(until)
    since = until - timedelta(days=used.credit_days)
    deeds = CreatorDeed.objects.filter(creator_id=creator_id, at__gte=since, at__lt=until)
    told = list(deeds.values_list("deed", flat=True))
    told += [severity for _, severity, _ in violations_between(creator_id=creator_id, since=since, until=until)]
    return credit_of(told, used)


def latest_reputation(*, creator_id: int) -> ReputationDay | None:
    """The last day that was kept of a creator."""
    return ReputationDay.objects.filter(creator_id=creator_id).order_by("-day").first()


def reputation_of(*, creator_id: int) -> Reputation:
    """Score and level of the last kept day, credit as of now."""
    row = latest_reputation(creator_id=creator_id)
    credit = credit_at(creator_id=creator_id)
    if row is None:
        return Reputation(None, 0, credit)
    return Reputation(_points(row.score_tenths), row.level, credit)


def reputations(*, creator_ids: Iterable[int]) -> dict[int, Reputation]:
    """Score, level and credit of each creator's last kept day, as far as there is one."""
    rows = ReputationDay.objects.filter(creator_id__in=list(creator_ids))
    newest = dict(rows.order_by().values("creator_id").annotate(day=Max("day")).values_list("creator_id", "day"))
    kept = ReputationDay.objects.filter(creator_id__in=newest, day__in=set(newest.values()))
    return {
        creator_id: Reputation(_points(tenths), level, credit, *_kept(indicators))
        for creator_id, day, tenths, level, credit, indicators in kept.values_list(
            "creator_id", "day", "score_tenths", "level", "credit", "indicators"
        )
        if newest[creator_id] == day
    }


def reputation_history(*, creator_id: int, days: int) -> list[dict[str, Any]]:
    """The kept days of a creator, oldest first; days without a score have none."""
    rows = ReputationDay.objects.filter(creator_id=creator_id).order_by("-day")[:days]
    return [
        {"day": row.day, "orders": row.orders, "score": _points(row.score_tenths), "level": row.level}
        for row in reversed(rows)
    ]


def _kept(indicators: dict[str, Any]) -> tuple[float | None, int]:
    """The share of promises that were kept, and how many there were."""
    told = indicators.get("kept_rate") or {}
    return told.get("value"), told.get("count", 0)


def _points(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10
