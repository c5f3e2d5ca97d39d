"""The arithmetic of partial refunds, pure: what goes back sums exactly, and nothing goes back twice."""

# A refund of an order with several captures is one for each: those after the first have its reference, this and a number.
MORE = "#"


def subsidy_share_minor(
    *, subsidy_minor: int, paid_minor: int, before_minor: int, amount_minor: int, quantity: int, units: tuple[int, int]
) -> int:
    """The platform's share that goes back with `amount_minor` of the `paid_minor` a buyer paid for a line.

    `before_minor` was asked for earlier; `units` are (returned earlier, bought). Shares are differences of one rising
    function of what is back, so over any number of refunds they sum to the whole subsidy, to the cent. What the buyer
    paid nothing for is shared by units.
    """
    if paid_minor:
        return _up_to(subsidy_minor, before_minor + amount_minor, paid_minor) - _up_to(
            subsidy_minor, before_minor, paid_minor
        )
    returned, bought = units
    return _up_to(subsidy_minor, returned + quantity, bought) - _up_to(subsidy_minor, returned, bought)


def fee_due_minor(*, fee_minor: int, income_minor: int, returned_minor: int) -> int:
    """The fee that remains of `fee_minor` when `returned_minor` of the `income_minor` it was charged on has gone back."""
    return _up_to(fee_minor, income_minor - returned_minor, income_minor) if income_minor else 0


def _up_to(whole_minor: int, part: int, of: int) -> int:
    return whole_minor * part // of
