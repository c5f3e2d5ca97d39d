"""Shapes of the fulfilment API."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Id, Number, Out, Quantity, Text

CarrierCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,20}$")]
TrackingNumber = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]


class CarrierOut(Schema):
    """`tracking_pattern` is the regular expression of its (upper-case) tracking numbers."""

    code: str
    name: str
    name_en: str
    tracking_pattern: str


class UnitsIn(Schema):
    sku_id: Id
    quantity: Quantity


class ShipIn(Schema):
    """`lines` are the units that go into this package; null is all that is left."""

    carrier_code: CarrierCode
    tracking_no: TrackingNumber
    lines: Annotated[list[UnitsIn], Field(min_length=1, max_length=100)] | None = None


class AddressChangeIn(Schema):
    address_id: Id


class ShipRowIn(Schema):
    order_no: Number
    carrier_code: CarrierCode
    tracking_no: TrackingNumber


class ShipRowOut(Schema):
    """`error` has the shape of every refusal's `error`."""

    order_no: str
    shipped: bool
    error: dict[str, Any] | None


class ShipBatchOut(Schema):
    items: list[ShipRowOut]


class TrackingEventOut(Out):
    code: str
    at: datetime
    data: dict[str, Any]


class PackedLineOut(Out):
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    quantity: int


class TrackedPackageOut(Out):
    """Events newest first."""

    id: int
    state: str
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[PackedLineOut]
    events: list[TrackingEventOut]


class TrackingOut(Out):
    """Packages oldest first; `package` is the last of them, `events` are its events and the order's before it left."""

    order_no: str
    package: TrackedPackageOut | None
    events: list[TrackingEventOut]
    packages: list[TrackedPackageOut]
