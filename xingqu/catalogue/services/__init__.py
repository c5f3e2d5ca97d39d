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
from xingqu.catalogue.services.batches import edit_products, undo_batch
from xingqu.catalogue.services.category_tree import ensure_category, ensure_category_tree, set_category_cover
from xingqu.catalogue.services.copies import copy_product
from xingqu.catalogue.services.counters import add_sold, set_review_score
from xingqu.catalogue.services.demo import DEMO_SHOPS, DemoShop, demo_file, demo_records, demo_shop_of
from xingqu.catalogue.services.imports import ImportReport, import_catalogue, open_lines
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
    hold_stock,
    release_expired_holds,
    resolve_hold,
    return_stock,
)
from xingqu.catalogue.services.tags import ensure_tags, name_tags, retag_products

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
    "hold_stock",
    "import_catalogue",
    "name_tags",
    "open_lines",
    "reject_listing",
    "release_expired_holds",
    "replace_skus",
    "resolve_hold",
    "retag_products",
    "return_stock",
    "set_category_cover",
    "set_pictures",
    "set_review_score",
    "submit_for_review",
    "submit_product",
    "take_offline",
    "take_online",
    "undo_batch",
    "update_product",
    "withdraw_submission",
]
