"""Reactions to facts."""

from xingqu.events.trade import OrderReceived
from xingqu.fulfilment.services.tracking import close_packages


def close_tracking(fact: OrderReceived) -> None:
    """The buyer has the packages."""
    close_packages(order_no=fact.order_no, at=fact.received_at, automatic=fact.automatic)
