"""Reads of trade."""

from xingqu.trade.domain.regions import path_named, path_of, regions
from xingqu.trade.domain.times import TimeName
from xingqu.trade.selectors.audits import (
    audited_deposits,
    audited_orders,
    audited_payments,
    audited_providers,
    audited_refunds,
    captured_twice,
    ended_presales,
    paid_charges,
    unapplied_sums,
)
from xingqu.trade.selectors.earnings import earning_of, earnings_of, refund_amounts, unearned_of
from xingqu.trade.selectors.figures import received_between, selling_shops, shipping_rows, sold_between
from xingqu.trade.selectors.merchant import merchant_order
from xingqu.trade.selectors.orders import (
    address_of_order,
    is_all_shipped,
    is_order_between,
    order_detail,
    orders_between,
    orders_to_ship_between,
    person_of_order,
    received_orders,
    shipping_figures,
    shop_order_for_buyer,
    shop_order_for_shipping,
    sold_counts,
)
from xingqu.trade.selectors.reconciliation import is_reconciled, reconciliation_differences
from xingqu.trade.selectors.refunds import orders_left, refundable_of
from xingqu.trade.selectors.shares import audited_shares, line_shares, lines_to_share, refunds_cost_minor
from xingqu.trade.selectors.times import time_for

__all__ = [
    "TimeName",
    "address_of_order",
    "audited_deposits",
    "audited_orders",
    "audited_payments",
    "audited_providers",
    "audited_refunds",
    "audited_shares",
    "captured_twice",
    "earning_of",
    "earnings_of",
    "ended_presales",
    "is_all_shipped",
    "is_order_between",
    "is_reconciled",
    "line_shares",
    "lines_to_share",
    "merchant_order",
    "order_detail",
    "orders_between",
    "orders_left",
    "orders_to_ship_between",
    "paid_charges",
    "path_named",
    "path_of",
    "person_of_order",
    "received_between",
    "received_orders",
    "reconciliation_differences",
    "refund_amounts",
    "refundable_of",
    "refunds_cost_minor",
    "regions",
    "selling_shops",
    "shipping_figures",
    "shipping_rows",
    "shop_order_for_buyer",
    "shop_order_for_shipping",
    "sold_between",
    "sold_counts",
    "time_for",
    "unapplied_sums",
    "unearned_of",
]
