"""A creator's side of the alliance: what there is to sell, what was taken up, what it earns."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import creator_of
from xingqu.alliance.schemas import BroughtOut, CommissionState, CreatorMoneyOut, LinkIn, LinkOut, OfferedProductOut
from xingqu.alliance.selectors.earnings import brought_by, commission_page, creators_balance, links_page
from xingqu.alliance.selectors.plans import offered_products
from xingqu.alliance.services.plans import take_up
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.errors import InvalidInput

router = Router()


def _own(request: HttpRequest, creator_id: int, permission: str = "view", page: str = "alliance") -> int:
    """The id, when the caller may act for the account. Raises SignInRequired, NotFound, Forbidden."""
    return creator_of(request, creator_id, permission, page).id


@router.get("/creators/{creator_id}/alliance/products", response=ListOut[OfferedProductOut])
def list_offered(request: HttpRequest, creator_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Products that this creator can sell for a commission now."""
    own = _own(request, creator_id)
    return page_of(*offered_products(creator_id=own, before_id=cursor_id(cursor), limit=limit))


@router.get("/creators/{creator_id}/alliance/links", response=ListOut[LinkOut])
def list_links(request: HttpRequest, creator_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Products that this creator took up, with what they pay now."""
    own = _own(request, creator_id)
    return page_of(*links_page(creator_id=own, before_id=cursor_id(cursor), limit=limit))


@router.post("/creators/{creator_id}/alliance/links", response={201: LinkOut})
def create_link(request: HttpRequest, creator_id: Id, payload: LinkIn) -> Any:
    """Take a product up. The same again gives the same link."""
    own = _own(request, creator_id, "alliance.write")
    link = take_up(creator_id=own, product_id=payload.product_id, plan_id=payload.plan_id)
    return Status(201, links_page(creator_id=own, before_id=link.pk + 1, limit=1)[0][0])


@router.get("/creators/{creator_id}/alliance/commissions", response=CreatorMoneyOut)
def list_earnings(
    request: HttpRequest,
    creator_id: Id,
    state: CommissionState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Orders that this creator brought, newest first, estimated and real amounts side by side."""
    own = _own(request, creator_id, page="earnings")
    found = commission_page(of="creator", of_id=own, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(found["items"], found["last"], sums=found["sums"], balance_minor=creators_balance(creator_id=own))


@router.get("/creators/{creator_id}/alliance/brought", response=BroughtOut)
def get_brought(
    request: HttpRequest, creator_id: Id, content_id: Id | None = None, live_room_id: Id | None = None
) -> Any:
    """What one work, or one live room, of this creator brought."""
    own = _own(request, creator_id, page="earnings")
    if (content_id is None) == (live_room_id is None):
        raise InvalidInput(field="content_id", expected="either a work or a live room")
    return brought_by(creator_id=own, content_id=content_id, live_room_id=live_room_id)
