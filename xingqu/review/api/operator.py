"""The platform's part: reported reviews, appeals, and the rules."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.review import selectors, services
from xingqu.review.domain.rules import Rules, read_rules
from xingqu.review.schemas import (
    DecisionIn,
    PlatformCaseDetailOut,
    PlatformCaseOut,
    ReviewCaseCountsOut,
    ReviewRuleSetIn,
    ReviewRulesPageOut,
)
from xingqu.review.selectors.cases import CaseQueue

router = Router()


@router.get("/operator/review-cases", response=ListOut[PlatformCaseOut])
def list_review_cases(
    request: HttpRequest, queue: CaseQueue = "reports", cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Reported reviews: new reports, appeals, those that wait for a side, and closed ones. For operators."""
    operator_of(request)
    items, last_id = selectors.cases_page(queue=queue, after_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.get("/operator/review-cases/counts", response=ReviewCaseCountsOut)
def count_review_cases(request: HttpRequest) -> Any:
    """How many cases stand in each queue. For operators."""
    operator_of(request)
    return selectors.queue_counts()


@router.get("/operator/review-cases/{case_id}", response=PlatformCaseDetailOut)
def get_review_case(request: HttpRequest, case_id: Id) -> Any:
    """A case, and everything that was ever done to its review. For operators."""
    operator_of(request)
    return _detail(case_id)


@router.post("/operator/review-cases/{case_id}/decide", response=PlatformCaseDetailOut)
def decide_review_case(request: HttpRequest, case_id: Id, payload: DecisionIn) -> Any:
    """Keep or hide the review, with a reason. For operators."""
    services.decide_case(
        case_id=case_id,
        person_id=operator_of(request),
        hide=payload.hide,
        reason=payload.reason or "",
        text=payload.text,
    )
    return _detail(case_id)


@router.get("/operator/review-rules", response=ReviewRulesPageOut)
def get_review_rules(request: HttpRequest) -> Any:
    """What holds now, what was built in, and every set with its date. For operators."""
    operator_of(request)
    return _rules()


@router.post("/operator/review-rules", response=ReviewRulesPageOut)
def set_review_rules(request: HttpRequest, payload: ReviewRuleSetIn) -> Any:
    """Make a set of rules that holds from a moment on. For operators."""
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


def _detail(case_id: int) -> dict[str, Any]:
    case = selectors.case_for_platform(case_id=case_id)
    return {**case, "trail": selectors.trail_of(review_id=case["review_id"])}
