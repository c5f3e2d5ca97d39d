"""Tables of the experience score."""

from django.db import models
from django.db.models import Q

from xingqu.kit.dated_rules import DatedRules


class ExperienceRules(DatedRules):
    """Weights, limits and priors from a date on; before the first row the built-in ones hold."""


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


class ReputationRuleSet(DatedRules):
    """Numbers of creators' scores, levels and credit from a date on; before the first row the built-in ones hold."""


class CreatorDeed(models.Model):
    """How a promise of a creator to a shop came out, once each: told by samples and collaborations as facts."""

    class Deed(models.TextChoices):
        SAMPLE_KEPT = "sample_kept"
        SAMPLE_BREACH = "sample_breach"
        WORK_ACCEPTED = "work_accepted"
        WORK_DENIED = "work_denied"
        COLLABORATION_KEPT = "collaboration_kept"
        COLLABORATION_BROKEN = "collaboration_broken"

    creator_id = models.BigIntegerField()
    deed = models.CharField(max_length=24, choices=Deed)
    reference = models.CharField(max_length=80)  # number of the sample or collaboration
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["creator_id", "at"], name="creator_deed_by_time")]
        constraints = [models.UniqueConstraint(fields=["reference", "deed", "at"], name="creator_deed_once")]

    def __str__(self) -> str:
        return f"{self.creator_id}: {self.deed}"


class ReputationDay(models.Model):
    """A creator's score, level and credit at the end of a day of the site, with everything they were made of; never changed by a
    later rule. `score_tenths` and `parts` (points by part) are null and empty with too few lines."""

    creator_id = models.BigIntegerField()
    day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    orders = models.PositiveIntegerField()
    score_tenths = models.PositiveSmallIntegerField(null=True)
    parts = models.JSONField()
    level = models.PositiveSmallIntegerField()
    credit = models.PositiveSmallIntegerField()
    gmv_minor = models.BigIntegerField()
    followers = models.BigIntegerField()
    indicators = models.JSONField()
    rules = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator_id", "day"], name="reputation_day_once"),
            models.CheckConstraint(
                condition=Q(score_tenths=None) | Q(score_tenths__lte=1000), name="reputation_score_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} on {self.day}: {self.score_tenths}, level {self.level}"
