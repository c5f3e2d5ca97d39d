"""Stock of a shop: changes, levels, warehouses, movements; and "tell me when it is back" for buyers."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import person_of, shop_of
from xingqu.catalogue import selectors, services
from xingqu.catalogue.stock_schemas import (
    MovementKind,
    MovementOut,
    StockIn,
    StockLevelOut,
    StockMoveIn,
    StockOut,
    WarehouseIn,
    WarehouseOut,
    WatchesOut,
)
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Moment, ShortText

router = Router()
WRITE = "products.write"
OrderRef = Annotated[ShortText, StringConstraints(max_length=64)]


@router.post("/shops/{shop_id}/products/{product_id}/stock", response=StockOut)
def change_stock(request: HttpRequest, shop_id: Id, product_id: Id, payload: StockIn) -> Any:
    """Change the units on hand of one SKU in a warehouse, with the reason."""
    member = shop_of(request, shop_id, WRITE)
    available = services.change_stock(
        shop_id=shop_id,
        product_id=product_id,
        sku_id=payload.sku_id,
        delta=payload.delta,
        set_to=payload.set_to,
        reason=payload.reason,
        person_id=member.person_id,
        warehouse_id=payload.warehouse_id,
    )
    return {"sku_id": payload.sku_id, "available": available}


@router.get("/shops/{shop_id}/skus/{sku_id}/levels", response=list[StockLevelOut])
def list_levels(request: HttpRequest, shop_id: Id, sku_id: Id) -> Any:
    """Where the units of a SKU are: by warehouse, in general stock and set aside for campaigns."""
    shop_of(request, shop_id, "view")
    return selectors.stock_levels(shop_id=shop_id, sku_id=sku_id)


@router.get("/shops/{shop_id}/skus/{sku_id}/movements", response=ListOut[MovementOut])
def list_movements(
    request: HttpRequest, shop_id: Id, sku_id: Id, cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Every change of a SKU's stock, newest first."""
    shop_of(request, shop_id, "view")
    items, following = selectors.movements_page(shop_id=shop_id, sku_id=sku_id, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following}


@router.get("/shops/{shop_id}/stock-movements", response=ListOut[MovementOut])
def list_shop_movements(
    request: HttpRequest,
    shop_id: Id,
    sku_id: Id | None = None,
    product_id: Id | None = None,
    warehouse_id: Id | None = None,
    kind: MovementKind | None = None,
    order_ref: OrderRef = "",
    since: Moment | None = None,
    until: Moment | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Every change of a shop's stock, newest first, by product, SKU, warehouse, kind, order and time."""
    shop_of(request, shop_id, "view")
    items, following = selectors.movements_page(
        shop_id=shop_id,
        sku_id=sku_id,
        product_id=product_id,
        warehouse_id=warehouse_id,
        kind=kind,
        order_ref=order_ref,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
    )
    return {"items": items, "next_cursor": following}


@router.get("/shops/{shop_id}/warehouses", response=list[WarehouseOut])
def list_warehouses(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's warehouses, the preferred one first; none before its first stock."""
    shop_of(request, shop_id, "view")
    return selectors.warehouses_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/warehouses", response={201: list[WarehouseOut]})
def create_warehouse(request: HttpRequest, shop_id: Id, payload: WarehouseIn) -> Any:
    """Make a warehouse; answers with the list."""
    shop_of(request, shop_id, WRITE)
    services.save_warehouse(shop_id=shop_id, name=payload.name, priority=payload.priority)
    return Status(201, selectors.warehouses_of(shop_id=shop_id))


@router.put("/shops/{shop_id}/warehouses/{warehouse_id}", response=list[WarehouseOut])
def change_warehouse(request: HttpRequest, shop_id: Id, warehouse_id: Id, payload: WarehouseIn) -> Any:
    """Rename or reorder a warehouse; answers with the list."""
    shop_of(request, shop_id, WRITE)
    services.save_warehouse(shop_id=shop_id, name=payload.name, priority=payload.priority, warehouse_id=warehouse_id)
    return selectors.warehouses_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/stock-moves", response=list[StockLevelOut])
def move_stock(request: HttpRequest, shop_id: Id, payload: StockMoveIn) -> Any:
    """Move free units from one warehouse to another; answers with the SKU's levels."""
    member = shop_of(request, shop_id, WRITE)
    services.move_stock(
        shop_id=shop_id,
        sku_id=payload.sku_id,
        source_id=payload.source_id,
        target_id=payload.target_id,
        quantity=payload.quantity,
        person_id=member.person_id,
    )
    return selectors.stock_levels(shop_id=shop_id, sku_id=payload.sku_id)


@router.get("/products/{product_id}/stock-watches", response=WatchesOut)
def list_watches(request: HttpRequest, product_id: Id) -> Any:
    """SKUs of a product of which this person wants to be told. Needs a signed-in person."""
    return {"sku_ids": selectors.watched_skus(person_id=person_of(request), product_id=product_id)}


@router.put("/stock-watches/{sku_id}", response={204: None})
def watch_stock(request: HttpRequest, sku_id: Id) -> Any:
    """Tell me when this SKU is back. Needs a signed-in person."""
    services.watch_stock(person_id=person_of(request), sku_id=sku_id)
    return Status(204, None)


@router.delete("/stock-watches/{sku_id}", response={204: None})
def unwatch_stock(request: HttpRequest, sku_id: Id) -> Any:
    """Do not tell me any more."""
    services.unwatch_stock(person_id=person_of(request), sku_id=sku_id)
    return Status(204, None)
