"""Tables of matching. What is computed (audiences, offers) stands in arrays beside the database and is made again by the clock."""

from django.db import models
from django.db.models import Q

from xingqu.matching.domain.pools import Arm


class CreatorListing(models.Model):
    """What a creator agreed to show merchants. Without a row: listed, with bands only."""

    creator_id = models.BigIntegerField(unique=True)
    is_listed = models.BooleanField(default=True)
    shows_exact = models.BooleanField(default=False)
    intro = models.CharField(max_length=400, blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"creator {self.creator_id}"


class ProductPool(models.Model):
    """Products that a merchant or an agency put together for creators (商品池): by hand, or by a rule."""

    organisation_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    note = models.CharField(max_length=400, blank=True)
    # None: by hand. Else what a product has to be; computed anew by the clock.
    rule = models.JSONField(null=True)
    # Offered to every creator of the site, not only to whom it is shared with.
    is_public = models.BooleanField(default=False)
    # Who has it may open the pool for an account of theirs; None: no link.
    link_key = models.CharField(max_length=32, null=True, unique=True)
    closed_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-id"], name="pool_by_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "name"], condition=Q(closed_at=None), name="pool_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PoolProduct(models.Model):
    """A product of a pool, in its order."""

    pool = models.ForeignKey(ProductPool, on_delete=models.CASCADE, related_name="products")
    product_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "product_id"], name="pool_product_once")]

    def __str__(self) -> str:
        return f"pool {self.pool_id}: product {self.product_id}"


class PoolShare(models.Model):
    """With whom a pool is shared: a creator, or an agency, which sees it for its creators."""

    pool = models.ForeignKey(ProductPool, on_delete=models.CASCADE, related_name="shares")
    creator_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "creator_id"], name="pool_share_creator_once"),
            models.UniqueConstraint(fields=["pool", "organisation_id"], name="pool_share_organisation_once"),
            models.CheckConstraint(
                condition=Q(creator_id=None, organisation_id__isnull=False)
                | Q(creator_id__isnull=False, organisation_id=None),
                name="pool_share_one",
            ),
        ]
        indexes = [models.Index(fields=["creator_id"], name="pool_share_by_creator")]

    def __str__(self) -> str:
        return f"pool {self.pool_id}"


class PoolGift(models.Model):
    """An agency gave a pool that it sees to a creator of its own. It counts while the agency sees it and has them signed."""

    pool = models.ForeignKey(ProductPool, on_delete=models.CASCADE, related_name="gifts")
    agency_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "agency_id", "creator_id"], name="pool_gift_once")]
        indexes = [models.Index(fields=["creator_id"], name="pool_gift_by_creator")]

    def __str__(self) -> str:
        return f"pool {self.pool_id} for creator {self.creator_id}"


class PoolMatch(models.Model):
    """A pool and a creator that the data bring together, in one round: shown to both, or held out to be compared with.

    What it rests on is written down with it, so that what came of it can be counted later whatever becomes of the pool.
    """

    pool = models.ForeignKey(ProductPool, on_delete=models.CASCADE, related_name="matches")
    creator_id = models.BigIntegerField()
    round = models.PositiveIntegerField()
    arm = models.CharField(max_length=8, choices=[(arm.value, arm.value) for arm in Arm])
    lift = models.FloatField()
    earned_minor = models.BigIntegerField()
    product_ids = models.JSONField()
    tag_ids = models.JSONField()
    matched_at = models.DateTimeField()
    seen_by_creator_at = models.DateTimeField(null=True)
    seen_by_owner_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "creator_id", "round"], name="pool_match_once"),
            models.CheckConstraint(
                condition=Q(arm=Arm.SHOWN.value) | Q(seen_by_creator_at=None, seen_by_owner_at=None),
                name="pool_match_held_out_unseen",
            ),
        ]
        indexes = [models.Index(fields=["creator_id", "-round"], name="pool_match_by_creator")]

    def __str__(self) -> str:
        return f"pool {self.pool_id} and creator {self.creator_id}: {self.arm}"
