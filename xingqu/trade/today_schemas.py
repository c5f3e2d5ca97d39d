"""Shapes of a merchant's day: what is to do, what was sold, and what moved it."""

from datetime import date, datetime
from typing import Literal

from xingqu.kit.api import MoneyOut, Out

PeriodName = Literal["today", "7d", "30d"]


class TodayOut(Out):
    """`definitions` names the metric definition behind each figure."""

    to_ship: int
    late_to_ship: int
    unpaid: int
    low_stock: int
    gmv_today: MoneyOut
    orders_today: int
    day: date
    definitions: dict[str, str]


class SalesOut(Out):
    """What a period came to, by pay time. `visitors` is null where they were not counted yet."""

    since: datetime
    until: datetime
    visitors: int | None
    buyers: int
    orders: int
    gmv: MoneyOut


class GmvFactorOut(Out):
    """A factor of GMV in both periods and by how much it moved GMV (minor units). `order_value` is in minor units, `conversion` a
    share of 1; null where a period had nothing to count it from."""

    code: Literal["visitors", "conversion", "buyers", "orders_per_buyer", "order_value"]
    now: float | None
    before: float | None
    moved_minor: int | None


class GmvChangeOut(Out):
    """GMV is the product of `factors`; their moves sum to `change` exactly, or are null where a period sold nothing."""

    period: PeriodName
    now: SalesOut
    before: SalesOut
    change: MoneyOut
    factors: list[GmvFactorOut]
    visits_counted_from: datetime | None
    definitions: dict[str, str]
