"""Shapes of presales. A part of `schemas`."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from xingqu.kit.api import AmountMinor, Id, Moment, MoneyOut, Out
from xingqu.programmes.schemas import Count, Name, Phase


class PresaleItemOut(Out):
    """A unit costs `price`: `deposit` now, which counts as `counts`, and `final` later. Units: of the `allotment`, `left` to reserve,
    `reserved` by deposits, `sold`."""

    item_id: int
    presale_id: int
    sku_id: int
    product_id: int
    name: str
    option_text: str
    price: MoneyOut
    deposit: MoneyOut
    counts: MoneyOut
    final: MoneyOut
    allotment: int
    left: int
    reserved: int
    sold: int
    deposit_from: datetime
    deposit_until: datetime
    final_from: datetime
    final_until: datetime
    ship_days: int
    forfeits: bool


class PresaleOut(Out):
    """预售. `state` is that of its deposit window. `forfeits`: who does not pay the rest loses the deposit."""

    id: int
    name: str
    state: Phase
    deposit_from: datetime
    deposit_until: datetime
    final_from: datetime
    final_until: datetime
    ship_days: int
    forfeits: bool
    items: list[PresaleItemOut]


class PresaleItemIn(Schema):
    """Amounts a unit; the deposit counts as `counts_minor`, at least as itself."""

    sku_id: Id
    price_minor: AmountMinor
    deposit_minor: AmountMinor
    counts_minor: AmountMinor
    allotment: Count


class PresaleIn(Schema):
    name: Name
    deposit_from: Moment
    deposit_until: Moment
    final_from: Moment
    final_until: Moment
    ship_days: Annotated[int, Field(ge=1, le=90)]
    forfeits: bool = True
    items: Annotated[list[PresaleItemIn], Field(min_length=1, max_length=100)]
