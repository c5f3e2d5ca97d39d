"""Shapes of collaborations. Amounts are in minor units, rates in basis points, days in the site's time zone."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.collaboration.schemas.samples import SideName, Words
from xingqu.kit.api import AmountMinor, Id, ListOut, LongText, Moment, Out, ShortText, Version

CollaborationStateName = Literal[
    "negotiating", "funding", "running", "disputed", "done", "declined", "lapsed", "cancelled"
]
CollaborationTab = Literal["negotiating", "funding", "running", "disputed", "ended"]
ReleaseKindName = Literal["proportional", "threshold"]
Bp = Annotated[int, Field(ge=0, le=10_000)]
Count = Annotated[int, Field(ge=0, le=1_000)]
PictureIds = Annotated[list[Id], Field(max_length=9)]


class TermsIn(Schema):
    """`target_minor` is the settled GMV that earns the whole slot fee; `release_days` ascend, the last one ends it."""

    product_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]
    commission_bp: Bp
    slot_fee_minor: AmountMinor = 0
    release_kind: ReleaseKindName = "proportional"
    target_minor: AmountMinor = 0
    starts_on: date
    ends_on: date
    release_days: Annotated[list[date], Field(min_length=1, max_length=6)]
    works: Count = 0
    lives: Count = 0
    note: Words = ""


class InviteCreatorIn(Schema):
    creator_id: Id
    terms: TermsIn
    text: Words = ""


class InviteShopIn(Schema):
    shop_id: Id
    terms: TermsIn
    text: Words = ""


class CounterIn(Schema):
    version: Version
    terms: TermsIn
    text: Words = ""


class AcceptIn(Schema):
    version: Version
    terms_version: Version


class TurnDownIn(Schema):
    version: Version
    text: Words = ""


class BreakOffIn(Schema):
    """`creator_minor` is what the caller was shown (GET …/break-off)."""

    version: Version
    creator_minor: AmountMinor
    text: Words = ""


class DisputeIn(Schema):
    version: Version
    text: LongText
    picture_ids: PictureIds = []


class DisputeStatementIn(Schema):
    text: LongText
    picture_ids: PictureIds = []


class DisputeVerdictIn(Schema):
    """`creator_minor` of what is in custody is the creator's, the rest the shop's."""

    version: Version
    creator_minor: AmountMinor
    text: LongText


class BreakOffOut(Out):
    """What breaking off means: of what is in custody to the creator and to the shop; `released_minor` the creator has already."""

    released_minor: int
    creator_minor: int
    shop_minor: int


class TermsOut(Out):
    product_ids: list[int]
    commission_bp: int
    slot_fee_minor: int
    release_kind: ReleaseKindName
    target_minor: int
    starts_on: date
    ends_on: date
    release_days: list[date]
    works: int
    lives: int
    note: str


class TermsVersionOut(Out):
    version: int
    by_side: SideName
    created_at: datetime
    terms: TermsOut


class CollaborationOut(Out):
    """`waiting_for` must act by `due_at`; without one the clock does then. `can` are the steps of the caller's side."""

    id: int
    collab_no: str
    shop_id: int
    shop_name: str
    shop_name_en: str
    creator_id: int
    creator_name: str
    creator_handle: str
    opened_by: SideName
    state: CollaborationStateName
    version: int
    waiting_for: SideName
    due_at: datetime | None
    currency: str
    terms_version: int
    merchant_version: int
    creator_version: int
    terms: TermsOut
    content_hash: str
    plan_ids: list[int]
    paid_minor: int
    released_minor: int
    returned_minor: int
    reason: str
    created_at: datetime
    changed_at: datetime
    agreed_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    can: list[str]


class CollaborationPerformanceOut(Out):
    """Of the agreed days and products: paid, refunded, settled, and what is neither. `held_minor` is in custody."""

    orders: int
    gmv_minor: int
    refunded_minor: int
    settled_minor: int
    open_minor: int
    refund_bp: int
    target_minor: int
    earned_minor: int
    held_minor: int


class FeeSharesOut(Out):
    """The agreed slot fee as it will be divided when all of it is released; told to the creator's side and the platform."""

    creator_minor: int
    agency_minor: int
    platform_minor: int
    agency_name: str


class CollaborationWorkOut(Out):
    kind: Literal["content", "live"]
    id: int
    at: datetime
    product_ids: list[int]


class CollaborationEventOut(Out):
    version: int
    step: str
    side: SideName
    state: str
    text: str
    data: dict[str, Any]
    picture_ids: list[int]
    at: datetime


class CollaborationDetailOut(CollaborationOut):
    products: list[ProductCardOut]
    versions: list[TermsVersionOut]
    performance: CollaborationPerformanceOut
    fee_shares: FeeSharesOut | None
    works: list[CollaborationWorkOut]
    events: list[CollaborationEventOut]


class CollaborationCountsOut(Out):
    """`mine`: the caller's side must act; `ending`: running, and over within the days of `XINGQU_PAPERS_WARN_DAYS`."""

    negotiating: int
    funding: int
    running: int
    disputed: int
    ended: int
    mine: int
    ending: int


class CollaborationListOut(ListOut[CollaborationOut]):
    counts: CollaborationCountsOut


class CollaborationPictureOut(Out):
    id: int


class CollaborationRulesIn(Schema):
    """`values`: any of the rules; what is not named has its default."""

    effective_from: Moment
    values: Annotated[dict[str, Annotated[int, Field(ge=0, le=10**12)]], Field(max_length=40)]
    note: ShortText = ""


class CollaborationRuleSetOut(Out):
    id: int
    effective_from: datetime
    note: str
    created_at: datetime
    in_force: bool
    values: dict[str, int]


class CollaborationRulesOut(Out):
    current: dict[str, int]
    sets: list[CollaborationRuleSetOut]
