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
