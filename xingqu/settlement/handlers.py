"""Reactions to facts. Each runs in one transaction with the mark that it ran."""

from xingqu.events.trade import OrderReceived, RefundSettled
from xingqu.settlement.services.settling import plan_settlement, update_settlement


def plan_received(fact: OrderReceived) -> None:
    """The merchant has earned the money: from now on the settlement period runs."""
    plan_settlement(order_no=fact.order_no, shop_id=fact.shop_id, currency=fact.currency, received_at=fact.received_at)


def update_refunded(fact: RefundSettled) -> None:
    """A part of what was to be settled has gone back."""
    update_settlement(order_no=fact.order_no)
