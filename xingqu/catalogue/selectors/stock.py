"""Stock as its merchant sees it: levels by warehouse and campaign, warehouses, movements."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xingqu.catalogue.models import StockMovement, StockWatch, Warehouse
from xingqu.catalogue.selectors.rows import fetch_in
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch

_LEVELS = (
    "SELECT l.warehouse_id, w.name, l.campaign, SUM(l.received), SUM(l.sold), SUM(l.held), SUM(l.free),"
    " MIN(CASE WHEN l.is_open THEN 1 ELSE 0 END), COUNT(*) FROM catalogue_stocklevel l"
    " JOIN catalogue_warehouse w ON w.id = l.warehouse_id WHERE l.sku_id = %s"
    " GROUP BY l.warehouse_id, w.name, w.priority, l.campaign ORDER BY l.campaign, w.priority, l.warehouse_id"
)
_CAMPAIGNS = (
    "SELECT campaign, SUM(free), SUM(held), SUM(sold) FROM catalogue_stocklevel WHERE campaign IN ({marks})"
    " GROUP BY campaign"
)


def on_hand_of(*, sku_ids: Iterable[int]) -> dict[int, int]:
    """Units in all warehouses by SKU; a SKU that never had any is absent."""
    sql = "SELECT sku_id, SUM(free + held) FROM catalogue_stocklevel WHERE sku_id IN ({ids}) GROUP BY sku_id"
    return dict(fetch_in(sql, sku_ids))


def stock_levels(*, shop_id: int, sku_id: int) -> list[dict[str, Any]]:
    """Where the units of one's own SKU are, one row a warehouse and campaign. Raises NotFound for another shop's."""
    if not fetch(
        "SELECT 1 FROM catalogue_sku s JOIN catalogue_product p ON p.id = s.product_id WHERE s.id = %s AND p.shop_id = %s",
        [sku_id, shop_id],
    ):
        raise NotFound(field="sku_id")
    names = ["warehouse_id", "warehouse_name", "campaign", "received", "sold", "held", "free", "is_open", "buckets"]
    rows = [dict(zip(names, row, strict=True)) for row in fetch(_LEVELS, [sku_id])]
    return [row | {"is_open": bool(row["is_open"])} for row in rows]


def warehouses_of(*, shop_id: int) -> list[dict[str, Any]]:
    """A shop's warehouses, the preferred one first."""
    rows = Warehouse.objects.filter(shop_id=shop_id).order_by("priority", "id")
    return [dict(row) for row in rows.values("id", "name", "is_default", "priority")]


def allotments_of(*, campaigns: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """(free, held, sold) units by campaign; one that has none is absent."""
    names = sorted(set(campaigns))
    found: dict[str, tuple[int, int, int]] = {}
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        rows = fetch(_CAMPAIGNS.format(marks=", ".join(["%s"] * len(part))), part)
        found |= {campaign: (free, held, sold) for campaign, free, held, sold in rows}
    return found


def waiting_allotments(*, prefix: str) -> list[str]:
    """Campaigns of this kind that are open or have units left."""
    sql = "SELECT DISTINCT campaign FROM catalogue_stocklevel WHERE campaign <> '' AND (free > 0 OR is_open)"
    return sorted(name for (name,) in fetch(sql) if name.startswith(prefix))


def movements_page(
    *,
    shop_id: int,
    sku_id: int | None = None,
    product_id: int | None = None,
    warehouse_id: int | None = None,
    kind: str | None = None,
    order_ref: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> tuple[list[dict[str, Any]], str | None]:
    """Movements of a shop's own stock, newest first, by any of these. Another shop's SKU has none."""
    rows = StockMovement.objects.filter(sku__product__shop_id=shop_id)
    given = {
        "sku_id": sku_id,
        "sku__product_id": product_id,
        "warehouse_id": warehouse_id,
        "kind": kind,
        "at__gte": since,
        "at__lt": until,
        "order_ref": order_ref or None,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    position = decode_cursor(cursor, int)
    if position is not None:
        rows = rows.filter(pk__lt=position[0])
    columns = {
        "id": "id",
        "kind": "kind",
        "sku_id": "sku_id",
        "product_id": "sku__product_id",
        "product_name": "sku__product__name",
        "option_text": "sku__option_text",
        "warehouse_id": "warehouse_id",
        "warehouse_name": "warehouse__name",
        "campaign": "campaign",
        "on_hand_delta": "on_hand_delta",
        "held_delta": "held_delta",
        "order_ref": "order_ref",
        "reason": "reason",
        "person_id": "person_id",
        "at": "at",
    }
    found = [
        dict(zip(columns, row, strict=True)) for row in rows.order_by("-id").values_list(*columns.values())[: limit + 1]
    ]
    more = len(found) > limit
    return found[:limit], encode_cursor(found[limit - 1]["id"]) if more else None


def watched_skus(*, person_id: int, product_id: int) -> list[int]:
    """SKUs of a product of which a person wants to be told when they are back."""
    rows = StockWatch.objects.filter(person_id=person_id, sku__product_id=product_id)
    return sorted(rows.values_list("sku_id", flat=True))
