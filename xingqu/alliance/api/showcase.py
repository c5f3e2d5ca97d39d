"""A creator's showcase and their links: their own side, and what visitors see."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import actor_of, creator_of, creators_by_ids
from xingqu.alliance.agency_schemas import (
    HiddenIn,
    PastedIn,
    PastedOut,
    PickedOut,
    PickSource,
    PublicShowcaseItemOut,
    ShowcaseItemOut,
    ShowcaseOrderIn,
)
from xingqu.alliance.selectors.plans import plan_options
from xingqu.alliance.selectors.showcase import is_shown, picked, public_showcase, showcase_page
from xingqu.alliance.services.showcase import hide_product, order_showcase, read_pasted, remove_product
from xingqu.catalogue.selectors import cards
from xingqu.kit.api import CursorText, Id, Limit, ListOut, ShortText, decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound

router = Router()
WRITE, PAGE = "alliance.write", "alliance"
ITEM = "/creators/{creator_id}/alliance/showcase/{product_id}"


def _before(cursor: str | None) -> tuple[int, int] | None:
    found = decode_cursor(cursor, int, int)
    return (found[0], found[1]) if found else None


def _page(items: list[dict[str, Any]], last: tuple[int, int] | None) -> dict[str, Any]:
    return {"items": items, "next_cursor": encode_cursor(*last) if last is not None else None}


@router.get("/creators/{creator_id}/alliance/showcase", response=ListOut[ShowcaseItemOut])
def list_showcase(request: HttpRequest, creator_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """One's own showcase in its order, with what each product pays now, and why one can't be sold."""
    own = creator_of(request, creator_id, "view", PAGE).id
    return _page(*showcase_page(creator_id=own, before=_before(cursor), limit=limit))


@router.put("/creators/{creator_id}/alliance/showcase", response=ListOut[ShowcaseItemOut])
def put_showcase_order(request: HttpRequest, creator_id: Id, payload: ShowcaseOrderIn) -> Any:
    """The products that are named come first, in this order."""
    own = creator_of(request, creator_id, WRITE, PAGE).id
    order_showcase(creator_id=own, product_ids=payload.product_ids)
    return _page(*showcase_page(creator_id=own, before=None, limit=20))


@router.patch(ITEM, response={204: None})
def patch_showcase_item(request: HttpRequest, creator_id: Id, product_id: Id, payload: HiddenIn) -> Any:
    """Hide a product from visitors, or show it again."""
    own = creator_of(request, creator_id, WRITE, PAGE).id
    hide_product(creator_id=own, product_id=product_id, is_hidden=payload.is_hidden)
    return Status(204, None)


@router.delete(ITEM, response={204: None})
def delete_showcase_item(request: HttpRequest, creator_id: Id, product_id: Id) -> Any:
    """Take a product out. What it sold before keeps its commission."""
    own = creator_of(request, creator_id, WRITE, PAGE).id
    remove_product(creator_id=own, product_id=product_id)
    return Status(204, None)


@router.post("/creators/{creator_id}/alliance/pasted", response=PastedOut)
def post_pasted(request: HttpRequest, creator_id: Id, payload: PastedIn) -> Any:
    """What a pasted link leads to, and what selling it would pay."""
    own = creator_of(request, creator_id, "view", PAGE).id
    pasted = read_pasted(text=payload.text)
    best, linked = plan_options(creator_id=own, product_id=pasted.product_id, plan_id=pasted.plan_id)
    return {
        "product": cards([pasted.product_id])[pasted.product_id],
        "best": best,
        "linked": linked,
        "in_showcase": is_shown(creator_id=own, product_id=pasted.product_id),
    }


@router.get("/creators/{creator_id}/showcase", response=ListOut[PublicShowcaseItemOut])
def list_public_showcase(
    request: HttpRequest, creator_id: Id, q: ShortText = "", cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """What visitors see of a creator's showcase. The `touch` of a product goes with the visit, so that the creator is credited."""
    if creator_id not in creators_by_ids(ids=[creator_id]):
        raise NotFound
    found = public_showcase(creator_id=creator_id, viewer=actor_of(request), before=_before(cursor), limit=limit, q=q)
    return _page(*found)


@router.get("/picks/{pick_source}", response=PickedOut)
def get_picked(request: HttpRequest, pick_source: PickSource) -> Any:
    """Where a creator's own link leads, and the touch that credits them."""
    return picked(pick_source=pick_source, viewer=actor_of(request))
