"""Tables of after-sale. Ids of other rooms are plain numbers: a case must outlive what it is about."""

from django.db import models
from django.db.models import Q

from xingqu.aftersale.domain.states import FINAL, Fault, Kind, Side, State
from xingqu.kit.dated_rules import DatedRules


def _choices(values: type[Kind] | type[State] | type[Side] | type[Fault]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


OPEN_ROW = ~Q(state__in=sorted(FINAL))


class Case(models.Model):
    """One after-sale of one shop order. `version` grows with every step: it is the optimistic lock.

    `asked_minor` is what the buyer wants, `offered_minor` what the merchant offers instead, `agreed_minor` what was granted;
    all zero or null for kinds that pay nothing back. `rules` are the periods the case was opened under.
    """

    case_no = models.CharField(max_length=32, unique=True)
    order_no = models.CharField(max_length=32, db_index=True)
    shop_id = models.BigIntegerField()
    buyer_key = models.CharField(max_length=24)
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=_choices(Kind))
    state = models.CharField(max_length=20, choices=_choices(State), default=State.MERCHANT_REVIEW)
    version = models.PositiveBigIntegerField(default=1)
    reason = models.CharField(max_length=24)
    text = models.CharField(max_length=500, blank=True)
    received = models.BooleanField(default=True)
    currency = models.CharField(max_length=3)
    asked_minor = models.BigIntegerField(default=0)
    offered_minor = models.BigIntegerField(null=True)
    agreed_minor = models.BigIntegerField(null=True)
    freight_cap_minor = models.BigIntegerField(default=0)
    needs_return = models.BooleanField(default=False)
    goods_back = models.BooleanField(default=False)
    instant = models.BooleanField(default=False)
    refund_instead = models.BooleanField(default=False)
    fault = models.CharField(max_length=10, choices=_choices(Fault), null=True)
    refusal = models.CharField(max_length=24, blank=True)
    close_reason = models.CharField(max_length=24, blank=True)
    refund_no = models.CharField(max_length=32, blank=True)
    return_address = models.JSONField(null=True)
    rules = models.JSONField(default=dict)
    request_key = models.CharField(max_length=64, null=True)
    request_hash = models.CharField(max_length=64, blank=True)
    # Who must act, and until when; kept with the state so that queues are one indexed read.
    waiting_for = models.CharField(max_length=10, choices=_choices(Side), null=True)
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer_key", "request_key"], name="case_request_once"),
            models.CheckConstraint(
                condition=Q(asked_minor__gte=0)
                & (Q(agreed_minor=None) | Q(agreed_minor__gte=0))
                & (Q(offered_minor=None) | Q(offered_minor__gte=0, offered_minor__lt=models.F("asked_minor"))),
                name="case_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINAL), closed_at__isnull=False) | (OPEN_ROW & Q(closed_at=None)),
                name="case_closed_once_final",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer_key", "-id"], name="case_by_buyer"),
            models.Index(fields=["shop_id", "-id"], name="case_by_shop"),
            models.Index(fields=["shop_id", "state", "due_at"], name="case_by_queue"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="case_due"),
            models.Index(fields=["state", "-id"], name="case_by_state"),
        ]

    def __str__(self) -> str:
        return self.case_no


class CaseLine(models.Model):
    """Units of an order line that a case is about. `cap_minor` is the most that can go back for them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lines")
    line_id = models.BigIntegerField(db_index=True)
    sku_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    option_text = models.CharField(max_length=200, blank=True)
    picture_url = models.CharField(max_length=500, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    cap_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "line_id"], name="case_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, cap_minor__gte=0), name="case_line_units"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"


class CaseEvent(models.Model):
    """A step of a case: its version makes it unique, so that a step is taken once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveBigIntegerField()
    step = models.CharField(max_length=24)
    side = models.CharField(max_length=10, choices=_choices(Side), null=True)
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, choices=_choices(State))
    text = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="case_event_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class CasePicture(models.Model):
    """Evidence of one side; it waits without an event while its text is being written. `path` is below the private folder."""

    order_no = models.CharField(max_length=32)
    shop_id = models.BigIntegerField()
    buyer_key = models.CharField(max_length=24)
    side = models.CharField(max_length=10, choices=_choices(Side))
    person_id = models.BigIntegerField(null=True)
    event = models.ForeignKey(CaseEvent, null=True, on_delete=models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(event__isnull=True), name="case_picture_waiting"),
            models.Index(fields=["order_no"], name="case_picture_by_order"),
        ]

    def __str__(self) -> str:
        return self.path


class Arbitration(models.Model):
    """A round of the platform's arbitration of a case: at most one is open, and each is decided once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rounds")
    verdict = models.CharField(max_length=12, blank=True)  # buyer_wins, seller_wins, closed
    clause = models.CharField(max_length=24, blank=True)
    clause_text = models.CharField(max_length=500, blank=True)
    opinion = models.CharField(max_length=500, blank=True)
    fault = models.CharField(max_length=10, choices=_choices(Fault), null=True)
    amount_minor = models.BigIntegerField(null=True)
    handler_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_at=None), name="arbitration_one_open"),
            models.CheckConstraint(
                condition=Q(decided_at=None, verdict="") | (Q(decided_at__isnull=False) & ~Q(verdict="")),
                name="arbitration_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verdict or 'open'}"


class AftersaleRules(DatedRules):
    """The rules of after-sale from a date on; before the first row the built-in ones hold."""


class PriceSeen(models.Model):
    """A price that a SKU was on sale for, from then on: what price protection looks back at."""

    sku_id = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sku_id", "-at"], name="price_seen_by_sku")]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.price_minor}"
