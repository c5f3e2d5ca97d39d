"""Contracts of agencies and creators, from both sides: `signed-creators` of an agency, `agencies` of a creator's studio."""

from typing import Any, Literal

from django.http import HttpRequest
from django.urls import register_converter
from django.urls.converters import StringConverter
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.alliance.agency_schemas import (
    AnswerIn,
    ContractIn,
    ContractOut,
    ContractState,
    NoticeIn,
    ScopesIn,
    ShareIn,
)
from xingqu.alliance.domain.agencies import AGENCY, CREATOR
from xingqu.alliance.selectors.agencies import contract_of, contract_rows, contracts_page
from xingqu.alliance.services import agencies
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.errors import NotFound

router = Router()
# The same deeds from either side: the part of the address says which side one is on.
Side = Literal["signed-creators", "agencies"]
SIDES = {"signed-creators": (AGENCY, "creators.write"), "agencies": (CREATOR, "alliance.write")}
CONTRACT = "/shops/{shop_id}/{contract_side:side}/{contract_id}"


class SideConverter(StringConverter):
    """The two parts and nothing else: an address of another room that looks alike is that room's."""

    regex = "signed-creators|agencies"


register_converter(SideConverter, "contract_side")


def _shown(contract_id: int, shop_id: int) -> dict[str, Any]:
    return contract_rows([contract_of(contract_id=contract_id, organisation_id=shop_id)[0]])[0]


def _may(request: HttpRequest, shop_id: int, side: Side) -> int:
    """Who acts, with the right to. Contracts are between the two workplaces: no delegate signs for the studio."""
    card = shop_of(request, shop_id, SIDES[side][1])
    if card.is_delegate:
        raise NotFound
    return card.person_id


@router.get("/shops/{shop_id}/signed-creators", response=ListOut[ContractOut])
def list_signed_creators(
    request: HttpRequest,
    shop_id: Id,
    state: ContractState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """An agency's offers and contracts, newest first, with what each brought."""
    shop_of(request, shop_id, "view")
    return page_of(
        *contracts_page(organisation_id=shop_id, side=AGENCY, state=state, before_id=cursor_id(cursor), limit=limit)
    )


@router.post("/shops/{shop_id}/signed-creators", response={201: ContractOut})
def create_offer(request: HttpRequest, shop_id: Id, payload: ContractIn) -> Any:
    """Offer a creator a contract. Nothing counts before they accept."""
    person_id = _may(request, shop_id, "signed-creators")
    contract_id = agencies.invite_creator(agency_id=shop_id, person_id=person_id, **payload.dict())
    return Status(201, _shown(contract_id, shop_id))


@router.get("/shops/{shop_id}/agencies", response=ListOut[ContractOut])
def list_agencies(
    request: HttpRequest,
    shop_id: Id,
    state: ContractState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A creator's offers and contracts with agencies, newest first."""
    shop_of(request, shop_id, "view")
    return page_of(
        *contracts_page(organisation_id=shop_id, side=CREATOR, state=state, before_id=cursor_id(cursor), limit=limit)
    )


@router.post(CONTRACT + "/answer", response=ContractOut)
def answer_offer(request: HttpRequest, shop_id: Id, side: Side, contract_id: Id, payload: AnswerIn) -> Any:
    """The creator accepts or declines an offer; the agency takes its own back (`accept` false)."""
    person_id = _may(request, shop_id, side)
    agencies.decide_invitation(
        contract_id=contract_id, organisation_id=shop_id, accept=payload.accept, person_id=person_id
    )
    return _shown(contract_id, shop_id)


@router.put("/shops/{shop_id}/agencies/{contract_id}/scopes", response=ContractOut)
def put_agency_scopes(request: HttpRequest, shop_id: Id, contract_id: Id, payload: ScopesIn) -> Any:
    """What the agency may see and do in the studio, from now on."""
    _may(request, shop_id, "agencies")
    agencies.set_scopes(contract_id=contract_id, organisation_id=shop_id, scopes=payload.scopes)
    return _shown(contract_id, shop_id)


@router.post(CONTRACT + "/shares", response={201: ContractOut})
def create_share(request: HttpRequest, shop_id: Id, side: Side, contract_id: Id, payload: ShareIn) -> Any:
    """Propose another share from a moment on; it counts once the other side accepts."""
    person_id = _may(request, shop_id, side)
    agencies.propose_share(
        contract_id=contract_id,
        organisation_id=shop_id,
        share_bp=payload.share_bp,
        effective_from=payload.effective_from,
        person_id=person_id,
    )
    return Status(201, _shown(contract_id, shop_id))


@router.post(CONTRACT + "/shares/{share_id}/answer", response=ContractOut)
def answer_share(
    request: HttpRequest, shop_id: Id, side: Side, contract_id: Id, share_id: Id, payload: AnswerIn
) -> Any:
    """Accept or decline the other side's proposal, or take one's own back (`accept` false)."""
    person_id = _may(request, shop_id, side)
    agencies.decide_share(
        contract_id=contract_id,
        organisation_id=shop_id,
        share_id=share_id,
        accept=payload.accept,
        person_id=person_id,
    )
    return _shown(contract_id, shop_id)


@router.post(CONTRACT + "/notice", response=ContractOut)
def post_notice(request: HttpRequest, shop_id: Id, side: Side, contract_id: Id, payload: NoticeIn) -> Any:
    """End the contract after its days of notice."""
    person_id = _may(request, shop_id, side)
    agencies.give_notice(contract_id=contract_id, organisation_id=shop_id, reason=payload.reason, person_id=person_id)
    return _shown(contract_id, shop_id)
