"""Shapes of presale orders. A part of `schemas`."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from xingqu.kit.api import Id, Out
from xingqu.trade.contracts import ShopOrderDetailOut
from xingqu.trade.schemas import CartQuantity, CouponOptionOut


class PresaleOrderIn(Schema):
    """So many units of a presale's item, to be sent to an address."""

    quantity: CartQuantity = 1
    address_id: Id


class FinalIn(Schema):
    """The claimed coupons for the rest of a presale order; null uses those that save most."""

    coupon_ids: Annotated[list[Id], Field(max_length=20)] | None = None


class FinalOut(Out):
    """The order as it is to be paid, and the buyer's coupons with why one is used or not."""

    order: ShopOrderDetailOut
    coupons: list[CouponOptionOut]
