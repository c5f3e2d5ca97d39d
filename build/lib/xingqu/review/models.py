"""Tables of reviews."""

from django.db import models
from django.db.models import Q


class Review(models.Model):
    """What a buyer says of one line of a received order, once."""

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
            models.Index(fields=["shop_id", "-id"], name="review_by_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no} {self.sku_id}"


class ReviewPicture(models.Model):
    """A buyer's picture of a line of a received order; without a review while that is being written.

    `path` is relative to MEDIA_ROOT.
    """

    order_no = models.CharField(max_length=32)
    person_id = models.BigIntegerField()
    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="pictures")
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
    """Sums over a product's reviews, kept with them in one statement. `stars_n` counts goods scores of n."""

    product_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    stars_1 = models.PositiveIntegerField(default=0)
    stars_2 = models.PositiveIntegerField(default=0)
    stars_3 = models.PositiveIntegerField(default=0)
    stars_4 = models.PositiveIntegerField(default=0)
    stars_5 = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.total}/{self.count}"
