"""A creator's side of collaborations."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from xingqu.collaboration.api.access import (
    WRITE,
    contract_response,
    creator_side,
    picture_response,
    terms_from,
)
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
    InviteShopIn,
    TurnDownIn,
)
from xingqu.collaboration.schemas.samples import WaitingSide
from xingqu.collaboration.selectors import collaborations as reads
from xingqu.collaboration.services import ending, negotiating, pictures
from xingqu.kit.api import CursorText, Id, Limit, Number, cursor_id, page_of

router = Router()
ALL = "/creators/{creator_id}/collaborations"
ONE = f"{ALL}/{{collab_no}}"
SIDE = Side.CREATOR


def _detail(creator_id: int, collab_no: str) -> dict[str, Any]:
    return reads.collaboration_detail(collab_no=collab_no, side=SIDE, creator_id=creator_id)


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
    creator_side(request, creator_id)
    found = reads.collaborations_page(
        side=SIDE, tab=tab, waiting_for=waiting_for, before_id=cursor_id(cursor), limit=limit, creator_id=creator_id
    )
    return page_of(*found, counts=reads.collaboration_counts(side=SIDE, creator_id=creator_id))


@router.post(ALL, response={201: CollaborationDetailOut})
def create_own_collaboration(request: HttpRequest, creator_id: Id, payload: InviteShopIn) -> Any:
    """Propose terms to a shop."""
    person_id = creator_side(request, creator_id, WRITE)
    number = negotiating.invite(
        shop_id=payload.shop_id,
        creator_id=creator_id,
        side=SIDE,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=person_id,
    )
    return Status(201, _detail(creator_id, number))


@router.get(ONE, response=CollaborationDetailOut)
def get_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """One with its terms, what it brought, its works, and all that happened."""
    creator_side(request, creator_id)
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/counter", response=CollaborationDetailOut)
def counter_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: CounterIn) -> Any:
    """Answer with terms of one's own."""
    person_id = creator_side(request, creator_id, WRITE)
    negotiating.counter(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/accept", response=CollaborationDetailOut)
def accept_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: AcceptIn) -> Any:
    """Say yes to a version of the terms: with that the contract stands."""
    person_id = creator_side(request, creator_id, WRITE)
    negotiating.accept(
        collab_no=collab_no,
        version=payload.version,
        terms_version=payload.terms_version,
        side=SIDE,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/turn-down", response=CollaborationDetailOut)
def turn_down_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: TurnDownIn) -> Any:
    """Decline the other side's terms, or withdraw one's own."""
    person_id = creator_side(request, creator_id, WRITE)
    negotiating.turn_down(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        text=payload.text,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.get(f"{ONE}/break-off", response=BreakOffOut)
def get_own_break_off(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """What breaking off would mean in money now."""
    creator_side(request, creator_id)
    return ending.consequence_of(reads.find(collab_no=collab_no, creator_id=creator_id), SIDE)


@router.post(f"{ONE}/break-off", response=CollaborationDetailOut)
def break_off_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: BreakOffIn) -> Any:
    """End it now, with the consequence that was shown."""
    person_id = creator_side(request, creator_id, WRITE)
    ending.break_off(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        creator_minor=payload.creator_minor,
        text=payload.text,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/dispute", response=CollaborationDetailOut)
def dispute_own_collaboration(request: HttpRequest, creator_id: Id, collab_no: Number, payload: DisputeIn) -> Any:
    """Ask the platform to decide about what is in custody."""
    person_id = creator_side(request, creator_id, WRITE)
    ending.open_dispute(
        collab_no=collab_no,
        version=payload.version,
        side=SIDE,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/statements", response=CollaborationDetailOut)
def add_own_statement(request: HttpRequest, creator_id: Id, collab_no: Number, payload: DisputeStatementIn) -> Any:
    """Say something in a dispute, with pictures."""
    person_id = creator_side(request, creator_id, WRITE)
    ending.add_statement(
        collab_no=collab_no,
        side=SIDE,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=person_id,
        creator_id=creator_id,
    )
    return _detail(creator_id, collab_no)


@router.post(f"{ONE}/pictures", response={201: CollaborationPictureOut})
def add_own_picture(request: HttpRequest, creator_id: Id, collab_no: Number, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Upload a JPEG, PNG or WebP picture of up to 10 MB; it waits a day for its statement."""
    person_id = creator_side(request, creator_id, WRITE)
    made = pictures.add_picture(collab_no=collab_no, side=SIDE, person_id=person_id, file=file, creator_id=creator_id)
    return Status(201, {"id": made})


@router.get(f"{ONE}/pictures/{{picture_id}}", response={200: Any})
def get_own_picture(request: HttpRequest, creator_id: Id, collab_no: Number, picture_id: Id) -> Any:
    """A picture of a dispute."""
    creator_side(request, creator_id)
    return picture_response(reads.picture_path(collab_no=collab_no, picture_id=picture_id, creator_id=creator_id))


@router.get(f"{ONE}/contract.pdf", response={200: Any})
def get_own_contract(request: HttpRequest, creator_id: Id, collab_no: Number) -> Any:
    """The contract as a PDF."""
    creator_side(request, creator_id)
    return contract_response(reads.find(collab_no=collab_no, creator_id=creator_id))
