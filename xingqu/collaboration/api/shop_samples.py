"""A shop's side of samples: offers, answers, sending, works."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.collaboration.domain.samples import SampleKind
from xingqu.collaboration.schemas.samples import (
    SampleApproveIn,
    SampleBatchIn,
    SampleBatchOut,
    SampleDetailOut,
    SampleExtensionAnswerIn,
    SampleListOut,
    SampleOfferIn,
    SampleOfferOut,
    SampleOfferStateIn,
    SamplePickIn,
    SampleQueue,
    SampleShipIn,
    SampleTextIn,
    WaitingSide,
)
from xingqu.collaboration.selectors import samples as reads
from xingqu.collaboration.services import offers
from xingqu.collaboration.services import sample_desk as desk
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of

router = Router()
WRITE = "products.write"
ONE = "/shops/{shop_id}/samples/{sample_no}"


def _detail(shop_id: int, sample_no: str) -> dict[str, Any]:
    return reads.sample_detail(sample_no=sample_no, shop_id=shop_id)


@router.get("/shops/{shop_id}/sample-offers", response=ListOut[SampleOfferOut])
def list_sample_offers(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """The shop's sample offers, newest first."""
    shop_of(request, shop_id, "view")
    return page_of(*reads.offers_page(shop_id=shop_id, before_id=cursor_id(cursor), limit=limit))


@router.post("/shops/{shop_id}/sample-offers", response={201: SampleOfferOut})
def create_sample_offer(request: HttpRequest, shop_id: Id, payload: SampleOfferIn) -> Any:
    """Offer samples of a SKU; its units leave the general stock."""
    member = shop_of(request, shop_id, WRITE)
    values = {**payload.dict(), "kind": SampleKind(payload.kind)}
    offer_id = offers.open_offer(shop_id=shop_id, draft=offers.OfferDraft(**values), person_id=member.person_id)
    return Status(201, reads.offer_rows([offers.shops_offer(shop_id=shop_id, offer_id=offer_id)])[0])


@router.put("/shops/{shop_id}/sample-offers/{offer_id}/state", response=SampleOfferOut)
def put_sample_offer_state(request: HttpRequest, shop_id: Id, offer_id: Id, payload: SampleOfferStateIn) -> Any:
    """Open, pause or close an offer."""
    shop_of(request, shop_id, WRITE)
    offers.set_offer_state(shop_id=shop_id, offer_id=offer_id, state=payload.state)
    return reads.offer_rows([offers.shops_offer(shop_id=shop_id, offer_id=offer_id)])[0]


@router.get("/shops/{shop_id}/samples", response=SampleListOut)
def list_samples(
    request: HttpRequest,
    shop_id: Id,
    queue: SampleQueue | None = None,
    offer_id: Id | None = None,
    waiting_for: WaitingSide | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Requests for samples, newest first, with how many wait in each queue."""
    shop_of(request, shop_id, "view")
    found = reads.samples_page(
        shop_id=shop_id,
        queue=queue,
        offer_id=offer_id,
        waiting_for=waiting_for,
        before_id=cursor_id(cursor),
        limit=limit,
    )
    return page_of(*found, counts=reads.sample_counts(shop_id=shop_id))


@router.post("/shops/{shop_id}/samples/decide", response=SampleBatchOut)
def decide_samples(request: HttpRequest, shop_id: Id, payload: SampleBatchIn) -> Any:
    """Approve or reject many; each has its own result. Flagged ones are not approved here."""
    member = shop_of(request, shop_id, WRITE)
    picks = [desk.Pick(row.sample_no, row.version) for row in payload.samples]
    results = desk.decide_samples(
        shop_id=shop_id, picks=picks, approve=payload.approve, text=payload.text, person_id=member.person_id
    )
    return {"results": results}


@router.get(ONE, response=SampleDetailOut)
def get_sample(request: HttpRequest, shop_id: Id, sample_no: Number) -> Any:
    """One with its parcel and all that happened."""
    shop_of(request, shop_id, "view")
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/approve", response=SampleDetailOut)
def approve_sample(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleApproveIn) -> Any:
    """Say yes: its units are held."""
    member = shop_of(request, shop_id, WRITE)
    pick = desk.Pick(sample_no, payload.version)
    desk.approve_sample(shop_id=shop_id, pick=pick, person_id=member.person_id, despite_flag=payload.despite_flag)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/reject", response=SampleDetailOut)
def reject_sample(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleTextIn) -> Any:
    """Say no."""
    member = shop_of(request, shop_id, WRITE)
    pick = desk.Pick(sample_no, payload.version)
    desk.reject_sample(shop_id=shop_id, pick=pick, text=payload.text, person_id=member.person_id)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/cancel", response=SampleDetailOut)
def cancel_sample(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleTextIn) -> Any:
    """Take a yes back before it is sent."""
    member = shop_of(request, shop_id, WRITE)
    pick = desk.Pick(sample_no, payload.version)
    desk.cancel_sample(shop_id=shop_id, pick=pick, text=payload.text, person_id=member.person_id)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/ship", response=SampleDetailOut)
def ship_sample(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleShipIn) -> Any:
    """Hand it to a carrier."""
    member = shop_of(request, shop_id, WRITE)
    desk.ship_sample(
        shop_id=shop_id,
        pick=desk.Pick(sample_no, payload.version),
        sending=desk.Sending(payload.carrier_code, payload.tracking_no),
        person_id=member.person_id,
    )
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/confirm", response=SampleDetailOut)
def confirm_sample_work(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SamplePickIn) -> Any:
    """The declared work is what was asked for."""
    member = shop_of(request, shop_id, WRITE)
    desk.confirm_work(shop_id=shop_id, pick=desk.Pick(sample_no, payload.version), person_id=member.person_id)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/deny", response=SampleDetailOut)
def deny_sample_work(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleTextIn) -> Any:
    """The declared work is not it; the creator has time to try again."""
    member = shop_of(request, shop_id, WRITE)
    pick = desk.Pick(sample_no, payload.version)
    desk.deny_work(shop_id=shop_id, pick=pick, text=payload.text, person_id=member.person_id)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/release", response=SampleDetailOut)
def release_sample(request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleTextIn) -> Any:
    """Let the creator off: nothing is owed."""
    member = shop_of(request, shop_id, WRITE)
    pick = desk.Pick(sample_no, payload.version)
    desk.release_sample(shop_id=shop_id, pick=pick, text=payload.text, person_id=member.person_id)
    return _detail(shop_id, sample_no)


@router.post(f"{ONE}/extension", response=SampleDetailOut)
def answer_sample_extension(
    request: HttpRequest, shop_id: Id, sample_no: Number, payload: SampleExtensionAnswerIn
) -> Any:
    """Give the days that the creator asked for, or not."""
    member = shop_of(request, shop_id, WRITE)
    desk.answer_extension(
        shop_id=shop_id,
        pick=desk.Pick(sample_no, payload.version),
        agree=payload.agree,
        text=payload.text,
        person_id=member.person_id,
    )
    return _detail(shop_id, sample_no)
