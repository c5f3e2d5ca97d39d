"""A merchant's prices in live rooms, its own and those of creators who sell its goods."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut
from xingqu.live import selectors
from xingqu.live.pricing_schemas import PricingRoomOut, ShopLivePriceOut

router = Router()
PRICES = "/shops/{shop_id}/live-prices"


@router.get(PRICES, response=ListOut[ShopLivePriceOut])
def list_shop_live_prices(
    request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Prices that a shop gave in live rooms, also those that have ended, newest first."""
    shop_of(request, shop_id, "view")
    items, more = selectors.shop_prices(shop_id=shop_id, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": more}


@router.get(PRICES + "/rooms", response=list[PricingRoomOut])
def list_live_rooms_to_price(request: HttpRequest, shop_id: Id) -> Any:
    """Rooms that are planned or on air with goods of this shop in their run of show: those on air first, then the soonest."""
    shop_of(request, shop_id, "view")
    return selectors.pricing_rooms(shop_id=shop_id)
