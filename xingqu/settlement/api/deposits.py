"""A shop's deposit: what is due and why, paying it in, its history, closing the shop."""

from ipaddress import ip_address
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from ninja import Router, Status

from xingqu.accounts.selectors import person_of, shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream
from xingqu.settlement.contracts import FundsAmountIn
from xingqu.settlement.deposit_schemas import (
    CompensationOut,
    DepositChangeOut,
    DepositPaymentIn,
    DepositPaymentOut,
    DepositStandingOut,
)
from xingqu.settlement.selectors import deposits
from xingqu.settlement.services.deposits import pay_deposit, start_deposit_payment
from xingqu.settlement.services.standing import close_shop, reopen_shop

router = Router()
WRITE = "funds.write"
CLOSE = "shop.close"  # owners only


@router.get("/shops/{shop_id}/funds/deposit", response=DepositStandingOut)
def get_deposit(request: HttpRequest, shop_id: Id) -> Any:
    """What the deposit should be and why, what is in it, what follows when."""
    shop_of(request, shop_id, "view")
    return deposits.standing_of(shop_id=shop_id)


@router.get("/shops/{shop_id}/funds/deposit/changes", response=ListOut[DepositChangeOut])
def list_deposit_changes(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Movements of the deposit, newest first, each with its journals in the books."""
    shop_of(request, shop_id, "view")
    items, last = deposits.changes_page(shop_id=shop_id, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/shops/{shop_id}/funds/deposit/changes.csv")
def export_deposit_csv(request: HttpRequest, shop_id: Id) -> Any:
    """Every journal of the deposit as a CSV file."""
    shop_of(request, shop_id, "view")
    return _file(csv_stream(deposits.change_rows(shop_id=shop_id)), "text/csv; charset=utf-8", shop_id, "csv")


@router.get("/shops/{shop_id}/funds/deposit/changes.xlsx")
def export_deposit_xlsx(request: HttpRequest, shop_id: Id) -> Any:
    """The same as an XLSX file."""
    shop_of(request, shop_id, "view")
    blocks = xlsx_stream(deposits.change_rows(shop_id=shop_id), title="deposit")
    return _file(blocks, XLSX_TYPE, shop_id, "xlsx")


def _file(blocks: Any, content_type: str, shop_id: int, ending: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="deposit-{shop_id}.{ending}"'}
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@router.get("/shops/{shop_id}/funds/deposit/compensations", response=list[CompensationOut])
def list_compensations(request: HttpRequest, shop_id: Id) -> Any:
    """What buyers of the shop got out of the protection fund."""
    shop_of(request, shop_id, "view")
    return deposits.compensations_of(shop_id=shop_id)


@router.get("/shops/{shop_id}/funds/deposit/evidence/{evidence_id}", include_in_schema=False)
def get_evidence(request: HttpRequest, shop_id: Id, evidence_id: Id) -> Any:
    """A picture that shows why the deposit was deducted."""
    shop_of(request, shop_id, "view")
    return picture(evidence_id, shop_id)


def picture(evidence_id: int, shop_id: int | None) -> FileResponse:
    """The picture as an answer."""
    answer = FileResponse(deposits.open_evidence(evidence_id=evidence_id, shop_id=shop_id), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@router.post("/shops/{shop_id}/funds/deposit", response={201: DepositStandingOut})
def create_deposit(request: HttpRequest, shop_id: Id, payload: FundsAmountIn) -> Any:
    """Move money of the balance into the deposit."""
    shop_of(request, shop_id, WRITE)
    pay_deposit(shop_id=shop_id, amount_minor=payload.amount_minor, person_id=person_of(request))
    return Status(201, deposits.standing_of(shop_id=shop_id))


@router.post("/shops/{shop_id}/funds/deposit/payments", response={201: DepositPaymentOut})
def create_deposit_payment(request: HttpRequest, shop_id: Id, payload: DepositPaymentIn) -> Any:
    """Pay into the deposit through a payment provider: send the payer to `redirect_url`."""
    shop_of(request, shop_id, WRITE)
    payment_no, redirect_url = start_deposit_payment(
        shop_id=shop_id,
        person_id=person_of(request),
        amount_minor=payload.amount_minor,
        provider=payload.provider,
        language=payload.language,
        payer_ip=_payer_ip(request),
    )
    return Status(201, {"payment_no": payment_no, "redirect_url": redirect_url})


@router.post("/shops/{shop_id}/funds/deposit/closing", response=DepositStandingOut)
def begin_closing(request: HttpRequest, shop_id: Id) -> Any:
    """Close the shop: after the waiting time the deposit goes to the balance. For owners."""
    shop_of(request, shop_id, CLOSE)
    close_shop(shop_id=shop_id, person_id=person_of(request))
    return deposits.standing_of(shop_id=shop_id)


@router.delete("/shops/{shop_id}/funds/deposit/closing", response=DepositStandingOut)
def end_closing(request: HttpRequest, shop_id: Id) -> Any:
    """Go on after all. For owners."""
    shop_of(request, shop_id, CLOSE)
    reopen_shop(shop_id=shop_id)
    return deposits.standing_of(shop_id=shop_id)


def _payer_ip(request: HttpRequest) -> str:
    """Address of the payer, as the edge passes it on."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[0].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(told))
    except ValueError:
        return ""
