"""Writes of fulfilment."""

from xingqu.fulfilment.services.addresses import remove_address, renew_hook, save_address, set_return_address
from xingqu.fulfilment.services.covers import add_cover_terms, charge_cover, pay_cover, promise_cover, set_shop_cover
from xingqu.fulfilment.services.intercepting import intercept_for_buyer, intercept_for_shop
from xingqu.fulfilment.services.packing import hand_over, merge, pack, split, unpack
from xingqu.fulfilment.services.parcels import register_parcel
from xingqu.fulfilment.services.pickups import keep_pickup, offer_pickup, order_pickup
from xingqu.fulfilment.services.readdress import change_address
from xingqu.fulfilment.services.shipping import Shipment, change_number, check_batch, ship_batch, ship_order
from xingqu.fulfilment.services.waybills import make_waybills, mark_printed

__all__ = [
    "Shipment",
    "add_cover_terms",
    "change_address",
    "change_number",
    "charge_cover",
    "check_batch",
    "hand_over",
    "intercept_for_buyer",
    "intercept_for_shop",
    "keep_pickup",
    "make_waybills",
    "mark_printed",
    "merge",
    "offer_pickup",
    "order_pickup",
    "pack",
    "pay_cover",
    "promise_cover",
    "register_parcel",
    "remove_address",
    "renew_hook",
    "save_address",
    "set_return_address",
    "set_shop_cover",
    "ship_batch",
    "ship_order",
    "split",
    "unpack",
]
