"""Shapes of the cart. A part of `schemas`."""

from typing import Literal

from xingqu.kit.api import MoneyOut, Out
from xingqu.trade.contracts import ShopOut
from xingqu.trade.schemas import LineSaleStateOut


class LineLimitOut(Out):
    """The purchase limit (限购) that binds most: `most` units can be had in one order, `taken` were bought before (within `days`,
    null: ever). `sign_in`: a guest must sign in to buy it."""

    scope: Literal["product", "sku"]
    per_order: int | None
    per_person: int | None
    days: int | None
    taken: int
    most: int
    sign_in: bool


class CartLineOut(Out):
    """`price_then` is the price when the line was added, null when it is still the same."""

    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    price: MoneyOut
    price_then: MoneyOut | None
    quantity: int
    available: int
    limit: LineLimitOut | None
    selected: bool
    sale_state: LineSaleStateOut


class CartShopOut(Out):
    shop: ShopOut
    lines: list[CartLineOut]


class CartOut(Out):
    """`count` is the number of units; `selected_total` counts the selected lines that can be bought."""

    shops: list[CartShopOut]
    selected_total: MoneyOut
    count: int
