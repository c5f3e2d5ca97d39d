"""Which rule and score are in effect."""

from datetime import datetime
from typing import Any

from django.conf import settings

from xingqu.settlement.domain.deposits import NO_TERMS, CategoryAmount, DepositTerms
from xingqu.settlement.domain.terms import Terms, Tier
from xingqu.settlement.models import DepositRule, RiskHold, SettlementRule, ShopScore


def terms_at(*, at: datetime) -> Terms:
    """The rule in effect at a moment; before the first one, the settings'."""
    rule = SettlementRule.objects.filter(effective_from__lte=at).order_by("-effective_from").first()
    if rule is None:
        return Terms((), settings.ENVIRONMENT.settlement_days, settings.ENVIRONMENT.min_withdrawal_minor)
    return Terms(
        tuple(Tier(tier["min_score"], tier["days"]) for tier in rule.tiers),
        rule.unrated_days,
        rule.min_withdrawal_minor,
    )


def score_at(*, shop_id: int, at: datetime) -> int | None:
    """A shop's score at a moment, None when it has none: an operator's that still holds, else the newest that is not over."""
    rows = ShopScore.objects.filter(shop_id=shop_id, effective_from__lte=at).order_by("-effective_from")
    scores = rows.values_list("score", flat=True)
    held = scores.filter(until__gt=at).first()
    return held if held is not None else scores.filter(until=None).first()


def active_hold(*, shop_id: int, order_no: str | None = None) -> RiskHold | None:
    """The hold on a shop's money, or on that of one of its orders."""
    numbers = [""] if order_no is None else ["", order_no]
    return RiskHold.objects.filter(shop_id=shop_id, order_no__in=numbers, lifted_at=None).order_by("id").first()


def rules() -> list[dict[str, Any]]:
    """All rules, the latest first."""
    return [
        {
            "id": rule.pk,
            "effective_from": rule.effective_from,
            "tiers": rule.tiers,
            "unrated_days": rule.unrated_days,
            "min_withdrawal_minor": rule.min_withdrawal_minor,
            "note": rule.note,
            "created_at": rule.created_at,
        }
        for rule in SettlementRule.objects.order_by("-effective_from")
    ]


def deposit_terms_at(*, at: datetime) -> DepositTerms:
    """The rule of deposits in effect at a moment; before the first one nothing is due."""
    rule = DepositRule.objects.filter(effective_from__lte=at).order_by("-effective_from").first()
    if rule is None:
        return NO_TERMS
    return DepositTerms(
        company_minor=rule.company_minor,
        individual_minor=rule.individual_minor,
        categories=tuple(CategoryAmount(**row) for row in rule.categories),
        grace_days=rule.grace_days,
        remind_days=rule.remind_days,
        release_days=rule.release_days,
    )


def deposit_rules() -> list[dict[str, Any]]:
    """All rules of deposits, the latest first."""
    names = ("effective_from", "company_minor", "individual_minor", "categories", "grace_days", "remind_days")
    return [
        {"id": rule.pk, **{name: getattr(rule, name) for name in (*names, "release_days", "note", "created_at")}}
        for rule in DepositRule.objects.order_by("-effective_from")
    ]
