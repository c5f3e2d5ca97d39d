"""Reads of fulfilment."""

from xingqu.fulfilment.selectors.tracking import parcels_of, tracking_of

__all__ = ["parcels_of", "tracking_of"]
