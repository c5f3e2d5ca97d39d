"""A shop's side of collaborations."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.collaboration.api import steps
from xingqu.collaboration.api.access import payer, terms_from
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
from xingqu.collaboration.services import negotiating, running
from xingqu.kit.api import CursorText, Id, Limit, Number

router = Router()
ALL = "/shops/{shop_id}/collaborations"
ONE = f"{ALL}/{{collab_no}}"
WRITE = "products.write"
FUND = "funds.write"


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
    party = steps.shop_party(request, shop_id)
    return steps.collaborations_of(party, tab=tab, waiting_for=waiting_for, cursor=cursor, limit=limit)


@router.post(ALL, response={201: CollaborationDetailOut})
def create_collaboration(request: HttpRequest, shop_id: Id, payload: InviteCreatorIn) -> Any:
    """Invite a creator."""
    party = steps.shop_party(request, shop_id, WRITE)
    number = negotiating.invite(
        creator_id=payload.creator_id,
        side=party.side,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=party.person_id,
        **party.whose,
    )
    return Status(201, steps.detail(party, number))


@router.get(ONE, response=CollaborationDetailOut)
def get_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number) -> Any:
    """One with its terms, what it brought, its works, and all that happened."""
    return steps.detail(steps.shop_party(request, shop_id), collab_no)


@router.post(f"{ONE}/counter", response=CollaborationDetailOut)
def counter_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: CounterIn) -> Any:
    """Answer with terms of one's own."""
    return steps.counter(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/accept", response=CollaborationDetailOut)
def accept_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: AcceptIn) -> Any:
    """Say yes to a version of the terms: with that the contract stands."""
    return steps.accept(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/turn-down", response=CollaborationDetailOut)
def turn_down_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: TurnDownIn) -> Any:
    """Decline the other side's terms, or withdraw one's own."""
    return steps.turn_down(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


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
    return steps.consequence(steps.shop_party(request, shop_id), collab_no)


@router.post(f"{ONE}/break-off", response=CollaborationDetailOut)
def break_off_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: BreakOffIn) -> Any:
    """End it now, with the consequence that was shown."""
    return steps.break_off(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/dispute", response=CollaborationDetailOut)
def dispute_collaboration(request: HttpRequest, shop_id: Id, collab_no: Number, payload: DisputeIn) -> Any:
    """Ask the platform to decide about what is in custody."""
    return steps.dispute(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/statements", response=CollaborationDetailOut)
def add_statement(request: HttpRequest, shop_id: Id, collab_no: Number, payload: DisputeStatementIn) -> Any:
    """Say something in a dispute, with pictures."""
    return steps.say(steps.shop_party(request, shop_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/pictures", response={201: CollaborationPictureOut})
def add_picture(request: HttpRequest, shop_id: Id, collab_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB; it waits a day for its statement."""
    return Status(201, steps.upload(steps.shop_party(request, shop_id, WRITE), collab_no, file))


@router.get(f"{ONE}/pictures/{{picture_id}}", response={200: Any})
def get_picture(request: HttpRequest, shop_id: Id, collab_no: Number, picture_id: Id) -> Any:
    """A picture of a dispute."""
    return steps.picture(steps.shop_party(request, shop_id), collab_no, picture_id)


@router.get(f"{ONE}/contract.pdf", response={200: Any})
def get_contract(request: HttpRequest, shop_id: Id, collab_no: Number) -> Any:
    """The contract as a PDF."""
    return steps.contract(steps.shop_party(request, shop_id), collab_no)
