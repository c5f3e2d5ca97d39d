"""A creator's side: the selection square, the own audience, pools, and what merchants may see."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.kit.api import AmountMinor, CursorText, Id, Limit, ShortText
from xingqu.matching.api.access import cursor_of, offset_of, own
from xingqu.matching.schemas import (
    BasisPoints,
    Count,
    CreatorPoolDetailOut,
    CreatorPoolsOut,
    ListingIn,
    ListingOut,
    PlanKindName,
    PoolKeyIn,
    PortraitOut,
    Score,
    SelectionDetailOut,
    SelectionOut,
    SelectionSort,
)
from xingqu.matching.selectors import arrays
from xingqu.matching.selectors.pools import creators_pool, creators_pools
from xingqu.matching.selectors.portrait import portrait_of
from xingqu.matching.selectors.selection import Wanted, offer_detail, selection
from xingqu.matching.selectors.square import listing_of
from xingqu.matching.services.giving import open_linked
from xingqu.matching.services.listing import set_listing
from xingqu.matching.services.matching import mark_seen

router = Router()


@router.get("/creators/{creator_id}/selection", response=SelectionOut)
def list_selection(
    request: HttpRequest,
    creator_id: Id,
    q: ShortText = "",
    category_id: Id | None = None,
    min_commission_bp: BasisPoints | None = None,
    min_price_minor: AmountMinor | None = None,
    max_price_minor: AmountMinor | None = None,
    min_sold: Count | None = None,
    min_shop_score: Score | None = None,
    plan_kind: PlanKindName | None = None,
    sort: SelectionSort = "fit",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Products that this creator can sell, by what they would earn with this audience, or in another order."""
    creator = own(request, creator_id)
    wanted = Wanted(
        q=q,
        category_id=category_id,
        min_commission_bp=min_commission_bp,
        min_price_minor=min_price_minor,
        max_price_minor=max_price_minor,
        min_sold=min_sold,
        min_shop_score=min_shop_score,
        plan_kind=plan_kind,
        sort=sort,
    )
    items, place, total = selection(creator_id=creator, wanted=wanted, offset=offset_of(cursor), limit=limit)
    known = arrays.audiences().place(creator) > 0
    return {"items": items, "next_cursor": cursor_of(place), "total": total, "audience_known": known}


@router.get("/creators/{creator_id}/selection/{product_id}", response=SelectionDetailOut)
def get_selected(request: HttpRequest, creator_id: Id, product_id: Id) -> Any:
    """One product with its terms for this creator, reviews and the trend of sales."""
    return offer_detail(creator_id=own(request, creator_id), product_id=product_id)


@router.get("/creators/{creator_id}/audience", response=PortraitOut)
def get_audience(request: HttpRequest, creator_id: Id) -> Any:
    """Who watches, follows and buys, as groups."""
    return portrait_of(creator_id=own(request, creator_id))


@router.get("/creators/{creator_id}/listing", response=ListingOut)
def get_listing(request: HttpRequest, creator_id: Id) -> Any:
    """What merchants may see of this creator."""
    return listing_of(creator_id=own(request, creator_id))


@router.put("/creators/{creator_id}/listing", response=ListingOut)
def put_listing(request: HttpRequest, creator_id: Id, payload: ListingIn) -> Any:
    """Whether merchants find this creator, and whether they read figures or bands."""
    creator = own(request, creator_id, "alliance.write")
    set_listing(creator_id=creator, is_listed=payload.is_listed, shows_exact=payload.shows_exact, intro=payload.intro)
    return listing_of(creator_id=creator)


@router.get("/creators/{creator_id}/product-pools", response=CreatorPoolsOut)
def list_creators_pools(request: HttpRequest, creator_id: Id, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Any:
    """Pools that suit this creator's audience, then those that were shared."""
    creator = own(request, creator_id)
    items, match_ids = creators_pools(creator_id=creator)
    mark_seen(match_ids=match_ids, by_owner=False)
    return {"items": items[:limit]}


@router.post("/creators/{creator_id}/product-pools/opened", response=CreatorPoolDetailOut)
def open_linked_pool(request: HttpRequest, creator_id: Id, payload: PoolKeyIn) -> Any:
    """Open a pool by its link; it stays with this creator."""
    creator = own(request, creator_id, "alliance.write")
    return creators_pool(creator_id=creator, pool_id=open_linked(creator_id=creator, key=payload.key))


@router.get("/creators/{creator_id}/product-pools/{pool_id}", response=CreatorPoolDetailOut)
def get_creators_pool(request: HttpRequest, creator_id: Id, pool_id: Id) -> Any:
    """The products of a pool, by what they would earn with this audience."""
    return creators_pool(creator_id=own(request, creator_id), pool_id=pool_id)
