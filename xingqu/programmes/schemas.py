"""Shapes of the programmes API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import AmountMinor, Id, Moment, MoneyOut, Out, ShortText
from xingqu.programmes.contracts import Audience, CouponKind, Scope, State

Name = Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Days = Annotated[int, Field(ge=1, le=366)]
Phase = Literal["upcoming", "running", "paused", "ended"]


class CouponTermsOut(Out):
    """`kind` fixed: `discount` off from `threshold` on. Rate: `rate_bp` basis points off, at most `cap`.

    `shop_id` is null for the platform's. `scope`: for all goods, or for the products or categories named.
    Valid for `valid_days` from claiming, or from `use_from` to `use_until`.
    """

    id: int
    shop_id: int | None
    shop_name: str | None
    name: str
    kind: CouponKind
    threshold: MoneyOut
    discount: MoneyOut
    rate_bp: int
    cap: MoneyOut | None
    audience: Audience
    stock: int
    left: int
    limit_per_person: int
    claim_from: datetime
    claim_until: datetime
    use_from: datetime | None
    use_until: datetime | None
    valid_days: int | None
    scope: Scope
    scope_ids: list[int]
    scope_names: list[str]


class CouponOnOfferOut(CouponTermsOut):
    """`mine` is how many this person has claimed. `reason`: gone, limit_reached, new_customer_only."""

    mine: int
    can_claim: bool
    reason: str | None


class MyCouponOut(CouponTermsOut):
    """`state`: usable, upcoming, locked (in the unpaid order `order_no`), used or expired."""

    claimed_id: int
    valid_from: datetime
    valid_until: datetime
    state: Literal["usable", "upcoming", "locked", "used", "expired"]
    order_no: str | None


class CouponCountsOut(Out):
    usable: int
    used: int
    expired: int


class OfferedCouponOut(CouponTermsOut):
    """A coupon as who offers it sees it: `cost` is what the used ones took off."""

    state: Phase
    claimed: int
    used: int
    cost: MoneyOut


class CouponIn(Schema):
    """`valid_days` from claiming, or `use_from` to `use_until`."""

    name: Name
    kind: CouponKind
    threshold_minor: AmountMinor = 0
    discount_minor: AmountMinor = 0
    rate_bp: Annotated[int, Field(ge=0, le=9_900)] = 0
    cap_minor: AmountMinor | None = None
    audience: Audience = "everyone"
    stock: Count
    limit_per_person: Annotated[int, Field(ge=1, le=100)] = 1
    claim_from: Moment
    claim_until: Moment
    use_from: Moment | None = None
    use_until: Moment | None = None
    valid_days: Days | None = None
    scope: Scope = "all"
    scope_ids: Annotated[list[Id], Field(max_length=100)] = []


class StateIn(Schema):
    """Ended is for good."""

    state: State


class ReductionStepOut(Out):
    threshold: MoneyOut
    reduction: MoneyOut


class FullReductionOut(Out):
    id: int
    shop_id: int
    name: str
    steps: list[ReductionStepOut]
    starts_at: datetime
    ends_at: datetime
    state: Phase


class ReductionStepIn(Schema):
    threshold_minor: AmountMinor
    reduction_minor: AmountMinor


class FullReductionIn(Schema):
    name: Name
    steps: Annotated[list[ReductionStepIn], Field(min_length=1, max_length=5)]
    starts_at: Moment
    ends_at: Moment


class FlashPriceOut(Out):
    """A price that lasts until `ends_at` and for `left` units, at most `limit_per_person` each. `admission`: one queues for it,
    at the sale `sale_id`."""

    sale_id: int
    admission: bool
    sku_id: int
    product_id: int
    price: MoneyOut
    left: int
    allotment: int
    limit_per_person: int
    ends_at: datetime


class FlashProductOut(Out):
    product: ProductCardOut
    flash: FlashPriceOut


class FlashItemOut(Out):
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    price: MoneyOut
    usual_price: MoneyOut | None
    allotment: int
    taken: int
    limit_per_person: int


class AdmissionGateOut(Out):
    """People let in a second, how long each may buy then, and for how long arrivals are placed by lot. `waiting`, `admitted`:
    people so far."""

    per_second: int
    ticket_s: int
    shuffle_s: int
    waiting: int
    admitted: int


class FlashSaleOut(Out):
    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    state: Phase
    items: list[FlashItemOut]
    admission: AdmissionGateOut | None


class FlashItemIn(Schema):
    sku_id: Id
    price_minor: AmountMinor
    allotment: Count
    limit_per_person: Annotated[int, Field(ge=1, le=999)] = 1


class AdmissionGateIn(Schema):
    per_second: Annotated[int, Field(ge=1, le=10_000)] = 20
    ticket_s: Annotated[int, Field(ge=30, le=3_600)] = 300
    shuffle_s: Annotated[int, Field(ge=0, le=120)] = 5


class FlashSaleIn(Schema):
    name: Name
    starts_at: Moment
    ends_at: Moment
    items: Annotated[list[FlashItemIn], Field(min_length=1, max_length=100)]
    admission: AdmissionGateIn | None = None


class BundleItemOut(Out):
    sku_id: int
    product_id: int
    quantity: int
    name: str
    option_text: str
    picture_url: str
    price: MoneyOut


class BundleOut(Out):
    """套装: `items` together cost `price`, `usual_price` apart. `available` sets can be bought; `reason` why none can: part_gone,
    sold_out, no_saving."""

    id: int
    shop_id: int
    name: str
    price: MoneyOut
    usual_price: MoneyOut
    saves: MoneyOut
    starts_at: datetime
    ends_at: datetime
    state: Phase
    available: int
    reason: Literal["part_gone", "sold_out", "no_saving"] | None
    items: list[BundleItemOut]


class BundleItemIn(Schema):
    sku_id: Id
    quantity: Annotated[int, Field(ge=1, le=99)] = 1


class BundleIn(Schema):
    name: Name
    price_minor: AmountMinor
    starts_at: Moment
    ends_at: Moment
    items: Annotated[list[BundleItemIn], Field(min_length=1, max_length=10)]


class ProductProgrammesOut(Out):
    """What lowers the price of a product: flash prices by SKU, the shop's full-reductions, coupons that can be claimed."""

    flash: list[FlashPriceOut]
    full_reductions: list[FullReductionOut]
    coupons: list[CouponOnOfferOut]
    bundles: list[BundleOut]
