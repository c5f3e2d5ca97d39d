"""Tables of invoices. Orders and shops are plain numbers: an invoice outlives what it is of."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

REQUEST_STATES = [(state, state) for state in ("waiting", "issuing", "issued", "rejected", "voided", "closed")]


class InvoiceTitle(models.Model):
    """An entry of a person's book of titles (抬头). Requests keep a copy."""

    person_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=8, choices=[("personal", "personal"), ("company", "company")])
    name = models.CharField(max_length=100)
    tax_no = models.CharField(max_length=18, blank=True)
    address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    bank = models.CharField(max_length=60, blank=True)
    account = models.CharField(max_length=40, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(is_default=True), name="invoice_title_one_default"
            ),
            models.CheckConstraint(condition=Q(kind="personal") | ~Q(tax_no=""), name="invoice_title_company"),
        ]

    def __str__(self) -> str:
        return self.name


class InvoiceSeller(models.Model):
    """In whose name a shop issues."""

    shop_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=100)
    tax_no = models.CharField(max_length=18)
    address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    bank = models.CharField(max_length=60, blank=True)
    account = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class InvoiceSeries(models.Model):
    """The last number of a shop: it grows in the transaction that issues, so that there are no gaps."""

    shop_id = models.BigIntegerField(unique=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.last}"


class TaxRule(models.Model):
    """The tax rate of a category (null: of all) from a day on. Never changed: a later one takes over."""

    category_id = models.BigIntegerField(null=True)
    rate_bp = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rate_bp__lte=10_000), name="tax_rule_rate")]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.rate_bp}"


class InvoiceRequest(models.Model):
    """A buyer's wish for an invoice of an order: one an order, asked again after a rejection. `ripe`: the order is paid."""

    order_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    title = models.JSONField()
    state = models.CharField(max_length=8, choices=REQUEST_STATES, default="waiting")
    ripe = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "state", "-id"], name="invoice_request_by_state"),
            models.Index(fields=["person_id", "-id"], name="invoice_request_by_person"),
            models.Index(fields=["id"], condition=Q(state="waiting", ripe=False), name="invoice_request_unripe"),
        ]

    def __str__(self) -> str:
        return self.order_no


class Invoice(models.Model):
    """A document: blue, or a red letter that takes back part of a blue one. Being issued until it has a number."""

    reference = models.CharField(max_length=32, unique=True)
    request = models.ForeignKey(InvoiceRequest, on_delete=models.PROTECT, related_name="invoices")
    shop_id = models.BigIntegerField()
    kind = models.CharField(max_length=4, choices=[("blue", "blue"), ("red", "red")])
    blue = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reds")
    number = models.CharField(max_length=40, null=True)
    issuer = models.CharField(max_length=40)
    order_no = models.CharField(max_length=32, db_index=True)
    currency = models.CharField(max_length=3)
    buyer = models.JSONField()
    seller = models.JSONField()
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=200, blank=True)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="invoice_to_issue")]
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "issuer", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(kind="blue", voided_at=None), name="invoice_one_blue"
            ),
            models.CheckConstraint(condition=Q(gross_minor__gt=0, tax_minor__gte=0), name="invoice_amounts"),
            models.CheckConstraint(
                condition=Q(kind="blue", blue=None) | Q(kind="red", blue__isnull=False), name="invoice_red_of"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.reference


class InvoiceLine(models.Model):
    """A line; `line_id` is the order's line, null for freight. Of a blue one `base_minor` is what of it had gone back before
    it was issued, and `red_minor` what red letters took back since."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    line_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    option_text = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    rate_bp = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    base_minor = models.BigIntegerField(default=0)
    red_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gross_minor__gt=0, tax_minor__gte=0, tax_minor__lte=F("gross_minor")),
                name="invoice_line_amounts",
            ),
            models.CheckConstraint(
                condition=Q(red_minor__gte=0, red_minor__lte=F("gross_minor")), name="invoice_line_red"
            ),
        ]

    def __str__(self) -> str:
        return self.name
