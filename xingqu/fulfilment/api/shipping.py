"""Shipping orders, one by one or many, each in a package of its own."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Router, UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.domain.ship_file import read_rows, sheet_rows
from xingqu.fulfilment.schemas import ShipBatchOut, ShipCheckOut, ShipFileOut, ShipIn, ShipRowIn
from xingqu.kit.api import Id, Number
from xingqu.kit.errors import InvalidInput
from xingqu.kit.spreadsheets import XLSX_TYPE, xlsx_stream
from xingqu.trade.contracts import MerchantOrderDetailOut
from xingqu.trade.selectors import merchant_order
from xingqu.trade.selectors.merchant import orders_to_ship

router = Router()
MAX_ROWS = 200
MAX_FILE_BYTES = 2 * 1024 * 1024


@router.post("/shops/{shop_id}/orders/ship-batch", response=ShipBatchOut)
def ship_batch(request: HttpRequest, shop_id: Id, payload: list[ShipRowIn]) -> Any:
    """Ship up to 200 orders; each row succeeds or fails on its own."""
    shop_of(request, shop_id, "orders.write")
    return {"items": services.ship_batch(shop_id=shop_id, shipments=_shipments(payload))}


@router.post("/shops/{shop_id}/orders/ship-batch/check", response=ShipCheckOut)
def check_ship_batch(request: HttpRequest, shop_id: Id, payload: list[ShipRowIn]) -> Any:
    """What shipping these rows now would come to. Nothing is changed."""
    shop_of(request, shop_id, "orders.write")
    return {"items": services.check_batch(shop_id=shop_id, shipments=_shipments(payload))}


@router.post("/shops/{shop_id}/orders/ship-batch/read", response=ShipFileOut)
def read_ship_file(
    request: HttpRequest,
    shop_id: Id,
    file: UploadedFile = File(...),  # type: ignore[type-arg]
) -> Any:
    """The first three columns of an XLSX or CSV file (UTF-8, or GB 18030 as Excel writes it) of up to 2 MB. Nothing is changed."""
    shop_of(request, shop_id, "orders.write")
    rows = read_rows(file.read(MAX_FILE_BYTES + 1), max_bytes=MAX_FILE_BYTES)
    return {"text": "\n".join("\t".join(row) for row in rows), "rows": len(rows)}


@router.get("/shops/{shop_id}/orders/ship-batch/sheet.xlsx", response={200: Any})
def get_ship_sheet(request: HttpRequest, shop_id: Id) -> StreamingHttpResponse:
    """The orders that wait to be shipped, the most urgent first, up to 200: carrier and tracking number are to be filled in."""
    shop_of(request, shop_id, "orders.write")
    headers = {"Content-Disposition": f'attachment; filename="to-ship-{shop_id}.xlsx"'}
    rows = sheet_rows(orders_to_ship(shop_id=shop_id, limit=MAX_ROWS))
    return StreamingHttpResponse(xlsx_stream(rows, title="to-ship"), content_type=XLSX_TYPE, headers=headers)


def _shipments(payload: list[ShipRowIn]) -> list[services.Shipment]:
    if not 1 <= len(payload) <= MAX_ROWS:
        raise InvalidInput(field="payload", expected=f"1 to {MAX_ROWS} rows")
    return [services.Shipment(row.order_no, row.carrier_code, row.tracking_no) for row in payload]


@router.post("/shops/{shop_id}/orders/{order_no}/ship", response=MerchantOrderDetailOut)
def ship_order(request: HttpRequest, shop_id: Id, order_no: Number, payload: ShipIn) -> Any:
    """Hand a paid order's package to a carrier: all that is left of it, or some of its lines."""
    shop_of(request, shop_id, "orders.write")
    lines = None if payload.lines is None else tuple((line.sku_id, line.quantity) for line in payload.lines)
    services.ship_order(
        shop_id=shop_id, shipment=services.Shipment(order_no, payload.carrier_code, payload.tracking_no, lines)
    )
    return merchant_order(shop_id=shop_id, order_no=order_no)
