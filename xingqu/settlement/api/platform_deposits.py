"""Deposits of all shops, for operators: rules with dates, who is short, deductions with reason and evidence."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Status, UploadedFile

from xingqu.accounts.selectors import operator_of, organisation_card
from xingqu.accounts.services import record_platform_action
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream
from xingqu.settlement.api.deposits import picture
from xingqu.settlement.deposit_schemas import (
    CompensationOut,
    DepositChangeOut,
    DepositDecisionIn,
    DepositEvidenceOut,
    DepositFilter,
    DepositFreezeIn,
    DepositRuleIn,
    DepositRuleOut,
    DepositShopOut,
    DepositStandingOut,
    PenaltyIn,
    PenaltyOut,
)
from xingqu.settlement.domain.deposits import CategoryAmount, DepositTerms
from xingqu.settlement.selectors import deposits
from xingqu.settlement.selectors.terms import deposit_rules
from xingqu.settlement.services.compensations import penalise
from xingqu.settlement.services.deposits import add_evidence, decide_deposit, freeze_deposit
from xingqu.settlement.services.rules import add_deposit_rule, withdraw_deposit_rule

router = Router()


@router.get("/platform/deposits", response=ListOut[DepositShopOut])
def list_deposits(
    request: HttpRequest, filters: Query[DepositFilter], cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Shops with how their deposits stand. For operators."""
    operator_of(request)
    items, last = deposits.standings_page(state=filters.state, q=filters.q, after_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/platform/deposits.csv")
def export_csv(request: HttpRequest, filters: Query[DepositFilter]) -> Any:
    """The same as a CSV file."""
    operator_of(request)
    rows = csv_stream(deposits.standing_rows(state=filters.state, q=filters.q))
    return _file(rows, "text/csv; charset=utf-8", "csv")


@router.get("/platform/deposits.xlsx")
def export_xlsx(request: HttpRequest, filters: Query[DepositFilter]) -> Any:
    """The same as an XLSX file."""
    operator_of(request)
    rows = xlsx_stream(deposits.standing_rows(state=filters.state, q=filters.q), title="deposits")
    return _file(rows, XLSX_TYPE, "xlsx")


def _file(blocks: Any, content_type: str, ending: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="deposits.{ending}"'}
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@router.get("/platform/deposits/counts", response=dict[str, int])
def count_deposits(request: HttpRequest) -> Any:
    """How many shops stand where. For operators."""
    operator_of(request)
    return deposits.standing_counts()


@router.get("/platform/deposits/rules", response=list[DepositRuleOut])
def list_deposit_rules(request: HttpRequest) -> Any:
    """What deposits are, were and will be due, the latest first. For operators."""
    operator_of(request)
    return deposit_rules()


@router.post("/platform/deposits/rules", response={201: list[DepositRuleOut]})
def create_deposit_rule(request: HttpRequest, payload: DepositRuleIn) -> Any:
    """What deposits are due from a moment on. For operators."""
    person_id = operator_of(request)
    terms = DepositTerms(
        company_minor=payload.company_minor,
        individual_minor=payload.individual_minor,
        categories=tuple(CategoryAmount(**row.dict()) for row in payload.categories),
        grace_days=payload.grace_days,
        remind_days=payload.remind_days,
        release_days=payload.release_days,
    )
    add_deposit_rule(effective_from=payload.effective_from, terms=terms, note=payload.note, person_id=person_id)
    return Status(201, deposit_rules())


@router.delete("/platform/deposits/rules/{rule_id}", response=list[DepositRuleOut])
def delete_deposit_rule(request: HttpRequest, rule_id: Id) -> Any:
    """Take back a rule that is not in effect yet. For operators."""
    operator_of(request)
    withdraw_deposit_rule(rule_id=rule_id)
    return deposit_rules()


@router.post("/platform/deposits/evidence", response={201: DepositEvidenceOut})
def upload_evidence(request: HttpRequest, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB; it waits a day for its deduction. For operators."""
    evidence_id = add_evidence(person_id=operator_of(request), file=file)
    return Status(201, deposits.evidence_row(evidence_id=evidence_id))


@router.get("/platform/deposits/evidence/{evidence_id}", include_in_schema=False)
def get_any_evidence(request: HttpRequest, evidence_id: Id) -> Any:
    """A picture of evidence. For operators."""
    operator_of(request)
    return picture(evidence_id, None)


@router.get("/platform/deposits/shops/{shop_id}", response=DepositStandingOut)
def get_shop_deposit(request: HttpRequest, shop_id: Id) -> Any:
    """One shop's deposit, as the shop sees it. For operators."""
    operator_of(request)
    organisation_card(organisation_id=shop_id)
    return deposits.standing_of(shop_id=shop_id)


@router.get("/platform/deposits/shops/{shop_id}/changes", response=ListOut[DepositChangeOut])
def list_shop_changes(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Movements of a shop's deposit, newest first. For operators."""
    operator_of(request)
    items, last = deposits.changes_page(shop_id=shop_id, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/platform/deposits/shops/{shop_id}/compensations", response=list[CompensationOut])
def list_shop_compensations(request: HttpRequest, shop_id: Id) -> Any:
    """What buyers of a shop got out of the protection fund. For operators."""
    operator_of(request)
    return deposits.compensations_of(shop_id=shop_id)


@router.post("/platform/deposits/shops/{shop_id}/penalties", response={201: PenaltyOut})
def create_penalty(request: HttpRequest, shop_id: Id, payload: PenaltyIn) -> Any:
    """Deduct from a shop's deposit, compensate a buyer out of the fund, or both at once. For operators."""
    person_id = operator_of(request)
    organisation_card(organisation_id=shop_id)
    change_no, compensation_no = penalise(shop_id=shop_id, person_id=person_id, **payload.dict())
    told = {"amount_minor": payload.amount_minor, "compensation_minor": payload.compensation_minor}
    _tell(person_id, shop_id, "deposit.penalty", change_no or compensation_no, told | {"reason": payload.reason})
    return Status(201, {"change_no": change_no, "compensation_no": compensation_no})


@router.post("/platform/deposits/freezes", response={201: ListOut[DepositChangeOut]})
def create_freeze(request: HttpRequest, payload: DepositFreezeIn) -> Any:
    """Freeze a part of a shop's deposit, with the reason, until it is decided. For operators."""
    person_id = operator_of(request)
    number = freeze_deposit(
        shop_id=payload.shop_id, amount_minor=payload.amount_minor, reason=payload.reason, person_id=person_id
    )
    told = {"amount_minor": payload.amount_minor, "reason": payload.reason}
    _tell(person_id, payload.shop_id, "deposit.freeze", number, told)
    items, _ = deposits.changes_page(shop_id=payload.shop_id, before_id=None, limit=20)
    return Status(201, page_of(items, None))


@router.post("/platform/deposits/freezes/{change_no}/decide", response={204: None})
def decide(request: HttpRequest, change_no: Number, payload: DepositDecisionIn) -> Any:
    """Take what was frozen into the protection fund, or let it go. For operators."""
    person_id = operator_of(request)
    shop_id = decide_deposit(change_no=change_no, deduct=payload.deduct, person_id=person_id)
    _tell(person_id, shop_id, "deposit.decide", change_no, {"deduct": payload.deduct})
    return Status(204, None)


def _tell(person_id: int, shop_id: int, action: str, subject: str, data: dict[str, Any]) -> None:
    record_platform_action(organisation_id=shop_id, person_id=person_id, action=action, subject=subject, changes=data)
