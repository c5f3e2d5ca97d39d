"""Reads of fulfilment."""

from xingqu.fulfilment.selectors.addresses import hook_of, return_address_of, sender_of, shop_addresses
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
    "carrier_status",
    "desk_counts",
    "hook_of",
    "package_of",
    "packages_for_labels",
    "packages_page",
    "parcels_of",
    "return_address_of",
    "sender_of",
    "shop_addresses",
    "tracking_of",
    "units_packed",
]
