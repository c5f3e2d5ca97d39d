"""Shapes of the experience score."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from xingqu.kit.api import DatedSetIn, DatedSetOut, Out

PartName = Literal["goods", "logistics", "service"]
IndicatorName = Literal[
    "goods_stars",
    "quality_return_rate",
    "on_time_rate",
    "logistics_stars",
    "fast_reply_rate",
    "merchant_fault_rate",
    "service_stars",
]
Share = Annotated[float, Field(ge=0, le=1_000)]


class IndicatorRuleIO(Schema):
    part: PartName
    unit: Literal["stars", "share"]
    weight: Share
    floor: Share
    target: Share
    prior: Share
    prior_count: Annotated[float, Field(ge=0, le=1_000_000)]


class ExperienceRulesIO(Schema):
    """See `domain/formula.py` for the formula these are the numbers of."""

    window_days: Annotated[int, Field(ge=1, le=1_000)]
    min_orders: Annotated[int, Field(ge=0, le=1_000_000)]
    peer_min_shops: Annotated[int, Field(ge=0, le=1_000_000)]
    goods_weight: Share
    logistics_weight: Share
    service_weight: Share
    indicators: dict[IndicatorName, IndicatorRuleIO]


class ExperienceRuleSetIn(DatedSetIn):
    values: ExperienceRulesIO


class ExperienceRuleSetOut(DatedSetOut):
    values: ExperienceRulesIO


class ExperienceRulesPageOut(Out):
    """`current` is what holds now; `built_in` before any set was made."""

    current: ExperienceRulesIO
    built_in: ExperienceRulesIO
    items: list[ExperienceRuleSetOut]


class IndicatorOut(Out):
    """`total` of `count` was counted; `value` is the quotient, `shrunk` the one drawn to the prior; `loss` in points."""

    name: IndicatorName
    total: float
    count: int
    value: float | None
    shrunk: float
    points: float
    loss: float


class PartOut(Out):
    """`points` 0 to 100, null without a score."""

    name: PartName
    points: float | None
    indicators: list[IndicatorOut]


class ExperiencePeersOut(Out):
    """Quartiles over the other shops of the category."""

    shops: int
    score: list[int]
    goods: list[int]
    logistics: list[int]
    service: list[int]


class ExperienceDayOut(Out):
    day: date
    orders: int
    score: float | None
    goods: float | None
    logistics: float | None
    service: float | None


class ExperienceOut(Out):
    """The last kept score. `score` null: fewer than `min_orders` orders were received in the window.

    `settlement_score` is what settlement goes by now: an operator may have set another for a time.
    """

    day: date | None
    since: datetime | None
    until: datetime | None
    orders: int
    score: float | None
    settlement_score: int | None
    parts: list[PartOut]
    peers: ExperiencePeersOut | None
    history: list[ExperienceDayOut]
    rules: ExperienceRulesIO


class BehindOut(Out):
    """A row that an indicator counts: an order, case, review or conversation; `value` the stars of a review."""

    kind: Literal["order", "case", "review", "chat"]
    reference: str
    at: datetime
    value: int | None


class BehindListOut(Out):
    items: list[BehindOut]


class ShopProblemOut(Out):
    """`effect`: points of the score, or percent of the units sold, by `effect_kind`; `detail`: an aspect, a reason or an average."""

    code: str
    effect: float
    effect_kind: Literal["score", "sales"]
    count: int
    total: int
    detail: str
    product_ids: list[int]


class WaitingOut(Out):
    code: str
    count: int


class DiagnosisOut(Out):
    """What to do, the most rewarding first; `waiting` is what waits at this moment."""

    days: int
    since: datetime
    until: datetime
    orders: int
    min_orders: int
    problems: list[ShopProblemOut]
    waiting: list[WaitingOut]
