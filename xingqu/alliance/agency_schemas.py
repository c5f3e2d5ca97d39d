"""Shapes of contracts, activities and showcases over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.alliance.domain.agencies import DELEGABLE
from xingqu.alliance.schemas import BasisPoints, CreatorBriefOut, PlanKindName
from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import Id, LongText, Moment, Out, ShortText

ContractState = Literal["invited", "active", "ended", "declined", "revoked"]
EnrolmentState = Literal["applied", "approved", "declined", "withdrawn"]
ActivityState = Literal["enrolling", "reviewing", "running", "over", "cancelled"]
Scopes = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=len(DELEGABLE) * 2)]
Title = Annotated[ShortText, StringConstraints(min_length=1, max_length=60)]
Reason = Annotated[ShortText, StringConstraints(max_length=120)]
PickSource = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{4,24}$")]


class ContractIn(Schema):
    handle: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    share_bp: BasisPoints
    scopes: Scopes = []
    notice_days: Annotated[int, Field(ge=0, le=365)] = 30
    message: Annotated[ShortText, StringConstraints(max_length=400)] = ""


class AnswerIn(Schema):
    accept: bool


class ScopesIn(Schema):
    scopes: Scopes


class ShareIn(Schema):
    share_bp: BasisPoints
    effective_from: Moment


class NoticeIn(Schema):
    reason: Reason = ""


class AgencyShareOut(Out):
    id: int
    effective_from: datetime
    share_bp: int
    state: Literal["waiting", "accepted", "declined", "withdrawn"]
    proposed_by: Literal["agency", "creator"]
    proposed_at: datetime
    decided_at: datetime | None


class ContractOut(Out):
    """An agency's contract with a creator. `share_bp` is the share in effect (of an offer: what is offered) of the commission
    that is left after the platform's part; the `_minor` amounts are the agency's."""

    id: int
    agency_id: int
    agency_name: str
    creator_id: int
    creator: CreatorBriefOut | None
    studio_id: int
    state: ContractState
    scopes: list[str]
    notice_days: int
    message: str
    invited_at: datetime
    decided_at: datetime | None
    since: datetime | None
    until: datetime | None
    ended_by: str
    end_reason: str
    share_bp: int
    shares: list[AgencyShareOut]
    orders: int
    estimated_minor: int
    settled_minor: int


class ActivityIn(Schema):
    """Merchants enrol products until `enrol_until`; what is approved sells from `starts_at` to `ends_at`."""

    title: Title
    terms: Annotated[LongText, StringConstraints(max_length=2000)] = ""
    min_commission_bp: BasisPoints
    service_bp: BasisPoints
    enrol_until: Moment
    starts_at: Moment
    ends_at: Moment


class ActivityOut(Out):
    """`sold_minor` and `fee_minor`: what was paid for its products and not given back, and the colonel's part of that."""

    id: int
    colonel_id: int
    colonel_name: str
    title: str
    terms: str
    state: ActivityState
    min_commission_bp: int
    service_bp: int
    enrol_until: datetime
    starts_at: datetime
    ends_at: datetime
    waiting: int
    approved: int
    orders: int
    sold_minor: int
    fee_minor: int
    created_at: datetime


class EnrolmentIn(Schema):
    activity_id: Id
    product_id: Id
    commission_bp: BasisPoints
    note: Reason = ""


class ReviewIn(Schema):
    approve: bool
    answer: Reason = ""


class EnrolmentOut(Out):
    """A product in an activity. `plan_id` is what creators take up once it is approved; `ends_at` when that ends."""

    id: int
    activity_id: int
    activity_title: str
    activity_state: ActivityState
    shop_id: int
    shop_name: str
    shop_name_en: str
    product_id: int
    product: ProductCardOut | None
    commission_bp: int
    service_bp: int
    state: EnrolmentState
    plan_id: int | None
    ends_at: datetime | None
    note: str
    answer: str
    applied_at: datetime
    decided_at: datetime | None


class ShowcaseItemOut(Out):
    """A product of one's showcase. `problem` says why visitors don't see or creators don't earn: gone, the state of sale, or
    no_plan."""

    product_id: int
    product: ProductCardOut | None
    is_hidden: bool
    problem: str | None
    plan_id: int | None
    kind: PlanKindName | None
    commission_bp: int | None
    expected_minor: int | None
    pick_source: str | None
    added_at: datetime


class HiddenIn(Schema):
    is_hidden: bool


class ShowcaseOrderIn(Schema):
    """These come first, in this order."""

    product_ids: Annotated[list[Id], Field(max_length=500)]


class PastedIn(Schema):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class PlanOptionOut(Out):
    """A way to sell a product: what `commission_bp` and `expected_minor` of its price the creator would have."""

    plan_id: int
    kind: PlanKindName
    commission_bp: int
    expected_minor: int


class PastedOut(Out):
    """What a pasted link leads to: the plan that counts for this creator now (`best`), and the one that the link names."""

    product: ProductCardOut
    best: PlanOptionOut | None
    linked: PlanOptionOut | None
    in_showcase: bool


class PublicShowcaseItemOut(Out):
    """A product in a creator's showcase; its `touch` proves that this creator showed it to this visitor. `explained_at`: when
    the creator explained it last on air, `clip_id` the published clip of that."""

    product: ProductCardOut
    touch: str
    explained_at: datetime | None
    clip_id: int | None


class PickedOut(Out):
    """Where a creator's own link leads."""

    product_id: int
    creator_id: int
    touch: str
