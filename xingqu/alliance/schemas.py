"""Shapes of the alliance's API. Rates are in basis points: 2000 are 20 %."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import Id, ListOut, Moment, Out, ShortText

PlanKindName = Literal["simple_plan", "exclusive_plan", "targeted_plan", "colonel_activity"]
CommissionState = Literal["paid", "confirmed", "settled", "refunded"]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Creators = Annotated[list[Id], Field(max_length=1000)]

Handles = Annotated[list[Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]], Field(max_length=1000)]


class CreatorBriefOut(Out):
    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str


class PlanIn(Schema):
    """`creator_ids` or `handles` for an exclusive or targeted plan, `colonel_id` and `service_bp` for a colonel's activity."""

    product_id: Id
    kind: PlanKindName = "simple_plan"
    commission_bp: BasisPoints
    service_bp: BasisPoints = 0
    colonel_id: Id | None = None
    creator_ids: Creators = []
    handles: Handles = []


class PlanRateIn(Schema):
    commission_bp: BasisPoints
    service_bp: BasisPoints = 0


class PlanCreatorsIn(Schema):
    """The whole list, by id or by handle."""

    creator_ids: Creators = []
    handles: Handles = []


class PlanRateOut(Out):
    """Rates to come; no commission: the plan ends."""

    effective_from: datetime
    commission_bp: int | None
    service_bp: int


class PlanOut(Out):
    """A plan; `commission_bp` is null when it is closed. `creators_count` have taken its product up."""

    id: int
    kind: PlanKindName
    product_id: int
    product: ProductCardOut | None
    colonel_id: int | None
    colonel_name: str
    commission_bp: int | None
    service_bp: int
    next: PlanRateOut | None
    closed_from: datetime | None
    creator_ids: list[int]
    creators: list[CreatorBriefOut]
    creators_count: int
    created_at: datetime


class AllianceTermsOut(Out):
    """What the platform takes of commissions and (`tech_service_fee_bp`) of what a shop earns; the limits of a plan's rates. A cut
    counts from the `cut_wait_days`-th midnight on."""

    platform_bp: int
    min_commission_bp: int
    max_commission_bp: int
    cut_wait_days: int
    max_named_creators: int
    tech_service_fee_bp: int
    effective_from: datetime | None


class AllianceRuleIn(Schema):
    effective_from: Moment
    platform_bp: BasisPoints
    min_commission_bp: BasisPoints
    max_commission_bp: BasisPoints
    cut_wait_days: Annotated[int, Field(ge=0, le=30)] = 1
    max_named_creators: Annotated[int, Field(ge=1, le=1000)] = 200
    note: ShortText = ""


class AllianceRuleOut(Out):
    id: int
    effective_from: datetime
    platform_bp: int
    min_commission_bp: int
    max_commission_bp: int
    cut_wait_days: int
    max_named_creators: int
    note: str
    created_at: datetime


class AllianceRulesOut(Out):
    current: AllianceTermsOut
    rules: list[AllianceRuleOut]


class OfferedProductOut(Out):
    """A product that a creator may sell, under the plan that applies to them; `expected_minor` is the commission of its price."""

    product: ProductCardOut
    plan_id: int
    kind: PlanKindName
    commission_bp: int
    expected_minor: int


class LinkIn(Schema):
    """`plan_id` names a colonel's activity; else the best plan open to the creator is taken."""

    product_id: Id
    plan_id: Id | None = None


class LinkOut(Out):
    id: int
    product_id: int
    product: ProductCardOut | None
    plan_id: int
    kind: PlanKindName | None
    commission_bp: int | None
    pick_source: str
    created_at: datetime


class CommissionOrderOut(Out):
    """A line of an order that a creator brought. `amount_minor` is an estimate until it is settled, `estimated_minor` what was
    estimated when it was paid; `cost_minor` is what the shop gives for it in all: to the creator, the agency, the colonel and
    the platform. The rates are those of the moment it was ordered; `base_minor` of `ordered_base_minor` has not gone back."""

    id: int
    order_no: str
    product_id: int
    product_name: str
    creator_id: int
    creator_name: str
    content_id: int | None
    live_room_id: int | None
    mcn_id: int | None
    colonel_id: int | None
    plan_id: int
    plan_kind: PlanKindName
    state: CommissionState
    currency: str
    commission_bp: int
    service_bp: int
    platform_bp: int
    mcn_bp: int
    ordered_base_minor: int
    base_minor: int
    estimated_minor: int
    amount_minor: int
    mcn_minor: int
    colonel_minor: int
    platform_minor: int
    cost_minor: int
    paid_at: datetime
    confirmed_at: datetime | None
    settled_at: datetime | None


class CommissionSumOut(Out):
    """Commission orders of one state: how many, what was estimated for them and what they are worth by now."""

    state: CommissionState
    orders: int
    base_minor: int
    estimated_minor: int
    amount_minor: int
    mcn_minor: int
    colonel_minor: int
    cost_minor: int


class CommissionsOut(ListOut[CommissionOrderOut]):
    sums: list[CommissionSumOut]


class BroughtOut(Out):
    """What a work or a live room brought its creator: `base_minor` is what buyers paid for it and have not got back."""

    orders: int
    base_minor: int
    estimated_minor: int
    settled_minor: int


class CreatorMoneyOut(CommissionsOut):
    """`balance_minor` is in the books as the creator's: all that was settled, less what was clawed back."""

    balance_minor: int
