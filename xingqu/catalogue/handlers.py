"""Reactions to facts."""

from xingqu.catalogue.services import tell_watchers
from xingqu.events.catalogue import StockChanged


def tell_back_in_stock(fact: StockChanged) -> None:
    """Who asked to be told when it is back."""
    if fact.available > 0:
        tell_watchers(sku_id=fact.sku_id)
