"""Facts of fulfilment. `lines` are (sku_id, quantity)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PackageShipped:
    """Units of an order went off in a package; a package with several orders' units tells of each order."""

    order_no: str
    shop_id: int
    package_id: int
    carrier_code: str
    tracking_no: str
    lines: tuple[tuple[int, int], ...]
    at: datetime


@dataclass(frozen=True)
class TrackingAdded:
    """Something happened to a package on its way."""

    order_no: str
    shop_id: int
    package_id: int
    code: str
    at: datetime


@dataclass(frozen=True)
class PackageDelivered:
    """The carrier reports that an order's package arrived. `whole`: all of the order's units have."""

    order_no: str
    shop_id: int
    package_id: int
    whole: bool
    at: datetime


@dataclass(frozen=True)
class ParcelDelivered:
    """The carrier reports that a parcel of a case or a sample arrived. `kind`: return, exchange, resend, repair, sample."""

    reference: str
    kind: str
    order_no: str
    shop_id: int
    at: datetime


@dataclass(frozen=True)
class ParcelTurnedBack:
    """A parcel of a case or a sample came back undelivered to who had sent it."""

    reference: str
    kind: str
    order_no: str
    shop_id: int
    at: datetime


@dataclass(frozen=True)
class PackageTurnedBack:
    """A package came back to the shop before it was delivered. `asked_by`: buyer, shop, or empty for the carrier's own doing."""

    order_no: str
    shop_id: int
    package_id: int
    asked_by: str
    lines: tuple[tuple[int, int], ...]
    at: datetime


@dataclass(frozen=True)
class PackageSilent:
    """Nobody has heard of a package on its way since `since`."""

    order_no: str
    shop_id: int
    package_id: int
    tracking_no: str
    since: datetime
    at: datetime


@dataclass(frozen=True)
class ShipmentDue:
    """A paid order must be shipped soon, or should have been (`late`): told once each."""

    order_no: str
    shop_id: int
    ship_by: datetime
    late: bool
    at: datetime
