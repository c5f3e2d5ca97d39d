"""Reactions to facts."""

from xingqu.events.trade import OrderReceived
from xingqu.fulfilment.services import add_tracking


def close_tracking(fact: OrderReceived) -> None:
    """The buyer has the package."""
    add_tracking(order_no=fact.order_no, code="received", at=fact.received_at, data={"automatic": fact.automatic})
