"""Tables of the open API."""

from django.db import models
from django.db.models import Q


class OpenApp(models.Model):
    """A program of one shop. Its secret is kept as a hash; `allowed_at_us` is the rate limit's memory (GCRA)."""

    shop_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    client_id = models.CharField(max_length=40, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    calls_per_minute = models.PositiveIntegerField()
    allowed_at_us = models.BigIntegerField(default=0)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop_id"], name="open_app_by_shop")]

    def __str__(self) -> str:
        return f"{self.name} of shop {self.shop_id}"


class AccessToken(models.Model):
    """A token that was given out, as a hash, with the scopes of that moment."""

    token_hash = models.CharField(max_length=64, unique=True)
    app = models.ForeignKey(OpenApp, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"token of {self.app_id}"


class Change(models.Model):
    """An entry of a shop's log of changes. Ids of one shop rise in the order in which they can be read."""

    shop_id = models.BigIntegerField()
    topic = models.CharField(max_length=30)
    reference = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["shop_id", "id"], name="change_by_shop")]

    def __str__(self) -> str:
        return f"{self.topic} {self.reference}"


class WebhookEndpoint(models.Model):
    """Where a shop wants to be told. `failing_since` is set while nothing arrives; after a day it is paused."""

    app = models.ForeignKey(OpenApp, on_delete=models.CASCADE, related_name="endpoints")
    url = models.CharField(max_length=500)
    topics = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    secret_version = models.PositiveIntegerField(default=1)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One change on its way to one endpoint, once each; a replay sends the same again."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=10, choices=[(name, name) for name in ("waiting", "delivered", "failed")], default="waiting"
    )
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "change"], name="webhook_delivery_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="webhook_delivery_due")]

    def __str__(self) -> str:
        return f"{self.change_id} to {self.endpoint_id}"
