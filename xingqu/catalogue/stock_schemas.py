"""Shapes of the API of stock: changes, levels, warehouses, movements."""

from datetime import datetime
from typing import Annotated, Literal, Self

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from xingqu.catalogue.schemas import Stock
from xingqu.kit.api import Id, ShortText


class StockIn(Schema):
    """Either `delta` or `set_to`."""

    sku_id: Id
    delta: Annotated[int, Field(ge=-9_999_999, le=9_999_999)] | None = None
    set_to: Stock | None = None
    reason: Annotated[ShortText, StringConstraints(min_length=1, max_length=120)]
    warehouse_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.delta is None) == (self.set_to is None):
            raise ValueError("give either delta or set_to")
        return self


class StockOut(Schema):
    sku_id: int
    available: int


MovementKind = Literal["initial", "adjust", "hold", "consume", "release", "return", "move", "allot", "takeback"]


class MovementOut(Schema):
    id: int
    kind: MovementKind
    sku_id: int
    product_id: int
    product_name: str
    option_text: str
    warehouse_id: int
    warehouse_name: str
    campaign: str
    on_hand_delta: int
    held_delta: int
    order_ref: str
    reason: str
    person_id: int | None
    at: datetime


class StockLevelOut(Schema):
    """Units of a SKU in one warehouse, in general stock or a campaign's: `received` = `sold` + `held` + `free`."""

    warehouse_id: int
    warehouse_name: str
    campaign: str
    received: int
    sold: int
    held: int
    free: int
    is_open: bool
    buckets: int


class WarehouseOut(Schema):
    id: int
    name: str
    is_default: bool
    priority: int


class WarehouseIn(Schema):
    """Orders take from the warehouse with the lowest `priority` that has enough."""

    name: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    priority: Annotated[int, Field(ge=0, le=999)] = 0


class StockMoveIn(Schema):
    sku_id: Id
    source_id: Id
    target_id: Id
    quantity: Annotated[int, Field(ge=1, le=9_999_999)]


class WatchesOut(Schema):
    """SKUs that this person waits for."""

    sku_ids: list[int]
