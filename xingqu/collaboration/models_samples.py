"""Tables of samples. Shops, products, creators and orders stand in other rooms: here are their ids and numbers."""

from django.db import models
from django.db.models import F, Q

from xingqu.collaboration.domain.samples import FINAL, SampleKind, SampleState

ENDED = sorted(state.value for state in FINAL)


class SampleOffer(models.Model):
    """Samples that a shop gives of a product: to whom, on what terms. Its units stand apart in the stock `sample:<id>`."""

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"
        CLOSED = "closed"

    shop_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in SampleKind])
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    # What a creator pays before it is sent: the deposit, or the price of buying it; 0 of a free one.
    pay_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    units = models.PositiveIntegerField()
    units_each = models.PositiveIntegerField(default=1)
    fulfil_days = models.PositiveIntegerField()
    min_followers = models.BigIntegerField(default=0)
    min_gmv_minor = models.BigIntegerField(default=0)
    min_level = models.PositiveIntegerField(default=0)
    min_credit = models.PositiveIntegerField(default=0)
    min_score = models.PositiveIntegerField(default=0, db_default=0)
    asks = models.CharField(max_length=400, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "-id"], name="sample_offer_by_shop"),
            models.Index(fields=["product_id"], condition=Q(state="open"), name="sample_offer_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sku_id"], condition=~Q(state="closed"), name="sample_offer_once"),
            models.CheckConstraint(
                condition=Q(kind="free", pay_minor=0) | (~Q(kind="free") & Q(pay_minor__gt=0)), name="sample_offer_pay"
            ),
            models.CheckConstraint(
                condition=Q(units_each__gte=1, units__gte=F("units_each"), fulfil_days__gte=1),
                name="sample_offer_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} sample of product {self.product_id}"

    @property
    def campaign(self) -> str:
        """The stock that its units stand in."""
        return f"sample:{self.pk}"


class Sample(models.Model):
    """A creator's request for samples and all that became of it. `version` counts the steps."""

    sample_no = models.CharField(max_length=32, unique=True)
    offer = models.ForeignKey(SampleOffer, on_delete=models.PROTECT, related_name="samples")
    shop_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in SampleKind])
    pay_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in SampleState])
    version = models.PositiveIntegerField(default=1)
    waiting_for = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True)
    # The rules it was asked for under, and the days to publish that were promised then.
    rules = models.JSONField()
    fulfil_days = models.PositiveIntegerField()
    address = models.JSONField()
    # Digests of the place and of the phone number, to tell that accounts share them.
    address_key = models.CharField(max_length=32)
    phone_key = models.CharField(max_length=32)
    # Why somebody should look twice before saying yes: address, or nothing.
    flag = models.CharField(max_length=12, blank=True)
    pitch = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    extension_days = models.PositiveIntegerField(default=0)  # asked for, not answered yet
    extensions = models.PositiveIntegerField(default=0)
    publish_by = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # What fulfilled it, or is said to: content or live, and its id.
    proof_kind = models.CharField(max_length=8, blank=True)
    proof_id = models.BigIntegerField(null=True)
    proof_link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "state", "-id"], name="sample_by_shop"),
            models.Index(fields=["creator_id", "-id"], name="sample_by_creator"),
            models.Index(fields=["address_key", "created_at"], name="sample_by_address"),
            models.Index(fields=["phone_key", "created_at"], name="sample_by_phone"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="sample_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "creator_id"], condition=Q(closed_at=None), name="sample_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_at__isnull=False, waiting_for="", due_at=None)
                | (~Q(state__in=ENDED) & Q(closed_at=None, due_at__isnull=False) & ~Q(waiting_for="")),
                name="sample_waits_or_ended",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, pay_minor__gte=0), name="sample_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.sample_no}: {self.state}"


class SampleEvent(models.Model):
    """A step of a sample. Unique by version: no step is taken twice, none is lost."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    side = models.CharField(max_length=10, blank=True)
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "version"], name="sample_event_once")]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.step}"
