"""Tables of trade. Ids of other rooms are plain numbers: a snapshot must outlive what it was taken of."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.freight_models import FreightRule as FreightRule
from xingqu.trade.freight_models import FreightTemplate as FreightTemplate
from xingqu.trade.freight_models import ProductFreight as ProductFreight
from xingqu.trade.freight_models import TimeRule as TimeRule
from xingqu.trade.models_payment import Bill as Bill
from xingqu.trade.models_payment import BillDifference as BillDifference
from xingqu.trade.models_payment import BilledLine as BilledLine
from xingqu.trade.models_payment import CallbackReceipt as CallbackReceipt
from xingqu.trade.models_payment import Charge as Charge
from xingqu.trade.models_payment import PaymentAttempt as PaymentAttempt
from xingqu.trade.models_payment import PaymentOpening as PaymentOpening
from xingqu.trade.models_payment import PaymentShare as PaymentShare
from xingqu.trade.models_presale import PresaleOrder as PresaleOrder
from xingqu.trade.models_shares import LineShare as LineShare
from xingqu.trade.models_shares import OrderSharing as OrderSharing
from xingqu.trade.models_touch import ProductTouch as ProductTouch
from xingqu.trade.models_touch import ShopVisit as ShopVisit


def _choices(states: type[OrderState]) -> list[tuple[str, str]]:
    return [(state.value, state.value) for state in states]


class Address(models.Model):
    """An entry of somebody's address book. Orders keep a copy, never a reference."""

    owner_key = models.CharField(max_length=24, db_index=True)
    recipient = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    province_id = models.IntegerField()
    city_id = models.IntegerField()
    district_id = models.IntegerField()
    detail = models.CharField(max_length=200)
    label = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_key"], condition=Q(is_default=True), name="address_one_default")
        ]

    def __str__(self) -> str:
        return f"{self.owner_key}: {self.detail}"


class CartLine(models.Model):
    """A SKU in somebody's cart, with the price when it was put there."""

    owner_key = models.CharField(max_length=24)
    sku_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    selected = models.BooleanField(default=True)
    price_then_minor = models.BigIntegerField()
    attribution = models.JSONField(default=dict)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_key", "sku_id"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=999), name="cart_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_key}: {self.quantity} of {self.sku_id}"


class ParentOrder(models.Model):
    """One checkout: paid in one payment, made of one shop order a merchant."""

    order_no = models.CharField(max_length=32, unique=True)
    buyer_key = models.CharField(max_length=24, db_index=True)
    state = models.CharField(max_length=16, choices=_choices(OrderState), default=OrderState.UNPAID)
    payable_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    address = models.JSONField()
    cancel_reason = models.CharField(max_length=20, blank=True)
    # Paid in two phases: a `PresaleOrder` has the terms.
    is_presale = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="unpaid"), name="parent_order_expiring")]
        constraints = [models.CheckConstraint(condition=Q(payable_minor__gte=0), name="parent_order_payable")]

    def __str__(self) -> str:
        return self.order_no


class ShopOrder(models.Model):
    """One merchant's part of a checkout."""

    order_no = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey(ParentOrder, on_delete=models.PROTECT, related_name="shop_orders")
    shop_id = models.BigIntegerField()
    buyer_key = models.CharField(max_length=24)
    state = models.CharField(max_length=16, choices=_choices(OrderState), default=OrderState.UNPAID)
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    # The part of the discount that the platform pays the merchant in the buyer's stead.
    platform_discount_minor = models.BigIntegerField(default=0)
    # Whether coupons or flash prices are locked with the order: they must be told how it ends.
    has_programmes = models.BooleanField(default=False)
    payable_minor = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    cancel_reason = models.CharField(max_length=20, blank=True)
    refund_reason = models.CharField(max_length=200, blank=True)
    hold_ref = models.CharField(max_length=64)
    # What went back so far of what the buyer paid, and of what the platform paid in the buyer's stead.
    refunded_minor = models.BigIntegerField(default=0)
    refunded_subsidy_minor = models.BigIntegerField(default=0)
    freight_refunded_minor = models.BigIntegerField(default=0)
    freight_pending_minor = models.BigIntegerField(default=0)
    # What the merchant earned at receipt before the platform's fee, that fee, and what of it was given back since.
    income_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    fee_returned_minor = models.BigIntegerField(default=0)
    # After-sale cases that are open: the order is not settled meanwhile.
    open_cases = models.PositiveIntegerField(default=0)
    reviewed = models.BooleanField(default=False)
    search_text = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ship_by = models.DateTimeField(null=True)
    receive_by = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    # Since when nothing may be shipped: the buyer asked for the money back before it was.
    shipping_stopped_at = models.DateTimeField(null=True)
    receipt_extended_at = models.DateTimeField(null=True)
    # Where the buyer wants it instead of the checkout's address.
    changed_address = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["buyer_key", "-id"], name="shop_order_by_buyer"),
            models.Index(fields=["shop_id", "state", "-created_at", "-id"], name="shop_order_by_state"),
            models.Index(fields=["shop_id", "-created_at", "-id"], name="shop_order_by_time"),
            models.Index(fields=["shop_id", "paid_at"], name="shop_order_by_pay_time"),
            models.Index(fields=["receive_by"], condition=Q(state="shipped"), name="shop_order_receiving"),
            models.Index(
                fields=["shop_id", "ship_by"],
                condition=Q(state__in=("paid", "part_shipped")),
                name="shop_order_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0, freight_minor__gte=0, discount_minor__gte=0, payable_minor__gte=0),
                name="shop_order_amounts",
            ),
            models.CheckConstraint(
                condition=Q(platform_discount_minor__gte=0, platform_discount_minor__lte=models.F("discount_minor")),
                name="shop_order_subsidy",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0,
                    refunded_minor__lte=models.F("payable_minor"),
                    refunded_subsidy_minor__gte=0,
                    refunded_subsidy_minor__lte=models.F("platform_discount_minor"),
                ),
                name="shop_order_refunded",
            ),
            models.CheckConstraint(
                condition=Q(
                    freight_refunded_minor__gte=0,
                    freight_pending_minor__gte=0,
                    freight_minor__gte=models.F("freight_refunded_minor") + models.F("freight_pending_minor"),
                ),
                name="shop_order_freight_refunded",
            ),
            models.CheckConstraint(
                condition=Q(
                    fee_returned_minor__gte=0,
                    fee_minor__gte=models.F("fee_returned_minor"),
                    income_minor__gte=models.F("fee_minor"),
                ),
                name="shop_order_fee",
            ),
            models.CheckConstraint(
                condition=Q(
                    payable_minor=models.F("goods_minor") + models.F("freight_minor") - models.F("discount_minor")
                ),
                name="shop_order_sum",
            ),
        ]

    def __str__(self) -> str:
        return self.order_no

    @property
    def ship_to(self) -> dict[str, Any]:
        """The address it goes to."""
        address: dict[str, Any] = self.changed_address or self.parent.address
        return address


class OrderMark(models.Model):
    """A merchant's own note and flag on an order, which its buyer never sees. A table of its own: few orders have one."""

    class Flag(models.TextChoices):
        NONE = ""
        RED = "red"
        YELLOW = "yellow"
        GREEN = "green"
        BLUE = "blue"
        PURPLE = "purple"

    order = models.OneToOneField(ShopOrder, on_delete=models.PROTECT, related_name="mark")
    shop_id = models.BigIntegerField()
    flag = models.CharField(max_length=6, choices=Flag, blank=True)
    note = models.CharField(max_length=200, blank=True)
    person_id = models.BigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop_id", "flag", "order"], name="order_mark_by_flag")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.flag}"


class OrderLine(models.Model):
    """A SKU as it was when it was ordered, what each discount took off it and who pays that, and what led to the order.

    `unit_price_minor` is the flash price where there was one, `usual_price_minor` the price without it.
    """

    order = models.ForeignKey(ShopOrder, on_delete=models.PROTECT, related_name="lines")
    sku_id = models.BigIntegerField()
    product_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=200)
    option_text = models.CharField(max_length=200, blank=True)
    picture_url = models.CharField(max_length=500, blank=True)
    unit_price_minor = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    # Units that went off, and units that never will: their money went back before.
    shipped_quantity = models.PositiveIntegerField(default=0)
    dropped_quantity = models.PositiveIntegerField(default=0)
    subtotal_minor = models.BigIntegerField()
    usual_price_minor = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField(default=0)
    discounts = models.JSONField(default=list)
    attribution = models.JSONField(default=dict)
    # Of what the buyer paid for it, and of its units: back already, and asked for.
    refunded_minor = models.BigIntegerField(default=0)
    pending_minor = models.BigIntegerField(default=0)
    refunded_quantity = models.PositiveIntegerField(default=0)
    pending_quantity = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0,
                    pending_minor__gte=0,
                    subtotal_minor__gte=models.F("discount_minor")
                    + models.F("refunded_minor")
                    + models.F("pending_minor"),
                ),
                name="order_line_refunded",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=models.F("refunded_quantity") + models.F("pending_quantity")),
                name="order_line_returned",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, discount_minor__lte=models.F("subtotal_minor")),
                name="order_line_discount",
            ),
            models.CheckConstraint(
                condition=Q(subtotal_minor=models.F("unit_price_minor") * models.F("quantity"), quantity__gte=1),
                name="order_line_sum",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=models.F("shipped_quantity") + models.F("dropped_quantity")),
                name="order_line_shipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"

    @property
    def to_ship_quantity(self) -> int:
        """Units still to be shipped."""
        return self.quantity - self.shipped_quantity - self.dropped_quantity


class OrderEvent(models.Model):
    """An entry of an order's timeline."""

    order = models.ForeignKey(ShopOrder, on_delete=models.PROTECT, related_name="events")
    code = models.CharField(max_length=30)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.order_id} {self.code}"


class CheckoutKey(models.Model):
    """A checkout that was done: the same key gets the same answer again."""

    buyer_key = models.CharField(max_length=24)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    parent = models.ForeignKey(ParentOrder, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer_key", "key"], name="checkout_key_once")]

    def __str__(self) -> str:
        return f"{self.buyer_key} {self.key}"


class Refund(models.Model):
    """Money on its way back, of parts of one shop order or (order is null) of a payment that could not be applied.

    `reference` is who asked for it, once; `subsidy_minor` is what the platform gets back besides of what it paid.
    """

    refund_no = models.CharField(max_length=32, unique=True)
    payment = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(ShopOrder, null=True, on_delete=models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=84, null=True, unique=True)
    amount_minor = models.BigIntegerField()
    subsidy_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    done = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(done=False), name="refund_to_finish")]
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=Q(order=None), name="refund_unapplied_once"),
            # Nothing to send back is a refund too: the platform paid all, or only units come back.
            models.CheckConstraint(condition=Q(amount_minor__gte=0, subsidy_minor__gte=0), name="refund_amount"),
        ]

    def __str__(self) -> str:
        return self.refund_no


class RefundLine(models.Model):
    """The part of a refund that is of one line, or (line is null) of the freight. `quantity` units go back on the shelf."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    subsidy_minor = models.BigIntegerField(default=0)
    quantity = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.UniqueConstraint(fields=["refund"], condition=Q(line=None), name="refund_freight_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0, subsidy_minor__gte=0), name="refund_line_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount_minor}"
