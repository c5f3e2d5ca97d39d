"""Shipping orders, one by one or many, each in a package of its own."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.schemas import ShipBatchOut, ShipIn, ShipRowIn
from xingqu.kit.api import Id, Number
from xingqu.kit.errors import InvalidInput
from xingqu.trade.contracts import MerchantOrderDetailOut
from xingqu.trade.selectors import merchant_order

router = Router()
MAX_ROWS = 200


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
