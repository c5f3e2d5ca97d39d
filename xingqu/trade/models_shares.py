"""Shares of others in what merchants earn (分账)."""

from django.db import models
from django.db.models import Q


class OrderSharing(models.Model):
    """It has been decided who has a share in an order's price (there is a row also when nobody has).

    `shared_minor` is what went from the merchant's balance to others at the settlement, less what came back since.
    """

    order = models.OneToOneField("trade.ShopOrder", on_delete=models.PROTECT, related_name="sharing")
    decided_at = models.DateTimeField()
    shared_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(shared_minor__gte=0), name="order_sharing_amount")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.shared_minor}"


class LineShare(models.Model):
    """Who has a share in the price of an ordered line, at the rates of the moment it was ordered. Never changed."""

    line = models.OneToOneField("trade.OrderLine", on_delete=models.PROTECT, related_name="share")
    creator_id = models.BigIntegerField()
    mcn_id = models.BigIntegerField(null=True)
    colonel_id = models.BigIntegerField(null=True)
    commission_bp = models.PositiveIntegerField()
    service_bp = models.PositiveIntegerField(default=0)
    platform_bp = models.PositiveIntegerField(default=0)
    mcn_bp = models.PositiveIntegerField(default=0)
    reference = models.CharField(max_length=80)  # what gave the share: "plan:7"

    class Meta:
        indexes = [models.Index(fields=["creator_id", "-id"], name="line_share_by_creator")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    commission_bp__lte=10_000 - models.F("service_bp"), platform_bp__lte=10_000, mcn_bp__lte=10_000
                ),
                name="line_share_rates",
            ),
            # A rate without somebody to pay would be nobody's money.
            models.CheckConstraint(condition=Q(mcn_bp=0) | Q(mcn_id__isnull=False), name="line_share_mcn"),
            models.CheckConstraint(condition=Q(service_bp=0) | Q(colonel_id__isnull=False), name="line_share_colonel"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.commission_bp} bp for creator {self.creator_id}"
