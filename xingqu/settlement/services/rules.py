"""Rules of settlement and scores of shops, each from a moment on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from xingqu.catalogue.selectors import category_cards
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.transactions import hold_names, retried
from xingqu.settlement.domain.deposits import DepositTerms, check_categories
from xingqu.settlement.domain.tax import TaxKind, Withholding, check_brackets
from xingqu.settlement.domain.terms import Tier, check_tiers
from xingqu.settlement.models import DepositRule, DepositStanding, SettlementRule, ShopScore, WithholdingRule


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
def set_score(
    *, shop_id: int, score: int, note: str = "", person_id: int | None = None, until: datetime | None = None
) -> None:
    """A shop's score from now on: what is received before keeps the period of its time.

    With `until` it holds till then whatever is computed meanwhile. Raises InvalidInput for a moment that is over.
    """
    now = clock.now()
    if until is not None and until <= now:
        raise InvalidInput(field="until", expected="a moment that has not come")
    ShopScore.objects.update_or_create(
        shop_id=shop_id,
        effective_from=now,
        defaults={"score": score, "note": note, "created_by_id": person_id, "until": until},
    )


@retried
@transaction.atomic
def add_deposit_rule(*, effective_from: datetime, terms: DepositTerms, note: str, person_id: int) -> int:
    """What deposits are due from a moment on. Returns its id. Raises InvalidInput for one in the past, Conflict."""
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(field="effective_from", expected="a moment that has not come: nobody was short before")
    problem = check_categories(terms.categories, set(category_cards()))
    if problem is not None:
        raise InvalidInput(field="categories", expected=problem)
    if terms.remind_days > terms.grace_days:
        raise InvalidInput(field="remind_days", expected="no more days than there are to top up")
    hold_names("deposit-rules")
    if DepositRule.objects.filter(effective_from=effective_from).exists():
        raise Conflict(field="effective_from", expected="a moment without a rule")
    rule = DepositRule.objects.create(
        effective_from=effective_from,
        company_minor=terms.company_minor,
        individual_minor=terms.individual_minor,
        categories=[asdict(row) for row in terms.categories],
        grace_days=terms.grace_days,
        remind_days=terms.remind_days,
        release_days=terms.release_days,
        note=note,
        created_by_id=person_id,
        created_at=now,
    )
    DepositStanding.objects.filter(look_at__gt=effective_from).exclude(state=DepositStanding.State.CLOSED).update(
        look_at=effective_from
    )
    return int(rule.pk)


@retried
@transaction.atomic
def withdraw_deposit_rule(*, rule_id: int) -> None:
    """Take back a rule that has not come into effect. Raises Conflict."""
    if not DepositRule.objects.filter(pk=rule_id, effective_from__gt=clock.now()).delete()[0]:
        raise Conflict(field="rule_id", expected="a rule that is not in effect yet")


@retried
@transaction.atomic
def set_computed_score(*, shop_id: int, score: int, note: str) -> bool:
    """What a shop's experience score came to, from now on; `note` names its day. False when it is what was computed last."""
    hold_names(f"shop-score:{shop_id}")
    last = ShopScore.objects.filter(shop_id=shop_id).order_by("-effective_from").first()
    if last is not None and last.created_by_id is None and last.score == score:
        return False
    set_score(shop_id=shop_id, score=score, note=note)
    return True


@retried
@transaction.atomic
def add_withholding(*, kind: TaxKind, effective_from: datetime, rule: Withholding, note: str, person_id: int) -> int:
    """What is withheld of payouts to a kind of payee from a moment on. Returns its id. Raises InvalidInput, Conflict."""
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(field="effective_from", expected="a moment that has not come: what was paid is paid")
    problem = check_brackets(rule.brackets)
    if problem is not None:
        raise InvalidInput(field="brackets", expected=problem)
    hold_names("withholding-rules")
    if WithholdingRule.objects.filter(kind=kind.value, effective_from=effective_from).exists():
        raise Conflict(field="effective_from", expected="a moment without a rule")
    row = WithholdingRule.objects.create(
        kind=kind.value,
        effective_from=effective_from,
        allowance_minor=rule.allowance_minor,
        deduct_bp=rule.deduct_bp,
        brackets=[{"up_to_minor": part.up_to_minor, "rate_bp": part.rate_bp} for part in rule.brackets],
        note=note,
        created_by_id=person_id,
        created_at=now,
    )
    return int(row.pk)


@retried
@transaction.atomic
def withdraw_withholding(*, rule_id: int) -> None:
    """Take back a rule that has not come into effect. Raises Conflict."""
    if not WithholdingRule.objects.filter(pk=rule_id, effective_from__gt=clock.now()).delete()[0]:
        raise Conflict(field="rule_id", expected="a rule that is not in effect yet")
