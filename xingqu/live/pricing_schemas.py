"""Shapes of a merchant's prices in live rooms."""

from datetime import datetime

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import MoneyOut, Out
from xingqu.live.contracts import LiveCreatorOut
from xingqu.live.domain.states import RoomState
from xingqu.live.schemas import LivePriceOut


class PricedRoomOut(Out):
    """A room in which a shop's goods are sold; `is_own`: the shop's, not a creator's."""

    id: int
    title: str
    cover_url: str
    state: RoomState
    scheduled_at: datetime | None
    started_at: datetime | None
    is_own: bool
    creator: LiveCreatorOut | None


class ShopLivePriceOut(LivePriceOut):
    """A price that a shop gave in a room. `taken` units are in orders that stand; `usual` is what the SKU costs elsewhere."""

    taken: int
    usual: MoneyOut | None
    product_id: int
    product_name: str
    picture_url: str
    option_text: str
    room: PricedRoomOut | None


class PricingItemOut(Out):
    """A product of the shop in a room's run of show, with the prices that it has there."""

    id: int
    position: int
    product: ProductCardOut
    prices: list[LivePriceOut]


class PricingRoomOut(PricedRoomOut):
    items: list[PricingItemOut]
