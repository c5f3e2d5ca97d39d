"""A buyer's after-sale."""

from typing import Any, Literal

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.aftersale.domain.states import FINAL, Side
from xingqu.aftersale.models import Case
from xingqu.aftersale.schemas.incoming import (
    AnswerOfferIn,
    AssessCaseIn,
    CaseParcelIn,
    CasePickupIn,
    CaseSayIn,
    ChangeCaseIn,
    OpenCaseIn,
    RefundOrderIn,
)
from xingqu.aftersale.schemas.outgoing import (
    AftersaleOptionsOut,
    AssessmentOut,
    BuyerCountsOut,
    CaseDetailOut,
    CaseOut,
    CasePickupOfferOut,
    EvidencePictureOut,
)
from xingqu.aftersale.selectors import queues
from xingqu.aftersale.selectors.assessing import Wanted, assess
from xingqu.aftersale.selectors.cases import case_detail
from xingqu.aftersale.selectors.options import order_options, present_assessment
from xingqu.aftersale.selectors.pictures import picture_path, waiting_picture
from xingqu.aftersale.selectors.rules import rules_at
from xingqu.aftersale.services import buyer, evidence, pickups
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.opening import Application, ask_all_back, open_case
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of
from xingqu.kit.private_files import open_private
from xingqu.trade.contracts import ShopOrderDetailOut
from xingqu.trade.selectors import order_detail, shop_order_for_buyer
from xingqu.trade.selectors.offers import money

router = Router()
Tab = Literal["all", "open", "mine", "closed"]
_TABS = {"all": Q(), "open": ~Q(state__in=FINAL), "mine": Q(waiting_for=Side.BUYER), "closed": Q(state__in=FINAL)}


@router.get("/orders/{order_no}/aftersale", response=AftersaleOptionsOut)
def get_options(request: HttpRequest, order_no: Number) -> Any:
    """What after-sale one's own order offers: kinds, reasons, free units, and the cases it has."""
    return order_options(buyer_key=actor_of(request).key, order_no=order_no)


@router.post("/aftersales/assess", response=AssessmentOut)
def assess_case(request: HttpRequest, payload: AssessCaseIn) -> Any:
    """The most that can go back for these units, explained; nothing is written."""
    assessment = assess(
        buyer_key=actor_of(request).key,
        order_no=payload.order_no,
        kind=payload.kind,
        wanted=[Wanted(line.line_id, line.quantity) for line in payload.lines],
        rules=rules_at(),
    )
    return present_assessment(assessment)


@router.post("/aftersales", response={201: CaseDetailOut})
def open_aftersale(request: HttpRequest, payload: OpenCaseIn) -> Any:
    """Ask for after-sale of one's own order."""
    key = actor_of(request).key
    case_no = open_case(
        buyer_key=key,
        person_id=person_of(request),
        order_no=payload.order_no,
        application=Application(
            kind=payload.kind,
            lines=tuple(Wanted(line.line_id, line.quantity) for line in payload.lines),
            reason=payload.reason,
            amount_minor=payload.amount_minor,
            text=payload.text,
            received=payload.received,
            picture_ids=tuple(payload.picture_ids),
        ),
        request_key=payload.request_key,
    )
    return Status(201, _detail(key, case_no))


@router.post("/orders/{order_no}/refund", response=ShopOrderDetailOut)
def refund_order(request: HttpRequest, order_no: Number, payload: RefundOrderIn) -> Any:
    """All that is left of a paid order of which nothing was shipped: a case `pre_ship` in one call."""
    key = actor_of(request).key
    shop_order_for_buyer(buyer_key=key, order_no=order_no)
    ask_all_back(buyer_key=key, person_id=person_of(request), order_no=order_no, reason=payload.reason)
    return order_detail(buyer_key=key, order_no=order_no)


@router.get("/aftersales", response=ListOut[CaseOut])
def list_cases(
    request: HttpRequest,
    tab: Tab = "all",
    order_no: Number | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """One's own cases, newest first; `mine` wait for the buyer."""
    rows = Case.objects.filter(_TABS[tab], buyer_key=actor_of(request).key)
    items, last_id = queues.page(
        queues.find_cases(rows, order_no=order_no),
        side=Side.BUYER,
        before_id=cursor_id(cursor),
        limit=limit,
    )
    return page_of(items, last_id)


@router.get("/aftersales/counts", response=BuyerCountsOut)
def count_cases(request: HttpRequest) -> Any:
    """Number of one's own cases by tab."""
    named = {tab: condition for tab, condition in _TABS.items() if tab != "all"}
    return queues.counts(Case.objects.filter(buyer_key=actor_of(request).key), named)


@router.get("/aftersales/{case_no}", response=CaseDetailOut)
def get_case(request: HttpRequest, case_no: Number) -> Any:
    """One's own case with everything."""
    return _detail(actor_of(request).key, case_no)


@router.post("/aftersales/{case_no}/withdraw", response=CaseDetailOut)
def withdraw_case(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Take a case back."""
    key = actor_of(request).key
    buyer.withdraw(buyer_key=key, case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/change", response=CaseDetailOut)
def change_case(request: HttpRequest, case_no: Number, payload: ChangeCaseIn) -> Any:
    """Ask again with another amount, reason or evidence."""
    key = actor_of(request).key
    buyer.change_case(
        buyer_key=key,
        case_no=case_no,
        version=payload.version,
        reason=payload.reason,
        amount_minor=payload.amount_minor,
        doing=_doing(request, payload),
    )
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/answer-offer", response=CaseDetailOut)
def answer_offer(request: HttpRequest, case_no: Number, payload: AnswerOfferIn) -> Any:
    """Take what the merchant offers, or not."""
    key = actor_of(request).key
    buyer.answer_offer(
        buyer_key=key,
        case_no=case_no,
        version=payload.version,
        accept=payload.accept,
        doing=_doing(request, payload),
    )
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/ship-return", response=CaseDetailOut)
def ship_return(request: HttpRequest, case_no: Number, payload: CaseParcelIn) -> Any:
    """The goods are on their way back: carrier and tracking number."""
    key = actor_of(request).key
    buyer.ship_return(
        buyer_key=key,
        case_no=case_no,
        version=payload.version,
        carrier_code=payload.carrier_code,
        tracking_no=payload.tracking_no,
        doing=_doing(request, payload),
    )
    return _detail(key, case_no)


@router.get("/aftersales/{case_no}/pickup", response=CasePickupOfferOut | None)
def get_pickup(request: HttpRequest, case_no: Number) -> Any:
    """When a carrier can fetch the goods of one's own case, for how much; null when none can."""
    offer = pickups.pickup_offer(buyer_key=actor_of(request).key, case_no=case_no)
    if offer is None:
        return None
    slots = [{"starts_at": starts_at, "ends_at": ends_at} for starts_at, ends_at in offer.slots]
    amounts = {"price": money(offer.price_minor, "CNY"), "covered": money(offer.covered_minor, "CNY")}
    return {"carrier_code": offer.carrier_code, **amounts, "slots": slots}


@router.post("/aftersales/{case_no}/pickup", response=CaseDetailOut)
def book_pickup(request: HttpRequest, case_no: Number, payload: CasePickupIn) -> Any:
    """Have the goods fetched in a slot that is offered: the carrier gives the number."""
    key = actor_of(request).key
    pickups.book_pickup(
        buyer_key=key,
        case_no=case_no,
        version=payload.version,
        starts_at=payload.starts_at,
        doing=_doing(request, payload),
    )
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/confirm-replacement", response=CaseDetailOut)
def confirm_replacement(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """What the merchant sent has come and is right."""
    key = actor_of(request).key
    buyer.confirm_replacement(buyer_key=key, case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/escalate", response=CaseDetailOut)
def escalate_case(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Ask the platform to decide (平台介入)."""
    key = actor_of(request).key
    buyer.escalate(buyer_key=key, case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(key, case_no)


@router.post("/aftersales/{case_no}/statements", response=CaseDetailOut)
def add_statement(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Words and pictures for an open case."""
    key = actor_of(request).key
    buyer.add_statement(case_no=case_no, version=payload.version, doing=_doing(request, payload), buyer_key=key)
    return _detail(key, case_no)


@router.post("/orders/{order_no}/aftersale-pictures", response={201: EvidencePictureOut})
def add_picture(request: HttpRequest, order_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB as evidence; it waits a day for its case."""
    key, person_id = actor_of(request).key, person_of(request)
    order = shop_order_for_buyer(buyer_key=key, order_no=order_no)
    picture_id = evidence.add_picture(
        side=Side.BUYER, person_id=person_id, order_no=order_no, shop_id=order.shop_id, buyer_key=key, file=file
    )
    return Status(201, waiting_picture(picture_id=picture_id))


@router.get("/aftersale-pictures/{picture_id}", include_in_schema=False)
def get_picture(request: HttpRequest, picture_id: Id) -> Any:
    """A picture of evidence, for the two sides of its case and for operators."""
    actor = actor_of(request)
    is_operator = actor.person_id is not None and bool(getattr(request.user, "is_staff", False))
    path = picture_path(picture_id=picture_id, actor=actor, is_operator=is_operator)
    answer = FileResponse(open_private(path), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _doing(request: HttpRequest, payload: CaseSayIn) -> Doing:
    return Doing(Side.BUYER, person_of(request), payload.text, tuple(payload.picture_ids))


def _detail(key: str, case_no: str) -> dict[str, Any]:
    return case_detail(case_no=case_no, side=Side.BUYER, buyer_key=key)
