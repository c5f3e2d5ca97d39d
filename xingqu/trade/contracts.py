"""What other rooms may know of trade."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from xingqu.kit.api import MoneyOut, Out
from xingqu.trade.share_contracts import AuditedShares as AuditedShares
from xingqu.trade.share_contracts import LineShareRow as LineShareRow
from xingqu.trade.share_contracts import LineShareTerms as LineShareTerms
from xingqu.trade.share_contracts import LineToShare as LineToShare

DiscountKind = Literal["flash_sale", "bundle", "presale", "full_reduction", "shop_coupon", "platform_coupon"]
State = Literal["unpaid", "part_paid", "paid", "part_shipped", "shipped", "done", "cancelled", "refunding", "refunded"]


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """A line as it was ordered."""

    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    unit_price_minor: int
    quantity: int
    subtotal_minor: int
    shipped_quantity: int
    to_ship_quantity: int


@dataclass(frozen=True, slots=True)
class ShopOrderRow:
    """One merchant's order as fulfilment and review see it. `person_id` is None for a guest's unpaid order."""

    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    state: State
    reviewed: bool
    currency: str
    payable_minor: int
    created_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    done_at: datetime | None
    receive_by: datetime | None
    lines: tuple[OrderLineRow, ...]
    ship_by: datetime | None
    address: dict[str, Any]
    shipping_stopped: bool
    receipt_extended: bool


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What of an order is to go back: buyer's money of one line, or (`line_id` is None) of the freight.

    `quantity` units of the line go back on the shelf; 0 = money only.
    """

    line_id: int | None
    amount_minor: int
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class RefundableLine:
    """`paid_minor` is what the buyer paid for the line; refunds that were asked for but are not done are pending."""

    line_id: int
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    quantity: int
    unit_price_minor: int
    paid_minor: int
    refunded_minor: int
    refunded_quantity: int
    pending_minor: int
    pending_quantity: int

    @property
    def left_minor(self) -> int:
        """What can still be asked for."""
        return self.paid_minor - self.refunded_minor - self.pending_minor


@dataclass(frozen=True, slots=True)
class Refundable:
    """What of an order can be refunded. `open_cases`: how often its settlement is held."""

    order_no: str
    shop_id: int
    buyer_key: str
    state: State
    currency: str
    lines: tuple[RefundableLine, ...]
    freight_minor: int
    freight_refunded_minor: int
    freight_pending_minor: int
    open_cases: int
    paid_at: datetime | None
    shipped_at: datetime | None
    done_at: datetime | None
    settled_at: datetime | None

    @property
    def freight_left_minor(self) -> int:
        """What can still be asked for of the freight."""
        return self.freight_minor - self.freight_refunded_minor - self.freight_pending_minor


@dataclass(frozen=True, slots=True)
class OrderLeft:
    """What of an order the buyer has paid and not got back."""

    order_no: str
    shop_id: int
    buyer_key: str
    state: State
    currency: str
    left_minor: int
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReconciliationDifference:
    """Where a provider's bill of a day and our books disagree. `key` is our payment's or refund's number, else the provider's.

    missing_here: billed and not in our books. missing_there: in our books and not billed. amount: both, with other sums.
    state: billed, and not finished here. duplicate: billed more than once. Of `ledger` it is our own ledger that differs from
    the payment or refund.
    """

    id: int
    provider: str
    day: date
    kind: Literal["missing_here", "missing_there", "amount", "state", "duplicate"]
    subject: Literal["payment", "refund", "ledger"]
    key: str
    reference: str
    order_no: str
    currency: str
    ours_minor: int | None
    theirs_minor: int | None
    ours_state: str
    theirs_state: str
    found_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    note: str


@dataclass(frozen=True, slots=True)
class SettlingResult:
    """What `settle_order` did: settled, already, open_case, refund_pending, refunded, sharing_open or not_received.

    `net_minor` is what is the merchant's; of a settled order what it was settled with, at `settled_at`.
    """

    outcome: str
    net_minor: int
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Earning:
    """A merchant's income from one order; `net_minor` is what is left after the fee and refunds since receipt."""

    order_no: str
    shop_id: int
    currency: str
    paid_minor: int
    subsidy_minor: int
    income_minor: int
    fee_minor: int
    fee_returned_minor: int
    refunded_minor: int
    net_minor: int
    open_cases: int
    paid_at: datetime | None
    done_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundAmounts:
    """What went back to the buyer, and to the platform besides."""

    refund_no: str
    order_no: str
    amount_minor: int
    subsidy_minor: int


@dataclass(frozen=True, slots=True)
class AuditedOrder:
    """A paid shop order with all the sums that must agree: of itself, its lines and its refunds."""

    order_no: str
    shop_id: int
    state: State
    currency: str
    hold_ref: str
    payable_minor: int
    subsidy_minor: int
    lines_minor: int
    refunded_minor: int
    refunded_subsidy_minor: int
    lines_refunded_minor: int
    refunds_minor: int
    refunds_subsidy_minor: int
    income_minor: int
    fee_minor: int
    fee_returned_minor: int
    units: int
    shipped_units: int
    returned_units: int
    refund_units: int
    done_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditedPayment:
    """An attempt that succeeded; `outcome` applied, shared (of several checkouts), or why the money goes back."""

    payment_no: str
    provider: str
    order_no: str
    outcome: str
    amount_minor: int
    payable_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PaidCharge:
    """Something that buys nothing and was paid: the account that the money went to, and who asked for it."""

    reference: str
    account: str
    amount_minor: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class AuditedRefund:
    """A refund that is done; `order_no` is empty for a payment that found no order."""

    refund_no: str
    provider: str
    order_no: str
    amount_minor: int
    currency: str


class ShopOut(Out):
    id: int
    name: str
    name_en: str
    avatar_url: str


class OrderLineOut(Out):
    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    unit_price: MoneyOut
    usual_price: MoneyOut | None
    quantity: int
    shipped_quantity: int
    to_ship_quantity: int
    subtotal: MoneyOut
    discount: MoneyOut


class NextStepOut(Out):
    code: str
    who: Literal["buyer", "merchant", "carrier", "platform"] | None
    by: datetime | None


class OrderPresaleOut(Out):
    """预售: `deposit` counts as `counts`; `final` is the rest, to be paid from `final_from` to `final_until`. `ended`: forfeited,
    returned."""

    deposit: MoneyOut
    counts: MoneyOut
    final: MoneyOut
    final_from: datetime
    final_until: datetime
    ship_days: int
    forfeits: bool
    deposit_paid: bool
    ended: Literal["", "forfeited", "returned"]


class ShopOrderOut(Out):
    order_no: str
    parent_order_no: str
    state: State
    shop: ShopOut
    lines: list[OrderLineOut]
    payable: MoneyOut
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime
    next_step: NextStepOut
    can: list[Literal["pay", "cancel", "refund", "confirm_receipt", "review", "buy_again"]]
    presale: OrderPresaleOut | None = None


class TimelineOut(Out):
    code: str
    at: datetime
    data: dict[str, Any]


class PackageOut(Out):
    carrier_code: str
    tracking_no: str
    shipped_at: datetime


class AmountLineOut(Out):
    """A part of the sum: goods, freight, and each kind of discount (negative); they sum to the payable."""

    code: Literal["goods", "freight", "bundle", "presale", "full_reduction", "shop_coupon", "platform_coupon"]
    amount: MoneyOut


class AddressSnapshotOut(Out):
    recipient: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


class ShopOrderDetailOut(ShopOrderOut):
    """An order with everything a person may want to know of it. `pay_together` are the other orders of the same checkout."""

    address: AddressSnapshotOut
    amounts: list[AmountLineOut]
    timeline: list[TimelineOut]
    package: PackageOut | None
    note: str
    cancel_reason: str
    refund_reason: str
    pay_together: list[str]


Flag = Literal["", "red", "yellow", "green", "blue", "purple"]


class LineAttributionOut(Out):
    """What led to a line. `source` is the last way to the product, ``direct`` without one; `creator_id`, `content_id`,
    `live_room_id`, `ad_id` are credited with it, by a click on `credited_source` at `credited_at`; `campaign` is the activity
    at whose price it was bought."""

    sku_id: int
    source: str
    content_id: int | None
    creator_id: int | None
    creator_name: str
    live_room_id: int | None
    ad_id: int | None
    campaign: str | None
    credited_source: str | None
    credited_at: datetime | None


class MerchantOrderDetailOut(ShopOrderDetailOut):
    attributions: list[LineAttributionOut]
    buyer_name: str
    ship_by: datetime | None
    shipped_at: datetime | None
    late: bool
    flag: Flag
    seller_note: str
