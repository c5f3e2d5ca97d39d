"""Tables of interest: where each content stands in the traffic pools, for those who want to know why."""

from django.db import models


class PoolItem(models.Model):
    """A content in the traffic pools, as of the last snapshot. The worker's own book (`learned.npz`) is the source."""

    content_id = models.BigIntegerField(primary_key=True)
    stage = models.PositiveSmallIntegerField()  # engine.coldstart.params.Stage
    why = models.PositiveSmallIntegerField()  # engine.coldstart.params.Why
    since_ms = models.BigIntegerField()
    impressions = models.PositiveIntegerField()
    positives = models.PositiveIntegerField()
    impressions_all = models.PositiveIntegerField()
    positives_all = models.PositiveIntegerField()
    benchmark = models.FloatField()  # of the pool it is in, when this was written

    def __str__(self) -> str:
        return f"content {self.content_id} at stage {self.stage}"


class PoolMove(models.Model):
    """A gate that a content passed, with the numbers the gate saw."""

    content_id = models.BigIntegerField()
    number = models.PositiveIntegerField()  # 1 is the entry
    at_ms = models.BigIntegerField()
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    why = models.PositiveSmallIntegerField()
    impressions = models.PositiveIntegerField()
    positives = models.PositiveIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    benchmark = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_id", "number"], name="interest_pool_move_once")]

    def __str__(self) -> str:
        return f"content {self.content_id}: {self.before} to {self.after}"
