"""What a step settles about a case besides its state: the amount, whose fault it was, where the goods are."""

from typing import Any

from xingqu.aftersale.domain.reasons import reason_of
from xingqu.aftersale.domain.states import PAYS_BACK, TABLE, Fault, Kind, State, Step
from xingqu.aftersale.models import Case

# A merchant or a clock that grants what was asked accepts the reason that was given.
_ACCEPTING = frozenset({Step.APPROVE, Step.AUTO_APPROVE, Step.REVIEW_TIMEOUT, Step.WAIVE_RETURN})
_OFFER = frozenset({Step.ACCEPT_OFFER, Step.OFFER_TIMEOUT})
_HAVING_GOODS = frozenset({Step.CONFIRM_RETURN, Step.CONFIRM_TIMEOUT, Step.TURNED_BACK})
_NOT_SENDING = frozenset({Step.SHIP_TIMEOUT, Step.REFUND_INSTEAD})


def consequences_of(case: Case, step: Step) -> dict[str, Any]:
    """Columns that this step sets."""
    changes: dict[str, Any] = {}
    if step in _ACCEPTING:
        changes["fault"] = claimed_fault(case)
        if Kind(case.kind) in PAYS_BACK and case.agreed_minor is None:
            changes["agreed_minor"] = case.asked_minor
    if step in _OFFER:
        changes |= {"fault": claimed_fault(case), "agreed_minor": case.offered_minor}
    if step is Step.WAIVE_RETURN:
        changes["needs_return"] = False
    if step in _HAVING_GOODS:
        changes["goods_back"] = True
    if step in _NOT_SENDING:
        changes |= {"refund_instead": True, "fault": Fault.MERCHANT}
    if step in (Step.CHANGE, Step.DECLINE_OFFER):
        changes |= {"offered_minor": None, "refusal": ""}
    if TABLE[step][2] in (State.CLOSED, State.FAILED):
        changes["close_reason"] = step.value
    return changes


def claimed_fault(case: Case) -> Fault | None:
    """Whose fault the buyer's reason says it was."""
    reason = reason_of(Kind(case.kind), case.reason)
    return reason.fault if reason is not None else None
