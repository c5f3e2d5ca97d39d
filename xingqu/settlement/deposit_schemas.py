"""Shapes of the deposits' API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import AmountMinor, Id, Moment, MoneyOut, Out
from xingqu.settlement.contracts import Amount
from xingqu.settlement.schemas import Days, Note, OrderNumber, Reason

DepositState = Literal["ok", "short", "overdue", "closing", "closed"]
Provider = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]


class DepositCategoryOut(Out):
    id: int
    name: str
    name_en: str


class DepositDueOut(DepositCategoryOut):
    """What one category of the shop asks for."""

    amount_minor: int


class DepositStandingOut(Out):
    """What a shop's deposit should be and why, in minor units. `category` asks for the most; null: the least of every shop.

    `deadline_at`: until then to be topped up; `release_at`: when a closing shop gets it back.
    """

    shop_id: int
    state: DepositState
    kind: Literal["company", "individual"]
    currency: str
    due_minor: int
    least_minor: int
    paid_minor: int
    frozen_minor: int
    short_minor: int
    deadline_at: datetime | None
    release_at: datetime | None
    category: DepositCategoryOut | None
    categories: list[DepositDueOut]
    grace_days: int
    release_days: int


class DepositJournalOut(Out):
    """What the books have of a movement; `amount_minor` is what the deposit gained or lost."""

    id: int
    key: str
    at: datetime
    amount_minor: int


class DepositEvidenceOut(Out):
    """A picture; its bytes are at `…/deposit/evidence/{id}`."""

    id: int
    width: int
    height: int


class CompensationOut(Out):
    """Money to a buyer out of the fund; `borne_minor` is what the fund gave the shop's balance for the refund."""

    compensation_no: str
    order_no: str
    state: Literal["asked", "done"]
    amount: MoneyOut
    borne_minor: int
    reason: str
    refund_no: str
    at: datetime
    done_at: datetime | None


class DepositChangeOut(Out):
    change_no: str
    kind: Literal["pay_in", "payment", "freeze", "deduct", "return"]
    state: Literal["waiting", "lapsed", "done", "frozen", "deducted", "released"]
    amount: MoneyOut
    reason: str
    order_no: str
    at: datetime
    decided_at: datetime | None
    journals: list[DepositJournalOut]
    evidence: list[DepositEvidenceOut]
    compensation: CompensationOut | None


class DepositPaymentIn(Schema):
    """Without a provider the first one offered."""

    amount_minor: Amount
    provider: Provider | None = None
    language: Literal["zh-CN", "en"] | None = None


class DepositPaymentOut(Out):
    payment_no: str
    redirect_url: str


class DepositCategoryIn(Schema):
    category_id: Id
    company_minor: AmountMinor
    individual_minor: AmountMinor


class DepositRuleIn(Schema):
    """`effective_from` must not have come yet."""

    effective_from: Moment
    company_minor: AmountMinor
    individual_minor: AmountMinor
    categories: Annotated[list[DepositCategoryIn], Field(max_length=500)] = []
    grace_days: Days
    remind_days: Days
    release_days: Days
    note: Note = ""


class DepositRuleOut(Out):
    id: int
    effective_from: datetime
    company_minor: int
    individual_minor: int
    categories: list[dict[str, int]]
    grace_days: int
    remind_days: int
    release_days: int
    note: str
    created_at: datetime


class DepositShopOut(Out):
    """A shop in the operators' list."""

    shop_id: int
    shop_name: str
    shop_name_en: str
    state: DepositState
    due_minor: int
    paid_minor: int
    frozen_minor: int
    short_minor: int
    deadline_at: datetime | None
    release_at: datetime | None
    changed_at: datetime


class DepositFilter(Schema):
    """`q`: a shop's id or a part of its name."""

    state: DepositState | None = None
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


class PenaltyIn(Schema):
    """What is deducted, what the buyer of an order gets out of the fund, or both. One of the amounts may be 0."""

    amount_minor: AmountMinor
    reason: Reason
    evidence_ids: Annotated[list[Id], Field(max_length=9)] = []
    order_no: OrderNumber = ""
    compensation_minor: AmountMinor = 0


class PenaltyOut(Out):
    change_no: str
    compensation_no: str


class DepositFreezeIn(Schema):
    shop_id: Id
    amount_minor: Amount
    reason: Reason


class DepositDecisionIn(Schema):
    deduct: bool
