"""Tables of the ledger. Migration 0002 adds the triggers that make journals and transfers append-only and keep the balances."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class LedgerAccount(models.Model):
    """An account in one currency. Its two sums only grow, by the trigger on transfers and by nothing else."""

    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    nature = models.CharField(max_length=6)
    covered = models.BooleanField()
    debits_minor = models.BigIntegerField(default=0)
    credits_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(covered=False) | ~Q(nature="credit") | Q(debits_minor__lte=F("credits_minor")),
                name="ledger_credit_covered",
            ),
            models.CheckConstraint(
                condition=Q(covered=False) | ~Q(nature="debit") | Q(credits_minor__lte=F("debits_minor")),
                name="ledger_debit_covered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One business event in the books. Its key makes posting it twice impossible."""

    idempotency_key = models.CharField(max_length=120, unique=True)
    reference = models.CharField(max_length=80, db_index=True)
    currency = models.CharField(max_length=3)
    fingerprint = models.CharField(max_length=64)
    posted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.idempotency_key


class Transfer(models.Model):
    """`amount_minor` leaves the credit account and arrives in the debit account: zero-sum by construction."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="transfers")
    debit_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    credit_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_transfer_positive"),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")), name="ledger_transfer_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit_account_id} <- {self.credit_account_id}: {self.amount_minor}"
