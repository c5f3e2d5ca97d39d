"""Shapes of coupons dropped into a room, lucky bags, scripts and automatic replies."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import AmountMinor, Id, MoneyOut, Out, ShortText

BagName = Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
SpokenWord = Annotated[ShortText, StringConstraints(max_length=40)]
Line = Annotated[ShortText, StringConstraints(min_length=1, max_length=100)]


class LiveDropIn(Schema):
    """Off goods of `threshold_minor`; to be taken within `claim_s`, valid for `valid_days`."""

    threshold_minor: AmountMinor = 0
    discount_minor: AmountMinor
    units: Annotated[int, Field(ge=1, le=100_000)] = 100
    claim_s: Annotated[int, Field(ge=10, le=7200)] = 300
    valid_days: Annotated[int, Field(ge=1, le=365)] = 1


class LiveDropOut(Out):
    """`mine`: this viewer has taken one."""

    coupon_id: int
    name: str
    threshold: MoneyOut
    discount: MoneyOut
    units: int
    left: int
    claim_until: datetime
    is_open: bool
    mine: bool


class LuckyBagIn(Schema):
    """The prize is `coupon` or `sku_id`; conditions are a `word` said in the chat and `watch_s` since one came in."""

    name: BagName
    winner_count: Annotated[int, Field(ge=1, le=1000)]
    draw_in_s: Annotated[int, Field(ge=30, le=7200)]
    word: SpokenWord = ""
    watch_s: Annotated[int, Field(ge=0, le=3600)] = 0
    coupon: LiveDropIn | None = None
    sku_id: Id | None = None


class LuckyBagOut(Out):
    """`seed` is null until the draw; its SHA-256 is `seed_hash`. A ticket is SHA-256 of ``seed:bag:person``; the lowest win.

    `entered` and `won` are this viewer's. A product that was won is the winner's once for `winner_pays` and no freight, until
    `keep_until`; the merchant bears the rest. A coupon is given at the draw."""

    id: int
    name: str
    prize: Literal["coupon", "product"]
    product_id: int | None
    product_name: str
    winner_pays: MoneyOut | None
    keep_until: datetime | None
    winner_count: int
    word: str
    watch_s: int
    draw_at: datetime
    state: Literal["open", "drawn", "cancelled"]
    seed_hash: str
    seed: str | None
    entrants: int
    entered: bool
    won: bool


class ScriptStepIn(Schema):
    """`at_s` of the script's clock. `act`: explain (item_id), unexplain, announce (text), say (text), coupon (coupon)."""

    at_s: Annotated[int, Field(ge=0, le=86_399)]
    act: Literal["explain", "unexplain", "announce", "say", "coupon"]
    item_id: Id | None = None
    text: Line | None = None
    coupon: LiveDropIn | None = None


class LiveScriptIn(Schema):
    """`loop_s`: begin again after so many seconds; 0 for once."""

    steps: list[ScriptStepIn] = Field(max_length=300)
    loop_s: Annotated[int, Field(ge=0, le=86_400)] = 0


class InTurnIn(Schema):
    item_ids: list[Id] = Field(min_length=1, max_length=200)
    every_s: Annotated[int, Field(ge=10, le=3600)] = 60
    loop: bool = True


class ScriptSwitchIn(Schema):
    is_on: bool


class LiveScriptOut(Out):
    """`run_s`: how far its clock is; `position` steps of this lap are done; `note`: what could not be done last."""

    steps: list[dict[str, Any]]
    loop_s: int
    is_on: bool
    run_s: int
    lap: int
    position: int
    note: str


class AutoReplyIn(Schema):
    words: list[Annotated[ShortText, StringConstraints(min_length=1, max_length=20)]] = Field(
        min_length=1, max_length=20
    )
    text: Line


class AutoRepliesIn(Schema):
    replies: list[AutoReplyIn] = Field(max_length=50)


class LiveSellingOut(Out):
    """What the desk does besides explaining."""

    drops: list[LiveDropOut]
    bags: list[LuckyBagOut]
    script: LiveScriptOut | None
    auto_replies: list[AutoReplyIn]


class LiveRewardsOut(Out):
    """What a viewer can take part in, and has won."""

    drops: list[LiveDropOut]
    bags: list[LuckyBagOut]
