"""Facts of trade. `buyer_key` is the actor's key (``p12``, ``g345``); `person_id` is None for a guest's order that is not paid yet.

`lines` are (sku_id, product_id, quantity, subtotal_minor); `attributions` stand beside them, line by line:
(content_id, creator_id, request_id, surface), each None when unknown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

Line = tuple[int, int, int, int]
AttributionRow = tuple[int | None, int | None, str | None, str | None]


@dataclass(frozen=True)
class OrderPlaced:
    """A checkout made a parent order; its stock is held, nothing is paid."""

    parent_order_no: str
    order_nos: tuple[str, ...]
    shop_ids: tuple[int, ...]
    buyer_key: str
    person_id: int | None
    payable_minor: int
    currency: str
    placed_at: datetime


@dataclass(frozen=True)
class OrderPaid:
    """One shop order is paid: the merchant must ship it before `ship_by`."""

    order_no: str
    parent_order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    payable_minor: int
    currency: str
    paid_at: datetime
    ship_by: datetime
    lines: tuple[Line, ...]
    attributions: tuple[AttributionRow, ...]
    # The live room that is credited with each line, beside them; empty in facts of before there were any.
    live_room_ids: tuple[int | None, ...] = ()
    # What the buyer paid for each line, all discounts off, beside them; empty in facts of before it was told.
    paid_minor: tuple[int, ...] = ()


@dataclass(frozen=True)
class OrderCancelled:
    """An unpaid shop order ended. `reason` is ``buyer`` or ``timeout``; of a presale whose rest was not paid also ``final_unpaid``
    or ``merchant``."""

    order_no: str
    parent_order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    reason: str


@dataclass(frozen=True)
class OrderReaddressed:
    """The buyer of a paid order, of which nothing is shipped, gave it another address."""

    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    at: datetime


@dataclass(frozen=True)
class OrderShipped:
    """The last of an order is with a carrier; `carrier_code` and `tracking_no` are of the package that went last."""

    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    carrier_code: str
    tracking_no: str
    shipped_at: datetime


@dataclass(frozen=True)
class OrderReceived:
    """The buyer confirmed receipt (`automatic`: the time for it ran out). The merchant has earned the money."""

    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    payable_minor: int
    currency: str
    automatic: bool
    received_at: datetime
    lines: tuple[Line, ...]
    attributions: tuple[AttributionRow, ...]


@dataclass(frozen=True)
class OrderSettled:
    """The settlement period of a received order is over: what is left of its money is the merchant's, and the others' shares."""

    order_no: str
    shop_id: int
    currency: str
    settled_at: datetime


@dataclass(frozen=True)
class OrderRefunded:
    """The money of a paid, unshipped shop order went back to the buyer in full."""

    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    payable_minor: int
    currency: str
    refunded_at: datetime
    lines: tuple[Line, ...]
    attributions: tuple[AttributionRow, ...]


RefundedLine = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class RefundSettled:
    """A refund has gone back to the buyer and is in the books.

    `lines` are (line_id, sku_id, product_id, quantity back on the shelf, amount_minor); `freight_minor` is in `amount_minor`;
    `subsidy_minor` went back to the platform besides. `reference` is who asked for it, `whole`: nothing of the order is left.
    """

    refund_no: str
    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    reference: str
    reason: str
    amount_minor: int
    subsidy_minor: int
    currency: str
    lines: tuple[RefundedLine, ...]
    freight_minor: int
    whole: bool
    refunded_at: datetime


@dataclass(frozen=True)
class ChargePaid:
    """Something that buys nothing (a deposit) was paid and is in the books. `reference` is who asked for it."""

    prompt: ClassVar[bool] = True
    reference: str
    payment_no: str
    provider: str
    amount_minor: int
    currency: str
    paid_at: datetime
