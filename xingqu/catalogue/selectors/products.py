"""Products as consumers see them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xingqu.accounts.contracts import OrganisationCard
from xingqu.accounts.selectors import organisation_cards
from xingqu.catalogue.contracts import SALE_STATES, ProductCardData, ProductPage, PurchaseLimit, SnapshotRow
from xingqu.catalogue.domain.sale_state import derive_sale_code
from xingqu.catalogue.models import Product
from xingqu.catalogue.selectors.categories import category_ids_below, category_path
from xingqu.catalogue.selectors.rows import as_list, fetch_in
from xingqu.catalogue.selectors.tags import feature_tags_of, tag_names_of
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.kit.money import Money
from xingqu.kit.sql import fetch

_PRODUCTS = (
    "SELECT id, name, short_name, brief, picture_url, min_price_minor, currency, shop_id, category_id, sold_count,"
    " score_hundredths, review_count, status, check_status FROM catalogue_product WHERE id IN ({ids})"
)
_SKUS = (
    "SELECT s.product_id, s.id, s.price_minor, s.list_price_minor, (SELECT COALESCE(SUM(l.free), 0)"
    " FROM catalogue_stocklevel l WHERE l.sku_id = s.id AND l.is_open), s.option_value_ids, s.option_text, s.code,"
    " s.picture_url, s.limit_per_order, s.limit_per_person, s.limit_days FROM catalogue_sku s"
    " WHERE s.is_active AND s.product_id IN ({ids})"
    " ORDER BY s.product_id, s.position, s.id"
)
_PROMISES = "SELECT id, promises FROM catalogue_product WHERE id IN ({ids}) AND published_at IS NOT NULL"
SORTS = {
    "sales": ("sold_count", True),
    "price_asc": ("min_price_minor", False),
    "price_desc": ("min_price_minor", True),
    "new": ("id", True),
}


def cards(ids: Iterable[int]) -> dict[int, ProductCardData]:
    """Cards by id, whatever their state (see `sale_state`); unknown ids are absent. Four queries for up to 500 ids."""
    products = list(fetch_in(_PRODUCTS, ids))
    known = [row[0] for row in products]
    skus: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in fetch_in(_SKUS, known):
        skus[row[0]].append(row)
    tags = tag_names_of(known)
    shops = organisation_cards(ids={row[7] for row in products}) if products else {}
    return {row[0]: _card(row, skus[row[0]], tuple(tags.get(row[0], ())), shops[row[7]]) for row in products}


def _card(
    row: tuple[Any, ...], skus: list[tuple[Any, ...]], tags: tuple[Any, ...], shop: OrganisationCard
) -> ProductCardData:
    available = sum(sku[4] for sku in skus)
    cheapest = min(skus, key=lambda sku: (sku[4] <= 0, sku[2]), default=None)
    code = derive_sale_code(status=row[12], check_status=row[13], available=available)
    return ProductCardData(
        id=row[0],
        name=row[1],
        short_name=row[2] or row[1],
        brief=row[3],
        picture_url=row[4],
        price_minor=cheapest[2] if cheapest else row[5],
        list_price_minor=cheapest[3] if cheapest else None,
        currency=row[6],
        shop_id=row[7],
        shop_name=shop.name,
        shop_name_en=shop.name_en,
        category_id=row[8],
        feature_tags=tags,
        sold_count=row[9],
        score=None if row[10] is None else row[10] / 100,
        review_count=row[11],
        sale_state=SALE_STATES[code],
        available=available,
    )


def promises_of(*, product_ids: Iterable[int]) -> dict[int, list[str]]:
    """Product id -> what its merchant promises, in one question; as in :func:`product_detail`, without what was never published."""
    return {pk: as_list(promises) for pk, promises in fetch_in(_PROMISES, product_ids)}


def product_detail(*, product_id: int) -> dict[str, Any]:
    """Everything a product page shows. Raises NotFound for a product that has never been on the shelf."""
    product = Product.objects.filter(pk=product_id, published_at__isnull=False).first()
    if product is None:
        raise NotFound
    card = cards([product_id])[product_id]
    skus = list(fetch_in(_SKUS, [product_id]))
    shop = organisation_cards(ids=[product.shop_id])[product.shop_id]
    prices = [row[2] for row in skus] or [product.min_price_minor]
    fields = {name: getattr(card, name) for name in ProductCardData.__dataclass_fields__}
    return fields | {
        "price": card.price,
        "list_price": card.list_price,
        "min_price": Money(min(prices), card.currency),
        "max_price": Money(max(prices), card.currency),
        "brand": product.brand,
        "unit": product.unit,
        "detail_paragraphs": product.detail_paragraphs,
        "promises": product.promises,
        "pictures": list(product.pictures.order_by("position", "id").values("id", "url", "width", "height")),
        "attributes": list(product.attributes.order_by("position", "id").values("name", "value")),
        "options": options_of(product_id=product_id),
        "skus": [_sku(row, card.currency, product) for row in skus],
        "category_path": category_path(category_id=product.category_id),
        "shop": {"id": shop.id, "name": shop.name, "name_en": shop.name_en, "avatar_url": shop.avatar_url},
        "version": product.version,
        "limit": limit_of(product.limit_per_order, product.limit_per_person, product.limit_days),
    }


def _sku(row: tuple[Any, ...], currency: str, product: Product) -> dict[str, Any]:
    code = derive_sale_code(status=product.status, check_status=product.check_status, available=row[4])
    return {
        "id": row[1],
        "price": Money(row[2], currency),
        "list_price": None if row[3] is None else Money(row[3], currency),
        "available": row[4],
        "option_value_ids": as_list(row[5]),
        "option_text": row[6],
        "code": row[7],
        "picture_url": row[8] or None,
        "sale_state": SALE_STATES[code],
        "limit": limit_of(*row[9:12]),
    }


def limit_of(per_order: int | None, per_person: int | None, days: int | None) -> PurchaseLimit | None:
    """The purchase limit of a row, None where there is none."""
    return PurchaseLimit(per_order, per_person, days) or None


def options_of(*, product_id: int) -> list[dict[str, Any]]:
    """Options with their values, in the merchant's order. One query."""
    options: dict[int, dict[str, Any]] = {}
    for pk, name, value_id, value, picture_url in fetch(
        "SELECT o.id, o.name, v.id, v.name, v.picture_url FROM catalogue_option o"
        " JOIN catalogue_optionvalue v ON v.option_id = o.id WHERE o.product_id = %s"
        " ORDER BY o.position, o.id, v.position, v.id",
        [product_id],
    ):
        option = options.setdefault(pk, {"id": pk, "name": name, "values": []})
        option["values"].append({"id": value_id, "name": value, "picture_url": picture_url or None})
    return list(options.values())


def product_page(
    *, category_id: int | None, shop_id: int | None = None, sort: str = "sales", cursor: str | None, limit: int
) -> ProductPage:
    """Products on the shelf, of a category's whole branch and of a shop when given. `sort` is one of SORTS."""
    column, descending = SORTS[sort]
    rows = Product.objects.filter(status="online", check_status="approved")
    if category_id is not None:
        rows = rows.filter(category_id__in=category_ids_below(category_id=category_id))
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    position = decode_cursor(cursor, int, int)
    if position is not None:
        compare = "lt" if descending else "gt"
        beyond = rows.filter(**{f"{column}__{compare}": position[0]})
        rows = beyond | rows.filter(**{column: position[0], "id__lt": position[1]})
    ordered = rows.order_by(f"-{column}" if descending else column, *([] if column == "id" else ["-id"]))
    found = list(ordered.values_list("id", column)[: limit + 1])
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return ProductPage(
        ids=tuple(pk for pk, _ in found[:limit]),
        next_cursor=encode_cursor(last[1], last[0]) if last else None,
    )


def changed_since(*, after: tuple[datetime, int] | None = None, limit: int = 1000) -> list[SnapshotRow]:
    """Products in the order they changed, beyond (updated_at, id) of the last row seen; for snapshots and search."""
    rows = Product.objects.order_by("updated_at", "id")
    if after is not None:
        rows = rows.filter(updated_at__gt=after[0]) | rows.filter(updated_at=after[0], id__gt=after[1])
    return _snapshot_rows(list(rows[:limit]))


def snapshot_rows(*, ids: Iterable[int]) -> list[SnapshotRow]:
    """These products as ranking sees them, by id; unknown ids are absent. For up to some hundreds."""
    return _snapshot_rows(list(Product.objects.filter(pk__in=list(ids)).order_by("id")))


def _snapshot_rows(found: list[Product]) -> list[SnapshotRow]:
    tags = feature_tags_of(row.pk for row in found)
    free: dict[int, int] = dict(
        fetch_in(
            "SELECT s.product_id, SUM(l.free) FROM catalogue_sku s JOIN catalogue_stocklevel l ON l.sku_id = s.id"
            " WHERE s.is_active AND l.is_open AND s.product_id IN ({ids}) GROUP BY s.product_id",
            [row.pk for row in found],
        )
    )
    return [
        SnapshotRow(
            product_id=row.pk,
            shop_id=row.shop_id,
            category_id=row.category_id,
            price_minor=row.min_price_minor,
            currency=row.currency,
            sold_count=row.sold_count,
            score=None if row.score_hundredths is None else row.score_hundredths / 100,
            review_count=row.review_count,
            can_buy=derive_sale_code(status=row.status, check_status=row.check_status, available=free.get(row.pk, 0))
            == "on_sale",
            published_at=row.published_at,
            updated_at=row.updated_at,
            feature_tags=tuple(tags.get(row.pk, ())),
        )
        for row in found
    ]


def ids_by_external_id(*, external_ids: Iterable[str], shop_id: int | None = None) -> dict[str, int]:
    """Product ids by the id in the file they were imported from; of one shop when given."""
    rows = Product.objects.filter(external_id__in=list(external_ids))
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    return {str(external_id): pk for external_id, pk in rows.values_list("external_id", "id")}


def shop_id_of_product(*, product_id: int) -> int:
    """Which shop sells it. Raises NotFound."""
    shop_id = Product.objects.filter(pk=product_id).values_list("shop_id", flat=True).first()
    if shop_id is None:
        raise NotFound
    return shop_id
