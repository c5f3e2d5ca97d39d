"""Writes of trade."""

from xingqu.trade.services.orders import expire_unpaid, mark_reviewed, receive_overdue
from xingqu.trade.services.shipping import drop_units, mark_shipped, resume_shipping, stop_shipping

__all__ = [
    "drop_units",
    "expire_unpaid",
    "mark_reviewed",
    "mark_shipped",
    "receive_overdue",
    "resume_shipping",
    "stop_shipping",
]
