"""A shop's after-sale desk."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Router, Schema, Status, UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.aftersale.domain.states import Kind, Side
from xingqu.aftersale.models import Case
from xingqu.aftersale.schemas.incoming import (
    ApproveCaseIn,
    CaseBatchRowIn,
    CaseParcelIn,
    CaseSayIn,
    OfferLessIn,
    RefuseCaseIn,
    ReturnAddressIn,
    ShopQueue,
)
from xingqu.aftersale.schemas.outgoing import (
    CaseBatchOut,
    CaseDetailOut,
    CaseOut,
    EvidencePictureOut,
    ReturnAddressOut,
    ShopCountsOut,
)
from xingqu.aftersale.selectors import queues
from xingqu.aftersale.selectors.addresses import return_address_of
from xingqu.aftersale.selectors.cases import case_detail
from xingqu.aftersale.selectors.pictures import waiting_picture
from xingqu.aftersale.services import evidence, merchant
from xingqu.aftersale.services.buyer import add_statement
from xingqu.aftersale.services.doing import Doing
from xingqu.fulfilment import services as fulfilment
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, ShortText, cursor_id, page_of
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.spreadsheets import XLSX_TYPE, xlsx_stream

router = Router()
WRITE = "orders.write"
MAX_ROWS = 100


class DeskFilter(Schema):
    """`q` finds a case's or order's number, or part of a product's name."""

    queue: ShopQueue = "all"
    kind: Kind | None = None
    q: ShortText = ""
    order_no: Number | None = None


@router.get("/shops/{shop_id}/aftersales", response=ListOut[CaseOut])
def list_shop_cases(
    request: HttpRequest,
    shop_id: Id,
    filters: Query[DeskFilter],
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's cases, newest first; of ``timed_soon`` those whose time ends first, on one page."""
    shop_of(request, shop_id, "view")
    rows = _rows(shop_id, filters)
    if filters.queue == "timed_soon":
        return {"items": queues.due_page(rows, side=Side.MERCHANT, limit=limit), "next_cursor": None}
    items, last_id = queues.page(rows, side=Side.MERCHANT, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.get("/shops/{shop_id}/aftersales.csv", include_in_schema=True)
def export_shop_cases(request: HttpRequest, shop_id: Id, filters: Query[DeskFilter]) -> Any:
    """The same as a CSV file, one row a line of a case, amounts in minor units."""
    shop_of(request, shop_id, WRITE)
    headers = {"Content-Disposition": f'attachment; filename="aftersales-{shop_id}.csv"'}
    rows = queues.cases_csv(_rows(shop_id, filters))
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@router.get("/shops/{shop_id}/aftersales.xlsx", response={200: Any})
def export_shop_cases_xlsx(request: HttpRequest, shop_id: Id, filters: Query[DeskFilter]) -> Any:
    """The same as an XLSX file; no cell of it is a formula."""
    shop_of(request, shop_id, WRITE)
    headers = {"Content-Disposition": f'attachment; filename="aftersales-{shop_id}.xlsx"'}
    rows = xlsx_stream(queues.case_rows(_rows(shop_id, filters)), title="aftersales")
    return StreamingHttpResponse(rows, content_type=XLSX_TYPE, headers=headers)


@router.get("/shops/{shop_id}/aftersales/counts", response=ShopCountsOut)
def count_shop_cases(request: HttpRequest, shop_id: Id) -> Any:
    """How many cases stand in each queue of the desk."""
    shop_of(request, shop_id, "view")
    return queues.counts(Case.objects.filter(shop_id=shop_id), queues.shop_queues())


@router.get("/shops/{shop_id}/return-address", response=ReturnAddressOut | None)
def get_return_address(request: HttpRequest, shop_id: Id) -> Any:
    """Where the shop wants its goods back; null when it has not said."""
    shop_of(request, shop_id, "view")
    return return_address_of(shop_id=shop_id)


@router.put("/shops/{shop_id}/return-address", response=ReturnAddressOut)
def set_return_address(request: HttpRequest, shop_id: Id, payload: ReturnAddressIn) -> Any:
    """Set where the shop wants its goods back: the entry for returns in its address book."""
    shop_of(request, shop_id, "shop.write")
    fulfilment.set_return_address(shop_id=shop_id, **payload.dict())
    return return_address_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/aftersales/approve-batch", response=CaseBatchOut)
def approve_batch(request: HttpRequest, shop_id: Id, payload: list[CaseBatchRowIn]) -> Any:
    """Approve up to 100 cases; each succeeds or fails on its own."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    if not 1 <= len(payload) <= MAX_ROWS:
        raise InvalidInput(field="payload", expected=f"1 to {MAX_ROWS} rows")
    doing = Doing(Side.MERCHANT, person_id)
    return {
        "items": merchant.approve_batch(
            shop_id=shop_id, rows=[(row.case_no, row.version) for row in payload], doing=doing
        )
    }


@router.get("/shops/{shop_id}/aftersales/{case_no}", response=CaseDetailOut)
def get_shop_case(request: HttpRequest, shop_id: Id, case_no: Number) -> Any:
    """A shop's case with everything."""
    shop_of(request, shop_id, "view")
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/approve", response=CaseDetailOut)
def approve_case(request: HttpRequest, shop_id: Id, case_no: Number, payload: ApproveCaseIn) -> Any:
    """Grant what was asked."""
    doing = _doing(request, shop_id, payload)
    merchant.approve(
        shop_id=shop_id,
        case_no=case_no,
        version=payload.version,
        doing=doing,
        waive_return=payload.waive_return,
    )
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/offer", response=CaseDetailOut)
def offer_less(request: HttpRequest, shop_id: Id, case_no: Number, payload: OfferLessIn) -> Any:
    """Offer less than was asked; the buyer says yes or no."""
    doing = _doing(request, shop_id, payload)
    merchant.offer(
        shop_id=shop_id, case_no=case_no, version=payload.version, amount_minor=payload.amount_minor, doing=doing
    )
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/refuse", response=CaseDetailOut)
def refuse_case(request: HttpRequest, shop_id: Id, case_no: Number, payload: RefuseCaseIn) -> Any:
    """Refuse with a reason; the buyer may ask the platform."""
    doing = _doing(request, shop_id, payload)
    merchant.refuse(shop_id=shop_id, case_no=case_no, version=payload.version, reason=payload.reason, doing=doing)
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/confirm-return", response=CaseDetailOut)
def confirm_return(request: HttpRequest, shop_id: Id, case_no: Number, payload: CaseSayIn) -> Any:
    """The goods have come back as they should."""
    doing = _doing(request, shop_id, payload)
    merchant.confirm_return(shop_id=shop_id, case_no=case_no, version=payload.version, doing=doing)
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/dispute-return", response=CaseDetailOut)
def dispute_return(request: HttpRequest, shop_id: Id, case_no: Number, payload: RefuseCaseIn) -> Any:
    """What came back is not right: the platform decides."""
    doing = _doing(request, shop_id, payload)
    merchant.dispute_return(
        shop_id=shop_id, case_no=case_no, version=payload.version, reason=payload.reason, doing=doing
    )
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/ship-replacement", response=CaseDetailOut)
def ship_replacement(request: HttpRequest, shop_id: Id, case_no: Number, payload: CaseParcelIn) -> Any:
    """The replacement, the missing part or the mended goods are on their way."""
    doing = _doing(request, shop_id, payload)
    merchant.ship_replacement(
        shop_id=shop_id,
        case_no=case_no,
        version=payload.version,
        carrier_code=payload.carrier_code,
        tracking_no=payload.tracking_no,
        doing=doing,
    )
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/refund-instead", response=CaseDetailOut)
def refund_instead(request: HttpRequest, shop_id: Id, case_no: Number, payload: CaseSayIn) -> Any:
    """Nothing can be sent: the money goes back instead."""
    doing = _doing(request, shop_id, payload)
    merchant.refund_instead(shop_id=shop_id, case_no=case_no, version=payload.version, doing=doing)
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/submit-evidence", response=CaseDetailOut)
def submit_evidence(request: HttpRequest, shop_id: Id, case_no: Number, payload: CaseSayIn) -> Any:
    """What the platform asked the merchant to show."""
    doing = _doing(request, shop_id, payload)
    merchant.submit_evidence(shop_id=shop_id, case_no=case_no, version=payload.version, doing=doing)
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/statements", response=CaseDetailOut)
def add_shop_statement(request: HttpRequest, shop_id: Id, case_no: Number, payload: CaseSayIn) -> Any:
    """Words and pictures for an open case."""
    doing = _doing(request, shop_id, payload)
    add_statement(case_no=case_no, version=payload.version, doing=doing, shop_id=shop_id)
    return _detail(shop_id, case_no)


@router.post("/shops/{shop_id}/aftersales/{case_no}/pictures", response={201: EvidencePictureOut})
def add_shop_picture(request: HttpRequest, shop_id: Id, case_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB as evidence; it waits a day for its entry."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    case = Case.objects.filter(case_no=case_no, shop_id=shop_id).first()
    if case is None:
        raise NotFound(field="case_no", expected="the number of a case of this shop")
    picture_id = evidence.add_picture(
        side=Side.MERCHANT,
        person_id=person_id,
        order_no=case.order_no,
        shop_id=shop_id,
        buyer_key=case.buyer_key,
        file=file,
    )
    return Status(201, waiting_picture(picture_id=picture_id))


def _rows(shop_id: int, filters: DeskFilter) -> Any:
    rows = Case.objects.filter(queues.shop_queues()[filters.queue], shop_id=shop_id)
    return queues.find_cases(rows, kind=filters.kind, q=filters.q, order_no=filters.order_no)


def _doing(request: HttpRequest, shop_id: int, payload: CaseSayIn) -> Doing:
    """A member of the shop who may. Raises SignInRequired, NotFound, Forbidden."""
    member = shop_of(request, shop_id, WRITE)
    return Doing(Side.MERCHANT, member.person_id, payload.text, tuple(payload.picture_ids))


def _detail(shop_id: int, case_no: str) -> dict[str, Any]:
    return case_detail(case_no=case_no, side=Side.MERCHANT, shop_id=shop_id)
