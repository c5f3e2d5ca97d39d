"""What both sides do in a collaboration, once. Who acts is a `Party`, which only a check of the request makes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja import UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.collaboration.api.access import contract_response, creator_side, picture_response, terms_from
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.schemas.collaborations import (
    AcceptIn,
    BreakOffIn,
    CounterIn,
    DisputeIn,
    DisputeStatementIn,
    TurnDownIn,
)
from xingqu.collaboration.selectors import collaborations as reads
from xingqu.collaboration.services import ending, negotiating, pictures
from xingqu.kit.api import cursor_id, page_of


@dataclass(frozen=True, slots=True)
class Party:
    """A member of a shop or of a creator's team who may do what was asked for; `whose` finds that side's rows alone."""

    side: Side
    person_id: int
    whose: dict[str, int]


def shop_party(request: HttpRequest, shop_id: int, permission: str = "view") -> Party:
    """Raises SignInRequired, NotFound for another shop's, Forbidden."""
    return Party(Side.MERCHANT, shop_of(request, shop_id, permission).person_id, {"shop_id": shop_id})


def creator_party(request: HttpRequest, creator_id: int, permission: str = "view") -> Party:
    """Raises SignInRequired, NotFound for another creator's, Forbidden."""
    return Party(Side.CREATOR, creator_side(request, creator_id, permission), {"creator_id": creator_id})


def collaborations_of(party: Party, *, tab: str | None, waiting_for: str | None, cursor: str | None, limit: int) -> Any:
    """A page, newest first, with how many are where."""
    found = reads.collaborations_page(
        side=party.side, tab=tab, waiting_for=waiting_for, before_id=cursor_id(cursor), limit=limit, **party.whose
    )
    return page_of(*found, counts=reads.collaboration_counts(side=party.side, **party.whose))


def detail(party: Party, collab_no: str) -> dict[str, Any]:
    """One of the party's with all that happened. Raises NotFound."""
    return reads.collaboration_detail(collab_no=collab_no, side=party.side, **party.whose)


def counter(party: Party, collab_no: str, payload: CounterIn) -> dict[str, Any]:
    """Answer with terms of one's own."""
    negotiating.counter(
        collab_no=collab_no,
        version=payload.version,
        side=party.side,
        terms=terms_from(payload.terms),
        text=payload.text,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def accept(party: Party, collab_no: str, payload: AcceptIn) -> dict[str, Any]:
    """Say yes to a version of the terms."""
    negotiating.accept(
        collab_no=collab_no,
        version=payload.version,
        terms_version=payload.terms_version,
        side=party.side,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def turn_down(party: Party, collab_no: str, payload: TurnDownIn) -> dict[str, Any]:
    """Decline the other side's terms, or withdraw one's own."""
    negotiating.turn_down(
        collab_no=collab_no,
        version=payload.version,
        side=party.side,
        text=payload.text,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def consequence(party: Party, collab_no: str) -> Any:
    """What breaking off would mean in money now."""
    return ending.consequence_of(reads.find(collab_no=collab_no, **party.whose), party.side)


def break_off(party: Party, collab_no: str, payload: BreakOffIn) -> dict[str, Any]:
    """End it now, with the consequence that was shown."""
    ending.break_off(
        collab_no=collab_no,
        version=payload.version,
        side=party.side,
        creator_minor=payload.creator_minor,
        text=payload.text,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def dispute(party: Party, collab_no: str, payload: DisputeIn) -> dict[str, Any]:
    """Ask the platform to decide about what is in custody."""
    ending.open_dispute(
        collab_no=collab_no,
        version=payload.version,
        side=party.side,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def say(party: Party, collab_no: str, payload: DisputeStatementIn) -> dict[str, Any]:
    """Say something in a dispute, with pictures."""
    ending.add_statement(
        collab_no=collab_no,
        side=party.side,
        text=payload.text,
        picture_ids=payload.picture_ids,
        person_id=party.person_id,
        **party.whose,
    )
    return detail(party, collab_no)


def upload(party: Party, collab_no: str, file: UploadedFile) -> dict[str, Any]:
    """A picture that waits for its statement."""
    made = pictures.add_picture(
        collab_no=collab_no, side=party.side, person_id=party.person_id, file=file, **party.whose
    )
    return {"id": made}


def picture(party: Party, collab_no: str, picture_id: int) -> Any:
    """A picture of a dispute."""
    return picture_response(reads.picture_path(collab_no=collab_no, picture_id=picture_id, **party.whose))


def contract(party: Party, collab_no: str) -> Any:
    """The contract as a PDF."""
    return contract_response(reads.find(collab_no=collab_no, **party.whose))
