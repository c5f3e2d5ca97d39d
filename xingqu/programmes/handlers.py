"""Reactions to facts."""

from xingqu.events.trade import OrderPaid
from xingqu.programmes.services import note_customer


def remember_customer(fact: OrderPaid) -> None:
    """Who has paid an order is no new customer any more."""
    if fact.person_id is not None:
        note_customer(person_id=fact.person_id, shop_id=fact.shop_id)
