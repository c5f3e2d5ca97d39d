"""Writes of trade."""

from xingqu.trade.services.orders import expire_unpaid, mark_reviewed, mark_shipped, receive_overdue

__all__ = ["expire_unpaid", "mark_reviewed", "mark_shipped", "receive_overdue"]
