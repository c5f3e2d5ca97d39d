"""Tables of the experience score."""

from django.db import models
from django.db.models import Q


class ExperienceRules(models.Model):
    """Weights, limits and priors from a date on; before the first row the built-in ones hold."""

    effective_from = models.DateTimeField(unique=True)
    values = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.effective_from:%Y-%m-%d %H:%M}"


class ExperienceDay(models.Model):
    """A shop's score at the end of a day of the site, with everything it was made of; never changed by a later rule.

    `since` and `until` bound what was counted. `score_tenths` and the parts (0 to 1000) are null for a shop with too few orders;
    `indicators` has its counts all the same.
    """

    shop_id = models.BigIntegerField()
    day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    category_id = models.BigIntegerField(null=True)
    orders = models.PositiveIntegerField()
    score_tenths = models.PositiveSmallIntegerField(null=True)
    goods_tenths = models.PositiveSmallIntegerField(null=True)
    logistics_tenths = models.PositiveSmallIntegerField(null=True)
    service_tenths = models.PositiveSmallIntegerField(null=True)
    indicators = models.JSONField()
    rules = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "day"], name="experience_day_once"),
            models.CheckConstraint(
                condition=Q(score_tenths=None) | Q(score_tenths__lte=1000), name="experience_score_range"
            ),
        ]
        indexes = [models.Index(fields=["day", "category_id"], name="experience_peers")]

    def __str__(self) -> str:
        return f"{self.shop_id} on {self.day}: {self.score_tenths}"
