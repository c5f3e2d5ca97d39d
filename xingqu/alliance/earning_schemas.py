"""Shapes of earnings and payouts over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from xingqu.alliance.schemas import CommissionOrderOut, CommissionSumOut
from xingqu.kit.api import ListOut, Out
from xingqu.kit.money import MAX_MINOR

PayeeName = Literal["creator", "mcn", "colonel"]
Amount = Annotated[int, Field(ge=1, le=MAX_MINOR)]


class PayeePayoutAccountOut(Out):
    """Of the number the last four places."""

    holder: str
    bank_name: str
    number_end: str
    changed_at: datetime


class PayeeOut(Out):
    """Somebody who earns in a workplace. `estimated_minor` is still to be settled; `balance_minor` is in the books, of it
    `withdrawing_minor` is on its way to the bank. Below zero after refunds of what was paid out."""

    payee: PayeeName
    id: int
    name: str
    balance_minor: int
    available_minor: int
    withdrawing_minor: int
    estimated_minor: int
    settled_minor: int
    currency: str


class EarningsOut(Out):
    """What a workplace earns with commissions. The `_month_` amounts were paid out, or asked for, in this calendar month."""

    payees: list[PayeeOut]
    tax_kind: Literal["individual", "company"]
    paid_month_minor: int
    withheld_month_minor: int
    min_withdrawal_minor: int
    payout_account: PayeePayoutAccountOut | None
    hold_reason: str | None


class PayoutQuoteOut(Out):
    """What a payout of `gross_minor` asked for now would be; `exempt_minor` of it is no income and not taxed."""

    gross_minor: int
    exempt_minor: int
    tax_minor: int
    net_minor: int


class PayeeCommissionsOut(ListOut[CommissionOrderOut]):
    sums: list[CommissionSumOut]
