"""Tables of customer service. Ids of other rooms are plain numbers: a conversation outlives what it is about."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Conversation(models.Model):
    """What a buyer (person or guest) and a shop say to each other: one for the two, for good.

    The counters and the last line stand here, so that a list of conversations reads no messages.
    """

    shop_id = models.BigIntegerField()
    buyer_key = models.CharField(max_length=24)
    last_message_id = models.BigIntegerField(null=True)
    last_sender = models.CharField(max_length=8, blank=True)
    last_kind = models.CharField(max_length=8, blank=True)
    last_text = models.CharField(max_length=120, blank=True)
    last_at = models.DateTimeField(null=True)
    buyer_unread = models.PositiveIntegerField(default=0)
    shop_unread = models.PositiveIntegerField(default=0)
    # Up to which message each side has read.
    buyer_read_id = models.BigIntegerField(default=0)
    shop_read_id = models.BigIntegerField(default=0)
    # Since when the buyer waits for an answer.
    waiting_since = models.DateTimeField(null=True)
    assigned_to_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop_id", "buyer_key"], name="conversation_once")]
        indexes = [
            models.Index(fields=["shop_id", "-last_at", "-id"], name="conversation_by_shop"),
            models.Index(fields=["buyer_key", "-last_at", "-id"], name="conversation_by_buyer"),
            models.Index(
                fields=["shop_id", "waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="conversation_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer_key} and shop {self.shop_id}"


class Message(models.Model):
    """One line of a conversation. `key` is the sender's: sent again, it is the same message."""

    class Sender(models.TextChoices):
        BUYER = "buyer"
        SHOP = "shop"

    class Kind(models.TextChoices):
        TEXT = "text"
        PICTURE = "picture"
        PRODUCT = "product"
        ORDER = "order"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    sender = models.CharField(max_length=8, choices=Sender)
    # The member who wrote for the shop.
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=1000, blank=True)
    picture = models.CharField(max_length=120, blank=True)
    product_id = models.BigIntegerField(null=True)
    order_no = models.CharField(max_length=32, blank=True)
    key = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sender", "key"], name="message_once"),
        ]
        indexes = [models.Index(fields=["conversation", "-id"], name="message_by_conversation")]

    def __str__(self) -> str:
        return f"{self.sender} in {self.conversation_id}: {self.kind}"


class BuyerTurn(models.Model):
    """A buyer's turn: from the first message nobody had answered to the first answer of a person. What the response figure counts."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    shop_id = models.BigIntegerField()
    day = models.DateField()
    in_hours = models.BooleanField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(answered_at=None), name="buyer_turn_open_once"
            ),
        ]
        indexes = [models.Index(fields=["shop_id", "day"], name="buyer_turn_by_day")]

    def __str__(self) -> str:
        return f"{self.conversation_id} at {self.asked_at:%F %T}"


class QuickReply(models.Model):
    """A text that a shop's members send often."""

    shop_id = models.BigIntegerField(db_index=True)
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop_id", "title"], name="quick_reply_title_once")]

    def __str__(self) -> str:
        return self.title


class ServiceHours(models.Model):
    """When a shop promises to answer, in minutes since midnight; a shop without a row keeps the site's hours."""

    shop_id = models.BigIntegerField(unique=True)
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=models.F("end_minute"), end_minute__lte=1440), name="service_hours_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.start_minute} to {self.end_minute}"
