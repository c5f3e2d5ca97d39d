"""Tables of presales. A part of `models`."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Presale(models.Model):
    """预售 of a shop: deposits in one window, the rest in a later one, goods shipped so many days after it was paid.

    `forfeits`: who does not pay the rest leaves the deposit to the merchant; otherwise it goes back. Terms never change.
    """

    shop_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    deposit_from = models.DateTimeField()
    deposit_until = models.DateTimeField()
    final_from = models.DateTimeField()
    final_until = models.DateTimeField()
    ship_days = models.PositiveIntegerField()
    forfeits = models.BooleanField(default=True)
    state = models.CharField(max_length=7, default="running")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deposit_until__gt=F("deposit_from"), final_from__gte=F("deposit_until"))
                & Q(final_until__gt=F("final_from")),
                name="presale_windows",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PresaleItem(models.Model):
    """A SKU in a presale: a deposit of `deposit_minor` a unit counts as `counts_minor` of its price (定金膨胀).

    The `allotment` stands aside in stock, as the campaign `contracts.presale_campaign`.
    """

    presale = models.ForeignKey(Presale, on_delete=models.PROTECT, related_name="items")
    sku_id = models.BigIntegerField(db_index=True)
    product_id = models.BigIntegerField(db_index=True)
    price_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    counts_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    allotment = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["presale", "sku_id"], name="presale_item_once"),
            models.CheckConstraint(
                condition=Q(
                    deposit_minor__gte=1, counts_minor__gte=F("deposit_minor"), price_minor__gt=F("counts_minor")
                ),
                name="presale_item_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presale_id}: {self.sku_id}"
