"""Tax withheld of commissions that are paid out, pure: brackets on what a payee was paid in a calendar month."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xingqu.kit.money import MAX_MINOR

WHOLE_BP = 10_000


class TaxKind(StrEnum):
    """Who is paid: a person (a creator's studio), or a company that does its own taxes and gives an invoice."""

    INDIVIDUAL = "individual"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Bracket:
    """`rate_bp` of the taxable part up to `up_to_minor`; None: of all above."""

    up_to_minor: int | None
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Withholding:
    """Of an income `allowance_minor` or, if that is more, `deduct_bp` of it is free; the rest is taxed by brackets."""

    allowance_minor: int = 0
    deduct_bp: int = 0
    brackets: tuple[Bracket, ...] = ()


NOTHING = Withholding()


def tax_minor(rule: Withholding, income_minor: int) -> int:
    """Tax of a month's income (>= 0), rounded down. It never falls when the income rises, and never exceeds it."""
    free = max(rule.allowance_minor, income_minor * rule.deduct_bp // WHOLE_BP)
    taxable, below, hundredths = max(income_minor - free, 0), 0, 0
    for bracket in rule.brackets:
        until = taxable if bracket.up_to_minor is None else min(taxable, bracket.up_to_minor)
        hundredths += max(until - below, 0) * bracket.rate_bp
        below = max(below, until)
    return hundredths // WHOLE_BP


def withheld_minor(rule: Withholding, *, before_minor: int, withheld_before_minor: int, amount_minor: int) -> int:
    """Tax of one more payment in a month in which `before_minor` was paid and `withheld_before_minor` of it withheld.

    A month's payments are taxed as one. What was withheld too much of a payment that the bank refused later is made good by
    the next one.
    """
    return min(max(tax_minor(rule, before_minor + amount_minor) - withheld_before_minor, 0), amount_minor)


def check_brackets(brackets: Sequence[Bracket]) -> str | None:
    """What is wrong with a table of brackets, or None: rising ends, rates that do not fall, the last without an end."""
    if not brackets:
        return None
    if brackets[-1].up_to_minor is not None:
        return "a last bracket without an upper end"
    ends = [bracket.up_to_minor for bracket in brackets[:-1]]
    below = 0
    for end in ends:
        if end is None or not below < end <= MAX_MINOR:
            return "upper ends that rise"
        below = end
    rates = [bracket.rate_bp for bracket in brackets]
    if any(not 0 <= rate < WHOLE_BP for rate in rates) or rates != sorted(rates):
        return "rates below 10000 basis points that do not fall"
    return None
