"""Reactions to facts. Each runs in one transaction with the mark that it ran."""

from xingqu.alliance.services.commission import decide_shares, refresh_commission
from xingqu.events.trade import OrderPaid, OrderReceived, OrderSettled, RefundSettled


def share_paid(fact: OrderPaid) -> None:
    """Who earns with it is decided: without that the order is not settled."""
    decide_shares(order_no=fact.order_no, shop_id=fact.shop_id, currency=fact.currency, paid_at=fact.paid_at)


def refresh_received(fact: OrderReceived) -> None:
    """What was estimated is confirmed."""
    refresh_commission(order_no=fact.order_no)


def refresh_refunded(fact: RefundSettled) -> None:
    """The commission goes back in proportion."""
    refresh_commission(order_no=fact.order_no)


def refresh_settled(fact: OrderSettled) -> None:
    """The commission is the creator's."""
    refresh_commission(order_no=fact.order_no)
