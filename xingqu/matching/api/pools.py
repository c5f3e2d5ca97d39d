"""Product pools of a shop or an agency."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from xingqu.accounts.selectors import organisation_card, organisations_named, shop_of
from xingqu.catalogue.contracts import ProductCardOut
from xingqu.catalogue.selectors import cards
from xingqu.kit.api import CursorText, Id, Limit, ListOut, ShortText, cursor_id
from xingqu.matching.api.access import cursor_of, writer_of
from xingqu.matching.domain.pools import PoolRule
from xingqu.matching.schemas import (
    LiftReportOut,
    PoolGiftsIn,
    PoolIn,
    PoolPartnerOut,
    PoolPreviewOut,
    PoolRuleIn,
    PoolSharesIn,
    ProductPoolDetailOut,
    ProductPoolOut,
    SuitingCreatorsOut,
)
from xingqu.matching.selectors.pools import pool_candidates, pool_detail, pools_page, products_by_rule, suiting_creators
from xingqu.matching.selectors.report import lift_report
from xingqu.matching.services.giving import give_pool, link_pool
from xingqu.matching.services.matching import mark_seen
from xingqu.matching.services.pools import change_pool, close_pool, make_pool, share_pool

router = Router()
PREVIEWED = 12


def _own_shop(organisation_id: int) -> int | None:
    """The shop whose offers a pool is of; None for an agency, which takes anybody's."""
    return organisation_id if organisation_card(organisation_id=organisation_id).kind == "merchant" else None


def _rule(payload: PoolRuleIn | None) -> PoolRule | None:
    return PoolRule.read(payload.dict()) if payload is not None else None


@router.get("/shops/{shop_id}/product-pools", response=ListOut[ProductPoolOut])
def list_product_pools(
    request: HttpRequest, shop_id: Id, shared: bool = False, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Own pools, or those that others shared, newest first."""
    shop_of(request, shop_id, "view")
    items, last = pools_page(organisation_id=shop_id, shared=shared, before_id=cursor_id(cursor), limit=limit)
    return {"items": items, "next_cursor": cursor_of(last)}


@router.post("/shops/{shop_id}/product-pools", response={201: ProductPoolDetailOut})
def create_product_pool(request: HttpRequest, shop_id: Id, payload: PoolIn) -> Any:
    """Open a pool: a shop's of its own offers, an agency's of any."""
    person_id = writer_of(request, shop_id)
    pool_id = make_pool(
        organisation_id=shop_id,
        name=payload.name,
        note=payload.note,
        rule=_rule(payload.rule),
        product_ids=payload.product_ids,
        is_public=payload.is_public,
        person_id=person_id,
    )
    return Status(201, pool_detail(organisation_id=shop_id, pool_id=pool_id))


@router.post("/shops/{shop_id}/product-pools/preview", response=PoolPreviewOut)
def preview_rule(request: HttpRequest, shop_id: Id, payload: PoolRuleIn) -> Any:
    """What a rule would get now. Nothing is written."""
    shop_of(request, shop_id, "view")
    own_shop = _own_shop(shop_id)
    ids = products_by_rule(rule=PoolRule.read(payload.dict()), shop_id=own_shop)
    return {"total": len(ids), "products": list(cards(ids[:PREVIEWED]).values())}


@router.get("/shops/{shop_id}/product-pools/products", response=list[ProductCardOut])
def list_pool_candidates(request: HttpRequest, shop_id: Id, q: ShortText = "", limit: Limit = 20) -> Any:
    """Products to put into a pool by hand: a shop's own offers, for an agency anybody's."""
    shop_of(request, shop_id, "view")
    return pool_candidates(shop_id=_own_shop(shop_id), q=q, limit=limit)


@router.get("/shops/{shop_id}/product-pools/agencies", response=list[PoolPartnerOut])
def list_agencies(request: HttpRequest, shop_id: Id, q: ShortText = "") -> Any:
    """Agencies to share a pool with, by name."""
    shop_of(request, shop_id, "view")
    return organisations_named(kind="mcn", q=q, limit=PREVIEWED)


@router.get("/shops/{shop_id}/product-pools/lift", response=LiftReportOut)
def get_pools_lift(request: HttpRequest, shop_id: Id, days: Annotated[int, Query(ge=7, le=365)] = 90) -> Any:
    """What recommending this workplace's pools brought, by what was held out."""
    shop_of(request, shop_id, "view")
    return lift_report(organisation_id=shop_id, days=days)


@router.get("/shops/{shop_id}/product-pools/{pool_id}", response=ProductPoolDetailOut)
def get_product_pool(request: HttpRequest, shop_id: Id, pool_id: Id) -> Any:
    """A pool with its products; with whom it is shared is its owner's to know."""
    shop_of(request, shop_id, "view")
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.put("/shops/{shop_id}/product-pools/{pool_id}", response=ProductPoolDetailOut)
def put_product_pool(request: HttpRequest, shop_id: Id, pool_id: Id, payload: PoolIn) -> Any:
    """Write a pool anew."""
    writer_of(request, shop_id)
    change_pool(
        organisation_id=shop_id,
        pool_id=pool_id,
        name=payload.name,
        note=payload.note,
        rule=_rule(payload.rule),
        product_ids=payload.product_ids,
        is_public=payload.is_public,
    )
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.put("/shops/{shop_id}/product-pools/{pool_id}/shares", response=ProductPoolDetailOut)
def put_pool_shares(request: HttpRequest, shop_id: Id, pool_id: Id, payload: PoolSharesIn) -> Any:
    """With whom the pool is shared, in place of whom it was before."""
    writer_of(request, shop_id)
    share_pool(
        organisation_id=shop_id,
        pool_id=pool_id,
        creator_ids=payload.creator_ids,
        organisation_ids=payload.organisation_ids,
    )
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.put("/shops/{shop_id}/product-pools/{pool_id}/gifts", response=ProductPoolDetailOut)
def put_pool_gifts(request: HttpRequest, shop_id: Id, pool_id: Id, payload: PoolGiftsIn) -> Any:
    """To which of its creators an agency gives a pool that was shared with it, in place of those before."""
    writer_of(request, shop_id)
    give_pool(agency_id=shop_id, pool_id=pool_id, creator_ids=payload.creator_ids)
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.put("/shops/{shop_id}/product-pools/{pool_id}/link", response=ProductPoolDetailOut)
def put_pool_link(request: HttpRequest, shop_id: Id, pool_id: Id) -> Any:
    """Give the pool a link that creators open it by. The same again gives the same link."""
    writer_of(request, shop_id)
    link_pool(organisation_id=shop_id, pool_id=pool_id, is_linked=True)
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.delete("/shops/{shop_id}/product-pools/{pool_id}/link", response=ProductPoolDetailOut)
def delete_pool_link(request: HttpRequest, shop_id: Id, pool_id: Id) -> Any:
    """Take the link away. Who opened it keeps the pool."""
    writer_of(request, shop_id)
    link_pool(organisation_id=shop_id, pool_id=pool_id, is_linked=False)
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.post("/shops/{shop_id}/product-pools/{pool_id}/close", response=ProductPoolDetailOut)
def post_close_pool(request: HttpRequest, shop_id: Id, pool_id: Id) -> Any:
    """Take a pool back."""
    writer_of(request, shop_id)
    close_pool(organisation_id=shop_id, pool_id=pool_id)
    return pool_detail(organisation_id=shop_id, pool_id=pool_id)


@router.get("/shops/{shop_id}/product-pools/{pool_id}/creators", response=SuitingCreatorsOut)
def list_suiting_creators(request: HttpRequest, shop_id: Id, pool_id: Id) -> Any:
    """Creators whose audience the pool suits clearly, best first."""
    shop_of(request, shop_id, "view")
    items, match_ids = suiting_creators(organisation_id=shop_id, pool_id=pool_id)
    mark_seen(match_ids=match_ids, by_owner=True)
    return {"items": items}
