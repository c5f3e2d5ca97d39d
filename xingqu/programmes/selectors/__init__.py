"""Reads of programmes."""

from xingqu.programmes.selectors.bundles import bundle_items
from xingqu.programmes.selectors.limits import units_taken
from xingqu.programmes.selectors.quoting import programmes_for

__all__ = ["bundle_items", "programmes_for", "units_taken"]
