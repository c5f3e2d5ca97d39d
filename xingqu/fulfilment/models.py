"""Tables of fulfilment."""

from django.db import models
from django.db.models import Q

from xingqu.fulfilment.domain.states import Kind, PackageState


class Package(models.Model):
    """What a carrier brings from one place to another: units of one or more orders, or the parcel of an after-sale case."""

    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in Kind], default=Kind.ORDER)
    # The first of its orders; all of them are named by its lines.
    order_no = models.CharField(max_length=32, db_index=True)
    shop_id = models.BigIntegerField()
    # The after-sale case that a parcel belongs to; empty for an order's package.
    reference = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in PackageState], default=PackageState.HANDED_OVER
    )
    carrier_code = models.CharField(max_length=20)
    tracking_no = models.CharField(max_length=40)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["carrier_code", "tracking_no"], name="package_by_number")]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], condition=~Q(reference=""), name="parcel_once"),
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
