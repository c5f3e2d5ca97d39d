"""What each product of a room came to."""

from collections import Counter
from datetime import datetime
from typing import Any

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom, LiveSale, RoomClicks

COUNTS = ("explained", "explained_ms", "clicks", "orders", "units", "gmv_minor", "refunded_minor")


def product_figures(room: LiveRoom) -> list[dict[str, Any]]:
    """Products that are or were in a room's bag, what sold most first, in the shape of LiveProductFiguresOut."""
    counts: dict[str, Counter[int]] = {name: Counter() for name in COUNTS}
    _count_shown(room, counts, room.ended_at or clock.now())
    for lines, refunds in LiveSale.objects.filter(room=room).values_list("lines", "refunds"):
        _count_sale(lines, refunds, counts)
    ids = set(LiveItem.objects.filter(room=room).values_list("product_id", flat=True))
    ids |= {product_id for counter in counts.values() for product_id in counter}
    known = cards(ids) if ids else {}
    order = sorted(ids & known.keys(), key=lambda pk: (-counts["gmv_minor"][pk], -counts["clicks"][pk], pk))
    return [
        {
            "product_id": pk,
            "name": known[pk].short_name or known[pk].name,
            "picture_url": known[pk].picture_url,
            **{name: counts[name][pk] for name in COUNTS[:5]},
            "gmv": {"amount_minor": counts["gmv_minor"][pk], "currency": "CNY"},
            "refunded": {"amount_minor": counts["refunded_minor"][pk], "currency": "CNY"},
        }
        for pk in order
    ]


def _count_shown(room: LiveRoom, counts: dict[str, Counter[int]], until: datetime) -> None:
    for product_id, started_at, ended_at in LiveExplain.objects.filter(room=room).values_list(
        "product_id", "started_at", "ended_at"
    ):
        counts["explained"][product_id] += 1
        counts["explained_ms"][product_id] += max(0, int(((ended_at or until) - started_at).total_seconds() * 1000))
    counts["clicks"].update(dict(RoomClicks.objects.filter(room=room).values_list("product_id", "clicks")))


def _count_sale(lines: list[list[int]], refunds: list[dict[str, Any]], counts: dict[str, Counter[int]]) -> None:
    """One order: its lines, and what went back of them. A product with two SKUs in it is one order of the product."""
    of_sku = {sku_id: product_id for sku_id, product_id, _, _ in lines}
    counts["orders"].update(set(of_sku.values()))
    for _, product_id, quantity, amount_minor in lines:
        counts["units"][product_id] += quantity
        counts["gmv_minor"][product_id] += amount_minor
    for refund in refunds:
        for sku_id, amount_minor in refund["lines"]:
            counts["refunded_minor"][of_sku[sku_id]] += amount_minor
