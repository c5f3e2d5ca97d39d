"""Shapes of the settlement API."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Id, MoneyOut, Out, Text
from xingqu.kit.money import MAX_MINOR
from xingqu.settlement.contracts import (
    Amount,
    Moment,
)

Days = Annotated[int, Field(ge=0, le=180)]
Score = Annotated[int, Field(ge=0, le=100)]
Reason = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Note = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=200)]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,32}$")]
SettlementState = Literal["pending", "settled", "void", "on_hold"]
WithdrawalState = Literal["asked", "paid", "failed"]


class UpcomingOut(Out):
    """What will be settled on a day (of the site's time zone)."""

    day: date
    amount_minor: int
    orders: int


class HoldBriefOut(Out):
    reason: str
    placed_at: datetime


class PayoutAccountOut(Out):
    """Of the number the last four places."""

    holder: str
    bank_name: str
    number_end: str
    changed_at: datetime


class FundsOut(Out):
    """A shop's money in minor units. `available_minor` may be below zero: refunds after settlement are owed."""

    currency: str
    balance_minor: int
    available_minor: int
    withdrawing_minor: int
    pending_minor: int
    pending_orders: int
    on_hold_minor: int
    on_hold_orders: int
    unearned_minor: int
    unearned_orders: int
    deposit_minor: int
    deposit_frozen_minor: int
    upcoming: list[UpcomingOut]
    hold: HoldBriefOut | None
    score: int | None
    settlement_days: int
    min_withdrawal_minor: int
    payout_account: PayoutAccountOut | None


class SettlementOut(Out):
    """An order from receipt to settlement. `waits_for`: what keeps it although its time may have come."""

    order_no: str
    shop_id: int
    state: Literal["pending", "settled", "void"]
    waits_for: Literal["", "open_case", "refund_pending", "risk_hold"]
    received_at: datetime
    due_at: datetime
    days: int
    net: MoneyOut
    settled_at: datetime | None


class TaxBracketIO(Schema):
    """`rate_bp` of the taxable part up to `up_to_minor`, null in the last bracket."""

    up_to_minor: Amount | None = None
    rate_bp: Annotated[int, Field(ge=0, le=9_999)]


class WithholdingRuleIn(Schema):
    """Of a month's payouts `allowance_minor` or, if that is more, `deduct_bp` of them is free; the rest is taxed by brackets."""

    kind: Literal["individual", "company"]
    effective_from: Moment
    allowance_minor: Annotated[int, Field(ge=0, le=MAX_MINOR)] = 0
    deduct_bp: Annotated[int, Field(ge=0, le=10_000)] = 0
    brackets: Annotated[list[TaxBracketIO], Field(max_length=20)] = []
    note: Note = ""


class WithholdingRuleOut(Out):
    id: int
    kind: Literal["individual", "company"]
    effective_from: datetime
    in_effect: bool
    allowance_minor: int
    deduct_bp: int
    brackets: list[TaxBracketIO]
    note: str
    created_at: datetime


class TierIO(Schema):
    min_score: Score
    days: Days


class SettlementRuleIn(Schema):
    """`effective_from` must not have come yet."""

    effective_from: Moment
    tiers: Annotated[list[TierIO], Field(max_length=20)]
    unrated_days: Days
    min_withdrawal_minor: Amount
    note: Note = ""


class SettlementRuleOut(Out):
    id: int
    effective_from: datetime
    tiers: list[dict[str, int]]
    unrated_days: int
    min_withdrawal_minor: int
    note: str
    created_at: datetime


class SettlementTermsOut(Out):
    """The rule in effect now, and all that were and will be."""

    unrated_days: int
    min_withdrawal_minor: int
    tiers: list[dict[str, int]]
    rules: list[SettlementRuleOut]


class ShopScoreIn(Schema):
    """With `until` the score holds till then, else till the next one is computed."""

    shop_id: Id
    score: Score
    until: Moment | None = None
    note: Note = ""


class RiskHoldIn(Schema):
    """Without `order_no` all of the shop's money."""

    shop_id: Id
    order_no: OrderNumber = ""
    reason: Reason


class LiftHoldIn(Schema):
    reason: Reason


class RiskHoldOut(Out):
    id: int
    shop_id: int
    order_no: str
    reason: str
    placed_at: datetime
    lifted_at: datetime | None
    lift_reason: str


class CheckedOut(Out):
    what: str
    count: int


class AuditRunOut(Out):
    id: int
    started_at: datetime
    finished_at: datetime | None
    difference_count: int
    checked: list[CheckedOut]


class AuditDifferenceOut(Out):
    """Two things that should agree. `flow`: goods, information or money."""

    id: int
    flow: Literal["goods", "information", "money"]
    kind: str
    reference: str
    shop_id: int | None
    expected: str
    found: str
