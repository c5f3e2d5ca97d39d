"""Parts of a refund: an amount spread over lines, everything that is left, one part a line."""

from collections.abc import Sequence

from xingqu.kit.money import split_by_largest_remainder
from xingqu.trade.contracts import Refundable, RefundPart


def split_amount(*, refundable: Refundable, amount_minor: int, with_freight: bool = False) -> tuple[RefundPart, ...]:
    """`amount_minor` spread over what is left of an order's lines (and freight) in proportion, by largest remainder.

    The parts sum to it exactly and none exceeds what is left of its line. Raises ValueError for more than is left.
    """
    left: list[tuple[int | None, int]] = [(line.line_id, line.left_minor) for line in refundable.lines]
    if with_freight:
        left.append((None, refundable.freight_left_minor))
    if not 0 <= amount_minor <= sum(minor for _, minor in left):
        raise ValueError(f"{amount_minor} is more than is left")
    shares = split_by_largest_remainder(amount_minor, [minor for _, minor in left])
    return tuple(RefundPart(line_id, share) for (line_id, _), share in zip(left, shares, strict=True) if share)


def everything_left(refundable: Refundable) -> tuple[RefundPart, ...]:
    """All the money and all the units that can still go back."""
    parts = [
        RefundPart(line.line_id, line.left_minor, line.quantity - line.refunded_quantity - line.pending_quantity)
        for line in refundable.lines
    ]
    parts.append(RefundPart(None, refundable.freight_left_minor))
    return merge_parts(parts)


def merge_parts(parts: Sequence[RefundPart]) -> tuple[RefundPart, ...]:
    """One part a line, in the order of lines and the freight last; empty ones are left out. Raises ValueError for one below 0."""
    sums: dict[int | None, tuple[int, int]] = {}
    for part in parts:
        if part.amount_minor < 0 or part.quantity < 0 or (part.line_id is None and part.quantity):
            raise ValueError(f"{part} is no part of a refund")
        amount, quantity = sums.get(part.line_id, (0, 0))
        sums[part.line_id] = (amount + part.amount_minor, quantity + part.quantity)
    ordered = sorted(sums, key=lambda line_id: (line_id is None, line_id or 0))
    return tuple(RefundPart(line_id, *sums[line_id]) for line_id in ordered if sums[line_id] != (0, 0))
