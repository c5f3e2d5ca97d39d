"""Reads of programmes."""

from xingqu.programmes.selectors.bundles import bundle_items
from xingqu.programmes.selectors.limits import units_taken
from xingqu.programmes.selectors.presales import presale_terms
from xingqu.programmes.selectors.quoting import programmes_for
from xingqu.programmes.selectors.rooms import claimed_among, room_coupons, room_sales, shop_room_sales

__all__ = [
    "bundle_items",
    "claimed_among",
    "presale_terms",
    "programmes_for",
    "room_coupons",
    "room_sales",
    "shop_room_sales",
    "units_taken",
]
