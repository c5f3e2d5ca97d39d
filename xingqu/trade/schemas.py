"""Shapes of the trade API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import AmountMinor, Id, MoneyOut, Number, Out, ShortText, Text
from xingqu.programmes.contracts import PriceKind
from xingqu.trade.contracts import (
    DiscountKind,
    Flag,
    MerchantOrderDetailOut,
    ShopOrderDetailOut,
    ShopOrderOut,
    ShopOut,
    State,
)
from xingqu.trade.touch_schemas import AttributionIn

__all__ = ["MerchantOrderDetailOut", "ShopOrderDetailOut", "ShopOrderOut", "ShopOut", "State"]

CartQuantity = Annotated[int, Field(ge=1, le=999)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$")]
RegionId = Annotated[int, Field(ge=1, le=1_000_000)]
ParentRegionId = Annotated[int, Field(ge=0, le=1_000_000)]
QuoteToken = Annotated[str, StringConstraints(min_length=1, max_length=60_000)]
Reason = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=200)]
Tab = Literal["all", "unpaid", "to_ship", "shipped", "to_review", "done", "cancelled"]


class RegionOut(Out):
    id: int
    name: str
    level: int


class AddressIn(Schema):
    recipient: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    phone: Phone
    province_id: RegionId
    city_id: RegionId
    district_id: RegionId
    detail: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
    is_default: bool = False
    label: Annotated[ShortText, StringConstraints(max_length=20)] = ""


class AddressPatch(Schema):
    recipient: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)] | None = None
    phone: Phone | None = None
    province_id: RegionId | None = None
    city_id: RegionId | None = None
    district_id: RegionId | None = None
    detail: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)] | None = None
    is_default: bool | None = None
    label: Annotated[ShortText, StringConstraints(max_length=20)] | None = None


class AddressOut(Out):
    id: int
    recipient: str
    phone: str
    province_id: int
    city_id: int
    district_id: int
    province: str
    city: str
    district: str
    detail: str
    is_default: bool
    label: str


class LineSaleStateOut(Out):
    code: str
    can_buy: bool


class CartLineIn(Schema):
    sku_id: Id
    quantity: CartQuantity = 1
    attribution: AttributionIn | None = None


class CartBundleIn(Schema):
    """So many sets of a bundle."""

    quantity: Annotated[int, Field(ge=1, le=99)] = 1
    attribution: AttributionIn | None = None


class CartLinePatch(Schema):
    quantity: CartQuantity | None = None
    selected: bool | None = None


class CartSelectIn(Schema):
    sku_ids: Annotated[list[Id], Field(max_length=200)]
    selected: bool


class QuoteIn(Schema):
    """Lines to price; null takes the selected lines of the cart.

    `coupon_ids` are the claimed coupons to use (an empty list: none); null uses those that save most.
    """

    lines: Annotated[list[CartLineIn], Field(min_length=1, max_length=100)] | None = None
    address_id: Id | None = None
    coupon_ids: Annotated[list[Id], Field(max_length=101)] | None = None


class LineDiscountOut(Out):
    """What one discount takes off a line, and who pays it."""

    kind: DiscountKind
    payer: Literal["merchant", "platform"]
    amount: MoneyOut


class DiscountOut(LineDiscountOut):
    """A discount that applies, for goods of at least `threshold`; `rate_bp` is 0 for a fixed amount. Of a bundle: so many `sets`
    at the price `threshold`."""

    name: str
    threshold: MoneyOut
    rate_bp: int
    sets: int | None = None


class CouponOptionOut(Out):
    """A coupon that the buyer holds. `reason` it can't be used: threshold (`missing` goods), new_customer_only, flash_only,
    currency, nothing_left; null when it can, which `saves` that much."""

    claimed_id: int
    name: str
    kind: Literal["fixed", "rate"]
    threshold: MoneyOut
    discount: MoneyOut
    rate_bp: int
    valid_until: datetime
    used: bool
    reason: str | None
    missing: MoneyOut
    saves: MoneyOut


class HintOut(Out):
    """What would lower the price. `code`: sign_in, flash_limit and flash_gone (sku_id, most), room_price_limit and
    room_price_gone (the same), room_price_over (sku_id), full_reduction_next (shop_id, missing, reduction)."""

    code: str
    data: dict[str, Any]


class QuoteLineOut(Out):
    """`price_kind` tells why it costs less than usual: flash_sale, room_price (a live room's own) or prize; null otherwise."""

    sku_id: int
    product_id: int
    name: str
    option_text: str
    picture_url: str
    unit_price: MoneyOut
    usual_price: MoneyOut | None
    quantity: int
    subtotal: MoneyOut
    discount: MoneyOut
    discounts: list[LineDiscountOut]
    flash_ends_at: datetime | None
    price_kind: PriceKind | None
    available: int
    sale_state: LineSaleStateOut


class ShopQuoteOut(Out):
    """`discounts` and `coupons` are the shop's own; the platform's stand beside the shops."""

    shop: ShopOut
    lines: list[QuoteLineOut]
    goods_total: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    total: MoneyOut
    discounts: list[DiscountOut]
    coupons: list[CouponOptionOut]


class ProblemOut(Out):
    """`code`: not_found, not_for_sale, sold_out, currency_mismatch, not_deliverable (`data`: reason, region) or
    purchase_limit (`data`: reason per_order, per_person or sign_in, scope, limit, days, taken, most)."""

    code: str
    sku_id: int
    data: dict[str, Any]


class ArrivalOut(Out):
    earliest: date
    latest: date


class QuoteOut(Out):
    quote_token: str
    shops: list[ShopQuoteOut]
    goods_total: MoneyOut
    freight_total: MoneyOut
    discount_total: MoneyOut
    payable: MoneyOut
    discounts: list[DiscountOut]
    coupons: list[CouponOptionOut]
    hints: list[HintOut]
    problems: list[ProblemOut]
    expected_arrival: ArrivalOut | None


class CheckoutIn(Schema):
    """`notes` by shop id, for the merchant to read."""

    quote_token: QuoteToken
    address_id: Id
    notes: Annotated[dict[Id, Reason], Field(max_length=100)] = {}
    from_cart: bool = False


class PlacedShopOrderOut(Out):
    order_no: str
    shop: ShopOut
    payable: MoneyOut


class ParentOrderOut(Out):
    order_no: str
    payable: MoneyOut
    expires_at: datetime
    shop_orders: list[PlacedShopOrderOut]


Provider = Literal["alipay", "wechat", "stripe", "sandbox"]


class PayIn(Schema):
    """`return_url` is where the provider sends the buyer back: an address of this site. Without a `provider` it is the first
    that is offered; `device` tells which of its pages fits."""

    provider: Provider | None = None
    return_url: Annotated[Text, StringConstraints(max_length=500)] | None = None
    language: Literal["zh-CN", "en"] | None = None
    device: Literal["desktop", "phone"] = "desktop"


class PayTogetherIn(PayIn):
    """`order_nos`: unpaid orders (or checkouts) of one's own, of one currency."""

    order_nos: Annotated[list[Number], Field(min_length=1, max_length=50)]


class PayableOut(Out):
    """An unpaid checkout that can be paid together with others: `order_no` with its orders, one a shop."""

    order_no: str
    shop_order_nos: list[str]
    amount: MoneyOut
    expires_at: datetime


class PayMethodOut(Out):
    """A way to pay that the operator has set up. `test`: no real money moves."""

    code: Provider
    test: bool


class PayMethodsOut(Out):
    items: list[PayMethodOut]


class PayOut(Out):
    payment_no: str
    redirect_url: str


class PayActionOut(Out):
    """What the buyer does next: go to `url` (redirect), or scan a QR code with this content (qr)."""

    kind: Literal["redirect", "qr"]
    url: str


class PaymentOut(Out):
    """`unknown`: the provider could not be asked yet; ask again. `order_no` is the parent order's, of several (`order_nos`) the
    first that runs out.

    `opening`: the provider is being asked where to pay, look again; then `action` says where. `refusal` is the provider's own
    word for why it can't be paid this way (`no_answer`: it gave none).
    """

    payment_no: str
    provider: Provider
    state: Literal["pending", "succeeded", "failed", "closed", "unknown"]
    order_no: str
    order_nos: list[str]
    amount: MoneyOut
    expires_at: datetime
    opening: bool
    action: PayActionOut | None
    refusal: str


class OrderCountsOut(Out):
    """Orders by tab, `all` included."""

    all: int
    unpaid: int
    to_ship: int
    shipped: int
    to_review: int
    done: int
    cancelled: int


class CancelIn(Schema):
    reason: Reason = ""


class MerchantOrderOut(ShopOrderOut):
    """An order as its merchant lists it; the buyer's name is masked until there is something to ship."""

    buyer_name: str
    note: str
    ship_by: datetime | None
    shipped_at: datetime | None
    late: bool
    flag: Flag
    seller_note: str


class OrderMarkIn(Schema):
    """The merchant's own flag and note; both empty removes them."""

    flag: Flag = ""
    note: Annotated[ShortText, StringConstraints(max_length=200)] = ""


class MerchantCountsOut(Out):
    """Counted up to 10,000: a counter that reached it is at least that."""

    unpaid: int
    to_ship: int
    late_to_ship: int
    shipped: int
    done: int
    refunding: int
    refunded: int
    cancelled: int


class FreightRuleOut(Out):
    """What a shop charges for delivery; all zero means free of charge."""

    base_minor: AmountMinor
    free_from_minor: AmountMinor | None
    remote_extra_minor: AmountMinor


class FreightRuleIn(Schema):
    base_minor: Annotated[int, Field(ge=0, le=10_000_000)]
    free_from_minor: AmountMinor | None = None
    remote_extra_minor: Annotated[int, Field(ge=0, le=10_000_000)] = 0
