"""Tables of the alliance. Shops, products, creators and orders stand in other rooms: here are their ids and numbers."""

from django.db import models
from django.db.models import Q

from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.models_activity import Activity as Activity
from xingqu.alliance.models_activity import Enrolment as Enrolment
from xingqu.alliance.models_activity import ShowcaseItem as ShowcaseItem
from xingqu.alliance.models_agency import AgencyContract as AgencyContract
from xingqu.alliance.models_agency import AgencyShare as AgencyShare

ONE_AT_A_TIME = (PlanKind.SIMPLE.value, PlanKind.EXCLUSIVE.value)


class AllianceRule(models.Model):
    """The platform's part, the limits of rates and when a cut counts, from a moment on until the next rule. Never changed: a
    new one is added. `cut_wait_days`: a cut counts from that midnight on, 0 at once."""

    effective_from = models.DateTimeField(unique=True)
    platform_bp = models.PositiveIntegerField()
    min_commission_bp = models.PositiveIntegerField()
    max_commission_bp = models.PositiveIntegerField()
    cut_wait_days = models.PositiveIntegerField(default=1)
    max_named_creators = models.PositiveIntegerField(default=200)
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    platform_bp__lte=10_000,
                    min_commission_bp__lte=models.F("max_commission_bp"),
                    max_commission_bp__lte=10_000,
                ),
                name="alliance_rule_rates",
            )
        ]

    def __str__(self) -> str:
        return f"from {self.effective_from}"


class Plan(models.Model):
    """What a shop offers creators for selling a product. Its rates stand beside it, each from a moment on."""

    shop_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PlanKind])
    colonel_id = models.BigIntegerField(null=True)
    closed_from = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "-id"], name="plan_by_shop"),
            models.Index(fields=["product_id"], name="plan_by_product"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product_id", "kind"],
                condition=Q(closed_from=None, kind__in=ONE_AT_A_TIME),
                name="plan_of_a_kind_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=PlanKind.COLONEL.value, colonel_id__isnull=False)
                | (~Q(kind=PlanKind.COLONEL.value) & Q(colonel_id=None)),
                name="plan_colonel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of product {self.product_id}"


class PlanRate(models.Model):
    """Rates of a plan from a moment on, in basis points; no commission: the plan is closed from then."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rates")
    effective_from = models.DateTimeField()
    commission_bp = models.PositiveIntegerField(null=True)
    service_bp = models.PositiveIntegerField(default=0)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "effective_from"], name="plan_rate_once"),
            models.CheckConstraint(
                condition=Q(commission_bp=None, service_bp=0) | Q(commission_bp__lte=10_000 - models.F("service_bp")),
                name="plan_rate_range",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.plan_id}: {self.commission_bp} bp"


class PlanCreator(models.Model):
    """A creator on the list of an exclusive or targeted plan, from a moment on, and to one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="creators")
    creator_id = models.BigIntegerField()
    added_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["creator_id"], name="plan_creator_by_creator")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "creator_id"], condition=Q(until=None), name="plan_creator_once")
        ]

    def __str__(self) -> str:
        return f"plan {self.plan_id}: creator {self.creator_id}"


class Link(models.Model):
    """A creator took a product up (转链). `pick_source` names it to the outside; the newest of a product counts."""

    creator_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="links")
    pick_source = models.CharField(max_length=24, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["creator_id", "-id"], name="link_by_creator"),
            models.Index(fields=["product_id", "creator_id", "-created_at"], name="link_in_effect"),
        ]

    def __str__(self) -> str:
        return self.pick_source


class CommissionOrder(models.Model):
    """What a creator earns with an ordered line: estimated until it is settled, real afterwards (佣金订单)."""

    class State(models.TextChoices):
        PAID = "paid"
        CONFIRMED = "confirmed"
        SETTLED = "settled"
        REFUNDED = "refunded"

    line_id = models.BigIntegerField(unique=True)
    order_no = models.CharField(max_length=32, db_index=True)
    shop_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    content_id = models.BigIntegerField(null=True)
    live_room_id = models.BigIntegerField(null=True)
    mcn_id = models.BigIntegerField(null=True)
    colonel_id = models.BigIntegerField(null=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PAID)
    currency = models.CharField(max_length=3)
    commission_bp = models.PositiveIntegerField()
    service_bp = models.PositiveIntegerField(default=0)
    platform_bp = models.PositiveIntegerField(default=0)
    mcn_bp = models.PositiveIntegerField(default=0)
    # What was shared and was the creator's when it was ordered, and what they are now that some of it may have gone back.
    ordered_base_minor = models.BigIntegerField()
    base_minor = models.BigIntegerField()
    estimated_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    mcn_minor = models.BigIntegerField(default=0)
    colonel_minor = models.BigIntegerField(default=0)
    platform_minor = models.BigIntegerField(default=0)
    # All that the shop gives for it: to the creator, the agency, the colonel and the platform.
    cost_minor = models.BigIntegerField()
    paid_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["creator_id", "-id"], name="commission_by_creator"),
            models.Index(fields=["shop_id", "-id"], name="commission_by_shop"),
            models.Index(fields=["mcn_id", "-id"], name="commission_by_mcn"),
            models.Index(fields=["colonel_id", "-id"], name="commission_by_colonel"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no}/{self.line_id}: {self.amount_minor}"
