"""The plain model beside the state machine of the chain: an order's units and cents, and what the accounts then hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

PRICE, STOCK, FEE_BP = 10_001, 6, 500


@dataclass
class Order:
    """`back` and `asked` are cents that went back and that are asked for; `fee` is what the platform has of it."""

    number: str
    shop_no: str
    units: int
    state: str = "unpaid"
    back: int = 0
    asked: int = 0
    income: int = 0
    fee: int = 0
    first_fee: int = 0
    settled: bool = False
    cases: int = 0
    urls: list[str] = field(default_factory=list)

    @property
    def paid(self) -> int:
        return PRICE * self.units

    def give_back(self, amount: int) -> None:
        """Money has gone back: of what was earned the platform gives its part of the fee back, too."""
        self.back += amount
        self.asked -= amount
        if self.income:
            left = self.paid - self.back
            self.fee = self.first_fee * left // self.income
        if self.back == self.paid:
            self.state = "refunded"


def expected_accounts(orders: Sequence[Order], *, out: int, deposits: int, deducted: int) -> dict[str, int]:
    """What each account should hold, in cents; `out` was paid out to the merchant."""
    kept = [order for order in orders if order.state not in ("unpaid", "cancelled")]
    earned = [order for order in kept if order.income]
    return {
        "escrow": sum(order.paid - order.back for order in kept if not order.income),
        "receivable": sum(order.paid - order.back - order.fee for order in earned if not order.settled),
        "balance": sum(order.paid - order.back - order.fee for order in earned if order.settled) - out - deposits,
        "deposit": deposits - deducted,
        "fee": sum(order.fee for order in kept),
        "fund": deducted,
        "payout": out,
    }
