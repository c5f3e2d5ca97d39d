"""What settlement asks of a bank that pays merchants, and nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


class BankUnsure(Exception):
    """No answer, or none that can be trusted: the result is unknown and must be asked for again."""


@dataclass(frozen=True, slots=True)
class PayoutRequest:
    """Money to a merchant's bank account, under our number."""

    payout_no: str
    amount_minor: int
    currency: str
    holder: str
    number: str


@dataclass(frozen=True, slots=True)
class PayoutReport:
    """What the bank says of a payout; `failure` is its code when it refused for good."""

    payout_no: str
    state: Literal["paid", "failed", "pending"]
    amount_minor: int
    currency: str
    reference: str
    failure: str
    at: datetime | None = None


class PayoutBank(Protocol):
    """One way to pay merchants; goes over the network, in the worker only."""

    def pay(self, request: PayoutRequest) -> PayoutReport:
        """Pay, or say what became of it when this number was asked for before: never twice. Raises BankUnsure."""

    def payouts(self, *, after: str, limit: int) -> Sequence[PayoutReport]:
        """The bank's own list of what it was asked for, by number, those after `after`. Raises BankUnsure."""
