"""Flash prices of the products on a page's cards."""

from collections.abc import Iterable
from typing import Any

from xingqu.content.contracts import ContentCardData
from xingqu.programmes.selectors import activities


def hydrate(*, cards: Iterable[ContentCardData]) -> dict[int, dict[str, Any]]:
    """Lowest flash price by product id, of those that apply now and have units left. Two statements at most.

    Absent is also a product that costs no more without. Values are {product_id, price, ends_at}.
    """
    usual = {anchor.product.id: anchor.product.price_minor for card in cards for anchor in card.anchors}
    if not usual:
        return {}
    found: dict[int, dict[str, Any]] = {}
    for flash in activities.flash_prices(product_ids=usual):
        product_id, price = flash["product_id"], flash["price"]
        if flash["left"] > 0 and price["amount_minor"] < usual[product_id]:
            found.setdefault(product_id, {"product_id": product_id, "price": price, "ends_at": flash["ends_at"]})
    return found
