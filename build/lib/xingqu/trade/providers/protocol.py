"""What trade asks of a payment provider, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


class ProviderUnsure(Exception):
    """No answer, or none that can be trusted: the result is unknown and must be asked for again."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment to be made at the provider under our number. `return_path` is a path of this site."""

    payment_no: str
    amount_minor: int
    currency: str
    subject: str
    expires_at: datetime
    notify_url: str
    return_path: str
    language: str | None


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money back from a payment, in part or in full; `refund_no` makes asking twice harmless."""

    refund_no: str
    payment_no: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a provider says of a payment; `reference` is its own trade number."""

    payment_no: str
    state: Literal["pending", "succeeded", "failed", "closed"]
    amount_minor: int
    currency: str
    reference: str


class PaymentProvider(Protocol):
    """One way to pay. `create` and `parse_callback` are pure; `query` and `refund` go over the network, in the worker only."""

    def create(self, request: PaymentRequest) -> str:
        """Address to send the buyer to."""

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[str, StatusReport]:
        """(event id, report) of a notice. Raises BadSignature for one that the provider did not make or made long ago."""

    def query(self, payment_no: str) -> StatusReport:
        """What the provider knows of a payment. Raises ProviderUnsure."""

    def refund(self, request: RefundRequest) -> bool:
        """Whether the money has gone back; False when refused. Raises ProviderUnsure."""
