"""Fulfilment over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import actor_of, shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.domain.carriers import CARRIERS
from xingqu.fulfilment.schemas import AddressChangeIn, CarrierOut, ShipBatchOut, ShipIn, ShipRowIn, TrackingOut
from xingqu.fulfilment.selectors import tracking_of
from xingqu.kit.api import Id, Number
from xingqu.kit.errors import InvalidInput
from xingqu.trade.contracts import MerchantOrderDetailOut, ShopOrderDetailOut
from xingqu.trade.selectors import merchant_order, order_detail
from xingqu.trade.services import change_order_address, extend_receipt

router = Router(tags=["fulfilment"])
MAX_ROWS = 200


@router.get("/carriers", response=list[CarrierOut])
def list_carriers(request: HttpRequest) -> Any:
    """Carriers and the form of their tracking numbers."""
    return CARRIERS


@router.post("/shops/{shop_id}/orders/ship-batch", response=ShipBatchOut)
def ship_batch(request: HttpRequest, shop_id: Id, payload: list[ShipRowIn]) -> Any:
    """Ship up to 200 orders; each row succeeds or fails on its own."""
    shop_of(request, shop_id, "orders.write")
    if not 1 <= len(payload) <= MAX_ROWS:
        raise InvalidInput(field="payload", expected=f"1 to {MAX_ROWS} rows")
    shipments = [services.Shipment(row.order_no, row.carrier_code, row.tracking_no) for row in payload]
    return {"items": services.ship_batch(shop_id=shop_id, shipments=shipments)}


@router.post("/shops/{shop_id}/orders/{order_no}/ship", response=MerchantOrderDetailOut)
def ship_order(request: HttpRequest, shop_id: Id, order_no: Number, payload: ShipIn) -> Any:
    """Hand a paid order's package to a carrier: all that is left of it, or some of its lines."""
    shop_of(request, shop_id, "orders.write")
    lines = None if payload.lines is None else tuple((line.sku_id, line.quantity) for line in payload.lines)
    services.ship_order(
        shop_id=shop_id, shipment=services.Shipment(order_no, payload.carrier_code, payload.tracking_no, lines)
    )
    return merchant_order(shop_id=shop_id, order_no=order_no)


@router.get("/orders/{order_no}/tracking", response=TrackingOut)
def get_tracking(request: HttpRequest, order_no: Number) -> Any:
    """The way of one's own order's packages."""
    return tracking_of(buyer_key=actor_of(request).key, order_no=order_no)


@router.post("/orders/{order_no}/address", response=ShopOrderDetailOut)
def change_address(request: HttpRequest, order_no: Number, payload: AddressChangeIn) -> Any:
    """Send one's own paid order, of which nothing is shipped, to another of one's addresses."""
    key = actor_of(request).key
    change_order_address(buyer_key=key, order_no=order_no, address_id=payload.address_id)
    return order_detail(buyer_key=key, order_no=order_no)


@router.post("/orders/{order_no}/extend-receipt", response=ShopOrderDetailOut)
def take_more_time(request: HttpRequest, order_no: Number) -> Any:
    """More time to confirm receipt of a shipped order, once."""
    key = actor_of(request).key
    extend_receipt(buyer_key=key, order_no=order_no)
    return order_detail(buyer_key=key, order_no=order_no)
