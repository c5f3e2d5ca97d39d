"""Each day's score of each shop, kept with what it was made of; settlement is told when it changed."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from xingqu.catalogue.selectors import main_category
from xingqu.experience.domain.formula import Rules, check_rules, score_of
from xingqu.experience.models import ExperienceDay, ExperienceRules
from xingqu.experience.selectors import counted_of, rules_at
from xingqu.kit import clock
from xingqu.kit.dated_rules import begin_set
from xingqu.kit.transactions import hold_names, retried
from xingqu.settlement.services import set_computed_score
from xingqu.trade.selectors import selling_shops

SELLING_DAYS = 90
SHOPS_A_ROUND = 50


def keep_scores_if_due(*, now: datetime | None = None, limit: int = SHOPS_A_ROUND) -> int:
    """Keep yesterday's score of shops that have none yet; returns how many. Safe in several processes. For the worker."""
    zone = ZoneInfo(settings.TIME_ZONE)
    at = now or clock.now()
    day = at.astimezone(zone).date() - timedelta(days=1)
    kept = set(ExperienceDay.objects.filter(day=day).values_list("shop_id", flat=True))
    selling = selling_shops(since=at - timedelta(days=SELLING_DAYS))
    due = sorted(set(selling) - kept)[:limit]
    for shop_id in due:
        score_shop(shop_id=shop_id, day=day)
    return len(due)


@retried
@transaction.atomic
def score_shop(*, shop_id: int, day: date) -> ExperienceDay:
    """Keep a shop's score at the end of a day. Again for the same day: made anew, from the same rows and that day's rules."""
    hold_names(f"experience:{shop_id}:{day}")
    zone = ZoneInfo(settings.TIME_ZONE)
    until = datetime.combine(day + timedelta(days=1), time.min, zone)
    rules = rules_at(until)
    since = until - timedelta(days=rules.window_days)
    counted, orders = counted_of(shop_id=shop_id, since=since, until=until)
    score = score_of(counted, rules)
    scored = orders >= rules.min_orders
    row, _ = ExperienceDay.objects.update_or_create(
        shop_id=shop_id,
        day=day,
        defaults={
            "since": since,
            "until": until,
            "category_id": main_category(shop_id=shop_id),
            "orders": orders,
            "score_tenths": round(10 * score.score) if scored else None,
            **{f"{part}_tenths": round(10 * points) if scored else None for part, points in score.parts.items()},
            "indicators": {name: asdict(one) for name, one in score.indicators.items()},
            "rules": rules.as_json(),
            "made_at": clock.now(),
        },
    )
    if scored and not ExperienceDay.objects.filter(shop_id=shop_id, day__gt=day).exists():
        set_computed_score(shop_id=shop_id, score=round(score.score), note=f"experience {day}")
    return row


@transaction.atomic
def set_rules(*, person_id: int, rules: Rules, effective_from: datetime | None, note: str) -> int:
    """Make a set of rules that holds for days that end from a moment on (None: from now on); returns its id.

    Raises InvalidInput for a moment that is over or values that make no score, Conflict for a moment that has its rules.
    """
    check_rules(rules)
    return begin_set(
        ExperienceRules, values=rules.as_json(), person_id=person_id, effective_from=effective_from, note=note
    )
