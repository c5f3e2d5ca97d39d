"""What other rooms may know of fulfilment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class TrackingEventView:
    """`data` is what the carrier said of it: text and place, if anything."""

    code: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel of an after-sale case; events newest first, `lines` are (SKU id, quantity)."""

    id: int
    kind: str
    state: str
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    lines: tuple[tuple[int, int], ...]
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: tuple[TrackingEventView, ...]


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package as its label shows it; `goods` are (name, option, quantity)."""

    id: int
    carrier_code: str
    tracking_no: str
    routing_code: str
    order_nos: tuple[str, ...]
    recipient: dict[str, Any]
    goods: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class PickupOffer:
    """When a carrier can fetch a return, what it asks, and how much of that is insured; minor units of CNY. `slots` are (from, to)."""

    carrier_code: str
    price_minor: int
    covered_minor: int
    slots: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class PickupView:
    """A pickup that was ordered; the buyer pays the courier what is not covered."""

    carrier_code: str
    tracking_no: str
    starts_at: datetime
    ends_at: datetime
    price_minor: int
    covered_minor: int


@dataclass(frozen=True, slots=True)
class CoverTermsView:
    """Premium an order and the most that is paid for a return, minor units of CNY; `effective_from` None: the installation's."""

    premium_minor: int
    limit_minor: int
    effective_from: datetime | None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """An insured order as the auditor sees it: what was taken from the shop and paid to the carrier, minor units of CNY."""

    order_no: str
    shop_id: int
    premium_minor: int
    paid_minor: int
    limit_minor: int
    carrier_code: str = ""
