"""Money kept between two sides (托管): what came in, and what was given to whom."""

from django.db import models
from django.db.models import Q


class CustodyMove(models.Model):
    """A movement of the money of one matter (`reference`), each once by its `key`.

    `into`: it came in, from `account` or, where that is empty, through a payment provider (`waiting` until the money came,
    `lapsed` when it didn't). Else it was given to `account`; `is_own`: to who had paid it in, as no income of theirs.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        LAPSED = "lapsed"
        DONE = "done"

    move_no = models.CharField(max_length=32, unique=True)
    reference = models.CharField(max_length=32, db_index=True)
    key = models.CharField(max_length=40)
    into = models.BooleanField()
    account = models.CharField(max_length=80, blank=True)
    is_own = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    # Of a payment: what the payer pays, and until when.
    order_no = models.CharField(max_length=32, blank=True)
    expires_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="waiting"), name="custody_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["reference", "key", "account"], name="custody_move_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & (Q(into=True) | (Q(state="done") & ~Q(account=""))),
                name="custody_move_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.key}: {self.amount_minor}"
