"""Tables of interest: where each content stands in the traffic pools, the book of trainings,
and who looked at whose data and why."""

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


class Training(models.Model):
    """One training of one kind of model: on what, how long, how well, and whether it serves."""

    class State(models.TextChoices):
        RUNNING = "running"
        ADOPTED = "adopted"
        REJECTED = "rejected"  # worse on what was held out than what serves
        SKIPPED = "skipped"  # too little to learn from
        FAILED = "failed"

    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    why = models.CharField(max_length=40, blank=True)  # a code that clients translate
    anew = models.BooleanField()  # from the whole log, not on from what served
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    wall_ms = models.PositiveBigIntegerField(default=0)
    processor_ms = models.PositiveBigIntegerField(default=0)
    events = models.PositiveBigIntegerField()  # in the log since the training before
    people = models.PositiveBigIntegerField(default=0)
    examples = models.PositiveBigIntegerField(default=0)
    metric = models.CharField(max_length=40, blank=True)
    cases = models.PositiveIntegerField(default=0)  # held out
    before = models.FloatField(null=True)  # of the models that served, on the same cases
    after = models.FloatField(null=True)
    snapshot_version = models.BigIntegerField(null=True)  # with which it was served first
    positions = models.JSONField(default=dict)  # segment -> offset: up to where the log was read
    erased = models.PositiveBigIntegerField()  # people whose data had been deleted by then
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="interest_training_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"


class ChannelReport(models.Model):
    """What the retrieval channels brought to the pages that were sampled, judged by what people took to later."""

    made_at = models.DateTimeField()
    first_at = models.DateTimeField()  # of the pages
    last_at = models.DateTimeField()
    pages = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    positives = models.JSONField()  # engine.evaluate.channels.Outcome -> how many
    channels = models.JSONField()  # a list, one a channel: figures of engine.evaluate.channels.ChannelReport

    def __str__(self) -> str:
        return f"channels over {self.pages} pages"


class PersonLookup(models.Model):
    """An operator searched for somebody or opened their data, and said why. Rows are only ever added."""

    class What(models.TextChoices):
        SEARCH = "search"
        OPEN = "open"

    operator_id = models.BigIntegerField()
    what = models.CharField(max_length=8, choices=What)
    query = models.CharField(max_length=120, blank=True)  # of a search
    actor_key = models.CharField(max_length=20, blank=True)  # whose data was opened
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    open_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["operator_id", "-id"], name="interest_lookup_by_operator")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.what} {self.actor_key}"


class ContentDay(models.Model):
    """What became of a content on one day (UTC), as of the last snapshot. The worker's own book is the source."""

    content_id = models.BigIntegerField()
    day = models.DateField()
    impressions = models.PositiveIntegerField()
    watches = models.PositiveIntegerField()
    product_clicks = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    not_interested = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_id", "day"], name="interest_content_day_once")]

    def __str__(self) -> str:
        return f"content {self.content_id} on {self.day}"
