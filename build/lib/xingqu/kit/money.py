"""Money: integer minor units plus an ISO 4217 currency. No floats, no rounding that loses a cent."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_MINOR = 10**13  # far above any sale, far below 2**53, so that JSON numbers stay exact
# ISO 4217 minor-unit exponents of the currencies a site may use.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "SGD": 2, "JPY": 0, "KRW": 0}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were combined."""


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """`amount_minor` units of `currency` (899.00 CNY is 89900)."""

    amount_minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not isinstance(self.amount_minor, int) or isinstance(self.amount_minor, bool):
            raise TypeError("amount_minor must be an int of minor units")
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}; one of {', '.join(EXPONENTS)}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def times(self, quantity: int) -> "Money":
        return Money(self.amount_minor * quantity, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")


def parse_decimal(text: str, currency: str = "CNY") -> int:
    """Minor units of a decimal text such as ``"899.00"``.

    Raises ValueError when the text is no plain decimal, has more places than the currency, or is out of range.
    """
    exponent = EXPONENTS[currency]
    whole, _, fraction = text.strip().partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and (fraction == "" or (fraction.isascii() and fraction.isdigit()))):
        raise ValueError(f"{text!r} is not a decimal amount such as 899.00")
    if len(fraction.rstrip("0")) > exponent:
        raise ValueError(f"{text!r} has more than {exponent} decimal places")
    value: int = int(digits) * 10**exponent + int(fraction[:exponent].ljust(exponent, "0") or 0)
    if value > MAX_MINOR:
        raise ValueError(f"{text!r} is too large")
    return -value if whole.startswith("-") else value


def split_by_largest_remainder(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split `total_minor` in proportion to `weights` so that the parts sum to it exactly (Hamilton's method).

    `weights` are non-negative; when all are zero the split is even. Ties go to the earlier part.
    Raises ValueError without weights or with a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be non-empty and non-negative")
    whole = sum(weights)
    shares = list(weights) if whole else [1] * len(weights)
    whole = whole or len(weights)
    sign = -1 if total_minor < 0 else 1
    parts = [abs(total_minor) * share // whole for share in shares]
    remainders = [abs(total_minor) * share % whole for share in shares]
    missing = abs(total_minor) - sum(parts)
    for index in sorted(range(len(shares)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
