"""Tables of payments: attempts, providers' messages, and providers' bills compared with our books. A part of `models`."""

from django.db import models
from django.db.models import Q

from xingqu.trade.domain.transitions import PaymentState

STATES = [(state.value, state.value) for state in PaymentState]


class PaymentAttempt(models.Model):
    """One try to pay a checkout, under a trade number of its own at the provider.

    One for several checkouts (phase ``merged``) has `shares`, and as `parent` the first of them to run out.
    """

    payment_no = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("trade.ParentOrder", on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=STATES, default=PaymentState.PENDING)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    provider_reference = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    phase = models.CharField(max_length=7, blank=True, default="")
    unsure = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    query_due_at = models.DateTimeField()
    queries = models.PositiveIntegerField(default=0)
    # The order can't be paid any more: the provider is told to take no money for it.
    closing = models.BooleanField(default=False)
    # By the provider's clock.
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "phase"], condition=Q(outcome="applied"), name="payment_captured_once"
            )
        ]
        indexes = [
            models.Index(fields=["query_due_at"], condition=Q(state="pending"), name="payment_to_query"),
            models.Index(fields=["provider", "settled_at"], condition=Q(state="succeeded"), name="payment_by_day"),
        ]

    def __str__(self) -> str:
        return self.payment_no


class PaymentShare(models.Model):
    """What of a payment for several checkouts is for one of them. `outcome`: applied, or why it goes back (duplicate, late)."""

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="shares")
    parent = models.ForeignKey("trade.ParentOrder", on_delete=models.PROTECT, related_name="shares")
    amount_minor = models.BigIntegerField()
    outcome = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "parent"], name="payment_share_once"),
            models.UniqueConstraint(fields=["parent"], condition=Q(outcome="applied"), name="share_captured_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="payment_share_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.amount_minor} of {self.parent_id}"


class Charge(models.Model):
    """A checkout that buys nothing: its money goes to an account of the books, and `ChargePaid` tells who asked for it."""

    parent = models.OneToOneField("trade.ParentOrder", on_delete=models.PROTECT, related_name="charge")
    account = models.CharField(max_length=80)
    reference = models.CharField(max_length=32, unique=True)

    def __str__(self) -> str:
        return self.reference


class PaymentOpening(models.Model):
    """An attempt that the provider has to be told of before the buyer can pay it, and where the buyer then pays.

    `due_at` is null once there is an answer: an address, or a refusal in the provider's own word.
    """

    attempt = models.OneToOneField(PaymentAttempt, on_delete=models.PROTECT, related_name="opening")
    request = models.JSONField()
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, blank=True)
    url = models.TextField(blank=True)
    token = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="payment_to_open")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"


class CallbackReceipt(models.Model):
    """A provider's message that was taken in, once."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    payment_no = models.CharField(max_length=32)
    outcome = models.CharField(max_length=30)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="callback_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class Bill(models.Model):
    """A provider's bill of one day: due to be fetched and compared, or compared. Its error is why it could not be had yet."""

    class State(models.TextChoices):
        DUE = "due"
        COMPARED = "compared"

    provider = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    line_count = models.PositiveIntegerField(default=0)
    # Sums of the lines by currency: {"CNY": {"paid": …, "refunded": …, "fee": …}}, in minor units.
    sums = models.JSONField(default=dict)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="bill_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="bill_due")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class BilledLine(models.Model):
    """A line of a bill as the provider wrote it; `number` is ours, empty for what was not made here."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=64)
    reference = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.BigIntegerField(default=0)
    under_way = models.BooleanField(default=False)
    at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["number", "kind"], name="billed_line_by_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class BillDifference(models.Model):
    """Where a bill and our books disagree. `key` is our number, else the provider's; `subject`: payment, refund or ledger.

    Resolved by a person with a note, or by itself (`resolved_by` null) when it no longer holds.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    reference = models.CharField(max_length=80, blank=True)
    order_no = models.CharField(max_length=32, blank=True)
    currency = models.CharField(max_length=3)
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    ours_state = models.CharField(max_length=20, blank=True)
    theirs_state = models.CharField(max_length=20, blank=True)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "subject", "key", "kind"], name="bill_difference_once")]
        indexes = [models.Index(fields=["-id"], condition=Q(resolved_at=None), name="bill_difference_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.key}"
