"""What operators set of taxes withheld when commissions are paid out."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import Id
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.schemas import WithholdingRuleIn, WithholdingRuleOut
from xingqu.settlement.selectors.taxes import withholding_rules
from xingqu.settlement.services.rules import add_withholding, withdraw_withholding

router = Router()


@router.get("/platform/settlement/withholding", response=list[WithholdingRuleOut])
def list_withholding(request: HttpRequest) -> Any:
    """Rules of tax withheld of commissions paid out, the latest first. For operators."""
    operator_of(request)
    return withholding_rules()


@router.post("/platform/settlement/withholding", response={201: list[WithholdingRuleOut]})
def create_withholding(request: HttpRequest, payload: WithholdingRuleIn) -> Any:
    """A rule for what is asked for from a moment on. For operators."""
    person_id = operator_of(request)
    add_withholding(
        kind=TaxKind(payload.kind),
        effective_from=payload.effective_from,
        rule=Withholding(
            payload.allowance_minor,
            payload.deduct_bp,
            tuple(Bracket(part.up_to_minor, part.rate_bp) for part in payload.brackets),
        ),
        note=payload.note,
        person_id=person_id,
    )
    return Status(201, withholding_rules())


@router.delete("/platform/settlement/withholding/{rule_id}", response=list[WithholdingRuleOut])
def delete_withholding(request: HttpRequest, rule_id: Id) -> Any:
    """Take back a rule that is not in effect yet. For operators."""
    operator_of(request)
    withdraw_withholding(rule_id=rule_id)
    return withholding_rules()
