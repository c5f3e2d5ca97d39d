"""Shapes of the fulfilment API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Id, Number, Out, Quantity, ShortText, Text

CarrierCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,20}$")]
TrackingNumber = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]


class CarrierOut(Schema):
    """`tracking_pattern` is the regular expression of its (upper-case) tracking numbers, `tracking_example` one of them."""

    code: str
    name: str
    name_en: str
    tracking_pattern: str
    tracking_example: str


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


class ShipCheckRowOut(Schema):
    """What shipping the row now would come to; `error` has the shape of every refusal's `error`."""

    order_no: str
    can_ship: bool
    error: dict[str, Any] | None


class ShipCheckOut(Schema):
    items: list[ShipCheckRowOut]


class ShipFileOut(Schema):
    """The rows of a file as text: order number, carrier and tracking number, separated by tabs, one row a line of the file."""

    text: str
    rows: int


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
    flagged: bool
    intercept: str
    can: list[Literal["intercept"]]
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
    can: list[Literal["change_address", "extend_receipt"]]


class PackOrderIn(Schema):
    """`lines` null: all that is left."""

    order_no: Number
    lines: Annotated[list[UnitsIn], Field(min_length=1, max_length=100)] | None = None


class PackIn(Schema):
    orders: Annotated[list[PackOrderIn], Field(min_length=1, max_length=20)]


class MergeIn(Schema):
    package_ids: Annotated[list[Id], Field(min_length=2, max_length=20)]


class OrderUnitsIn(UnitsIn):
    order_no: Number


class SplitIn(Schema):
    lines: Annotated[list[OrderUnitsIn], Field(min_length=1, max_length=100)]


class HandOverIn(Schema):
    """Both null for a package that has a waybill."""

    carrier_code: CarrierCode | None = None
    tracking_no: TrackingNumber | None = None


class NumberIn(Schema):
    carrier_code: CarrierCode
    tracking_no: TrackingNumber


class WaybillIn(Schema):
    package_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    carrier_code: CarrierCode


class WaybillResultOut(Out):
    """`error` has the shape of every refusal's `error`."""

    package_id: int
    tracking_no: str
    error: dict[str, Any] | None


class DeskLineOut(PackedLineOut):
    order_no: str


class DeskPackageOut(Out):
    """`ship_by` is the earliest deadline of its orders; `flagged_at` since when it is known to be silent; events newest first.

    `intercept`: empty, asked, accepted, succeeded, failed. `watch`: off, due, on, refused.
    """

    id: int
    state: str
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    has_waybill: bool
    printed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    flagged_at: datetime | None
    news_at: datetime | None
    ship_by: datetime | None
    intercept: str
    watch: str
    lines: list[DeskLineOut]
    events: list[TrackingEventOut]
    recipient: dict[str, Any]


class FiguresOut(Out):
    """Orders whose deadline lay in the last thirty days: `due` is the sum of the others."""

    due: int
    in_time: int
    late: int
    open_late: int


class DeskCountsOut(Out):
    tabs: dict[str, int]
    figures: FiguresOut


class HookOut(Out):
    path: str
    made_at: datetime
    used_at: datetime | None


class NewHookOut(HookOut):
    secret: str


Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$")]
RegionId = Annotated[int, Field(ge=1, le=1_000_000)]


class ShopAddressIn(Schema):
    recipient: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    phone: Phone
    province_id: RegionId
    city_id: RegionId
    district_id: RegionId
    detail: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
    sends: bool = False
    takes_returns: bool = False


class ShopAddressOut(Out):
    """The ids are null where the region is known in words only; `province` is all of it then."""

    id: int
    recipient: str
    phone: str
    province_id: int | None
    city_id: int | None
    district_id: int | None
    province: str
    city: str
    district: str
    region: str
    detail: str
    sends: bool
    takes_returns: bool


class CarrierStatusOut(Out):
    """`provider`: none, simulated or kuaidi100; `configured` tells whether its keys are set. Packages on their way by `watch`,
    those flagged as silent, and when news last came in."""

    provider: str
    configured: bool
    push_url: str
    watch: dict[str, int]
    on_the_way: int
    silent: int
    intercepts_open: int
    last_news_at: datetime | None


class CoverTermsIn(Schema):
    """Fen; `effective_from` null: from now on."""

    premium_minor: Annotated[int, Field(ge=0, le=100_000)]
    limit_minor: Annotated[int, Field(ge=1, le=100_000)]
    effective_from: datetime | None = None


class CoverTermsOut(Out):
    """Return freight insurance: premium an order and the most for a return, fen. `effective_from` null: the installation's."""

    premium_minor: int
    limit_minor: int
    effective_from: datetime | None


class CoverTermsPageOut(Out):
    current: CoverTermsOut
    items: list[CoverTermsOut]


class ShopCoverIn(Schema):
    all_products: bool


class ShopCoverOut(Out):
    """`orders` were insured; `charged_minor` was taken for them and `paid_minor` was paid for returns, fen."""

    all_products: bool
    terms: CoverTermsOut
    orders: int
    charged_minor: int
    paid_minor: int


class FreightCoverOut(Out):
    """Whether return freight is insured, up to how much (fen of CNY), and whether a return has used it."""

    covered: bool
    limit_minor: int
    used: bool
