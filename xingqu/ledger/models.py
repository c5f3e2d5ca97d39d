"""Tables of the ledger. Migrations 0002 and 0004 add the triggers that make journals and transfers append-only, close
journals, copy what is resolved and keep the balances. On SQLite a migration that rebuilds one of these tables drops its
triggers: it must make them again, as 0004 does; `check` notices when it did not."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from xingqu.ledger.domain import Phase


class LedgerAccount(models.Model):
    """An account in one currency. Its two sums only grow, by the trigger on transfers and by nothing else.

    The pending sums are what unresolved pending journals keep aside; a covered account must be able to bear them too.
    """

    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    nature = models.CharField(max_length=6)
    covered = models.BooleanField()
    debits_minor = models.BigIntegerField(default=0)
    credits_minor = models.BigIntegerField(default=0)
    debits_pending_minor = models.BigIntegerField(default=0)
    credits_pending_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(covered=False)
                | ~Q(nature="credit")
                | Q(credits_minor__gte=F("debits_minor") + F("debits_pending_minor")),
                name="ledger_credit_covered",
            ),
            models.CheckConstraint(
                condition=Q(covered=False)
                | ~Q(nature="debit")
                | Q(debits_minor__gte=F("credits_minor") + F("credits_pending_minor")),
                name="ledger_debit_covered",
            ),
            models.CheckConstraint(
                condition=Q(debits_pending_minor__gte=0, credits_pending_minor__gte=0),
                name="ledger_pending_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One business event in the books. Its key makes posting it twice impossible.

    `resolves` is the pending journal that this one posts or voids, or the journal that it reverses; being unique, exactly one
    does. `transfer_count` closes the journal: the database takes no more transfers than that, and copies those of a
    resolution from what it resolves.
    """

    idempotency_key = models.CharField(max_length=120, unique=True)
    reference = models.CharField(max_length=80, db_index=True)
    currency = models.CharField(max_length=3)
    fingerprint = models.CharField(max_length=64)
    posted_at = models.DateTimeField(default=timezone.now)
    phase = models.CharField(max_length=8, default=Phase.POSTED)
    resolves = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    transfer_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=[Phase.POSTED, Phase.PENDING], resolves=None)
                | Q(phase__in=[Phase.POST, Phase.VOID, Phase.REVERSAL], resolves__isnull=False),
                name="ledger_journal_phase",
            )
        ]

    def __str__(self) -> str:
        return self.idempotency_key


class Transfer(models.Model):
    """`amount_minor` leaves the credit account and arrives in the debit account: zero-sum by construction."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="transfers", db_index=False)
    debit_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    credit_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["debit_account", "id"], name="ledger_transfer_debits"),
            models.Index(fields=["credit_account", "id"], name="ledger_transfer_credits"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["journal", "debit_account", "credit_account"], name="ledger_transfer_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_transfer_positive"),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")), name="ledger_transfer_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit_account_id} <- {self.credit_account_id}: {self.amount_minor}"
