"""Writes of fulfilment."""

from xingqu.fulfilment.services.parcels import register_parcel
from xingqu.fulfilment.services.shipping import Shipment, ship_batch, ship_order

__all__ = ["Shipment", "register_parcel", "ship_batch", "ship_order"]
