"""Tables of fulfilment."""

from django.db import models


class Package(models.Model):
    """What was handed to a carrier for an order."""

    order_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    carrier_code = models.CharField(max_length=20)
    tracking_no = models.CharField(max_length=40)
    shipped_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["carrier_code", "tracking_no"], name="package_by_number")]

    def __str__(self) -> str:
        return f"{self.carrier_code} {self.tracking_no}"


class TrackingEvent(models.Model):
    """Something that happened to a package on its way, once each."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="events")
    code = models.CharField(max_length=30)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "code"], name="tracking_event_once")]

    def __str__(self) -> str:
        return f"{self.package_id} {self.code}"
