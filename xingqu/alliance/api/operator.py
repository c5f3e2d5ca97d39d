"""What operators set: the platform's part, and the limits of plans, from a day on."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.alliance.schemas import AllianceRuleIn, AllianceRulesOut
from xingqu.alliance.selectors.plans import alliance_rules, rule_at
from xingqu.alliance.services.plans import add_alliance_rule
from xingqu.kit import clock

router = Router()


def _rules() -> dict[str, Any]:
    current = {**asdict(rule_at(at=clock.now())), "tech_service_fee_bp": settings.ENVIRONMENT.tech_service_fee_bp}
    return {"current": current, "rules": alliance_rules()}


@router.get("/platform/alliance/rules", response=AllianceRulesOut)
def get_alliance_rules(request: HttpRequest) -> Any:
    """The rule in effect, and all of them, the latest first. For operators."""
    operator_of(request)
    return _rules()


@router.post("/platform/alliance/rules", response={201: AllianceRulesOut})
def create_alliance_rule(request: HttpRequest, payload: AllianceRuleIn) -> Any:
    """A rule for what is ordered from a moment on. For operators."""
    person_id = operator_of(request)
    add_alliance_rule(
        effective_from=payload.effective_from,
        platform_bp=payload.platform_bp,
        min_commission_bp=payload.min_commission_bp,
        max_commission_bp=payload.max_commission_bp,
        cut_wait_days=payload.cut_wait_days,
        max_named_creators=payload.max_named_creators,
        note=payload.note,
        person_id=person_id,
    )
    return Status(201, _rules())
