"""Tables of programmes. What is limited is limited by the database: counters with checks, and unique keys."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from xingqu.programmes.models_admission import AdmissionGate as AdmissionGate
from xingqu.programmes.models_admission import AdmissionPolicy as AdmissionPolicy
from xingqu.programmes.models_admission import AdmissionTicket as AdmissionTicket
from xingqu.programmes.presale_models import Presale as Presale
from xingqu.programmes.presale_models import PresaleItem as PresaleItem

STATES = [(state, state) for state in ("running", "paused", "ended")]


class Coupon(models.Model):
    """A coupon on offer. `shop_id` is null for the platform's own. `claimed` only grows, and never beyond `stock`."""

    shop_id = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=5, choices=[("fixed", "fixed"), ("rate", "rate")])
    threshold_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    rate_bp = models.PositiveIntegerField(default=0)
    cap_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    audience = models.CharField(max_length=12, default="everyone")
    stock = models.PositiveIntegerField()
    claimed = models.PositiveIntegerField(default=0)
    limit_per_person = models.PositiveIntegerField(default=1)
    claim_from = models.DateTimeField()
    claim_until = models.DateTimeField()
    use_from = models.DateTimeField(null=True)
    use_until = models.DateTimeField(null=True)
    valid_days = models.PositiveIntegerField(null=True)
    # What it is for: everything, or the products or categories (with all below them) of these ids.
    scope = models.CharField(max_length=10, default="all")
    scope_ids = models.JSONField(default=list)
    # Dropped into a live room: taken there only. A prize is nobody's to take: it is given to who won it.
    live_room_id = models.BigIntegerField(null=True)
    is_prize = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=STATES, default="running")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["live_room_id"], condition=Q(live_room_id__isnull=False), name="coupon_of_room"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(claimed__lte=F("stock")), name="coupon_stock"),
            models.CheckConstraint(
                condition=Q(valid_days__isnull=False) | Q(use_from__isnull=False, use_until__gt=F("use_from")),
                name="coupon_validity",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimedCoupon(models.Model):
    """One coupon in somebody's hand: their `ordinal`-th of this kind, which is how the limit per person is kept."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="claims")
    person_id = models.BigIntegerField()
    ordinal = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coupon", "person_id", "ordinal"], name="coupon_per_person")]
        indexes = [models.Index(fields=["person_id", "valid_until"], name="claimed_coupon_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.coupon_id}"


class CouponUse(models.Model):
    """A claimed coupon in an order: locked while it is unpaid, used once it is paid, released when it ends otherwise.

    The unique key over what is not released makes a coupon pay for one order only.
    """

    claimed = models.ForeignKey(ClaimedCoupon, on_delete=models.PROTECT, related_name="uses")
    order_ref = models.CharField(max_length=32, db_index=True)
    shop_id = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, default="locked")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claimed"], condition=~Q(state="released"), name="coupon_used_once")
        ]

    def __str__(self) -> str:
        return f"{self.claimed_id} {self.state} {self.order_ref}"


class FullReductionOffer(models.Model):
    """满减 of a shop: `steps` are [threshold, reduction] pairs in minor units, ascending."""

    shop_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    steps = models.JSONField()
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=STATES, default="running")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class FlashSale(models.Model):
    """秒杀 of a shop, from `starts_at` to `ends_at`. With a `live_room_id` its prices are for who buys out of that room only:
    a flash sale in the room, the room's own price (达人专属价), or the prize of a lucky bag for its winners."""

    shop_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12, default="flash_sale")
    live_room_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=STATES, default="running")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(state="running"), name="flash_sale_running"),
            models.Index(fields=["live_room_id"], condition=Q(live_room_id__isnull=False), name="flash_sale_of_room"),
        ]

    def __str__(self) -> str:
        return self.name


class FlashSaleItem(models.Model):
    """A SKU in a flash sale. Its `allotment` stands aside in stock, as the campaign `contracts.flash_campaign`."""

    sale = models.ForeignKey(FlashSale, on_delete=models.PROTECT, related_name="items")
    sku_id = models.BigIntegerField(db_index=True)
    product_id = models.BigIntegerField(db_index=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    allotment = models.PositiveIntegerField()
    limit_per_person = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale", "sku_id"], name="flash_item_once"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="flash_price"),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id}: {self.sku_id}"


class FlashWinner(models.Model):
    """Somebody who may have a prize; nobody else gets its price."""

    sale = models.ForeignKey(FlashSale, on_delete=models.PROTECT, related_name="winners")
    person_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sale", "person_id"], name="flash_winner_once")]

    def __str__(self) -> str:
        return f"{self.sale_id}: {self.person_id}"


class FlashQuota(models.Model):
    """How many units of a flash item one person has: one row a person, so that the limit is one guarded update."""

    item = models.ForeignKey(FlashSaleItem, on_delete=models.PROTECT, related_name="quotas")
    person_id = models.BigIntegerField()
    taken = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person_id"], name="flash_quota_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.person_id}: {self.taken}"


class FlashTake(models.Model):
    """Units of a flash item in one order, given back at most once."""

    item = models.ForeignKey(FlashSaleItem, on_delete=models.PROTECT, related_name="takes")
    person_id = models.BigIntegerField()
    order_ref = models.CharField(max_length=32)
    shop_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default="taken")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_ref", "item"], name="flash_take_once")]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.quantity} of {self.item_id}"


class PurchaseTake(models.Model):
    """Units of a SKU with a purchase limit (限购) in one order. What is taken counts for the limit, given back at most once."""

    person_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    order_ref = models.CharField(max_length=32)
    shop_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default="taken")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_ref", "sku_id"], name="purchase_take_once")]
        indexes = [models.Index(fields=["person_id", "product_id"], name="purchase_take_by_person")]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.quantity} of {self.sku_id}"


class BundleOffer(models.Model):
    """套装 of a shop: a set of its SKUs at a price. Nothing is kept aside: a set is there while all its parts are."""

    shop_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=STATES, default="running")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(price_minor__gte=1), name="bundle_price")]

    def __str__(self) -> str:
        return self.name


class BundleItem(models.Model):
    """Units of a SKU in one set."""

    bundle = models.ForeignKey(BundleOffer, on_delete=models.PROTECT, related_name="items")
    sku_id = models.BigIntegerField(db_index=True)
    product_id = models.BigIntegerField(db_index=True)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sku_id"], name="bundle_item_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="bundle_item_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.quantity} of {self.sku_id}"


class PastCustomer(models.Model):
    """Somebody who has paid an order of this shop: no new customer any more, neither to it nor to the platform."""

    person_id = models.BigIntegerField()
    shop_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "shop_id"], name="past_customer_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.shop_id}"
