"""Tables of the ways to products and of who came to a shop; part of `models`, which names them."""

from django.db import models
from django.db.models import Q


class ProductTouch(models.Model):
    """The last way by which an actor came to a product: one row for the last that credits somebody, one for the last other.

    Times in Unix milliseconds of the server's clock.
    """

    actor_key = models.CharField(max_length=24)
    product_id = models.BigIntegerField()
    credits = models.BooleanField()
    surface = models.CharField(max_length=12)
    content_id = models.BigIntegerField(null=True)
    creator_id = models.BigIntegerField(null=True)
    live_room_id = models.BigIntegerField(null=True)
    ad_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, null=True)
    at_ms = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_key", "product_id", "credits"], name="product_touch_last"),
            models.CheckConstraint(
                condition=Q(credits=True) | Q(content_id=None, creator_id=None, live_room_id=None, ad_id=None),
                name="product_touch_credits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_key} {self.surface} {self.product_id}"


class ShopVisit(models.Model):
    """An actor opened a product of the shop on this day of the site's time zone: one row however often. A visitor of a period is
    counted once, whatever the days."""

    shop_id = models.BigIntegerField()
    day = models.DateField()
    actor_key = models.CharField(max_length=24)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop_id", "day", "actor_key"], name="shop_visit_once_a_day")]
        indexes = [
            models.Index(fields=["actor_key"], name="shop_visit_by_actor"),
            models.Index(fields=["day", "first_at"], name="shop_visit_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_key} {self.day} {self.shop_id}"
