"""How a bill and our books are compared, pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Place = tuple[str, str]  # (payment or refund, our number)


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of the provider's bill. `number` is ours, empty for what was not made here."""

    kind: str
    number: str
    reference: str
    amount_minor: int
    currency: str
    under_way: bool


@dataclass(frozen=True, slots=True)
class Booked:
    """The same payment or refund in our books. `posted_minor`: what the ledger has of it, None when nothing was posted."""

    number: str
    amount_minor: int
    currency: str
    state: str
    is_done: bool
    reference: str
    order_no: str
    posted_minor: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Fields as of :class:`xingqu.trade.contracts.ReconciliationDifference`."""

    kind: str
    subject: str
    key: str
    reference: str
    order_no: str
    currency: str
    ours_minor: int | None
    theirs_minor: int | None
    ours_state: str
    theirs_state: str


def compare(billed: Iterable[Billed], booked: Mapping[Place, Booked], repeated: Counter[Place]) -> list[Difference]:
    """Differences of some lines. `booked` by (kind, number); `repeated`: how often a (kind, number) stands in the whole bill.

    A line that stands there more than once is told of once, as a duplicate.
    """
    found = []
    for line in billed:
        ours = booked.get((line.kind, line.number))
        if line.number and repeated[line.kind, line.number] > 1:
            found.append(_difference("duplicate", line, ours))
        elif ours is None:
            found.append(_difference("missing_here", line, None))
        elif not ours.is_done:
            if not line.under_way:
                found.append(_difference("state", line, ours))
        elif (ours.amount_minor, ours.currency) != (line.amount_minor, line.currency):
            found.append(_difference("amount", line, ours))
    return list({(one.kind, one.subject, one.key): one for one in found}.values())


def missing_there(kind: str, ours: Booked) -> Difference:
    """The difference of what we have and the bill has not."""
    return Difference(
        "missing_there",
        kind,
        ours.number,
        ours.reference,
        ours.order_no,
        ours.currency,
        ours.amount_minor,
        None,
        ours.state,
        "",
    )


def compare_ledger(ours: Booked) -> Difference | None:
    """What our ledger has of a payment or refund that is done, against its amount."""
    if ours.posted_minor == ours.amount_minor:
        return None
    kind = "missing_here" if ours.posted_minor is None else "amount"
    return Difference(
        kind,
        "ledger",
        ours.number,
        ours.reference,
        ours.order_no,
        ours.currency,
        ours.posted_minor,
        ours.amount_minor,
        "",
        ours.state,
    )


def _difference(kind: str, line: Billed, ours: Booked | None) -> Difference:
    return Difference(
        kind=kind,
        subject=line.kind,
        key=line.number or line.reference,
        reference=line.reference,
        order_no=ours.order_no if ours else "",
        currency=line.currency,
        ours_minor=ours.amount_minor if ours else None,
        theirs_minor=line.amount_minor,
        ours_state=ours.state if ours else "",
        theirs_state="under_way" if line.under_way else "done",
    )
