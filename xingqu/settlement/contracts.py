"""What settlement answers to itself and others."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one event did to a shop's money. `document` is the refund, withdrawal or order that it is about.

    `sold_minor` and `fee_minor` tell how a receipt came about, `fee_minor` of a refund what of the fee came back (> 0).
    """

    at: datetime
    kind: str
    account: str
    order_no: str
    document: str
    sold_minor: int
    fee_minor: int
    amount_minor: int
    journal_id: int
    journal_key: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two things that should agree and don't; `reference` says of what."""

    flow: str
    kind: str
    reference: str
    shop_id: int | None
    expected: str
    found: str
