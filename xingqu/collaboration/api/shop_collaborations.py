"""A shop's side of collaborations."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.collaboration.api.access import contract_response, payer, picture_response, terms_from
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.schemas.collaborations import (
    AcceptIn,
    BreakOffIn,
    BreakOffOut,
    CollaborationDetailOut,
    CollaborationListOut,
    CollaborationPictureOut,
    CollaborationTab,
    CounterIn,
    DisputeIn,
    DisputeStatementIn,
    InviteCreatorIn,
    TurnDownIn,
)
from xingqu.collaboration.schemas.samples import CustodyPayIn, CustodyPayOut, WaitingSide
from xingqu.collaboration.selectors import collaborations as reads
from xingqu.collaboration.services import ending, negotiating, pictures, running
from xingqu.kit.api import CursorText, Id, Limit, Number, cursor_id, page_of

router = Router()
ALL = "/shops/{shop_id}/collaborations"
ONE = f"{ALL}/{{collab_no}}"
SIDE = Side.MERCHANT
WRITE = "products.write"
FUND = "funds.write"


def _detail(shop_id: int, collab_no: str) -> dict[str, Any]:
    return reads.collaboration_detail(collab_no=collab_no, side=SIDE, shop_id=shop_id)


@router.get(ALL, response=CollaborationListOut)
def list_collaborations(
    request: HttpRequest,
    shop_id: Id,
    tab: CollaborationTab | None = None,
    waiting_for: WaitingSide | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """The shop's collaborations, newest first, with how many are where."""
    shop_of(request, shop_id, "view")
    found = reads.collaborations_page(
        side=SIDE, tab=tab, waiting_for=waiting_for, before_id=cursor_id(cursor), limit=limit, shop_id=shop_id
    )
    return page_of(*found, counts=reads.collaboration_counts(side=SIDE, shop_id=shop_id))


@router.post(ALL, response={201: CollaborationDetailOut})
def create_collaboration(request: HttpRequest, shop_id: Id, payload: InviteCreatorIn) -> Any:
    """Invite a creator."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    number = negotiating.invite(
        shop_id=shop_id,
        creator_id=payload.creator_id,
        side=SIDE,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=person_id,
    )
    return Status(201, _detail(shop_id, number))


@router.get(ONE, response=CollaborationDetailOut)
def get_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number) -> Any:
    """One with its terms, what it brought, its works, and all that happened."""
    shop_of(request, shop_id, "view")
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/counter", response=CollaborationDetailOut)
def counter_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: CounterIn) -> Any:
    """Answer with terms of one's own."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    negotiating.counter(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/accept", response=CollaborationDetailOut)
def accept_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: AcceptIn) -> Any:
    """Say yes to a version of the terms: with that the contract stands."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    negotiating.accept(
        collab_no=collab_no,
        version=payload.version,
        terms_version=payload.terms_version,
        side=SIDE,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/turn-down", response=CollaborationDetailOut)
def turn_down_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: TurnDownIn) -> Any:
    """Decline the other side's terms, or withdraw one's own."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    negotiating.turn_down(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        text=payload.text,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/fund", response=CustodyPayOut)
def fund_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: CustodyPayIn) -> Any:
    """Pay the slot fee into custody: out of the balance, or through a provider at `redirect_url`."""
    person_id = shop_of(request, shop_id, FUND).person_id
    if payload.way == "balance":
        running.fund_from_balance(shop_id=shop_id, collab_no=collab_no, version=payload.version, person_id=person_id)
        return {"payment_no": None, "redirect_url": None}
    payment_no, url = running.start_funding(
        shop_id=shop_id,
        collab_no=collab_no,
        person_id=person_id,
        provider=payload.provider or None,
        return_path=f"/workbench/shops/{shop_id}/collaborations?open={collab_no}",
        **payer(request),
    )
    return {"payment_no": payment_no, "redirect_url": url}


@router.get(f"{ONE}/break-off", response=BreakOffOut)
def get_break_off(request: HttpRequest, shop_id: Id, collab_no: Number) -> Any:
    """What breaking off would mean in money now."""
    shop_of(request, shop_id, "view")
    return ending.consequence_of(reads.find(collab_no=collab_no, shop_id=shop_id), SIDE)


@router.post(f"{ONE}/break-off", response=CollaborationDetailOut)
def break_off_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: BreakOffIn) -> Any:
    """End it now, with the consequence that was shown."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    ending.break_off(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        creator_minor=payload.creator_minor,
        text=payload.text,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/dispute", response=CollaborationDetailOut)
def dispute_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: DisputeIn) -> Any:
    """Ask the platform to decide about what is in custody."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    ending.open_dispute(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/statements", response=CollaborationDetailOut)
def add_statement(request: HttpRequest, shop_id: Id, collab_no: Number, payload: DisputeStatementIn) -> Any:
    """Say something in a dispute, with pictures."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    ending.add_statement(
        collab_no=collab_no,
        side=SIDE,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=person_id,
        shop_id=shop_id,
    )
    return _detail(shop_id, collab_no)


@router.post(f"{ONE}/pictures", response={201: CollaborationPictureOut})
def add_picture(request: HttpRequest, shop_id: Id, collab_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB; it waits a day for its statement."""
    person_id = shop_of(request, shop_id, WRITE).person_id
    made = pictures.add_picture(collab_no=collab_no, side=SIDE, person_id=person_id, file=file, shop_id=shop_id)
    return Status(201, {"id": made})


@router.get(f"{ONE}/pictures/{{picture_id}}", response={200: Any})
def get_picture(request: HttpRequest, shop_id: Id, collab_no: Number, picture_id: Id) -> Any:
    """A picture of a dispute."""
    shop_of(request, shop_id, "view")
    return picture_response(reads.picture_path(collab_no=collab_no, picture_id=picture_id, shop_id=shop_id))


@router.get(f"{ONE}/contract.pdf", response={200: Any})
def get_contract(request: HttpRequest, shop_id: Id, collab_no: Number) -> Any:
    """The contract as a PDF."""
    shop_of(request, shop_id, "view")
    return contract_response(reads.find(collab_no=collab_no, shop_id=shop_id))
