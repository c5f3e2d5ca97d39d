"""Writes of trade."""

from xingqu.trade.domain.errors import NotLeftToShip, RefundTooHigh, WrongState
from xingqu.trade.services.charges import open_charge
from xingqu.trade.services.marks import mark_order
from xingqu.trade.services.orders import expire_unpaid, mark_reviewed, receive_overdue
from xingqu.trade.services.parts import everything_left, split_amount
from xingqu.trade.services.payments import start_payment
from xingqu.trade.services.readdress import change_order_address
from xingqu.trade.services.receipt import extend_receipt, start_receipt_clock, stop_receipt_clock
from xingqu.trade.services.refunds import ask_refund, hold_settlement, refund_parts, release_settlement
from xingqu.trade.services.settling import settle_order
from xingqu.trade.services.shares import share_order
from xingqu.trade.services.shipping import (
    drop_units,
    mark_shipped,
    note_tracking_changed,
    resume_shipping,
    stop_shipping,
)

__all__ = [
    "NotLeftToShip",
    "RefundTooHigh",
    "WrongState",
    "ask_refund",
    "change_order_address",
    "drop_units",
    "everything_left",
    "expire_unpaid",
    "extend_receipt",
    "hold_settlement",
    "mark_order",
    "mark_reviewed",
    "mark_shipped",
    "note_tracking_changed",
    "open_charge",
    "receive_overdue",
    "refund_parts",
    "release_settlement",
    "resume_shipping",
    "settle_order",
    "share_order",
    "split_amount",
    "start_payment",
    "start_receipt_clock",
    "stop_receipt_clock",
    "stop_shipping",
]
