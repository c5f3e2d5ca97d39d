"""Shapes of matching's API. Rates are in basis points, amounts in minor units, shares lie in 0..1."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from xingqu.catalogue.contracts import FeatureTagOut, ProductCardOut
from xingqu.kit.api import AmountMinor, Id, ListOut, Out

SelectionSort = Literal["fit", "audience", "commission", "sales", "new"]
SquareSort = Literal["fit", "gmv", "gpm", "followers", "recent"]
ReasonCode = Literal["audience_likes", "price_suits", "named_plan", "sold"]
PlanKindName = Literal["simple_plan", "exclusive_plan", "targeted_plan", "colonel_activity"]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Band = Annotated[int, Field(ge=0, le=5)]
Score = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=10**12)]
PoolName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
Ids = Annotated[list[Id], Field(max_length=200)]


Level = Annotated[int, Field(ge=0, le=10)]
ReputationScore = Annotated[int, Field(ge=0, le=100)]


class MatchReasonOut(Out):
    """Why. `audience_likes`: `share` of the audience have `tag` as an interest, of everybody `share_of_everybody`; `sold`:
    `value` units."""

    code: ReasonCode
    tag_id: int | None
    tag: str | None
    tag_en: str | None
    share: float | None
    share_of_everybody: float | None
    value: int | None


class SelectionItemOut(Out):
    """A product to sell under `plan_id`. `expected_minor`: the commission of one sale at its price; `sales_per_mille` and
    `earned_per_mille_minor`: sales and commission to be expected of a thousand views. `lift`: how much more this audience likes
    its kind than everybody does (1: as much); null while the audience is too small."""

    product: ProductCardOut
    plan_id: int
    kind: PlanKindName
    commission_bp: int
    expected_minor: int
    sales_per_mille: float
    earned_per_mille_minor: int
    lift: float | None
    shop_score: float | None
    reasons: list[MatchReasonOut]
    taken_up: bool


class SelectionOut(ListOut[SelectionItemOut]):
    """`total` counts all that match. `audience_known`: whether the ranking rests on this creator's audience."""

    total: int
    audience_known: bool


class TrendDayOut(Out):
    day: date
    orders: int
    amount_minor: int


class OfferReviewsOut(Out):
    count: int
    score: float | None


class SelectionDetailOut(SelectionItemOut):
    """`trend`: what creators sold of it, day by day."""

    reviews: OfferReviewsOut
    trend: list[TrendDayOut]


class PortraitTagOut(Out):
    tag_id: int
    name: str
    name_en: str
    share: float
    share_of_everybody: float


class PortraitCategoryOut(Out):
    category_id: int
    share: float


class PortraitOut(Out):
    """An audience as groups. Unknown while it has fewer than `group_least` people; sizes are bands, shares are stepped."""

    known: bool
    group_least: int
    made_at: datetime | None
    people_from: int | None
    people_to: int | None
    tags: list[PortraitTagOut]
    categories: list[PortraitCategoryOut]
    price_from_minor: int | None
    price_to_minor: int | None


class ListingIn(Schema):
    """What a creator agrees to show merchants."""

    is_listed: bool
    shows_exact: bool
    intro: Note = ""


class ListingOut(Out):
    is_listed: bool
    shows_exact: bool
    intro: str


class SquareCreatorOut(Out):
    """A creator as merchants find them. Sales of 30 days (`gmv`) and of a thousand views (`gpm`) as bands; figures only
    where the creator agreed. `level` and `score` (带货口碑分) are of the last kept day, as is `kept_rate` (履约率): of
    `promises`, samples and collaborations, the share that was kept."""

    id: int
    name: str
    name_en: str
    handle: str
    avatar_url: str
    intro: str
    organisation_id: int | None
    category_id: int | None
    followers: int
    works: int
    last_published_at: datetime | None
    gmv_band: int
    gmv_from_minor: int
    gmv_to_minor: int | None
    gpm_band: int
    gpm_from_minor: int
    gpm_to_minor: int | None
    gmv_minor: int | None
    gpm_minor: int | None
    orders: int | None
    level: int
    score: float | None
    kept_rate: float | None
    promises: int
    lift: float | None
    audience: list[PortraitTagOut]
    reasons: list[MatchReasonOut]


class SquareOut(ListOut[SquareCreatorOut]):
    total: int


class RecentWorkOut(Out):
    id: int
    kind: str
    title: str
    poster_url: str
    views: int
    likes: int
    published_at: datetime


class SquareCreatorDetailOut(SquareCreatorOut):
    portrait: PortraitOut
    recent: list[RecentWorkOut]


class PoolRuleIn(Schema):
    """What a product has to be; null: whatever."""

    category_id: Id | None = None
    tag_ids: Annotated[list[Id], Field(max_length=20)] = []
    min_commission_bp: BasisPoints | None = None
    min_price_minor: AmountMinor | None = None
    max_price_minor: AmountMinor | None = None
    min_score: Score | None = None
    min_sold: Count | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200


class PoolIn(Schema):
    """By hand (`product_ids`) or by a `rule`, never both."""

    name: PoolName
    note: Note = ""
    rule: PoolRuleIn | None = None
    product_ids: Ids = []
    is_public: bool = False

    @model_validator(mode="after")
    def one_way(self) -> "PoolIn":
        if self.rule is not None and self.product_ids:
            raise ValueError("a pool is made by hand or by a rule")
        return self


class PoolSharesIn(Schema):
    creator_ids: Ids = []
    organisation_ids: Ids = []


class PoolGiftsIn(Schema):
    creator_ids: Ids = []


class PoolKeyIn(Schema):
    """What stands behind the last slash of a pool's link."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,32}$")]


class ProductPoolOut(Out):
    """`rule` is null for a pool by hand."""

    id: int
    organisation_id: int
    organisation_name: str
    name: str
    note: str
    rule: dict[str, Any] | None
    is_public: bool
    products_count: int
    closed_at: datetime | None
    created_at: datetime


class PoolPartnerOut(Out):
    id: int
    name: str


class ProductPoolDetailOut(ProductPoolOut):
    """`link_key` opens it for whoever has the link; `given`: creators to whom the agency that asks gave it."""

    is_own: bool
    link_key: str | None
    given: list[PoolPartnerOut]
    products: list[ProductCardOut]
    creators: list[PoolPartnerOut]
    organisations: list[PoolPartnerOut]


class PoolPreviewOut(Out):
    total: int
    products: list[ProductCardOut]


class PoolMatchOut(Out):
    """Why a pool and a creator go together: how much more the audience likes it than everybody, and what speaks for it."""

    lift: float
    earned_per_mille_minor: int
    tags: list[FeatureTagOut]
    matched_at: datetime


class SuitingCreatorOut(PoolMatchOut):
    creator_id: int
    creator_name: str
    avatar_url: str


class SuitingCreatorsOut(Out):
    items: list[SuitingCreatorOut]


class CreatorPoolOut(ProductPoolOut):
    """`match` is null for a pool that was shared and is not recommended; `given_by` names the creator's agency when it gave it."""

    match: PoolMatchOut | None
    given_by: str


class CreatorPoolsOut(Out):
    items: list[CreatorPoolOut]


class CreatorPoolDetailOut(ProductPoolOut):
    products: list[SelectionItemOut]


class LiftArmOut(Out):
    """`rate`: pairs of which something was taken up, with the ends of Wilson's 95 % interval."""

    pairs: int
    taken_pairs: int
    rate: float | None
    low: float | None
    high: float | None
    orders: int
    amount_minor: int


class LiftDifferenceOut(Out):
    """Shown less held out with the ends of a 95 % interval; null while an arm has fewer than 10 pairs."""

    value: float | None
    low: float | None
    high: float | None


class LiftReportOut(Out):
    """Recommendations of the last `days`, each counted for `outcome_days`; `waiting`: not over yet. `held_out_bp` of all
    are kept back by lot. `amount_difference` in minor units a pair."""

    days: int
    outcome_days: int
    held_out_bp: int
    waiting: int
    shown: LiftArmOut
    held_out: LiftArmOut
    rate_difference: LiftDifferenceOut
    amount_difference: LiftDifferenceOut
