"""Withheld tax after the payout: paid to the authorities month by month, or given back to the payee."""

from django.db import models
from django.db.models import F, Q


class TaxRemittance(models.Model):
    """What was paid to the authorities for a month: all tax of payouts before `until` that no run before had, less what was
    given back meanwhile. `reference` is the number of their receipt."""

    remittance_no = models.CharField(max_length=32, unique=True)
    period = models.CharField(max_length=7)
    currency = models.CharField(max_length=3)
    until = models.DateTimeField()
    withheld_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "currency"], name="tax_remittance_once"),
            models.CheckConstraint(
                condition=Q(total_minor=F("withheld_minor") - F("returned_minor")), name="tax_remittance_sum"
            ),
        ]

    def __str__(self) -> str:
        return self.remittance_no


class TaxLine(models.Model):
    """A payee's part of a remittance under one rule: of `payouts` payouts of `gross_minor`."""

    remittance = models.ForeignKey(TaxRemittance, on_delete=models.PROTECT, related_name="lines")
    organisation_id = models.BigIntegerField()
    account = models.CharField(max_length=80)
    rule = models.ForeignKey("settlement.WithholdingRule", null=True, on_delete=models.PROTECT, related_name="+")
    payouts = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    withheld_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "organisation_id", "account", "rule"], name="tax_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.withheld_minor} - {self.returned_minor}"


class TaxReturn(models.Model):
    """Withheld tax that an operator gave back into the account it came from, once by `key`: of a commission that was clawed
    back after its payout, or withheld by mistake.

    `own_minor` of it can be paid out without tax; the rest went against what the account owed.
    """

    return_no = models.CharField(max_length=32, unique=True)
    withdrawal = models.ForeignKey("settlement.Withdrawal", on_delete=models.PROTECT, related_name="tax_returns")
    key = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    own_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    remittance = models.ForeignKey(TaxRemittance, null=True, on_delete=models.PROTECT, related_name="returns")
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "key"], name="tax_return_key_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, own_minor__gte=0, own_minor__lte=F("amount_minor")),
                name="tax_return_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.return_no
