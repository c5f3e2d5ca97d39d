"""Writes of the catalogue."""

from xingqu.catalogue.domain.errors import (
    BadFile,
    Duplicate,
    HoldExists,
    HoldResolved,
    NotEnoughStock,
    SoldOut,
    StaleVersion,
    TooMany,
    WrongState,
)
from xingqu.catalogue.services.allotments import allot_stock, open_allotments, return_allotment
from xingqu.catalogue.services.batches import edit_products, undo_batch
from xingqu.catalogue.services.category_tree import ensure_category, ensure_category_tree, set_category_cover
from xingqu.catalogue.services.copies import copy_product
from xingqu.catalogue.services.counters import add_sold, set_review_score
from xingqu.catalogue.services.demo import DEMO_SHOPS, DemoShop, demo_file, demo_records, demo_shop_of
from xingqu.catalogue.services.imports import ImportReport, import_catalogue, open_lines
from xingqu.catalogue.services.limits import set_limits
from xingqu.catalogue.services.listing_review import (
    approve_listing,
    reject_listing,
    submit_for_review,
    withdraw_submission,
)
from xingqu.catalogue.services.pictures import add_picture, arrange_pictures, encode_picture, set_pictures
from xingqu.catalogue.services.products import (
    ban_product,
    create_product,
    delete_product,
    discard_draft,
    submit_product,
    take_offline,
    take_online,
    update_product,
)
from xingqu.catalogue.services.skus import replace_skus
from xingqu.catalogue.services.stock import (
    change_stock,
    extend_holds,
    hold_again,
    hold_orders,
    hold_stock,
    release_expired_holds,
    resolve_hold,
    resolve_holds,
    return_stock,
)
from xingqu.catalogue.services.tags import ensure_tags, name_tags, retag_products
from xingqu.catalogue.services.warehouses import move_stock, save_warehouse
from xingqu.catalogue.services.watches import tell_watchers, unwatch_stock, watch_stock

__all__ = [
    "DEMO_SHOPS",
    "BadFile",
    "DemoShop",
    "Duplicate",
    "HoldExists",
    "HoldResolved",
    "ImportReport",
    "NotEnoughStock",
    "SoldOut",
    "StaleVersion",
    "TooMany",
    "WrongState",
    "add_picture",
    "add_sold",
    "allot_stock",
    "approve_listing",
    "arrange_pictures",
    "ban_product",
    "change_stock",
    "copy_product",
    "create_product",
    "delete_product",
    "demo_file",
    "demo_records",
    "demo_shop_of",
    "discard_draft",
    "edit_products",
    "encode_picture",
    "ensure_category",
    "ensure_category_tree",
    "ensure_tags",
    "extend_holds",
    "hold_again",
    "hold_orders",
    "hold_stock",
    "import_catalogue",
    "move_stock",
    "name_tags",
    "open_allotments",
    "open_lines",
    "reject_listing",
    "release_expired_holds",
    "replace_skus",
    "resolve_hold",
    "resolve_holds",
    "retag_products",
    "return_allotment",
    "return_stock",
    "save_warehouse",
    "set_category_cover",
    "set_limits",
    "set_pictures",
    "set_review_score",
    "submit_for_review",
    "submit_product",
    "take_offline",
    "take_online",
    "tell_watchers",
    "undo_batch",
    "unwatch_stock",
    "update_product",
    "watch_stock",
    "withdraw_submission",
]
