"""The rules of the score. For operators."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import operator_of
from xingqu.experience import selectors, services
from xingqu.experience.domain.formula import Rules, read_rules
from xingqu.experience.schemas import ExperienceRuleSetIn, ExperienceRulesPageOut

router = Router()


@router.get("/operator/experience-rules", response=ExperienceRulesPageOut)
def get_experience_rules(request: HttpRequest) -> Any:
    """Weights, limits and priors: what holds now, what was built in, and every set with its date."""
    operator_of(request)
    return _rules()


@router.post("/operator/experience-rules", response=ExperienceRulesPageOut)
def set_experience_rules(request: HttpRequest, payload: ExperienceRuleSetIn) -> Any:
    """Make a set that holds for the days that end from a moment on."""
    services.set_rules(
        person_id=operator_of(request),
        rules=read_rules(payload.values.dict()),
        effective_from=payload.effective_from,
        note=payload.note,
    )
    return _rules()


def _rules() -> dict[str, Any]:
    return {
        "current": selectors.rules_at().as_json(),
        "built_in": Rules().as_json(),
        "items": selectors.rule_sets(),
    }
