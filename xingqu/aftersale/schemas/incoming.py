"""What the after-sale API is told."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.aftersale.domain.states import Fault, Kind
from xingqu.kit.api import AmountMinor, Id, Number, Quantity, ShortText, Text, Version

Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=500)]
PictureIds = Annotated[list[Id], Field(max_length=9)]
CarrierCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,20}$")]
TrackingNumber = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{4,18}$")]
ShopQueue = Literal[
    "all",
    "open",
    "to_review",
    "waiting_answer",
    "waiting_return",
    "to_confirm",
    "to_ship",
    "waiting_receipt",
    "disputed",
    "to_show",
    "timed_soon",
    "refunding",
    "closed",
]
OperatorQueue = Literal["open", "handling", "merchant_evidence", "negotiation", "overdue", "decided", "failed"]


class WantedUnitsIn(Schema):
    line_id: Id
    quantity: Quantity


class AssessCaseIn(Schema):
    """Units of order lines; price protection always takes all that is left of a line."""

    order_no: Number
    kind: Kind
    lines: Annotated[list[WantedUnitsIn], Field(min_length=1, max_length=100)]


class OpenCaseIn(AssessCaseIn):
    """`amount_minor` null asks for all that can go back; `received`: the goods have come; `request_key`: the same key and
    words get the same case again."""

    reason: Code
    amount_minor: AmountMinor | None = None
    text: Words = ""
    received: bool = True
    picture_ids: PictureIds = []
    request_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")] | None = None


class RefundOrderIn(Schema):
    reason: Annotated[Words, StringConstraints(min_length=1, max_length=200)]


class CaseSayIn(Schema):
    """`version` is the case's that was read: another one is refused with 409 `stale_case`."""

    version: Version
    text: Words = ""
    picture_ids: PictureIds = []


class ChangeCaseIn(CaseSayIn):
    reason: Code
    amount_minor: AmountMinor | None = None


class AnswerOfferIn(CaseSayIn):
    accept: bool


class CaseParcelIn(CaseSayIn):
    carrier_code: CarrierCode
    tracking_no: TrackingNumber


class ApproveCaseIn(CaseSayIn):
    """`waive_return`: the money goes back and the goods need not."""

    waive_return: bool = False


class OfferLessIn(CaseSayIn):
    amount_minor: AmountMinor


class RefuseCaseIn(CaseSayIn):
    reason: Code


class CaseBatchRowIn(Schema):
    case_no: Number
    version: Version


class VerdictIn(CaseSayIn):
    """`text` is the opinion; `amount_minor` null grants what was asked; `refund_instead`: money in place of goods."""

    outcome: Literal["buyer_wins", "seller_wins", "closed"]
    clause: Code
    fault: Fault | None = None
    amount_minor: AmountMinor | None = None
    needs_return: bool = False
    refund_instead: bool = False


class CasePickupIn(CaseSayIn):
    """`starts_at`: the beginning of a slot that is offered."""

    starts_at: datetime


class ReturnAddressIn(Schema):
    recipient: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    phone: Phone
    region: Annotated[ShortText, StringConstraints(min_length=2, max_length=80)]
    detail: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


Seconds = Annotated[int, Field(ge=60, le=400 * 86_400)]
Days = Annotated[int, Field(ge=0, le=3_650)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class RulesIn(Schema):
    review_s: Seconds
    offer_s: Seconds
    refused_s: Seconds
    return_s: Seconds
    confirm_s: Seconds
    confirm_delivered_s: Seconds
    ship_s: Seconds
    receive_s: Seconds
    receive_delivered_s: Seconds
    handling_s: Seconds
    evidence_s: Seconds
    verdict_s: Seconds
    apply_days: Days
    no_reason_days: Days
    repair_days: Days
    price_protection_days: Days
    pre_ship_auto: bool
    instant: bool
    instant_max_minor: AmountMinor
    instant_monthly: Count
    instant_min_orders: Count


class RuleSetIn(Schema):
    """`effective_from` null: from now on."""

    effective_from: datetime | None = None
    note: Annotated[ShortText, StringConstraints(max_length=120)] = ""
    values: RulesIn
