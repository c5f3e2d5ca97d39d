"""Shapes of the fulfilment API."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import StringConstraints

from xingqu.kit.api import Number, Text

CarrierCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,20}$")]
TrackingNumber = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]


class CarrierOut(Schema):
    """`tracking_pattern` is the regular expression of its (upper-case) tracking numbers."""

    code: str
    name: str
    name_en: str
    tracking_pattern: str


class ShipIn(Schema):
    carrier_code: CarrierCode
    tracking_no: TrackingNumber


class ShipRowIn(ShipIn):
    order_no: Number


class ShipRowOut(Schema):
    """`error` has the shape of every refusal's `error`."""

    order_no: str
    shipped: bool
    error: dict[str, Any] | None


class ShipBatchOut(Schema):
    items: list[ShipRowOut]


class TrackedPackageOut(Schema):
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    shipped_at: datetime


class TrackingEventOut(Schema):
    code: str
    at: datetime
    data: dict[str, Any]


class TrackingOut(Schema):
    """Events newest first."""

    order_no: str
    package: TrackedPackageOut | None
    events: list[TrackingEventOut]
