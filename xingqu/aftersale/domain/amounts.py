"""What can be refunded and how it is split, pure: integers of minor units, every sum exact, no part above what was paid for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from xingqu.kit.money import split_by_largest_remainder


@dataclass(frozen=True, slots=True)
class Bought:
    """A line's money: what the buyer paid for all its units, and what of it went back or is on its way.

    `units_back` are units that were refunded whole (back on the shelf, asked or done); `reserved_minor` is what other open
    cases may still ask for.
    """

    quantity: int
    paid_minor: int
    refunded_minor: int = 0
    units_back: int = 0
    reserved_minor: int = 0

    @property
    def left_minor(self) -> int:
        return max(self.paid_minor - self.refunded_minor - self.reserved_minor, 0)


def units_cap(bought: Bought, units: int) -> int:
    """The most that can go back for `units` more of a line: their share of what was paid, within what is left of it.

    Shares of consecutive units sum to the paid amount exactly, however they are grouped. Raises ValueError for units beyond the line.
    """
    if not 1 <= units <= bought.quantity:
        raise ValueError(f"{units} of {bought.quantity} units")
    start = min(bought.units_back, bought.quantity - units)
    share = _up_to(bought, start + units) - _up_to(bought, start)
    return min(share, bought.left_minor)


def _up_to(bought: Bought, units: int) -> int:
    return bought.paid_minor * units // bought.quantity


def split_refund(total_minor: int, *, goods: Sequence[int], freight_minor: int) -> tuple[list[int], int]:
    """Split a refund over lines and freight by their caps: goods first, in proportion; freight takes what is beyond them.

    Returns the parts of the lines, in order, and of the freight; they sum to `total_minor`, none above its cap.
    Raises ValueError for a total that is negative or above all caps.
    """
    if min([*goods, freight_minor, 0]) < 0 or not 0 <= total_minor <= sum(goods) + freight_minor:
        raise ValueError("a refund lies between nothing and its caps")
    of_goods = min(total_minor, sum(goods))
    parts = split_by_largest_remainder(of_goods, goods) if of_goods else [0] * len(goods)
    return parts, total_minor - of_goods


def price_fall(bought: Bought, *, lowest_minor: int) -> int:
    """What price protection gives for a line: what its remaining units cost the buyer above the lowest price since, never negative."""
    units = bought.quantity - bought.units_back
    return max(bought.left_minor - lowest_minor * units, 0) if units > 0 else 0
