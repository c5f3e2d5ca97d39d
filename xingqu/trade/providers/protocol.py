"""What trade asks of a payment provider, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

# A day of a bill is a day of this zone, at every provider; Stripe and the sandbox are asked by moments.
BILL_ZONE = ZoneInfo("Asia/Shanghai")


class ProviderUnsure(Exception):
    """No answer, or none that can be trusted: the result is unknown and must be asked for again."""


class BillNotReady(ProviderUnsure):
    """The provider has not made this day's bill yet."""


class ProviderRefused(Exception):
    """The provider says no, for good. `code` is its own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment to be made at the provider under our number. `return_path` is a path of this site.

    `device` tells which of a provider's pages fits; `payer_ip` is asked for by some. Asking again with the same
    `payment_no` and `created_at` makes nothing twice.
    """

    payment_no: str
    amount_minor: int
    currency: str
    subject: str
    created_at: datetime
    expires_at: datetime
    notify_url: str
    return_path: str
    language: str | None
    device: Literal["desktop", "phone"] = "desktop"
    payer_ip: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Where the buyer pays: an address to go to, or the content of a QR code. `token` is the provider's own handle."""

    kind: Literal["redirect", "qr"]
    url: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRef:
    """A payment to ask about or to close; `token` as in :class:`Opening`, empty where there is none."""

    payment_no: str
    amount_minor: int
    currency: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money back from a payment, in part or in full; `refund_no` makes asking twice harmless.

    `paid_minor` is what the whole payment was, `reference` the provider's own number of it.
    """

    refund_no: str
    payment_no: str
    amount_minor: int
    currency: str
    paid_minor: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a provider says of a payment; `reference` is its own trade number, `paid_at` its own clock."""

    payment_no: str
    state: Literal["pending", "succeeded", "failed", "closed"]
    amount_minor: int
    currency: str
    reference: str
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A signed message of a provider: of a payment, of a refund (by our number), or of neither, which is acknowledged."""

    event_id: str
    payment: StatusReport | None = None
    refund_no: str = ""


@dataclass(frozen=True, slots=True)
class BilledItem:
    """A line of a provider's bill. `number` is ours (of the payment or the refund), empty for what was not made by us.

    `under_way`: of a refund that the provider has taken on and not finished.
    """

    kind: Literal["payment", "refund"]
    number: str
    reference: str
    amount_minor: int
    currency: str
    fee_minor: int = 0
    at: datetime | None = None
    under_way: bool = False


class PaymentProvider(Protocol):
    """One way to pay. `create` and `parse_callback` are pure; all else goes over the network, in the worker only.

    `currencies`: what can be charged; None for any. `acknowledgement`: the body that ends a notice's repetition; None for
    the site's usual JSON. `own_threads`: whether the worker may call several of its methods side by side.
    """

    currencies: frozenset[str] | None
    acknowledgement: str | None
    own_threads: bool

    def create(self, request: PaymentRequest) -> str | None:
        """Address to send the buyer to, or None when the provider has to be asked for one, by `open`."""

    def open(self, request: PaymentRequest) -> Opening:
        """Announce the payment and learn where it is paid. Raises ProviderUnsure, ProviderRefused."""

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Raises BadSignature for a notice that the provider did not make or made long ago, WrongRecipient for one that
        is meant for another account."""

    def query(self, payment: PaymentRef) -> StatusReport:
        """What the provider knows of a payment. Raises ProviderUnsure."""

    def close(self, payment: PaymentRef) -> StatusReport:
        """End a payment that nobody has paid; what became of it. Raises ProviderUnsure."""

    def refund(self, request: RefundRequest) -> bool:
        """Whether the money has gone back; False when refused for good. A number that is known is looked up, not asked for
        again. Raises ProviderUnsure, also while a refund is under way."""

    def bill(self, day: date) -> list[BilledItem]:
        """What was paid and refunded on a day of `BILL_ZONE`, by the provider's own books. Raises ProviderUnsure."""
