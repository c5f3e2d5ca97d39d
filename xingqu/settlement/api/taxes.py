"""Taxes withheld when commissions are paid out: what operators set, what the authorities were paid, what was given back."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of
from xingqu.settlement.api.shop import Key
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.schemas import WithholdingRuleIn, WithholdingRuleOut
from xingqu.settlement.selectors import remittances
from xingqu.settlement.selectors.taxes import withholding_rules
from xingqu.settlement.services.remittances import remit_tax, return_tax
from xingqu.settlement.services.rules import add_withholding, withdraw_withholding
from xingqu.settlement.tax_schemas import (
    Currency,
    Period,
    TaxLineOut,
    TaxPayeeOut,
    TaxPreviewOut,
    TaxRemittanceDetailOut,
    TaxRemittanceIn,
    TaxRemittanceOut,
    TaxReturnIn,
    TaxReturnOut,
)

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


@router.get("/platform/tax-remittances", response=ListOut[TaxRemittanceOut])
def list_remittances(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """What the authorities were paid of withheld tax, month by month, newest first. For operators."""
    operator_of(request)
    return page_of(*remittances.remittances_page(before_id=cursor_id(cursor), limit=limit))


@router.get("/platform/tax-remittances/preview", response=TaxPreviewOut)
def preview_remittance(request: HttpRequest, period: Period, currency: Currency = "CNY") -> Any:
    """What a run for a month would pay, by rule. For operators."""
    operator_of(request)
    return remittances.remittance_preview(period=period, currency=currency)


@router.post("/platform/tax-remittances", response={201: TaxRemittanceDetailOut})
def create_remittance(request: HttpRequest, payload: TaxRemittanceIn) -> Any:
    """Write down that a month's tax was paid to the authorities, once a month and currency. For operators."""
    person_id = operator_of(request)
    number = remit_tax(person_id=person_id, **payload.dict())
    return Status(201, remittances.remittance_of(remittance_no=number))


@router.get("/platform/tax-remittances/{remittance_no}", response=TaxRemittanceDetailOut)
def get_remittance(request: HttpRequest, remittance_no: Number) -> Any:
    """One run with its sums by rule. For operators."""
    operator_of(request)
    return remittances.remittance_of(remittance_no=remittance_no)


@router.get("/platform/tax-remittances/{remittance_no}/payees", response=ListOut[TaxLineOut])
def list_remittance_payees(
    request: HttpRequest, remittance_no: Number, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Each payee's part of a run. For operators."""
    operator_of(request)
    page = remittances.lines_page(remittance_no=remittance_no, after_id=cursor_id(cursor), limit=limit)
    return page_of(*page)


@router.get("/platform/tax-payees", response=ListOut[TaxPayeeOut])
def list_tax_payees(
    request: HttpRequest, waiting_only: bool = False, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """What was withheld of each payee, given back, remitted, and is outstanding. For operators."""
    operator_of(request)
    page = remittances.tax_payees_page(waiting_only=waiting_only, after_id=cursor_id(cursor), limit=limit)
    return page_of(*page)


@router.get("/platform/tax-returns", response=ListOut[TaxReturnOut])
def list_tax_returns(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Withheld tax that was given back to payees, newest first. For operators."""
    operator_of(request)
    return page_of(*remittances.tax_returns_page(before_id=cursor_id(cursor), limit=limit))


@router.post("/platform/settlement/withdrawals/{withdrawal_no}/tax-returns", response={204: None})
def create_tax_return(
    request: HttpRequest,
    withdrawal_no: Number,
    payload: TaxReturnIn,
    key: Annotated[Key, Header(alias="Idempotency-Key")],
) -> Any:
    """Give withheld tax of a payout back into the account it came from, once by its `Idempotency-Key`. For operators."""
    person_id = operator_of(request)
    return_tax(
        withdrawal_no=withdrawal_no,
        amount_minor=payload.amount_minor,
        reason=payload.reason,
        key=key,
        person_id=person_id,
    )
    return Status(204, None)
