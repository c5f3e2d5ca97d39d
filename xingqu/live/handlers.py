"""Reactions to facts."""

from xingqu.events.catalogue import ProductDelisted
from xingqu.live.services import withdraw_product


def stop_explaining_delisted(fact: ProductDelisted) -> None:
    """What left the shelf is not explained any more."""
    withdraw_product(product_id=fact.product_id)
