"""Tables of freight and of how long things may take; part of `models`, which names them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xingqu.trade.domain.times import TimeName


class FreightRule(models.Model):
    """What a shop charges for delivery. A shop without one delivers free of charge."""

    shop_id = models.BigIntegerField(unique=True)
    base_minor = models.BigIntegerField()
    free_from_minor = models.BigIntegerField(null=True)
    remote_extra_minor = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"shop {self.shop_id}"


class FreightTemplate(models.Model):
    """What a shop asks for bringing goods, by region; `zones` as `domain.freight_templates.Zone`. Placed orders keep what they
    were quoted. A removed one stays, for the products' sake until they name another."""

    shop_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    by = models.CharField(max_length=6, choices=[("piece", "piece"), ("weight", "weight")])
    zones = models.JSONField()
    # The one for products that name none.
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["shop_id"], condition=Q(removed_at=None), name="freight_template_by_shop")]
        constraints = [
            models.UniqueConstraint(
                fields=["shop_id"], condition=Q(is_default=True, removed_at=None), name="freight_template_one_default"
            ),
            models.UniqueConstraint(
                fields=["shop_id", "name"], condition=Q(removed_at=None), name="freight_template_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductFreight(models.Model):
    """How a product is brought: by which template (null: the shop's default), and what one unit weighs."""

    product_id = models.BigIntegerField(unique=True)
    shop_id = models.BigIntegerField(db_index=True)
    template = models.ForeignKey(FreightTemplate, null=True, on_delete=models.PROTECT, related_name="products")
    weight_g = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"product {self.product_id}"


class TimeRule(models.Model):
    """How long something may take from a day on: everywhere, for a shop, for a category (`domain.times`)."""

    name = models.CharField(max_length=24, choices=[(name.value, name.value) for name in TimeName])
    shop_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    seconds = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["name", "effective_from"], name="time_rule_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.seconds} s"
