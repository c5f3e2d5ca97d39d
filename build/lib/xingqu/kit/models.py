"""Tables of the outbox: facts, and their delivery to each handler."""

from django.db import models
from django.utils import timezone


class OutboxFact(models.Model):
    """A fact, written in the transaction that made it true."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    fanned_out = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(fanned_out=False), name="outbox_fact_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class OutboxDelivery(models.Model):
    """One fact on its way to one handler. `state` moves from waiting to done or dead."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"

    fact = models.ForeignKey(OutboxFact, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "handler"], name="outbox_delivery_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="outbox_delivery_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} <- {self.fact_id}"
