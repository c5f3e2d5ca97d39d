"""Rules of settlement and scores of shops, each from a moment on."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.transactions import hold_names, retried
from xingqu.settlement.domain.terms import Tier, check_tiers
from xingqu.settlement.models import SettlementRule, ShopScore


@retried
@transaction.atomic
def add_rule(
    *,
    effective_from: datetime,
    tiers: Sequence[Tier],
    unrated_days: int,
    min_withdrawal_minor: int,
    note: str,
    person_id: int,
) -> int:
    """A rule for what is received from a moment on. Returns its id. Raises InvalidInput for one in the past, Conflict."""
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(field="effective_from", expected="a moment that has not come: the past is settled")
    problem = check_tiers(tiers)
    if problem is not None:
        raise InvalidInput(field="tiers", expected=problem)
    hold_names("settlement-rules")
    if SettlementRule.objects.filter(effective_from=effective_from).exists():
        raise Conflict(field="effective_from", expected="a moment without a rule")
    rule = SettlementRule.objects.create(
        effective_from=effective_from,
        tiers=[{"min_score": tier.min_score, "days": tier.days} for tier in tiers],
        unrated_days=unrated_days,
        min_withdrawal_minor=min_withdrawal_minor,
        note=note,
        created_by_id=person_id,
        created_at=now,
    )
    return int(rule.pk)


@retried
@transaction.atomic
def withdraw_rule(*, rule_id: int) -> None:
    """Take back a rule that has not come into effect. Raises Conflict."""
    if not SettlementRule.objects.filter(pk=rule_id, effective_from__gt=clock.now()).delete()[0]:
        raise Conflict(field="rule_id", expected="a rule that is not in effect yet")


@retried
@transaction.atomic
def set_score(*, shop_id: int, score: int, note: str = "", person_id: int | None = None) -> None:
    """A shop's score from now on: what is received before keeps the period of its time."""
    ShopScore.objects.update_or_create(
        shop_id=shop_id,
        effective_from=clock.now(),
        defaults={"score": score, "note": note, "created_by_id": person_id},
    )
