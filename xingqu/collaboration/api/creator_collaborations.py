"""A creator's side of collaborations."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.collaboration.api import steps
from xingqu.collaboration.api.access import WRITE, terms_from
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
    InviteShopIn,
    TurnDownIn,
)
from xingqu.collaboration.schemas.samples import WaitingSide
from xingqu.collaboration.services import negotiating
from xingqu.kit.api import CursorText, Id, Limit, Number

router = Router()
ALL = "/creators/{creator_id}/collaborations"
ONE = f"{ALL}/{{collab_no}}"


@router.get(ALL, response=CollaborationListOut)
def list_own_collaborations(
    request: HttpRequest,
    creator_id: Id,
    tab: CollaborationTab | None = None,
    waiting_for: WaitingSide | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """The creator's collaborations, newest first, with how many are where."""
    party = steps.creator_party(request, creator_id)
    return steps.collaborations_of(party, tab=tab, waiting_for=waiting_for, cursor=cursor, limit=limit)


@router.post(ALL, response={201: CollaborationDetailOut})
def create_own_collaboration(request: HttpRequest, creator_id: Id, payload: InviteShopIn) -> Any:
    """Propose terms to a shop."""
    party = steps.creator_party(request, creator_id, WRITE)
    number = negotiating.invite(
        shop_id=payload.shop_id,
        side=party.side,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=party.person_id,
        **party.whose,
    )
    return Status(201, steps.detail(party, number))


@router.get(ONE, response=CollaborationDetailOut)
def get_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """One with its terms, what it brought, its works, and all that happened."""
    return steps.detail(steps.creator_party(request, creator_id), collab_no)


@router.post(f"{ONE}/counter", response=CollaborationDetailOut)
def counter_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: CounterIn) -> Any:
    """Answer with terms of one's own."""
    return steps.counter(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/accept", response=CollaborationDetailOut)
def accept_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: AcceptIn) -> Any:
    """Say yes to a version of the terms: with that the contract stands."""
    return steps.accept(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/turn-down", response=CollaborationDetailOut)
def turn_down_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: TurnDownIn) -> Any:
    """Decline the other side's terms, or withdraw one's own."""
    return steps.turn_down(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.get(f"{ONE}/break-off", response=BreakOffOut)
def get_own_break_off(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """What breaking off would mean in money now."""
    return steps.consequence(steps.creator_party(request, creator_id), collab_no)


@router.post(f"{ONE}/break-off", response=CollaborationDetailOut)
def break_off_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: BreakOffIn) -> Any:
    """End it now, with the consequence that was shown."""
    return steps.break_off(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/dispute", response=CollaborationDetailOut)
def dispute_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: DisputeIn) -> Any:
    """Ask the platform to decide about what is in custody."""
    return steps.dispute(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/statements", response=CollaborationDetailOut)
def add_own_statement(request: HttpRequest, creator_id: Id, collab_no: Number, payload: DisputeStatementIn) -> Any:
    """Say something in a dispute, with pictures."""
    return steps.say(steps.creator_party(request, creator_id, WRITE), collab_no, payload)


@router.post(f"{ONE}/pictures", response={201: CollaborationPictureOut})
def add_own_picture(request: HttpRequest, creator_id: Id, collab_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB; it waits a day for its statement."""
    return Status(201, steps.upload(steps.creator_party(request, creator_id, WRITE), collab_no, file))


@router.get(f"{ONE}/pictures/{{picture_id}}", response={200: Any})
def get_own_picture(request: HttpRequest, creator_id: Id, collab_no: Number, picture_id: Id) -> Any:
    """A picture of a dispute."""
    return steps.picture(steps.creator_party(request, creator_id), collab_no, picture_id)


@router.get(f"{ONE}/contract.pdf", response={200: Any})
def get_own_contract(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """The contract as a PDF."""
    return steps.contract(steps.creator_party(request, creator_id), collab_no)
