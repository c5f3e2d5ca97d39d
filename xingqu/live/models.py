"""Tables of live rooms. Ids of other rooms are plain numbers: what was sold on air outlives what it was."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xingqu.live.domain.states import OPEN
from xingqu.live.models_booking import LiveBooking as LiveBooking
from xingqu.live.models_selling import LiveScript as LiveScript
from xingqu.live.models_selling import LuckyBag as LuckyBag
from xingqu.live.models_selling import LuckyEntry as LuckyEntry


class LiveRoom(models.Model):
    """One show of a publishing account. `play_name` is public once it is live; its stream key is derived, see `domain.keys`."""

    shop_id = models.BigIntegerField(db_index=True)
    creator_id = models.BigIntegerField()
    title = models.CharField(max_length=60)
    cover_url = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="scheduled")
    scheduled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    interrupted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True)
    ban_reason = models.CharField(max_length=200, blank=True)
    play_name = models.CharField(max_length=16, unique=True)
    key_version = models.PositiveIntegerField(default=1)
    is_ai_host = models.BooleanField(default=False)
    announcement = models.CharField(max_length=200, blank=True)
    slow_mode_s = models.PositiveIntegerField(default=0)
    block_words = models.JSONField(default=list)
    # [{words: [..], text}]: what the room answers by itself.
    auto_replies = models.JSONField(default=list)
    replay_mode = models.CharField(max_length=8, default="draft")
    clip_mode = models.CharField(max_length=8, default="draft")
    like_count = models.PositiveBigIntegerField(default=0)
    entry_count = models.PositiveBigIntegerField(default=0)
    viewer_count = models.PositiveBigIntegerField(default=0)
    # People and guests to whom the feed showed the room, and how many of them came in afterwards.
    shown_count = models.PositiveBigIntegerField(default=0, db_default=0)
    shown_entry_count = models.PositiveBigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator_id"], condition=Q(state__in=OPEN), name="live_one_open_room"),
        ]
        indexes = [
            models.Index(fields=["shop_id", "-id"], name="live_room_by_shop"),
            models.Index(
                fields=["state", "-started_at"],
                condition=Q(state__in=("scheduled", *OPEN)),
                name="live_room_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class LiveItem(models.Model):
    """A product in the run of show (排品), by `position`. `shop_id` is whose goods it is, in a creator's room too."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="items")
    product_id = models.BigIntegerField()
    shop_id = models.BigIntegerField(default=0)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "product_id"], name="live_item_once")]
        indexes = [
            models.Index(fields=["product_id"], name="live_item_by_product"),
            models.Index(fields=["shop_id"], name="live_item_by_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}[{self.position}] = {self.product_id}"


class LiveExplain(models.Model):
    """A product was explained (讲解) from `started_at` to `ended_at`; at most one of a room has no end."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="explains")
    item = models.ForeignKey(LiveItem, null=True, on_delete=models.SET_NULL, related_name="explains")
    product_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(ended_at__isnull=True), name="live_explain_one"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} explains {self.product_id}"


class StreamSession(models.Model):
    """One stream from an encoder, from connect to disconnect. `seen_at` is renewed while media arrive.

    `recording` is relative to the folder of recordings, empty when nothing is kept any more or an external server records.
    """

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="sessions")
    token = models.CharField(max_length=32, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=24, blank=True)
    health = models.JSONField(default=dict)
    recording = models.CharField(max_length=120, blank=True)
    # When the first picture of the recording was taken in: moments on air become places in the file.
    recorded_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(ended_at__isnull=True), name="live_stream_one"),
        ]

    def __str__(self) -> str:
        return f"stream {self.pk} of {self.room_id}"


class RoomEvent(models.Model):
    """What happened in a room, in order: the cursor of every viewer is an id of this table. Chat lines stand here too."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    actor_key = models.CharField(max_length=24, blank=True)
    data = models.JSONField(default=dict)
    is_hidden = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["room", "id"], name="live_event_by_room"),
            models.Index(fields=["room", "actor_key", "-id"], condition=Q(kind="chat"), name="live_chat_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.kind}"


class RoomMute(models.Model):
    """A viewer may not chat in this room until `until`, or for good."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    name = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "actor_key"], name="live_mute_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} in {self.room_id}"


class RoomPresence(models.Model):
    """How many connections one edge process has to a room; rows that are not renewed do not count."""

    edge = models.CharField(max_length=32)
    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    viewers = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edge", "room"], name="live_presence_once")]

    def __str__(self) -> str:
        return f"{self.edge}: {self.viewers} in {self.room_id}"


class RoomVisitor(models.Model):
    """Somebody who has been in a room: visitors are counted once."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    first_at = models.DateTimeField()
    watched_ms = models.PositiveBigIntegerField(default=0)
    # How far behind the site's clock the picture was, as the page last said.
    latency_ms = models.PositiveIntegerField(null=True)
    latency_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "actor_key"], name="live_visitor_once")]
        indexes = [
            models.Index(
                fields=["room", "-latency_at"], condition=Q(latency_at__isnull=False), name="live_visitor_latency"
            ),
            models.Index(fields=["actor_key"], name="live_visitor_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_key} in {self.room_id}"


class RoomShown(models.Model):
    """The feed has shown a room to somebody; `entered`: they came in afterwards."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    shown_at = models.DateTimeField()
    entered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "actor_key"], name="live_shown_once")]
        indexes = [models.Index(fields=["actor_key"], name="live_shown_actor")]

    def __str__(self) -> str:
        return f"{self.room_id} to {self.actor_key}"


class RoomClicks(models.Model):
    """How often a product was opened in a room; it stays when the product is taken out of the bag."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    product_id = models.BigIntegerField()
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "product_id"], name="live_clicks_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.room_id}: {self.clicks}"


class RoomMinute(models.Model):
    """Figures of one minute of a room. `viewers` is the most at once; amounts are in minor units of `LiveSale.currency`."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    entries = models.PositiveIntegerField(default=0)
    visitors = models.PositiveIntegerField(default=0)
    viewers = models.PositiveIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    gmv_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "minute"], name="live_minute_once")]

    def __str__(self) -> str:
        return f"{self.room_id} at {self.minute:%H:%M}"


class LiveSale(models.Model):
    """What one paid order bought because of a room: lines attributed to it, `amount_minor` what the buyer paid for them, all
    discounts off. `refunded_minor` went back later, by `refunds`: [{refund_no, lines: [[sku_id, amount_minor]]}]."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="+")
    order_no = models.CharField(max_length=32)
    shop_id = models.BigIntegerField()
    buyer_key = models.CharField(max_length=24)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    units = models.PositiveIntegerField()
    # [[sku_id, product_id, quantity, amount_minor]]
    lines = models.JSONField(default=list)
    refunded_minor = models.BigIntegerField(default=0)
    refunds = models.JSONField(default=list)
    paid_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "order_no"], name="live_sale_once")]
        indexes = [models.Index(fields=["order_no"], name="live_sale_by_order")]

    def __str__(self) -> str:
        return f"{self.order_no} in {self.room_id}"


class LiveCut(models.Model):
    """A piece of a recording on its way into the feed: the replay, or a clip of a product that was explained."""

    room = models.ForeignKey(LiveRoom, on_delete=models.CASCADE, related_name="cuts")
    session = models.ForeignKey(StreamSession, on_delete=models.CASCADE, related_name="+")
    explain = models.ForeignKey(LiveExplain, null=True, on_delete=models.SET_NULL, related_name="+")
    product_ids = models.JSONField(default=list)
    mode = models.CharField(max_length=8)
    start_ms = models.PositiveBigIntegerField()
    end_ms = models.PositiveBigIntegerField()
    # waiting, cut (the content has it), done, failed
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    content_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(explain__isnull=True), name="live_replay_once"),
            models.UniqueConstraint(fields=["session", "explain"], name="live_clip_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.start_ms} to {self.end_ms} ms"
