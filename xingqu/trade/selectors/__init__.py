"""Reads of trade."""

from xingqu.trade.selectors.merchant import merchant_order
from xingqu.trade.selectors.orders import (
    is_all_shipped,
    order_detail,
    received_orders,
    shop_order_for_buyer,
    shop_order_for_shipping,
    sold_counts,
)
from xingqu.trade.selectors.refunds import refundable_of

__all__ = [
    "is_all_shipped",
    "merchant_order",
    "order_detail",
    "received_orders",
    "refundable_of",
    "shop_order_for_buyer",
    "shop_order_for_shipping",
    "sold_counts",
]
