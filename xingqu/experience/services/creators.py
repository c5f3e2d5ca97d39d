"""Each day's score, level and credit of each creator; and what samples and collaborations tell of them."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from xingqu.accounts.selectors import creators_by_ids
from xingqu.content.selectors import follower_counts
from xingqu.experience.domain.formula import score_of
from xingqu.experience.domain.reputation import PARTS, ReputationRules, check_rules, level_of
from xingqu.experience.models import CreatorDeed, ReputationDay, ReputationRuleSet
from xingqu.experience.selectors.creator_figures import counted_of_creator, gmv_of
from xingqu.experience.selectors.reputation import credit_at, reputation_rules_at
from xingqu.kit import clock
from xingqu.kit.dated_rules import begin_set
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.selectors.creators import selling_creators

SELLING_DAYS = 90
CREATORS_A_ROUND = 50


def keep_reputations_if_due(*, now: datetime | None = None, limit: int = CREATORS_A_ROUND) -> int:
    """Keep yesterday's day of creators that have none yet; returns how many. Safe in several processes. For the worker.

    Of everybody who sold something in 90 days or has anything told of them, shops' own accounts left out.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    at = now or clock.now()
    day = at.astimezone(zone).date() - timedelta(days=1)
    kept = set(ReputationDay.objects.filter(day=day).values_list("creator_id", flat=True))
    told = CreatorDeed.objects.filter(at__gte=at - timedelta(days=reputation_rules_at(at).credit_days))
    wanted = set(selling_creators(since=at - timedelta(days=SELLING_DAYS)))
    wanted |= set(told.order_by().values_list("creator_id", flat=True).distinct())
    cards = creators_by_ids(ids=wanted - kept)
    due = sorted(pk for pk, card in cards.items() if not card.is_shop)[:limit]
    for creator_id in due:
        keep_reputation(creator_id=creator_id, day=day)
    return len(due)


@retried
@transaction.atomic
def keep_reputation(*, creator_id: int, day: date) -> ReputationDay:
    """Keep a creator's day. Again for the same day: made anew, from the same rows and that day's rules."""
    hold_names(f"reputation:{creator_id}:{day}")
    until = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))
    rules = reputation_rules_at(until)
    since = until - timedelta(days=rules.window_days)
    counted, orders = counted_of_creator(creator_id=creator_id, since=since, until=until, rules=rules)
    score = score_of(counted, rules, PARTS)
    scored = orders >= rules.min_orders
    gmv_minor = gmv_of(creator_id=creator_id, since=until - timedelta(days=rules.gmv_days), until=until)
    followers = follower_counts(creator_ids=[creator_id]).get(creator_id, 0)
    row, _ = ReputationDay.objects.update_or_create(
        creator_id=creator_id,
        day=day,
        defaults={
            "since": since,
            "until": until,
            "orders": orders,
            "score_tenths": round(10 * score.score) if scored else None,
            "parts": score.parts if scored else {},
            "level": level_of(
                gmv_minor=gmv_minor, followers=followers, score=score.score if scored else None, rules=rules
            ),
            "credit": credit_at(creator_id=creator_id, at=until, rules=rules),
            "gmv_minor": gmv_minor,
            "followers": followers,
            "indicators": {name: asdict(one) for name, one in score.indicators.items()},
            "rules": rules.as_json(),
            "made_at": clock.now(),
        },
    )
    return row


def note_deed(*, creator_id: int, deed: CreatorDeed.Deed, reference: str, at: datetime) -> None:
    """Keep how a promise came out, once however often it is told. In the caller's transaction."""
    CreatorDeed.objects.get_or_create(reference=reference, deed=deed, at=at, defaults={"creator_id": creator_id})


@transaction.atomic
def set_reputation_rules(*, person_id: int, rules: ReputationRules, effective_from: datetime | None, note: str) -> int:
    """Numbers that hold for days that end from a moment on (None: from now on); returns the set's id.

    Raises InvalidInput for a moment that is over or values that make no score, Conflict for a moment that has its rules.
    """
    check_rules(rules)
    return begin_set(
        ReputationRuleSet, values=rules.as_json(), person_id=person_id, effective_from=effective_from, note=note
    )
