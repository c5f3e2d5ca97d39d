"""Tables of reviews."""

from django.db import models
from django.db.models import Q

from xingqu.kit.dated_rules import DatedRules
from xingqu.review.domain.cases import Side, State
from xingqu.review.opinion_models import OpinionMention as OpinionMention
from xingqu.review.opinion_models import ReviewOpinion as ReviewOpinion
from xingqu.review.opinion_models import SentimentModel as SentimentModel


class Review(models.Model):
    """What a buyer says of one line of a received order, once.

    `is_default`: nobody wrote it, the system gave it after a time of silence; it counts in no score. `hidden`: the platform took
    it from public view; it leaves every count. `received_at` starts the time for a follow-up. `has_pictures`, `followed_up_at`
    and `helpful_count` are kept with what they tell of, so that a page's filters and orders are one indexed read.
    """

    order_no = models.CharField(max_length=32)
    sku_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    shop_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    product_name = models.CharField(max_length=200)
    option_text = models.CharField(max_length=200, blank=True)
    goods_score = models.PositiveSmallIntegerField()
    service_score = models.PositiveSmallIntegerField()
    logistics_score = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000, blank=True)
    reply = models.CharField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply_edited_at = models.DateTimeField(null=True)
    anonymous = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    has_pictures = models.BooleanField(default=False)
    helpful_count = models.PositiveIntegerField(default=0)
    followed_up_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_no", "sku_id"], name="review_once_a_line"),
            models.CheckConstraint(
                condition=Q(goods_score__gte=1, goods_score__lte=5)
                & Q(service_score__gte=1, service_score__lte=5)
                & Q(logistics_score__gte=1, logistics_score__lte=5),
                name="review_scores",
            ),
        ]
        indexes = [
            models.Index(fields=["product_id", "-id"], name="review_by_product"),
            models.Index(fields=["product_id", "goods_score", "-id"], name="review_by_score"),
            models.Index(fields=["product_id", "-helpful_count", "-id"], name="review_by_helpful"),
            models.Index(fields=["shop_id", "-id"], name="review_by_shop"),
            models.Index(fields=["shop_id", "created_at"], name="review_by_shop_time"),
            models.Index(fields=["person_id", "-id"], name="review_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no} {self.sku_id}"


class FollowUp(models.Model):
    """What the buyer adds later (追评), once; the shop may answer it as well."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="follow_up")
    text = models.CharField(max_length=1000)
    reply = models.CharField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply_edited_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"follow-up of {self.review_id}"


class ReviewPicture(models.Model):
    """A buyer's picture of a line of a received order; without a review while that is being written.

    `path` is relative to MEDIA_ROOT.
    """

    order_no = models.CharField(max_length=32)
    person_id = models.BigIntegerField()
    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="pictures")
    in_follow_up = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(review__isnull=True), name="review_picture_waiting"),
            models.Index(fields=["order_no"], name="review_picture_by_order"),
        ]

    def __str__(self) -> str:
        return self.path


class ProductScore(models.Model):
    """Sums over a product's reviews that people wrote and everybody may read, kept with them in one statement.

    `stars_n` counts goods scores of n. The system's default reviews are in none of them: `defaults` counts those apart.
    """

    product_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    stars_1 = models.PositiveIntegerField(default=0)
    stars_2 = models.PositiveIntegerField(default=0)
    stars_3 = models.PositiveIntegerField(default=0)
    stars_4 = models.PositiveIntegerField(default=0)
    stars_5 = models.PositiveIntegerField(default=0)
    defaults = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.total}/{self.count}"


class ReviewVote(models.Model):
    """Somebody found a review helpful."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person_id"], name="review_vote_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.review_id}"


class SavedReply(models.Model):
    """An answer that a shop keeps at hand."""

    shop_id = models.BigIntegerField()
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop_id", "title"], name="saved_reply_title_once")]

    def __str__(self) -> str:
        return self.title


class ReviewRules(DatedRules):
    """The rules of reviews from a date on; before the first row the built-in ones hold."""


class ReviewCase(models.Model):
    """A reported review before the platform, and the appeal against what it decided. `rules` are those it was opened under."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="cases")
    shop_id = models.BigIntegerField()
    author_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.REPORTED)
    hidden = models.BooleanField(default=False)
    by_shop = models.BooleanField(default=False)
    appellant = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Side], null=True)
    reason = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)
    rules = models.JSONField(default=dict)
    # Who must act, and until when; kept with the state so that queues are one indexed read.
    waiting_for = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Side], null=True)
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(closed_at=None), name="review_case_open_once"),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) | (~Q(state=State.CLOSED) & Q(closed_at=None)),
                name="review_case_closed_once_final",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="review_case_by_due"),
            models.Index(fields=["shop_id", "-id"], name="review_case_by_shop"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk} of {self.review_id}"


class ReviewReport(models.Model):
    """Somebody says that a review may not stand, once. `shop_id` is set when it is the shop that says so."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="reports")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    person_id = models.BigIntegerField()
    shop_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=16)
    text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person_id"], name="review_report_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.review_id}: {self.reason}"


class ReviewEvent(models.Model):
    """Everything that was done to a review, by whom and when; nothing is ever taken out. `person_id` None: the clock."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="events")
    case = models.ForeignKey(ReviewCase, null=True, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=20)
    side = models.CharField(max_length=8, blank=True)
    person_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["review", "id"], name="review_event_by_review")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.step}"


class ReviewDue(models.Model):
    """A received order whose lines get the system's default good review at `due_at` if its buyer stays silent."""

    order_no = models.CharField(max_length=32, unique=True)
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.order_no
