"""What operators do: rules with dates, scores, holds; and what the auditor found."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of, organisation_card
from xingqu.kit import clock
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.settlement.contracts import WithdrawalOut
from xingqu.settlement.domain.terms import Tier
from xingqu.settlement.schemas import (
    AuditDifferenceOut,
    AuditRunOut,
    LiftHoldIn,
    RiskHoldIn,
    RiskHoldOut,
    SettlementOut,
    SettlementRuleIn,
    SettlementState,
    SettlementTermsOut,
    ShopScoreIn,
    WithdrawalState,
)
from xingqu.settlement.selectors import audits, funds
from xingqu.settlement.selectors.terms import rules, terms_at
from xingqu.settlement.services.holds import lift_hold, place_hold
from xingqu.settlement.services.rules import add_rule, set_score, withdraw_rule

router = Router()


@router.get("/platform/settlement/rules", response=SettlementTermsOut)
def get_rules(request: HttpRequest) -> Any:
    """The rule in effect, and all of them, the latest first. For operators."""
    operator_of(request)
    return _terms()


@router.post("/platform/settlement/rules", response={201: SettlementTermsOut})
def create_rule(request: HttpRequest, payload: SettlementRuleIn) -> Any:
    """A rule for what is received from a moment on. For operators."""
    person_id = operator_of(request)
    add_rule(
        effective_from=payload.effective_from,
        tiers=[Tier(tier.min_score, tier.days) for tier in payload.tiers],
        unrated_days=payload.unrated_days,
        min_withdrawal_minor=payload.min_withdrawal_minor,
        note=payload.note,
        person_id=person_id,
    )
    return Status(201, _terms())


@router.delete("/platform/settlement/rules/{rule_id}", response=SettlementTermsOut)
def delete_rule(request: HttpRequest, rule_id: Id) -> Any:
    """Take back a rule that is not in effect yet. For operators."""
    operator_of(request)
    withdraw_rule(rule_id=rule_id)
    return _terms()


def _terms() -> dict[str, Any]:
    terms = terms_at(at=clock.now())
    return {
        "unrated_days": terms.unrated_days,
        "min_withdrawal_minor": terms.min_withdrawal_minor,
        "tiers": [{"min_score": tier.min_score, "days": tier.days} for tier in terms.tiers],
        "rules": rules(),
    }


@router.post("/platform/settlement/scores", response={204: None})
def create_score(request: HttpRequest, payload: ShopScoreIn) -> Any:
    """A shop's score from now on. For operators."""
    person_id = operator_of(request)
    organisation_card(organisation_id=payload.shop_id)
    set_score(
        shop_id=payload.shop_id,
        score=payload.score,
        note=payload.note,
        person_id=person_id,
        until=payload.until,
    )
    return Status(204, None)


@router.get("/platform/settlement/orders", response=ListOut[SettlementOut])
def list_all_settlements(
    request: HttpRequest, state: SettlementState | None = None, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Orders of all shops on their way to settlement, newest first. For operators."""
    operator_of(request)
    items, last = funds.settlements_page(shop_id=None, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/platform/settlement/withdrawals", response=ListOut[WithdrawalOut])
def list_all_withdrawals(
    request: HttpRequest, state: WithdrawalState | None = None, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Withdrawals of all shops, newest first. For operators."""
    operator_of(request)
    items, last = funds.withdrawals_page(shop_id=None, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/platform/settlement/holds", response=list[RiskHoldOut])
def list_holds(request: HttpRequest) -> Any:
    """Risk holds, those in effect first. For operators."""
    operator_of(request)
    return funds.holds()


@router.post("/platform/settlement/holds", response={201: list[RiskHoldOut]})
def create_hold(request: HttpRequest, payload: RiskHoldIn) -> Any:
    """Keep a shop's money, or that of one order, where it is. For operators."""
    person_id = operator_of(request)
    organisation_card(organisation_id=payload.shop_id)
    place_hold(shop_id=payload.shop_id, order_no=payload.order_no, reason=payload.reason, person_id=person_id)
    return Status(201, funds.holds())


@router.post("/platform/settlement/holds/{hold_id}/lift", response=list[RiskHoldOut])
def lift(request: HttpRequest, hold_id: Id, payload: LiftHoldIn) -> Any:
    """Let the money go on. For operators."""
    person_id = operator_of(request)
    lift_hold(hold_id=hold_id, reason=payload.reason, person_id=person_id)
    return funds.holds()


@router.get("/platform/audits", response=list[AuditRunOut])
def list_audits(request: HttpRequest) -> Any:
    """The auditor's last nights. For operators."""
    operator_of(request)
    return audits.audit_runs()


@router.get("/platform/audits/{run_id}/differences", response=ListOut[AuditDifferenceOut])
def list_differences(request: HttpRequest, run_id: Id, cursor: CursorText | None = None, limit: Limit = 50) -> Any:
    """What differed. For operators."""
    operator_of(request)
    items, last = audits.differences_page(run_id=run_id, after_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)
