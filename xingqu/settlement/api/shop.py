"""A shop's funds: what is whose, statements, withdrawals, the deposit."""

from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Header, Query, Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import person_of, shop_of
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
from xingqu.settlement.schemas import FundsOut, PayoutAccountOut, SettlementOut, SettlementState
from xingqu.settlement.selectors import funds, statements
from xingqu.settlement.services.withdrawals import ask_withdrawal, set_payout_account

router = Router()
WRITE = "funds.write"
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


@router.get("/shops/{shop_id}/funds", response=FundsOut)
def get_funds(request: HttpRequest, shop_id: Id) -> Any:
    """What is whose: in the balance, on its way with dates, on hold, not yet received, in the deposit."""
    shop_of(request, shop_id, "view")
    return funds.funds_of(shop_id=shop_id)


@router.get("/shops/{shop_id}/funds/settlements", response=ListOut[SettlementOut])
def list_settlements(
    request: HttpRequest,
    shop_id: Id,
    state: SettlementState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Orders on their way to the balance, newest first."""
    shop_of(request, shop_id, "view")
    items, last = funds.settlements_page(shop_id=shop_id, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/shops/{shop_id}/funds/statements", response=list[StatementMonthOut])
def list_statements(request: HttpRequest, shop_id: Id) -> Any:
    """Months with a statement, the latest first."""
    shop_of(request, shop_id, "view")
    return statements.statement_months(accounts=statements.shop_accounts(shop_id))


@router.get("/shops/{shop_id}/funds/statement", response=StatementOut)
def get_statement(request: HttpRequest, shop_id: Id, period: Query[PeriodQuery]) -> Any:
    """Opening and closing balances of a period, and the sums of what lies between them."""
    shop_of(request, shop_id, "view")
    return statements.statement_of(accounts=statements.shop_accounts(shop_id), since=period.since, until=period.until)


@router.get("/shops/{shop_id}/funds/statement/lines", response=ListOut[StatementLineOut])
def list_statement_lines(
    request: HttpRequest,
    shop_id: Id,
    period: Query[PeriodQuery],
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> Any:
    """Lines of a statement, oldest first: each with its order, document and journal. A page ends between two journals."""
    shop_of(request, shop_id, "view")
    after = decode_cursor(cursor, int)
    lines, last = statements.statement_page(
        accounts=statements.shop_accounts(shop_id),
        since=period.since,
        until=period.until,
        after=after[0] if after else 0,
        limit=limit,
    )
    return page_of(lines, last)


@router.get("/shops/{shop_id}/funds/statement.csv")
def download_statement_csv(request: HttpRequest, shop_id: Id, period: Query[PeriodQuery]) -> Any:
    """All lines as a CSV file, amounts in minor units, with the running balance of each account."""
    shop_of(request, shop_id, "view")
    rows = statements.statement_rows(accounts=statements.shop_accounts(shop_id), since=period.since, until=period.until)
    return _file(csv_stream(rows), "text/csv; charset=utf-8", shop_id, "csv")


@router.get("/shops/{shop_id}/funds/statement.xlsx")
def download_statement_xlsx(request: HttpRequest, shop_id: Id, period: Query[PeriodQuery]) -> Any:
    """The same as an XLSX file."""
    shop_of(request, shop_id, "view")
    rows = statements.statement_rows(accounts=statements.shop_accounts(shop_id), since=period.since, until=period.until)
    return _file(xlsx_stream(rows, title="statement"), XLSX_TYPE, shop_id, "xlsx")


def _file(blocks: Any, content_type: str, shop_id: int, ending: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="statement-{shop_id}.{ending}"'}
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@router.put("/shops/{shop_id}/funds/payout-account", response=PayoutAccountOut)
def put_payout_account(request: HttpRequest, shop_id: Id, payload: PayoutAccountIn) -> Any:
    """Where withdrawals go from now on."""
    shop_of(request, shop_id, WRITE)
    set_payout_account(shop_id=shop_id, person_id=person_of(request), **payload.dict())
    return funds.payout_account_of(shop_id=shop_id)


@router.get("/shops/{shop_id}/funds/withdrawals", response=ListOut[WithdrawalOut])
def list_withdrawals(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """A shop's withdrawals, newest first."""
    shop_of(request, shop_id, "view")
    items, last = funds.withdrawals_page(
        shop_id=shop_id, state=None, before_id=cursor_id(cursor), limit=limit, source=""
    )
    return page_of(items, last)


@router.post("/shops/{shop_id}/funds/withdrawals", response={201: WithdrawalOut})
def create_withdrawal(
    request: HttpRequest, shop_id: Id, payload: FundsAmountIn, key: Annotated[Key, Header(alias="Idempotency-Key")]
) -> Any:
    """Ask for money of the balance. The same `Idempotency-Key` asks once."""
    shop_of(request, shop_id, WRITE)
    number = ask_withdrawal(shop_id=shop_id, amount_minor=payload.amount_minor, person_id=person_of(request), key=key)
    return Status(201, funds.withdrawal_of(shop_id=shop_id, withdrawal_no=number))
