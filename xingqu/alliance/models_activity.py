"""Tables of colonels' activities (招商活动) and creators' showcases (橱窗); part of `models`, which names them."""

from django.db import models
from django.db.models import F, Q


class Activity(models.Model):
    """A colonel (an agency or service provider) gathers products for its creators: merchants enrol until `enrol_until`, what
    is approved sells from `starts_at` to `ends_at`."""

    colonel_id = models.BigIntegerField()
    title = models.CharField(max_length=60)
    terms = models.CharField(max_length=2000, blank=True)
    min_commission_bp = models.PositiveIntegerField()
    service_bp = models.PositiveIntegerField()
    enrol_until = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["colonel_id", "-id"], name="activity_by_colonel"),
            models.Index(fields=["enrol_until"], name="activity_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(enrol_until__lte=F("ends_at"), starts_at__lt=F("ends_at")), name="activity_times"
            ),
            models.CheckConstraint(condition=Q(min_commission_bp__lte=10_000 - F("service_bp")), name="activity_rates"),
        ]

    def __str__(self) -> str:
        return self.title


class Enrolment(models.Model):
    """A merchant's product in an activity, as the merchant offers it; approved, it has a plan."""

    class State(models.TextChoices):
        APPLIED = "applied"
        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="enrolments")
    shop_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    commission_bp = models.PositiveIntegerField()
    service_bp = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.APPLIED)
    plan = models.OneToOneField("alliance.Plan", null=True, on_delete=models.PROTECT, related_name="enrolment")
    note = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    applied_by_id = models.BigIntegerField()
    applied_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop_id", "-id"], name="enrolment_by_shop")]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "product_id"],
                condition=Q(state__in=["applied", "approved"]),
                name="enrolment_once",
            ),
            models.CheckConstraint(condition=Q(commission_bp__lte=10_000 - F("service_bp")), name="enrolment_rates"),
            models.CheckConstraint(
                condition=Q(state="approved", plan__isnull=False) | (~Q(state="approved") & Q(plan=None)),
                name="enrolment_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in activity {self.activity_id}: {self.state}"


class ShowcaseItem(models.Model):
    """A product in a creator's showcase. Visitors see those that are not hidden, by `position`."""

    creator_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    position = models.BigIntegerField()
    is_hidden = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["creator_id", "position", "id"], name="showcase_by_creator")]
        constraints = [models.UniqueConstraint(fields=["creator_id", "product_id"], name="showcase_once")]

    def __str__(self) -> str:
        return f"creator {self.creator_id}: product {self.product_id}"
