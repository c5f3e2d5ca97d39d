"""SKUs as carts and checkouts see them."""

from collections.abc import Iterable

from xingqu.catalogue.contracts import NO_LIMIT, SALE_STATES, PurchaseLimit, SkuOffer
from xingqu.catalogue.domain.sale_state import derive_sale_code
from xingqu.catalogue.selectors.rows import fetch_in
from xingqu.catalogue.selectors.tags import feature_tags_of

_OFFERS = (
    "SELECT s.id, p.id, p.shop_id, p.name, s.option_text, CASE WHEN s.picture_url <> '' THEN s.picture_url"
    " ELSE p.picture_url END, s.price_minor, s.currency, l.free, p.status, p.check_status, s.is_active,"
    " p.version, p.category_id, l.general, p.limit_per_order, p.limit_per_person, p.limit_days, s.limit_per_order,"
    " s.limit_per_person, s.limit_days FROM catalogue_sku s JOIN catalogue_product p ON p.id = s.product_id"
    " LEFT JOIN (SELECT sku_id, SUM(free) AS free, SUM(CASE WHEN campaign = '' THEN free ELSE 0 END) AS general"
    " FROM catalogue_stocklevel WHERE is_open AND sku_id IN ({ids}) GROUP BY sku_id) l ON l.sku_id = s.id"
    " WHERE s.id IN ({ids})"
)


def skus_for_sale(sku_ids: Iterable[int], *, with_tags: bool = True) -> dict[int, SkuOffer]:
    """Offers by SKU id, also of what cannot be bought (its `sale_state` says why); unknown ids are absent.

    Two queries, or one without the feature tags.
    """
    rows = list(fetch_in(_OFFERS, sku_ids))
    tags = feature_tags_of(row[1] for row in rows) if with_tags else {}
    offers = {}
    for row in rows:
        free = (row[8] or 0) if row[11] else 0
        status = row[9] if row[11] else "deleted"
        code = derive_sale_code(status=status, check_status=row[10], available=free)
        offers[row[0]] = SkuOffer(
            sku_id=row[0],
            product_id=row[1],
            shop_id=row[2],
            name=row[3],
            option_text=row[4],
            picture_url=row[5],
            price_minor=row[6],
            currency=row[7],
            available=free,
            general_available=(row[14] or 0) if row[11] else 0,
            sale_state=SALE_STATES[code],
            version=row[12],
            category_id=row[13],
            feature_tag_ids=tuple(tag_id for tag_id, _ in tags.get(row[1], ())),
            product_limit=_limit(row[15:18]),
            sku_limit=_limit(row[18:21]),
        )
    return offers


def _limit(columns: tuple[int | None, ...]) -> PurchaseLimit:
    return NO_LIMIT if columns[0] is None and columns[1] is None else PurchaseLimit(*columns)
