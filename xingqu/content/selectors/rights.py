"""Which products a creator may show."""

from collections.abc import Iterable
from typing import Any

from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards as product_cards
from xingqu.content.contracts import product_json
from xingqu.content.models import AnchorRight
from xingqu.kit import clock
from xingqu.kit.sql import fetch

PICKER_MOST = 500
_RIGHTS_SQL = """
SELECT creator_id, product_id FROM content_anchorright
WHERE creator_id IN ({creators}) AND product_id IN ({products}) AND since <= %s AND (until IS NULL OR until > %s)
AND NOT suspended
"""


def rights_among(*, creator_ids: Iterable[int], product_ids: Iterable[int]) -> set[tuple[int, int]]:
    """The (creator, product) pairs of these for which the creator has the right now. One statement, on every page's way."""
    creators, products = list(dict.fromkeys(creator_ids)), list(dict.fromkeys(product_ids))
    if not creators or not products:
        return set()
    now = clock.now()
    sql = _RIGHTS_SQL.format(creators=",".join(["%s"] * len(creators)), products=",".join(["%s"] * len(products)))
    return {(row[0], row[1]) for row in fetch(sql, [*creators, *products, now, now])}


def may_show(*, creator_id: int, shop_id: int | None, products: dict[int, ProductCardData]) -> set[int]:
    """Those of the products that works of this creator in this workplace may show now.

    A shop shows its own; what was agreed with another shop by right; with `shop_id` None (the demo's seed) any.
    """
    if shop_id is None:
        return set(products)
    own = {pk for pk, product in products.items() if product.shop_id == shop_id}
    foreign = rights_among(creator_ids=[creator_id], product_ids=set(products) - own)
    return own | {product_id for _, product_id in foreign}


def anchor_products(*, creator_id: int, q: str, limit: int) -> list[dict[str, Any]]:
    """Products of other shops that the creator may show now, newest right first; `q` is a part of the name."""
    now = clock.now()
    rows = AnchorRight.objects.filter(creator_id=creator_id, since__lte=now, suspended=False).exclude(until__lte=now)
    ids = list(rows.order_by("-since", "-id").values_list("product_id", flat=True)[:PICKER_MOST])
    cards = product_cards(ids=ids) if ids else {}
    wanted = q.casefold()
    found = [cards[pk] for pk in ids if pk in cards and wanted in cards[pk].name.casefold()]
    return [product_json(card) for card in found[:limit]]
