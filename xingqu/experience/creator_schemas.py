"""Shapes of creators' reputation."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from xingqu.kit.api import AmountMinor, DatedSetIn, DatedSetOut, Out

CreatorPartName = Literal["goods", "aftersale", "content", "fulfilment"]
CreatorIndicatorName = Literal[
    "goods_stars",
    "quality_return_rate",
    "misdescribed_rate",
    "fault_rate",
    "violation_rate",
    "accepted_rate",
    "kept_rate",
]
Share = Annotated[float, Field(ge=0, le=1_000)]
Days = Annotated[int, Field(ge=1, le=1_000)]
Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]


class CreatorIndicatorRuleIO(Schema):
    part: CreatorPartName
    unit: Literal["stars", "share"]
    weight: Share
    floor: Share
    target: Share
    prior: Share
    prior_count: Annotated[float, Field(ge=0, le=1_000_000)]


class LevelIO(Schema):
    """All that a level asks for."""

    min_gmv_minor: AmountMinor
    min_followers: Whole
    min_score: Annotated[int, Field(ge=0, le=100)]


class ReputationRulesIO(Schema):
    """See `domain/reputation.py` for the formula these are the numbers of. `levels` begin with level 1."""

    window_days: Days
    gmv_days: Days
    credit_days: Days
    min_orders: Whole
    serious_weight: Whole
    goods_weight: Share
    aftersale_weight: Share
    content_weight: Share
    fulfilment_weight: Share
    sample_breach_points: Whole
    collaboration_broken_points: Whole
    general_points: Whole
    serious_points: Whole
    indicators: dict[CreatorIndicatorName, CreatorIndicatorRuleIO]
    levels: Annotated[list[LevelIO], Field(min_length=1, max_length=10)]


class ReputationRulesSetIn(DatedSetIn):
    values: ReputationRulesIO


class ReputationRulesSetOut(DatedSetOut):
    values: ReputationRulesIO


class ReputationRulesPageOut(Out):
    """`current` is what holds now; `built_in` before any set was made."""

    current: ReputationRulesIO
    built_in: ReputationRulesIO
    items: list[ReputationRulesSetOut]


class CreatorIndicatorOut(Out):
    """`total` of `count` was counted; `value` is the quotient, `shrunk` the one drawn to the prior; `loss` in points."""

    name: CreatorIndicatorName
    total: float
    count: int
    value: float | None
    shrunk: float
    points: float
    loss: float


class CreatorPartOut(Out):
    """`points` 0 to 100, null without a score."""

    name: CreatorPartName
    points: float | None
    indicators: list[CreatorIndicatorOut]


class ReputationDayOut(Out):
    day: date
    orders: int
    score: float | None
    level: int


class PublicReputationOut(Out):
    """`score` null: too few orders to say."""

    score: float | None
    level: int


class ReputationOut(Out):
    """The last kept day; `credit` as of now. `score` null: fewer than `min_orders` lines were received in the window."""

    day: date | None
    orders: int
    score: float | None
    level: int
    credit: int
    gmv_minor: int
    followers: int
    next_level: LevelIO | None
    parts: list[CreatorPartOut]
    history: list[ReputationDayOut]
    rules: ReputationRulesIO


class CreatorBehindOut(Out):
    """A row that an indicator counts. A buyer's case has no number here: it is the shop's to handle."""

    kind: Literal["review", "case", "violation", "room", "deed"]
    reference: str
    at: datetime
    value: int | None


class CreatorBehindListOut(Out):
    items: list[CreatorBehindOut]
