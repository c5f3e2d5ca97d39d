"""A creator's side of samples: what is offered, what was asked for, paying, showing the work."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.collaboration.api.access import WRITE, creator_side, payer
from xingqu.collaboration.schemas.samples import (
    CustodyPayIn,
    CustodyPayOut,
    SampleApplyIn,
    SampleDetailOut,
    SampleExtensionIn,
    SampleListOut,
    SampleOfferOut,
    SamplePickIn,
    SampleQueue,
    SampleWorkIn,
    WaitingSide,
)
from xingqu.collaboration.selectors import samples as reads
from xingqu.collaboration.services import samples
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of

router = Router()
MINE = "/creators/{creator_id}/samples"
ONE = f"{MINE}/{{sample_no}}"


def _detail(creator_id: int, sample_no: str) -> dict[str, Any]:
    return reads.sample_detail(sample_no=sample_no, creator_id=creator_id)


@router.get("/creators/{creator_id}/sample-offers", response=ListOut[SampleOfferOut])
def list_offered_samples(
    request: HttpRequest, creator_id: Id, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Samples that shops offer, with what the creator lacks for each."""
    creator_side(request, creator_id)
    return page_of(*reads.offers_page(open_only=True, before_id=cursor_id(cursor), limit=limit, creator_id=creator_id))


@router.get(MINE, response=SampleListOut)
def list_own_samples(
    request: HttpRequest,
    creator_id: Id,
    queue: SampleQueue | None = None,
    waiting_for: WaitingSide | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Samples that the creator asked for, newest first, with how many are in each queue."""
    creator_side(request, creator_id)
    found = reads.samples_page(
        creator_id=creator_id, queue=queue, waiting_for=waiting_for, before_id=cursor_id(cursor), limit=limit
    )
    return page_of(*found, counts=reads.sample_counts(creator_id=creator_id))


@router.post(MINE, response={201: SampleDetailOut})
def create_sample(request: HttpRequest, creator_id: Id, payload: SampleApplyIn) -> Any:
    """Ask for a sample, to an address of the caller's own book."""
    person_id = creator_side(request, creator_id, WRITE)
    number = samples.apply_for_sample(
        offer_id=payload.offer_id,
        creator_id=creator_id,
        person_id=person_id,
        address_id=payload.address_id,
        pitch=payload.pitch,
    )
    return Status(201, _detail(creator_id, number))


@router.get(ONE, response=SampleDetailOut)
def get_own_sample(request: HttpRequest, creator_id: Id, sample_no: Number) -> Any:
    """One with its parcel and all that happened."""
    creator_side(request, creator_id)
    return _detail(creator_id, sample_no)


@router.post(f"{ONE}/withdraw", response=SampleDetailOut)
def withdraw_own_sample(request: HttpRequest, creator_id: Id, sample_no: Number, payload: SamplePickIn) -> Any:
    """Take the request back before it is sent."""
    person_id = creator_side(request, creator_id, WRITE)
    samples.withdraw_sample(creator_id=creator_id, sample_no=sample_no, version=payload.version, person_id=person_id)
    return _detail(creator_id, sample_no)


@router.post(f"{ONE}/pay", response=CustodyPayOut)
def pay_own_sample(request: HttpRequest, creator_id: Id, sample_no: Number, payload: CustodyPayIn) -> Any:
    """Pay out of the commission, or through a provider: send the payer to `redirect_url`."""
    person_id = creator_side(request, creator_id, WRITE)
    if payload.way == "balance":
        samples.pay_sample(creator_id=creator_id, sample_no=sample_no, version=payload.version, person_id=person_id)
        return {"payment_no": None, "redirect_url": None}
    payment_no, url = samples.start_sample_payment(
        creator_id=creator_id,
        sample_no=sample_no,
        person_id=person_id,
        provider=payload.provider or None,
        return_path=f"/workbench/?sample={sample_no}",
        **payer(request),
    )
    return {"payment_no": payment_no, "redirect_url": url}


@router.post(f"{ONE}/work", response=SampleDetailOut)
def declare_sample_work(request: HttpRequest, creator_id: Id, sample_no: Number, payload: SampleWorkIn) -> Any:
    """Say where the work is. One on this site is recognised at once, another waits for the shop."""
    person_id = creator_side(request, creator_id, WRITE)
    samples.declare_work(
        creator_id=creator_id,
        sample_no=sample_no,
        version=payload.version,
        link=payload.link,
        text=payload.text,
        person_id=person_id,
    )
    return _detail(creator_id, sample_no)


@router.post(f"{ONE}/extension", response=SampleDetailOut)
def ask_sample_extension(request: HttpRequest, creator_id: Id, sample_no: Number, payload: SampleExtensionIn) -> Any:
    """Ask for more days to publish."""
    person_id = creator_side(request, creator_id, WRITE)
    samples.ask_extension(
        creator_id=creator_id,
        sample_no=sample_no,
        version=payload.version,
        days=payload.days,
        text=payload.text,
        person_id=person_id,
    )
    return _detail(creator_id, sample_no)
