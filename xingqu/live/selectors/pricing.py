"""A merchant's prices in live rooms, its own and those of creators who sell its goods."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.selectors import cards, skus_for_sale
from xingqu.content.contracts import product_json
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.live.domain.states import PUSHABLE
from xingqu.live.models import LiveItem, LiveRoom
from xingqu.live.selectors.rooms import price_json
from xingqu.programmes.selectors import room_sales, shop_room_sales

ROOMS_SHOWN = 100


def shop_prices(*, shop_id: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """Prices that a shop gave in live rooms, newest first, in the shape of ShopLivePriceOut, and the cursor behind them."""
    position = decode_cursor(cursor, int)
    rows = shop_room_sales(shop_id=shop_id, before_id=position[0] if position else None, limit=limit + 1)
    more = encode_cursor(rows[limit - 1].sale.item_id) if len(rows) > limit else None
    rows = rows[:limit]
    rooms = _rooms(LiveRoom.objects.filter(pk__in={row.live_room_id for row in rows}), shop_id)
    offers = skus_for_sale({row.sale.sku_id for row in rows}, with_tags=False)
    found = []
    for row in rows:
        offer = offers.get(row.sale.sku_id)
        usual = {"amount_minor": offer.price_minor, "currency": offer.currency} if offer is not None else None
        found.append(
            {
                **price_json(row.sale),
                "taken": row.taken,
                "usual": usual,
                "product_id": row.sale.product_id,
                "product_name": offer.name if offer is not None else "",
                "picture_url": offer.picture_url if offer is not None else "",
                "option_text": offer.option_text if offer is not None else "",
                "room": rooms.get(row.live_room_id),
            }
        )
    return found, more


def pricing_rooms(*, shop_id: int) -> list[dict[str, Any]]:
    """Rooms that are planned or on air with goods of this shop, on air first, then the soonest, in the shape of PricingRoomOut."""
    showing = LiveItem.objects.filter(shop_id=shop_id, room__state__in=PUSHABLE)
    rows = LiveRoom.objects.filter(pk__in=showing.values("room_id"))
    found = list(
        rows.order_by(F("started_at").desc(nulls_last=True), F("scheduled_at").asc(nulls_last=True), "-id")[
            :ROOMS_SHOWN
        ]
    )
    items = list(LiveItem.objects.filter(shop_id=shop_id, room__in=found).order_by("position"))
    known = cards({item.product_id for item in items}) if items else {}
    prices = room_sales(live_room_ids=[row.pk for row in found])
    described = _rooms(found, shop_id)
    return [
        {
            **described[row.pk],
            "items": [
                {
                    "id": item.pk,
                    "position": item.position,
                    "product": product_json(known[item.product_id]),
                    "prices": [
                        price_json(one)
                        for one in prices[row.pk]
                        if one.product_id == item.product_id and one.kind != "prize" and one.state != "ended"
                    ],
                }
                for item in items
                if item.room_id == row.pk and item.product_id in known
            ],
        }
        for row in found
    ]


def _rooms(rows: Iterable[LiveRoom], shop_id: int) -> dict[int, dict[str, Any]]:
    """Rooms in the shape of PricedRoomOut, by id."""
    found = list(rows)
    creators = creators_by_ids(ids={row.creator_id for row in found})
    names = ("id", "title", "cover_url", "state", "scheduled_at", "started_at")
    return {
        row.pk: {
            **{name: getattr(row, name) for name in names},
            "is_own": row.shop_id == shop_id,
            "creator": creators.get(row.creator_id),
        }
        for row in found
    }
