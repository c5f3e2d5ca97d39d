"""Reads of the catalogue."""

from xingqu.catalogue.selectors.categories import (
    category_attributes,
    category_cards,
    category_ids_below,
    category_path,
    category_tree,
    find_category,
    shop_category_paths,
)
from xingqu.catalogue.selectors.export import export_rows
from xingqu.catalogue.selectors.offers import skus_for_sale
from xingqu.catalogue.selectors.products import (
    cards,
    changed_since,
    ids_by_external_id,
    product_detail,
    product_page,
    promises_of,
    shop_id_of_product,
    snapshot_rows,
)
from xingqu.catalogue.selectors.reviews import listing_review, listing_reviews, waiting_listings
from xingqu.catalogue.selectors.search import search_products, suggest
from xingqu.catalogue.selectors.shelf import main_category, shelf_problems
from xingqu.catalogue.selectors.shop import merchant_product, merchant_products, shop_stock_summary
from xingqu.catalogue.selectors.shop_review import count_on_sale, shop_kind
from xingqu.catalogue.selectors.stock import (
    allotments_of,
    movements_page,
    on_hand_of,
    stock_levels,
    waiting_allotments,
    warehouses_of,
    watched_skus,
)
from xingqu.catalogue.selectors.tags import canonical_name, feature_tags_of, tag_ids_by_name, tags_by_ids
from xingqu.catalogue.selectors.taken import units_taken

__all__ = [
    "allotments_of",
    "canonical_name",
    "cards",
    "category_attributes",
    "category_cards",
    "category_ids_below",
    "category_path",
    "category_tree",
    "changed_since",
    "count_on_sale",
    "export_rows",
    "feature_tags_of",
    "find_category",
    "ids_by_external_id",
    "listing_review",
    "listing_reviews",
    "main_category",
    "merchant_product",
    "merchant_products",
    "movements_page",
    "on_hand_of",
    "product_detail",
    "product_page",
    "promises_of",
    "search_products",
    "shelf_problems",
    "shop_category_paths",
    "shop_id_of_product",
    "shop_kind",
    "shop_stock_summary",
    "skus_for_sale",
    "snapshot_rows",
    "stock_levels",
    "suggest",
    "tag_ids_by_name",
    "tags_by_ids",
    "units_taken",
    "waiting_allotments",
    "waiting_listings",
    "warehouses_of",
    "watched_skus",
]
