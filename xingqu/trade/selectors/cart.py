"""The cart as its owner sees it."""

from typing import Any

from xingqu.trade.domain.quote import Attribution, Offer, WantedLine
from xingqu.trade.models import CartLine
from xingqu.trade.selectors.offers import money, offers_of, shop_cards


def cart_of(*, owner_key: str) -> dict[str, Any]:
    """Lines by shop, the newest shop first; `selected_total` counts what is selected and can be bought as asked."""
    rows = list(CartLine.objects.filter(owner_key=owner_key).order_by("-added_at", "-id"))
    offers = offers_of(sku_ids=[row.sku_id for row in rows]) if rows else {}
    rows = [row for row in rows if row.sku_id in offers]
    shops = shop_cards(shop_ids=[offers[row.sku_id].shop_id for row in rows]) if rows else {}
    lines: dict[int, list[dict[str, Any]]] = {shop_id: [] for shop_id in shops}
    total = 0
    currency = offers[rows[0].sku_id].currency if rows else "CNY"
    for row in rows:
        offer = offers[row.sku_id]
        lines[offer.shop_id].append(_line(row, offer))
        if row.selected and offer.can_buy and offer.available >= row.quantity and offer.currency == currency:
            total += offer.price_minor * row.quantity
    return {
        "shops": [{"shop": shops[shop_id], "lines": shop_lines} for shop_id, shop_lines in lines.items()],
        "selected_total": money(total, currency),
        "count": sum(row.quantity for row in rows),
    }


def selected_lines(*, owner_key: str) -> list[WantedLine]:
    """What a checkout of the cart asks for, in the order of the cart."""
    rows = CartLine.objects.filter(owner_key=owner_key, selected=True).order_by("-added_at", "-id")
    return [WantedLine(row.sku_id, row.quantity, Attribution(**row.attribution)) for row in rows]


def _line(row: CartLine, offer: Offer) -> dict[str, Any]:
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
        "selected": row.selected,
        "sale_state": {"code": offer.sale_code, "can_buy": offer.can_buy},
    }
