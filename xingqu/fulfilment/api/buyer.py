"""The way of one's own orders."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import actor_of
from xingqu.fulfilment import services
from xingqu.fulfilment.schemas import AddressChangeIn, TrackingOut
from xingqu.fulfilment.selectors import tracking_of
from xingqu.kit.api import Id, Number
from xingqu.trade.contracts import ShopOrderDetailOut
from xingqu.trade.selectors import order_detail
from xingqu.trade.services import extend_receipt

router = Router()


@router.get("/orders/{order_no}/tracking", response=TrackingOut)
def get_tracking(request: HttpRequest, order_no: Number) -> Any:
    """The way of one's own order's packages, and what one may do about it."""
    return tracking_of(buyer_key=actor_of(request).key, order_no=order_no)


@router.post("/orders/{order_no}/address", response=ShopOrderDetailOut)
def change_address(request: HttpRequest, order_no: Number, payload: AddressChangeIn) -> Any:
    """Send one's own paid order, of which nothing is shipped or packed, to another of one's addresses."""
    key = actor_of(request).key
    services.change_address(buyer_key=key, order_no=order_no, address_id=payload.address_id)
    return order_detail(buyer_key=key, order_no=order_no)


@router.post("/orders/{order_no}/extend-receipt", response=ShopOrderDetailOut)
def take_more_time(request: HttpRequest, order_no: Number) -> Any:
    """More time to confirm receipt of a shipped order, once."""
    key = actor_of(request).key
    extend_receipt(buyer_key=key, order_no=order_no)
    return order_detail(buyer_key=key, order_no=order_no)


@router.post("/orders/{order_no}/packages/{package_id}/intercept", response=TrackingOut)
def turn_back(request: HttpRequest, order_no: Number, package_id: Id) -> Any:
    """Ask the carrier to turn back a package of one's own order; the answer comes later."""
    key = actor_of(request).key
    services.intercept_for_buyer(buyer_key=key, order_no=order_no, package_id=package_id)
    return tracking_of(buyer_key=key, order_no=order_no)
