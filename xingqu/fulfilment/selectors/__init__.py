"""Reads of fulfilment."""

from xingqu.fulfilment.selectors.addresses import hook_of, return_address_of, sender_of, shop_addresses
from xingqu.fulfilment.selectors.covers import audited_covers, cover_terms, order_cover, product_cover, shop_cover
from xingqu.fulfilment.selectors.desk import (
    carrier_status,
    desk_counts,
    package_of,
    packages_for_labels,
    packages_page,
)
from xingqu.fulfilment.selectors.packed import units_packed
from xingqu.fulfilment.selectors.tracking import parcels_of, tracking_of

__all__ = [
    "audited_covers",
    "carrier_status",
    "cover_terms",
    "desk_counts",
    "hook_of",
    "order_cover",
    "package_of",
    "packages_for_labels",
    "packages_page",
    "parcels_of",
    "product_cover",
    "return_address_of",
    "sender_of",
    "shop_addresses",
    "shop_cover",
    "tracking_of",
    "units_packed",
]
