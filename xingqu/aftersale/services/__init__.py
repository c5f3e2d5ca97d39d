"""Writes of after-sale."""

from xingqu.aftersale.services.evidence import sweep_pictures
from xingqu.aftersale.services.shop_settings import remember_prices
from xingqu.aftersale.services.timers import finish_refund, parcel_delivered, run_due
from xingqu.aftersale.services.turned_back import TurnedBack, take_back

__all__ = [
    "TurnedBack",
    "finish_refund",
    "parcel_delivered",
    "remember_prices",
    "run_due",
    "sweep_pictures",
    "take_back",
]
