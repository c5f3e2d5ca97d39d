"""Shapes of samples. Amounts are in minor units."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import AmountMinor, Id, ListOut, Number, Out, Quantity, ShortText, Version

SampleKindName = Literal["free", "deposit", "buy_refund"]
SampleStateName = Literal["applied", "paying", "approved", "shipped", "declared", "fulfilled", "aborted", "breached"]
SampleQueue = Literal[
    "applied",
    "flagged",
    "paying",
    "to_ship",
    "out",
    "extension",
    "declared",
    "fulfilled",
    "aborted",
    "breached",
]
WaitingSide = Literal["merchant", "creator", "platform"]
OfferStateName = Literal["open", "paused", "closed"]
SideName = Literal["merchant", "creator", "platform", ""]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
Days = Annotated[int, Field(ge=1, le=180)]
Level = Annotated[int, Field(ge=0, le=10)]
Points = Annotated[int, Field(ge=0, le=100)]


class SampleOfferIn(Schema):
    """`pay_minor` is the deposit of that kind; a sample that is bought costs what the SKU costs."""

    sku_id: Id
    kind: SampleKindName = "free"
    units: Quantity
    units_each: Quantity = 1
    pay_minor: AmountMinor = 0
    fulfil_days: Days = 15
    min_followers: Annotated[int, Field(ge=0, le=10**10)] = 0
    min_gmv_minor: AmountMinor = 0
    min_level: Level = 0
    min_credit: Points = 0
    min_score: Points = 0
    asks: Words = ""


class SampleOfferStateIn(Schema):
    """Closed is for good: what is left goes back to the general stock."""

    state: OfferStateName


class SampleOfferOut(Out):
    """`free`, `held` (approved, not sent) and `sent` are units. For a creator: `asked` already, and what they `lacks`."""

    id: int
    shop_id: int
    shop_name: str
    shop_name_en: str
    product_id: int
    product: ProductCardOut | None
    sku_id: int
    option_text: str
    kind: SampleKindName
    state: OfferStateName
    pay_minor: int
    currency: str
    units: int
    units_each: int
    free: int
    held: int
    sent: int
    fulfil_days: int
    min_followers: int
    min_gmv_minor: int
    min_level: int
    min_credit: int
    min_score: int
    asks: str
    asked: bool
    lacks: list[str]
    created_at: datetime
    closed_at: datetime | None


class SampleApplyIn(Schema):
    """`address_id` is of the caller's own address book."""

    offer_id: Id
    address_id: Id
    pitch: Words = ""


class SamplePickIn(Schema):
    """A sample at the version that the caller saw."""

    version: Version


class SampleTextIn(SamplePickIn):
    text: Words = ""


class SampleApproveIn(SamplePickIn):
    """`despite_flag`: somebody has looked at the address."""

    despite_flag: bool = False


class SampleShipIn(SamplePickIn):
    carrier_code: ShortText
    tracking_no: ShortText


class SampleExtensionIn(SampleTextIn):
    days: Days


class SampleExtensionAnswerIn(SampleTextIn):
    agree: bool


class SampleWorkIn(SampleTextIn):
    link: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class SampleBatchPickIn(Schema):
    sample_no: Number
    version: Version


class SampleBatchIn(Schema):
    """Approve or reject many; flagged ones are passed over."""

    approve: bool
    text: Words = ""
    samples: Annotated[list[SampleBatchPickIn], Field(min_length=1, max_length=100)]


class SampleBatchRowOut(Out):
    sample_no: str
    done: bool
    error: dict[str, Any] | None


class SampleBatchOut(Out):
    results: list[SampleBatchRowOut]


class SampleAddressOut(Out):
    """Of a sample that is not to be sent (any more) a shop reads province and city only."""

    recipient: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""


class SampleOut(Out):
    """`waiting_for` must act by `due_at`; `can` are the steps that the caller's side may take now."""

    sample_no: str
    offer_id: int
    shop_id: int
    shop_name: str
    shop_name_en: str
    creator_id: int
    creator_name: str
    creator_handle: str
    product_id: int
    product_name: str
    picture_url: str
    sku_id: int
    quantity: int
    kind: SampleKindName
    pay_minor: int
    currency: str
    paid_at: datetime | None
    state: SampleStateName
    version: int
    waiting_for: SideName
    due_at: datetime | None
    fulfil_days: int
    flag: str
    pitch: str
    reason: str
    extension_days: int
    extensions: int
    publish_by: datetime | None
    delivered_at: datetime | None
    proof_kind: str
    proof_id: int | None
    proof_link: str
    address: SampleAddressOut
    created_at: datetime
    changed_at: datetime
    shipped_at: datetime | None
    closed_at: datetime | None
    can: list[str]


class SampleEventOut(Out):
    version: int
    step: str
    side: SideName
    state: str
    text: str
    data: dict[str, Any]
    at: datetime


class SampleScanOut(Out):
    code: str
    at: datetime
    data: dict[str, Any]


class SampleParcelOut(Out):
    state: str
    carrier_code: str
    carrier_name: str
    carrier_name_en: str
    tracking_no: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: list[SampleScanOut]


class SampleDetailOut(SampleOut):
    parcels: list[SampleParcelOut]
    events: list[SampleEventOut]


class SampleCountsOut(Out):
    applied: int
    flagged: int
    paying: int
    to_ship: int
    out: int
    extension: int
    declared: int
    fulfilled: int
    aborted: int
    breached: int


class SampleListOut(ListOut[SampleOut]):
    counts: SampleCountsOut


class CustodyPayIn(Schema):
    """Out of the balance, or through a payment provider (`provider` of the checkout's methods; empty takes the first)."""

    version: Version
    way: Literal["balance", "provider"] = "balance"
    provider: ShortText = ""


class CustodyPayOut(Out):
    """Where to send the payer; null when it is paid."""

    payment_no: str | None
    redirect_url: str | None
