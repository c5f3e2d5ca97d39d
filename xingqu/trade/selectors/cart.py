"""The cart as its owner sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from xingqu.kit.sql import fetch
from xingqu.programmes.contracts import Taken
from xingqu.programmes.selectors import units_taken
from xingqu.trade.domain.attribution import Touch
from xingqu.trade.domain.quote import Offer, WantedLine
from xingqu.trade.selectors.offers import money, offers_of, person_id_of, purchase_limit, shop_cards

_ROWS = (
    "SELECT sku_id, quantity, selected, price_then_minor, attribution FROM trade_cartline WHERE owner_key = %s"
    " ORDER BY added_at DESC, id DESC"
)


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line as it is stored."""

    sku_id: int
    quantity: int
    selected: bool
    price_then_minor: int
    attribution: str | dict[str, Any]

    def read_touch(self) -> Touch | None:
        """JSON comes as text from SQLite, as an object from PostgreSQL."""
        told = orjson.loads(self.attribution) if isinstance(self.attribution, str) else self.attribution
        return Touch.read(told)


def cart_of(*, owner_key: str) -> dict[str, Any]:
    """Lines by shop, the newest shop first; `selected_total` counts what is selected and can be bought as asked."""
    rows = [CartRow(*row) for row in fetch(_ROWS, [owner_key])]
    offers = offers_of(sku_ids=[row.sku_id for row in rows]) if rows else {}
    rows = [row for row in rows if row.sku_id in offers]
    shops = shop_cards(shop_ids=[offers[row.sku_id].shop_id for row in rows]) if rows else {}
    taken = _taken(owner_key, offers.values())
    lines: dict[int, list[dict[str, Any]]] = {shop_id: [] for shop_id in shops}
    total = 0
    currency = offers[rows[0].sku_id].currency if rows else "CNY"
    for row in rows:
        offer = offers[row.sku_id]
        lines[offer.shop_id].append(_line(row, offer, taken))
        if row.selected and offer.can_buy and offer.available >= row.quantity and offer.currency == currency:
            total += offer.price_minor * row.quantity
    return {
        "shops": [{"shop": shops[shop_id], "lines": shop_lines} for shop_id, shop_lines in lines.items()],
        "selected_total": money(total, currency),
        "count": sum(row.quantity for row in rows),
    }


def _taken(owner_key: str, offers: Iterable[Offer]) -> Taken | None:
    person_id = person_id_of(owner_key)
    return None if person_id is None else units_taken(person_id=person_id, lines=[one.limited(1) for one in offers])


def selected_lines(*, owner_key: str) -> tuple[list[WantedLine], dict[int, Touch]]:
    """What a checkout of the cart asks for, in the order of the cart, and by SKU what led to it when it was put there."""
    rows = [CartRow(*row) for row in fetch(_ROWS, [owner_key])]
    rows = [row for row in rows if row.selected]
    touches = {row.sku_id: touch for row in rows if (touch := row.read_touch()) is not None}
    return [WantedLine(row.sku_id, row.quantity) for row in rows], touches


def _line(row: CartRow, offer: Offer, taken: Taken | None) -> dict[str, Any]:
    changed = row.price_then_minor != offer.price_minor
    return {
        "sku_id": row.sku_id,
        "product_id": offer.product_id,
        "name": offer.name,
        "option_text": offer.option_text,
        "picture_url": offer.picture_url,
        "price": money(offer.price_minor, offer.currency),
        "price_then": money(row.price_then_minor, offer.currency) if changed else None,
        "quantity": row.quantity,
        "available": offer.available,
        "limit": purchase_limit(offer, taken),
        "selected": bool(row.selected),
        "sale_state": {"code": offer.sale_code, "can_buy": offer.can_buy},
    }
