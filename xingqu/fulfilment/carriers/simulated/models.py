"""The carrier's own tables."""

from django.db import models
from django.db.models import Q


class SimulatedParcel(models.Model):
    """A package as the carrier knows it. `manner` is how it tells: straight, twice, backwards or lost (never)."""

    class Manner(models.TextChoices):
        STRAIGHT = "straight"
        TWICE = "twice"
        BACKWARDS = "backwards"
        LOST = "lost"

    carrier_code = models.CharField(max_length=20)
    tracking_no = models.CharField(max_length=40)
    # The platform's own number of a waybill it asked for; empty for a number the carrier gave out elsewhere.
    reference = models.CharField(max_length=64, blank=True)
    callback_url = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=120, blank=True)
    manner = models.CharField(max_length=10, choices=Manner, default=Manner.STRAIGHT)
    # When it is fetched; null for what is handed over at a counter.
    begins_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier_code", "tracking_no"], name="simulated_parcel_number"),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="simulated_parcel_reference"
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_no


class SimulatedScan(models.Model):
    """A planned or past stop of a parcel, and whether the platform was told of it."""

    parcel = models.ForeignKey(SimulatedParcel, on_delete=models.CASCADE, related_name="scans")
    event_id = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    place = models.CharField(max_length=80)
    at = models.DateTimeField()
    tell_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    # How often it still has to arrive.
    left = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["tell_at"], condition=Q(left__gt=0), name="simulated_scan_due")]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.code}"
