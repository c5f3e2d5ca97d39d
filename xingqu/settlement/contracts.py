"""What settlement answers to itself and others; shapes of its API that other payees' addresses have too."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from xingqu.kit.api import MoneyOut, Out, ShortText
from xingqu.kit.money import MAX_MINOR

FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _bounded(moment: datetime) -> datetime:
    """An aware time that every database can compare; one without a zone is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, FIRST_MOMENT), LAST_MOMENT)


Moment = Annotated[datetime, AfterValidator(_bounded)]
Amount = Annotated[int, Field(ge=1, le=MAX_MINOR)]
Name = Annotated[ShortText, StringConstraints(min_length=1, max_length=60)]
AccountNumber = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Z]{8,34}$")]


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


class StatementMonthOut(Out):
    month: str
    since: datetime
    until: datetime


class KindSumOut(Out):
    kind: str
    amount_minor: int


class StatementAccountOut(Out):
    account: Literal["receivable", "balance", "creator", "mcn", "colonel"]
    opening_minor: int
    closing_minor: int
    sums: list[KindSumOut]


class StatementOut(Out):
    since: datetime
    until: datetime
    currency: str
    accounts: list[StatementAccountOut]


class StatementLineOut(Out):
    """What one event did to a shop's money; `journal_key` is its name in the books."""

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


class PayoutAccountIn(Schema):
    holder: Name
    bank_name: Name
    number: AccountNumber


class FundsAmountIn(Schema):
    amount_minor: Amount


class WithdrawalOut(Out):
    """`unknown`: the bank could not be asked, and will be again. The bank pays `amount`, `tax` is withheld beside it; `source`
    is the account of a commission, empty for a shop's balance."""

    withdrawal_no: str
    shop_id: int
    source: str
    state: Literal["asked", "unknown", "paid", "failed"]
    amount: MoneyOut
    tax: MoneyOut
    holder: str
    bank_name: str
    number_end: str
    asked_at: datetime
    done_at: datetime | None
    tries: int
    bank_reference: str
    failure: str


class PeriodQuery(Schema):
    """[since, until)."""

    since: Moment
    until: Moment
