"""A shop's own products, in every state."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from xingqu.catalogue.models import ListingReview, Product, Sku, StockLevel
from xingqu.catalogue.selectors.products import cards, limit_of, options_of
from xingqu.catalogue.selectors.rows import as_list, fetch_in
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.kit.money import Money
from xingqu.kit.sql import fetch

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOW_STOCK_UNITS = 10
# Over the levels `l` of a SKU: all units there are, those that unpaid orders wait for, those on sale, those of campaigns.
UNITS = (
    "COALESCE(SUM(l.free + l.held), 0) AS on_hand, COALESCE(SUM(l.held), 0) AS held,"
    " COALESCE(SUM(CASE WHEN l.is_open THEN l.free ELSE 0 END), 0) AS open_units,"
    " COALESCE(SUM(CASE WHEN l.campaign <> '' THEN l.free ELSE 0 END), 0) AS allotted"
)
_OPEN_LEVELS = StockLevel.objects.filter(sku=OuterRef("pk"), is_open=True).order_by()
_OPEN_UNITS = _OPEN_LEVELS.values("sku").annotate(units=Sum("free")).values("units")
_ACTIVE_SKUS = Sku.objects.filter(product=OuterRef("pk"), is_active=True).annotate(
    open_units=Coalesce(Subquery(_OPEN_UNITS, output_field=IntegerField()), 0)
)
_ON_SHELF = Q(status="online", check_status="approved")
STATES: dict[str, Q] = {
    "on_sale": _ON_SHELF,
    "sold_out": _ON_SHELF & ~Q(Exists(_ACTIVE_SKUS.filter(open_units__gt=0))),
    "low_stock": _ON_SHELF & Q(Exists(_ACTIVE_SKUS.filter(open_units__lt=LOW_STOCK_UNITS))),
    "offline": Q(status="offline", check_status="approved"),
    "pending": (Q(check_status="pending") | Q(draft_status="pending")) & ~Q(status="deleted"),
    "draft": Q(check_status="unsubmitted") & ~Q(status="deleted"),
    "rejected": (Q(check_status="rejected") | Q(draft_status="rejected")) & ~Q(status="deleted"),
    "banned": Q(check_status="banned") & ~Q(status="deleted"),
    "deleted": Q(status="deleted"),
}
_SORTS = {"updated": "updated_at", "new": "id", "sales": "sold_count", "price": "min_price_minor"}


def merchant_products(
    *,
    shop_id: int,
    q: str = "",
    state: str | None = None,
    category_ids: list[int] | None = None,
    sort: str = "updated",
    cursor: str | None = None,
    limit: int = 20,
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of a shop's products, and the next cursor. `state` is one of STATES; deleted ones only when asked for."""
    rows = Product.objects.filter(shop_id=shop_id)
    rows = rows.filter(STATES[state]) if state else rows.exclude(status="deleted")
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(external_id=q) | Q(skus__code=q)).distinct()
    if category_ids is not None:
        rows = rows.filter(category_id__in=category_ids)
    column = _SORTS[sort]
    rows = _beyond(rows, column, decode_cursor(cursor, int, int))
    found = list(rows.order_by(f"-{column}", *([] if column == "id" else ["-id"]))[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    last = encode_cursor(_position(found[-1], column), found[-1].pk) if more else None
    return _merchant_rows(found), last


def _position(row: Product, column: str) -> int:
    value = getattr(row, column)
    return (value - EPOCH) // timedelta(microseconds=1) if column == "updated_at" else int(value)


def _beyond(rows: QuerySet[Product], column: str, position: tuple[Any, ...] | None) -> QuerySet[Product]:
    if position is None:
        return rows
    value = EPOCH + timedelta(microseconds=position[0]) if column == "updated_at" else position[0]
    return rows.filter(Q(**{f"{column}__lt": value}) | Q(**{column: value}, id__lt=position[1]))


def _merchant_rows(found: list[Product]) -> list[dict[str, Any]]:
    by_id = cards(row.pk for row in found)
    stock = {
        row[0]: row[1:]
        for row in fetch_in(
            "SELECT product_id, SUM(on_hand), SUM(held), COUNT(*), MIN(open_units) FROM (SELECT s.product_id, s.id,"
            f" {UNITS} FROM catalogue_sku s LEFT JOIN catalogue_stocklevel l ON l.sku_id = s.id"
            " WHERE s.is_active AND s.product_id IN ({ids}) GROUP BY s.product_id, s.id) u GROUP BY product_id",
            [row.pk for row in found],
        )
    }
    return [
        {
            **{name: getattr(by_id[row.pk], name) for name in by_id[row.pk].__dataclass_fields__},
            "price": by_id[row.pk].price,
            "list_price": by_id[row.pk].list_price,
            "status": row.status,
            "check_status": row.check_status,
            "draft_status": row.draft_status,
            "check_reasons": row.check_reasons,
            "external_id": row.external_id,
            "stock_total": stock.get(row.pk, (0, 0, 0, 0))[0],
            "stock_held": stock.get(row.pk, (0, 0, 0, 0))[1],
            "sku_count": stock.get(row.pk, (0, 0, 0, 0))[2],
            "low_stock": stock.get(row.pk, (0, 0, 0, 0))[3] < LOW_STOCK_UNITS,
            "updated_at": row.updated_at,
            "created_at": row.created_at,
            "version": row.version,
        }
        for row in found
    ]


def merchant_product(*, shop_id: int, product_id: int) -> dict[str, Any]:
    """One product with everything its merchant edits. Raises NotFound for another shop's."""
    product = Product.objects.filter(pk=product_id, shop_id=shop_id).first()
    if product is None:
        raise NotFound
    skus = fetch_in(
        "SELECT s.id, s.code, s.option_value_ids, s.option_text, s.price_minor, s.list_price_minor, u.on_hand, u.held,"
        " u.open_units, u.allotted, s.limit_per_order, s.limit_per_person, s.limit_days"
        f" FROM catalogue_sku s JOIN (SELECT s.id, {UNITS} FROM catalogue_sku s"
        " LEFT JOIN catalogue_stocklevel l ON l.sku_id = s.id WHERE s.is_active AND s.product_id IN ({ids})"
        " GROUP BY s.id) u ON u.id = s.id ORDER BY s.position, s.id",
        [product_id],
    )
    pictures = product.pictures.order_by("position", "id").values("id", "url", "width", "height")
    return _merchant_rows([product])[0] | {
        "brand": product.brand,
        "unit": product.unit,
        "detail_paragraphs": product.detail_paragraphs,
        "stated_tags": product.stated_tags,
        "promises": product.promises,
        "draft": product.draft,
        "submission": _submission(product),
        "pictures": list(pictures),
        "attributes": list(product.attributes.order_by("position", "id").values("name", "value")),
        "options": options_of(product_id=product_id),
        "skus": [_merchant_sku(row, product.currency) for row in skus],
        "limit": limit_of(product.limit_per_order, product.limit_per_person, product.limit_days),
    }


def _submission(product: Product) -> dict[str, Any] | None:
    """When a waiting product was submitted, and whether it goes on the shelf once it passes."""
    row = ListingReview.objects.filter(product=product, state=ListingReview.State.WAITING).first()
    return None if row is None else {"submitted_at": row.submitted_at, "online": row.online_when_approved}


def _merchant_sku(row: tuple[Any, ...], currency: str) -> dict[str, Any]:
    return {
        "id": row[0],
        "code": row[1],
        "option_value_ids": as_list(row[2]),
        "option_text": row[3],
        "price": Money(row[4], currency),
        "list_price": None if row[5] is None else Money(row[5], currency),
        "on_hand": row[6],
        "held": row[7],
        "available": row[8],
        "allotted": row[9],
        "limit": limit_of(*row[10:13]),
    }


def shop_stock_summary(*, shop_id: int) -> dict[str, int]:
    """How many of a shop's products are on the shelf, and how many of their SKUs are low or out of stock."""
    row = fetch(
        "SELECT COUNT(DISTINCT product_id), COALESCE(SUM(CASE WHEN open_units < %s THEN 1 ELSE 0 END), 0),"
        f" COALESCE(SUM(CASE WHEN open_units = 0 THEN 1 ELSE 0 END), 0) FROM (SELECT s.product_id, s.id, {UNITS}"
        " FROM catalogue_product p JOIN catalogue_sku s ON s.product_id = p.id AND s.is_active"
        " LEFT JOIN catalogue_stocklevel l ON l.sku_id = s.id"
        " WHERE p.shop_id = %s AND p.status = 'online' AND p.check_status = 'approved'"
        " GROUP BY s.product_id, s.id) u",
        [LOW_STOCK_UNITS, shop_id],
    )[0]
    return {"on_sale": row[0], "low_stock": row[1], "sold_out": row[2]}
