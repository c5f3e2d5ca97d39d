"""What fulfilment asks of whoever knows where packages are, and nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from xingqu.fulfilment.domain.states import ScanCode


class CarrierUnsure(Exception):
    """No answer, or none that can be trusted: ask again later."""


class CarrierRefused(Exception):
    """An answer: this can't be done. The text is the carrier's reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who is at one end of the way: {recipient, phone, province, city, district, detail}."""

    recipient: str
    phone: str
    province: str
    city: str
    district: str
    detail: str

    @classmethod
    def of(cls, address: Mapping[str, Any]) -> "Place":
        return cls(*(str(address[name]) for name in cls.__slots__))

    @property
    def region(self) -> str:
        return f"{self.province}{self.city}{self.district}"


@dataclass(frozen=True, slots=True)
class Scan:
    """One thing that happened. `event_id` is the carrier's own number of it, empty when it has none."""

    code: ScanCode
    at: datetime
    text: str
    place: str = ""
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """What a carrier says of one package; several times the same, in any order, with more or less each time."""

    carrier_code: str
    tracking_no: str
    scans: tuple[Scan, ...]


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Tell us about this package from now on, at `callback_url`. `phone` is the last digits that some carriers ask for."""

    carrier_code: str
    tracking_no: str
    callback_url: str
    phone: str
    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class WaybillRequest:
    """A number for a package that will be handed over. The same `reference` gives the same number again."""

    reference: str
    carrier_code: str
    sender: Place
    recipient: Place
    goods: str


@dataclass(frozen=True, slots=True)
class Waybill:
    """`routing_code` is the sorting code in large letters on the label (大头笔)."""

    tracking_no: str
    routing_code: str


@dataclass(frozen=True, slots=True)
class PickupRequest:
    """Fetch a parcel at `origin`, from `starts_at` on. The same `reference` gives the same number again."""

    reference: str
    carrier_code: str
    origin: str
    target: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class BookedPickup:
    """`price_minor`: what the carrier asks, minor units of CNY."""

    tracking_no: str
    price_minor: int


class TrackingProvider(Protocol):
    """One way to hear of packages. `read_push` is pure; everything else goes over the network, never inside a transaction."""

    def watch(self, request: WatchRequest) -> None:
        """Raises CarrierUnsure, CarrierRefused."""

    def query(self, *, carrier_code: str, tracking_no: str, phone: str) -> TrackReport:
        """All that is known of a package. Raises CarrierUnsure, CarrierRefused."""

    def read_push(self, headers: Mapping[str, str], body: bytes) -> Sequence[TrackReport]:
        """Reports of a message. Raises BadCarrierMessage for one that the provider did not make, or that can't be read."""

    def make_waybill(self, request: WaybillRequest) -> Waybill:
        """Raises CarrierUnsure, CarrierRefused."""

    def turn_back(self, *, carrier_code: str, tracking_no: str) -> None:
        """Ask for a package to be brought back. Returning means it will be tried; scans tell how it ends.

        Raises CarrierUnsure, CarrierRefused.
        """

    def quote_pickup(self, *, carrier_code: str, origin: str, target: str) -> int:
        """What fetching a parcel and bringing it costs, minor units of CNY. Raises CarrierUnsure, CarrierRefused."""

    def book_pickup(self, request: PickupRequest) -> BookedPickup:
        """Raises CarrierUnsure, CarrierRefused."""
