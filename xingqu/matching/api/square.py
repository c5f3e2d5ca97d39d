"""The creator square, for merchants."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import CursorText, Id, Limit, ShortText
from xingqu.matching.api.access import cursor_of, offset_of
from xingqu.matching.schemas import Band, Count, Level, ReputationScore, SquareCreatorDetailOut, SquareOut, SquareSort
from xingqu.matching.selectors.square import SquareQuery, creator_detail, square

router = Router()


@router.get("/shops/{shop_id}/creator-square", response=SquareOut)
def list_square(
    request: HttpRequest,
    shop_id: Id,
    q: ShortText = "",
    product_id: Id | None = None,
    category_id: Id | None = None,
    min_gmv_band: Band | None = None,
    min_gpm_band: Band | None = None,
    min_followers: Count | None = None,
    min_level: Level | None = None,
    min_score: ReputationScore | None = None,
    min_kept_percent: ReputationScore | None = None,
    sort: SquareSort = "fit",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Creators by how well their audience suits a product, or the shop's goods as a whole."""
    shop_of(request, shop_id, "view")
    query = SquareQuery(
        q=q,
        product_id=product_id,
        category_id=category_id,
        min_gmv_band=min_gmv_band,
        min_gpm_band=min_gpm_band,
        min_followers=min_followers,
        min_level=min_level,
        min_score=min_score,
        min_kept_percent=min_kept_percent,
        sort=sort,
    )
    items, place, total = square(organisation_id=shop_id, query=query, offset=offset_of(cursor), limit=limit)
    return {"items": items, "next_cursor": cursor_of(place), "total": total}


@router.get("/shops/{shop_id}/creator-square/{creator_id}", response=SquareCreatorDetailOut)
def get_square_creator(request: HttpRequest, shop_id: Id, creator_id: Id, product_id: Id | None = None) -> Any:
    """One creator with the portrait of the audience and the latest works."""
    shop_of(request, shop_id, "view")
    return creator_detail(organisation_id=shop_id, creator_id=creator_id, product_id=product_id)
