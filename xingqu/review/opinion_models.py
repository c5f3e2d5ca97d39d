"""Tables of what reviews say."""

from django.db import models
from django.db.models import Q


class SentimentModel(models.Model):
    """What was learned from this site's own stars, and how it did on texts it had not seen, beside the lexicon.

    Only an `adopted` one judges; the newest of them does. `weights` is what `domain.sentiment` packs.
    """

    trained_at = models.DateTimeField()
    texts = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    accuracy = models.FloatField()
    lexicon_accuracy = models.FloatField()
    adopted = models.BooleanField()
    weights = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.trained_at:%F}: {self.accuracy:.3f}"


class ReviewOpinion(models.Model):
    """How a review's words sound, 0 (blame) to 1000 (praise), by which model (null: the lexicon alone)."""

    review = models.OneToOneField("review.Review", on_delete=models.CASCADE, related_name="opinion")
    praise_permille = models.PositiveSmallIntegerField()
    model = models.ForeignKey(SentimentModel, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.review_id}: {self.praise_permille}"


class OpinionMention(models.Model):
    """An aspect that a review or its follow-up speaks of: how (-1, 0, 1), and in which letters of the text."""

    review = models.ForeignKey("review.Review", on_delete=models.CASCADE, related_name="mentions")
    product_id = models.BigIntegerField()
    shop_id = models.BigIntegerField()
    in_follow_up = models.BooleanField(default=False)
    aspect = models.CharField(max_length=12)
    polarity = models.SmallIntegerField()
    start = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "in_follow_up", "aspect"], name="opinion_mention_once"),
            models.CheckConstraint(
                condition=Q(polarity__gte=-1, polarity__lte=1, start__lt=models.F("end")), name="opinion_mention_place"
            ),
        ]
        indexes = [
            models.Index(fields=["product_id", "aspect", "polarity"], name="opinion_by_product"),
            models.Index(fields=["shop_id", "at"], name="opinion_by_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.aspect} {self.polarity}"
