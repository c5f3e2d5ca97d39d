"""Earnings of a workplace, of whatever kind: commissions order by order, statements, payouts."""

from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Header, Query, Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import person_of, shop_of
from xingqu.alliance.earning_schemas import Amount, EarningsOut, PayeeCommissionsOut, PayeeName, PayoutQuoteOut
from xingqu.alliance.schemas import CommissionState
from xingqu.alliance.selectors.earnings import commission_page
from xingqu.alliance.selectors.payees import Payee, earnings_of, payee_of
from xingqu.kit import clock
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, decode_cursor, page_of
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream
from xingqu.settlement.contracts import (
    FundsAmountIn,
    PayoutAccountIn,
    PeriodQuery,
    StatementLineOut,
    StatementMonthOut,
    StatementOut,
    WithdrawalOut,
)
from xingqu.settlement.selectors import funds, statements
from xingqu.settlement.selectors.taxes import withheld_of
from xingqu.settlement.services.withdrawals import ask_commission_withdrawal, set_payout_account

router = Router()
WRITE = "earnings.write"
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
PAYEE = "/shops/{shop_id}/earnings/{payee}/{payee_id}"


def _payee(request: HttpRequest, shop_id: int, payee: str, payee_id: int, permission: str = "view") -> Payee:
    shop_of(request, shop_id, permission)
    return payee_of(organisation_id=shop_id, payee=payee, payee_id=payee_id)


@router.get("/shops/{shop_id}/earnings", response=EarningsOut)
def get_earnings(request: HttpRequest, shop_id: Id) -> Any:
    """What a workplace earns as creator, agency or colonel: estimated, in the books, on its way to the bank."""
    shop_of(request, shop_id, "view")
    return earnings_of(organisation_id=shop_id)


@router.put("/shops/{shop_id}/earnings/payout-account", response=EarningsOut)
def put_earnings_account(request: HttpRequest, shop_id: Id, payload: PayoutAccountIn) -> Any:
    """Where payouts go from now on."""
    shop_of(request, shop_id, WRITE)
    set_payout_account(shop_id=shop_id, person_id=person_of(request), **payload.dict())
    return earnings_of(organisation_id=shop_id)


@router.get(PAYEE + "/commissions", response=PayeeCommissionsOut)
def list_payee_commissions(
    request: HttpRequest,
    shop_id: Id,
    payee: PayeeName,
    payee_id: Id,
    state: CommissionState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Orders that earn, newest first, with the rates and the base that each amount comes from."""
    told = _payee(request, shop_id, payee, payee_id)
    found = commission_page(of=payee, of_id=told.id, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(found["items"], found["last"], sums=found["sums"])


@router.get(PAYEE + "/statements", response=list[StatementMonthOut])
def list_payee_statements(request: HttpRequest, shop_id: Id, payee: PayeeName, payee_id: Id) -> Any:
    """Months with a statement, the latest first."""
    told = _payee(request, shop_id, payee, payee_id)
    return statements.statement_months(accounts=[told.account])


@router.get(PAYEE + "/statement", response=StatementOut)
def get_payee_statement(
    request: HttpRequest, shop_id: Id, payee: PayeeName, payee_id: Id, period: Query[PeriodQuery]
) -> Any:
    """Opening and closing balance of a period, and the sums of what lies between them."""
    told = _payee(request, shop_id, payee, payee_id)
    return statements.statement_of(accounts=[told.account], since=period.since, until=period.until)


@router.get(PAYEE + "/statement/lines", response=ListOut[StatementLineOut])
def list_payee_lines(
    request: HttpRequest,
    shop_id: Id,
    payee: PayeeName,
    payee_id: Id,
    period: Query[PeriodQuery],
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> Any:
    """Lines of a statement, oldest first: each with its order or payout and its journal."""
    told = _payee(request, shop_id, payee, payee_id)
    after = decode_cursor(cursor, int)
    lines, last = statements.statement_page(
        accounts=[told.account],
        since=period.since,
        until=period.until,
        after=after[0] if after else 0,
        limit=limit,
    )
    return page_of(lines, last)


@router.get(PAYEE + "/statement.csv")
def download_payee_csv(
    request: HttpRequest, shop_id: Id, payee: PayeeName, payee_id: Id, period: Query[PeriodQuery]
) -> Any:
    """All lines as a CSV file, amounts in minor units, with the running balance."""
    told = _payee(request, shop_id, payee, payee_id)
    rows = statements.statement_rows(accounts=[told.account], since=period.since, until=period.until)
    return _file(csv_stream(rows), "text/csv; charset=utf-8", f"{payee}-{payee_id}.csv")


@router.get(PAYEE + "/statement.xlsx")
def download_payee_xlsx(
    request: HttpRequest, shop_id: Id, payee: PayeeName, payee_id: Id, period: Query[PeriodQuery]
) -> Any:
    """The same as an XLSX file."""
    told = _payee(request, shop_id, payee, payee_id)
    rows = statements.statement_rows(accounts=[told.account], since=period.since, until=period.until)
    return _file(xlsx_stream(rows, title="statement"), XLSX_TYPE, f"{payee}-{payee_id}.xlsx")


def _file(blocks: Any, content_type: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="statement-{name}"'}
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@router.get(PAYEE + "/payout-quote", response=PayoutQuoteOut)
def quote_payout(request: HttpRequest, shop_id: Id, payee: PayeeName, payee_id: Id, amount_minor: Query[Amount]) -> Any:
    """What would be withheld of a payout asked for now."""
    account = _payee(request, shop_id, payee, payee_id).account
    told = withheld_of(organisation_id=shop_id, account=account, amount_minor=amount_minor, at=clock.now())
    return {
        "gross_minor": amount_minor,
        "exempt_minor": told.exempt_minor,
        "tax_minor": told.tax_minor,
        "net_minor": amount_minor - told.tax_minor,
    }


@router.get(PAYEE + "/payouts", response=ListOut[WithdrawalOut])
def list_payouts(
    request: HttpRequest,
    shop_id: Id,
    payee: PayeeName,
    payee_id: Id,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Payouts, newest first, each with what was withheld."""
    told = _payee(request, shop_id, payee, payee_id)
    return page_of(
        *funds.withdrawals_page(
            shop_id=shop_id, source=told.account, state=None, before_id=cursor_id(cursor), limit=limit
        )
    )


@router.post(PAYEE + "/payouts", response={201: WithdrawalOut})
def create_payout(
    request: HttpRequest,
    shop_id: Id,
    payee: PayeeName,
    payee_id: Id,
    payload: FundsAmountIn,
    key: Annotated[Key, Header(alias="Idempotency-Key")],
) -> Any:
    """Ask for commission that was settled; the tax on it is withheld. The same `Idempotency-Key` asks once."""
    told = _payee(request, shop_id, payee, payee_id, WRITE)
    number = ask_commission_withdrawal(
        organisation_id=shop_id,
        account=told.account,
        amount_minor=payload.amount_minor,
        person_id=person_of(request),
        key=key,
    )
    return Status(201, funds.withdrawal_of(shop_id=shop_id, withdrawal_no=number))
