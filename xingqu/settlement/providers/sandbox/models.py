"""The bank's own table."""

from django.db import models
from django.db.models import Q


class BankPayout(models.Model):
    """A payout as the bank knows it, by the number of whoever asked for it."""

    payout_no = models.CharField(max_length=32, unique=True)
    reference = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=60)
    number = models.CharField(max_length=34)
    state = models.CharField(max_length=8)
    failure = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_payout_amount")]

    def __str__(self) -> str:
        return self.payout_no
