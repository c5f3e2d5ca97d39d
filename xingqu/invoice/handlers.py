"""Reactions to facts."""

from xingqu.events.trade import RefundSettled
from xingqu.invoice.services import issuing


def take_back(fact: RefundSettled) -> None:
    """What went back of an invoiced order is taken back by a red letter."""
    issuing.take_back(order_no=fact.order_no, reason="refund")
