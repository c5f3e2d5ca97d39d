"""For operators: providers' bills and where they and the books disagree."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from xingqu.accounts.selectors import operator_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, MoneyOut, Out, Text, cursor_id, encode_cursor
from xingqu.trade.contracts import ReconciliationDifference
from xingqu.trade.schemas import Provider
from xingqu.trade.selectors.offers import money
from xingqu.trade.selectors.reconciliation import billing_providers, bills_page, differences_page
from xingqu.trade.services.reconciliation import ask_for_bill, resolve_difference

router = Router(tags=["operator"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Note = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class BillSumOut(Out):
    """Sums of a bill's lines in minor units of a currency; `fee`: what the provider kept, as its bill says it."""

    currency: str
    paid: int
    refunded: int
    fee: int


class BillOut(Out):
    """`error`: why a bill that is due could not be had yet. `found` differences, of which some are `unresolved`."""

    provider: Provider
    day: date
    state: Literal["due", "compared"]
    error: str
    line_count: int
    sums: list[BillSumOut]
    compared_at: datetime | None
    found: int
    unresolved: int


class BillsOut(Out):
    """The latest bills; `providers` are those whose bills can be asked for."""

    items: list[BillOut]
    providers: list[Provider]


class BillIn(Schema):
    provider: Provider
    day: Day


class DifferenceOut(Out):
    """`key` is our payment's or refund's number, else the provider's `reference`. Of the subject `ledger`, `ours` is what the
    ledger has and `theirs` the payment's or refund's amount. `resolved_by` null: it no longer holds."""

    id: int
    provider: Provider
    day: date
    kind: Literal["missing_here", "missing_there", "amount", "state", "duplicate"]
    subject: Literal["payment", "refund", "ledger"]
    key: str
    reference: str
    order_no: str
    ours: MoneyOut | None
    theirs: MoneyOut | None
    ours_state: str
    theirs_state: str
    found_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    note: str


class ResolveIn(Schema):
    note: Note


@router.get("/operator/reconciliation/bills", response=BillsOut)
def list_bills(request: HttpRequest) -> Any:
    """The latest bills of the payment providers and how they compare with the books."""
    operator_of(request)
    return {"items": bills_page(), "providers": billing_providers()}


@router.post("/operator/reconciliation/bills", response={202: None})
def request_bill(request: HttpRequest, payload: BillIn) -> Any:
    """Have a day's bill fetched and compared (again), by the worker."""
    operator_of(request)
    ask_for_bill(provider=payload.provider, day=payload.day)
    return Status(202, None)


@router.get("/operator/reconciliation/differences", response=ListOut[DifferenceOut])
def list_differences(
    request: HttpRequest,
    unresolved_only: bool = False,
    provider: Provider | None = None,
    day: Day | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Differences between bills and books, newest first."""
    operator_of(request)
    found, last_id = differences_page(
        unresolved_only=unresolved_only,
        provider=provider,
        day=day,
        before_id=cursor_id(cursor),
        limit=limit,
    )
    next_cursor = encode_cursor(last_id) if last_id is not None else None
    return {"items": [_told(one) for one in found], "next_cursor": next_cursor}


@router.post("/operator/reconciliation/differences/{difference_id}/resolve", response={204: None})
def resolve(request: HttpRequest, difference_id: Id, payload: ResolveIn) -> Any:
    """Say what came of a difference; it is no longer listed as open."""
    operator_id = operator_of(request)
    resolve_difference(difference_id=difference_id, operator_id=operator_id, note=payload.note)
    return Status(204, None)


def _told(one: ReconciliationDifference) -> dict[str, Any]:
    fields = {name: getattr(one, name) for name in one.__slots__}
    ours, theirs = fields.pop("ours_minor"), fields.pop("theirs_minor")
    return {
        **fields,
        "ours": money(ours, one.currency) if ours is not None else None,
        "theirs": money(theirs, one.currency) if theirs is not None else None,
    }
