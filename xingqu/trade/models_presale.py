"""Table of presale orders. A part of `models`."""

from django.db import models
from django.db.models import F, Q


class PresaleOrder(models.Model):
    """The terms a presale order was placed under, and how its deposit ended. Amounts are of all its units.

    `ended`: forfeited to the merchant, or returned to the buyer; empty while it is reserved or once it is paid.
    """

    parent = models.OneToOneField("trade.ParentOrder", on_delete=models.PROTECT, related_name="presale")
    item_id = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    counts_minor = models.BigIntegerField()
    final_from = models.DateTimeField()
    final_until = models.DateTimeField()
    ship_days = models.PositiveIntegerField()
    forfeits = models.BooleanField()
    deposit_paid_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=9, blank=True, default="")
    # How many of the reminders (soon, open, closing) were sent.
    reminded = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["reminded", "final_from"],
                condition=Q(deposit_paid_at__isnull=False, ended="", reminded__lt=3),
                name="presale_to_remind",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deposit_minor__gte=1, counts_minor__gte=F("deposit_minor")), name="presale_order_deposit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parent_id}: {self.deposit_minor}"
