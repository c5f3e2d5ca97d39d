"""Tables of fulfilment. Ids of other rooms are plain numbers."""

from django.db import models
from django.db.models import Q

from xingqu.fulfilment.domain.states import Kind, PackageState


class Package(models.Model):
    """What a carrier brings from one place to another: units of one or more orders, the parcel of a case, or a sample."""

    class Watch(models.TextChoices):
        """How far asking a carrier for news of it has come."""

        OFF = "off"
        DUE = "due"
        ON = "on"
        REFUSED = "refused"

    class Intercept(models.TextChoices):
        NONE = ""
        ASKED = "asked"
        ACCEPTED = "accepted"  # the carrier turns it back; it has not arrived at the shop yet
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in Kind], default=Kind.ORDER)
    # The first of its orders; all of them are named by its lines.
    order_no = models.CharField(max_length=32, db_index=True)
    shop_id = models.BigIntegerField()
    # The after-sale case or sample that a parcel belongs to; empty for an order's package.
    reference = models.CharField(max_length=64, blank=True)
    # Where a parcel without an order goes: province and city in words, and the last places of the phone number.
    target_region = models.CharField(max_length=80, blank=True)
    target_phone = models.CharField(max_length=4, blank=True)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in PackageState], default=PackageState.HANDED_OVER
    )
    # Empty until it has a carrier.
    carrier_code = models.CharField(max_length=20, blank=True)
    tracking_no = models.CharField(max_length=40, blank=True)
    routing_code = models.CharField(max_length=40, blank=True)
    has_waybill = models.BooleanField(default=False)
    printed_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    watch = models.CharField(max_length=8, choices=Watch, default=Watch.OFF)
    watch_due_at = models.DateTimeField(null=True)
    watch_tries = models.PositiveIntegerField(default=0)
    intercept = models.CharField(max_length=10, choices=Intercept, default=Intercept.NONE, blank=True)
    intercept_by = models.CharField(max_length=8, blank=True)
    intercept_due_at = models.DateTimeField(null=True)
    intercept_tries = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["carrier_code", "tracking_no"], name="package_by_number"),
            models.Index(fields=["shop_id", "state", "-id"], name="package_by_shop"),
            models.Index(fields=["watch_due_at"], condition=Q(watch="due"), name="package_to_watch"),
            models.Index(fields=["intercept_due_at"], condition=Q(intercept="asked"), name="package_to_intercept"),
            models.Index(
                fields=["news_at"],
                condition=Q(state__in=["handed_over", "in_transit", "out_for_delivery"], flagged_at=None),
                name="package_without_news",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], condition=~Q(reference=""), name="parcel_once"),
            models.CheckConstraint(
                condition=Q(state="packed") | (~Q(tracking_no="") & Q(shipped_at__isnull=False)),
                name="package_shipped_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_code} {self.tracking_no}"


class PackageLine(models.Model):
    """Units of an order in a package."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="lines")
    order_no = models.CharField(max_length=32, db_index=True)
    sku_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "order_no", "sku_id"], name="package_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="package_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id} of {self.order_no}"


class TrackingEvent(models.Model):
    """Something that happened to a package on its way, once each: `key` tells two messages of the same from two events."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=64)
    code = models.CharField(max_length=30)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "key"], name="tracking_event_once")]

    def __str__(self) -> str:
        return f"{self.package_id} {self.code}"


class ShopAddress(models.Model):
    """An entry of a shop's address book: where it sends from, where returns go."""

    shop_id = models.BigIntegerField(db_index=True)
    recipient = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    province_id = models.IntegerField(null=True)
    city_id = models.IntegerField(null=True)
    district_id = models.IntegerField(null=True)
    # Province, city and district in words, where they are none of the table's; empty where the ids say it.
    region = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=200)
    sends = models.BooleanField(default=False)
    takes_returns = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id"], condition=Q(sends=True), name="shop_address_one_sender"),
            models.UniqueConstraint(
                fields=["shop_id"], condition=Q(takes_returns=True), name="shop_address_one_for_returns"
            ),
            models.CheckConstraint(
                condition=Q(region="", province_id__isnull=False, city_id__isnull=False, district_id__isnull=False)
                | (~Q(region="") & Q(province_id=None, city_id=None, district_id=None, sends=False)),
                name="shop_address_region",
            ),
        ]

    def __str__(self) -> str:
        return f"shop {self.shop_id}: {self.detail}"


class CarrierHook(models.Model):
    """A merchant's own carrier may tell where the shop's packages are: an address of its own, and what signs its messages."""

    shop_id = models.BigIntegerField(unique=True)
    public_id = models.CharField(max_length=32, unique=True)
    secret = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.public_id


class ShipReminder(models.Model):
    """A shop was told that an order must be shipped soon, or is late: once each."""

    order_no = models.CharField(max_length=32)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_no", "kind"], name="ship_reminder_once")]

    def __str__(self) -> str:
        return f"{self.order_no} {self.kind}"


class CoverTerms(models.Model):
    """What return freight insurance costs a shop an order, and pays at most for a return, from a date on (CNY)."""

    effective_from = models.DateTimeField(unique=True)
    premium_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField()
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(premium_minor__gte=0, limit_minor__gte=1), name="cover_terms_amounts")
        ]

    def __str__(self) -> str:
        return f"{self.premium_minor} for {self.limit_minor} from {self.effective_from:%Y-%m-%d}"


class ShopCover(models.Model):
    """A shop that insures the return of all its products; others insure those that promise it."""

    shop_id = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"shop {self.shop_id}"


class FreightCover(models.Model):
    """The insurance of an order's return freight, as it was promised at payment. It pays for one parcel.

    The shop owes the premium once the order has shipped. `used_by` is the reference of the parcel that has it.
    """

    order_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    product_ids = models.JSONField()
    premium_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField()
    promised_at = models.DateTimeField()
    charged_at = models.DateTimeField(null=True)
    used_by = models.CharField(max_length=64, blank=True)
    paid_minor = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, paid_minor__lte=models.F("limit_minor"))
                & (Q(paid_at=None, paid_minor=0) | (Q(paid_at__isnull=False) & ~Q(used_by=""))),
                name="freight_cover_paid",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_no}: {self.limit_minor}"


class Pickup(models.Model):
    """A return parcel that the carrier fetches at the buyer's. `price_minor` is the carrier's; `covered_minor` of it is insured,
    the buyer pays the courier the rest."""

    reference = models.CharField(max_length=64, unique=True)
    order_no = models.CharField(max_length=32, db_index=True)
    carrier_code = models.CharField(max_length=20)
    tracking_no = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    price_minor = models.BigIntegerField()
    covered_minor = models.BigIntegerField(default=0)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(covered_minor__gte=0, covered_minor__lte=models.F("price_minor")), name="pickup_covered"
            )
        ]

    def __str__(self) -> str:
        return self.tracking_no
