"""The gateway's own tables."""

from django.db import models
from django.db.models import Q


class SandboxTrade(models.Model):
    """A payment as the gateway knows it. `trade_no` is the gateway's number, `payment_no` the platform's."""

    class State(models.TextChoices):
        SUCCEEDED = "succeeded"
        CLOSED = "closed"

    trade_no = models.CharField(max_length=32, unique=True)
    payment_no = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State)
    refunded_minor = models.BigIntegerField(default=0)
    notify_url = models.CharField(max_length=300)
    callback_mode = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=models.F("amount_minor")),
                name="sandbox_refund_within_amount",
            )
        ]

    def __str__(self) -> str:
        return self.trade_no


class SandboxNotice(models.Model):
    """A notice on its way to the platform, sent again until it is acknowledged."""

    trade = models.ForeignKey(SandboxTrade, on_delete=models.CASCADE, related_name="notices")
    event_id = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(done=False), name="sandbox_notice_due")]

    def __str__(self) -> str:
        return self.event_id


class SandboxRefund(models.Model):
    """Money the gateway gave back. The number makes a repeated request harmless."""

    refund_no = models.CharField(max_length=32, unique=True)
    trade = models.ForeignKey(SandboxTrade, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.refund_no
