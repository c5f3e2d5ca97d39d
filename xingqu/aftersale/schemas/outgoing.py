"""What the after-sale API shows."""

from datetime import datetime
from typing import Any, Literal

from xingqu.aftersale.domain.states import Fault, Kind, Side, State
from xingqu.kit.api import MoneyOut, Out
from xingqu.trade.contracts import ShopOut


class RulesOut(Out):
    """Seconds (`_s`), days, minor units: see `domain/rules.py`."""

    review_s: int
    offer_s: int
    refused_s: int
    return_s: int
    confirm_s: int
    confirm_delivered_s: int
    ship_s: int
    receive_s: int
    receive_delivered_s: int
    handling_s: int
    evidence_s: int
    verdict_s: int
    apply_days: int
    no_reason_days: int
    repair_days: int
    price_protection_days: int
    pre_ship_auto: bool
    instant: bool
    instant_max_minor: int
    instant_monthly: int
    instant_min_orders: int


class RuleSetOut(Out):
    id: int
    effective_from: datetime
    note: str
    created_at: datetime
    in_force: bool
    values: RulesOut


class RulesPageOut(Out):
    """`current` is what holds now; `built_in` before any set was made."""

    current: RulesOut
    built_in: RulesOut
    items: list[RuleSetOut]


class CaseLineOut(Out):
    line_id: int
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    quantity: int
    unit_price: MoneyOut
    max: MoneyOut


class CaseStepOut(Out):
    """What is happening, who must act (null: nobody) and until when."""

    code: str
    who: Side | None
    by: datetime | None


class CaseOut(Out):
    """`can` are the steps that the reader's side may take; `path` is the way to success when both agree."""

    case_no: str
    order_no: str
    kind: Kind
    state: State
    version: int
    shop: ShopOut
    buyer_name: str
    reason: str
    text: str
    received: bool
    pays_back: bool
    asked: MoneyOut
    offered: MoneyOut | None
    agreed: MoneyOut | None
    needs_return: bool
    instant: bool
    refund_instead: bool
    fault: Fault | None
    freight_payer: Side | None
    refusal: str
    close_reason: str
    path: list[State]
    next_step: CaseStepOut
    can: list[str]
    lines: list[CaseLineOut]
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None


class EvidencePictureOut(Out):
    """Evidence; the address answers the two sides of the case and operators only."""

    id: int
    url: str
    width: int
    height: int


class CaseEventOut(Out):
    version: int
    step: str
    side: Side | None
    state: State
    text: str
    data: dict[str, Any]
    at: datetime
    pictures: list[EvidencePictureOut]


class ReturnAddressOut(Out):
    recipient: str
    phone: str
    region: str
    detail: str


class PickupSlotOut(Out):
    starts_at: datetime
    ends_at: datetime


class CasePickupOfferOut(Out):
    """A carrier that fetches the goods: `covered` of its `price` is insured, the rest is paid to the courier."""

    carrier_code: str
    price: MoneyOut
    covered: MoneyOut
    slots: list[PickupSlotOut]


class CaseParcelEventOut(Out):
    code: str
    at: datetime
    data: dict[str, Any]


class CaseParcelOut(Out):
    """Events newest first."""

    id: int
    kind: str
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    shipped_at: datetime
    delivered_at: datetime | None
    events: list[CaseParcelEventOut]


class ArbitrationRoundOut(Out):
    """A round of arbitration; `verdict` null while it is open."""

    verdict: Literal["buyer_wins", "seller_wins", "closed"] | None
    clause: str
    clause_text: str
    opinion: str
    fault: Fault | None
    amount: MoneyOut | None
    taken: bool
    opened_at: datetime
    decided_at: datetime | None


class CaseDetailOut(CaseOut):
    """`max` is the most that may go back, `freight_max` of it is freight."""

    max: MoneyOut
    freight_max: MoneyOut
    return_address: ReturnAddressOut | None
    refund_no: str
    rules: RulesOut
    timeline: list[CaseEventOut]
    parcels: list[CaseParcelOut]
    rounds: list[ArbitrationRoundOut]


class CaseReasonOut(Out):
    code: str
    fault: Fault | None
    needs_picture: bool


class FreeUnitsOut(Out):
    line_id: int
    free: int


class AftersaleKindOut(Out):
    """`why_not` null: possible. `until`: when the time to ask for it ends."""

    kind: Kind
    why_not: str | None
    until: datetime | None
    pays_back: bool
    reasons: list[CaseReasonOut]
    units: list[FreeUnitsOut]


class OptionLineOut(Out):
    line_id: int
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    quantity: int
    unit_price: MoneyOut
    paid: MoneyOut
    refunded: MoneyOut


class AftersaleOptionsOut(Out):
    order_no: str
    state: str
    lines: list[OptionLineOut]
    kinds: list[AftersaleKindOut]
    cases: list[CaseOut]


class AssessedLineOut(Out):
    """`lowest_price`: what price protection compares with; null for other kinds and for what is not on sale."""

    line_id: int
    quantity: int
    paid: MoneyOut
    refunded: MoneyOut
    max: MoneyOut
    lowest_price: MoneyOut | None


class AssessmentOut(Out):
    max: MoneyOut
    freight: MoneyOut
    lines: list[AssessedLineOut]


class BuyerCountsOut(Out):
    open: int
    mine: int
    closed: int


class ShopCountsOut(Out):
    all: int
    open: int
    to_review: int
    waiting_answer: int
    waiting_return: int
    to_confirm: int
    to_ship: int
    waiting_receipt: int
    disputed: int
    to_show: int
    timed_soon: int
    refunding: int
    closed: int


class OperatorCountsOut(Out):
    open: int
    handling: int
    merchant_evidence: int
    negotiation: int
    overdue: int
    decided: int
    failed: int


class CaseBatchResultOut(Out):
    """`error` has the shape of every refusal's `error`."""

    case_no: str
    done: bool
    error: dict[str, Any] | None


class CaseBatchOut(Out):
    items: list[CaseBatchResultOut]


class ClauseOut(Out):
    code: str
    source: str
    text: str
    text_en: str


class ClauseListOut(Out):
    items: list[ClauseOut]
