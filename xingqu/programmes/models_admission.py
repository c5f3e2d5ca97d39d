"""Tables of the queue before a flash sale; part of `models`, which names them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AdmissionGate(models.Model):
    """A flash sale that one is admitted to: so many people a second, each for so long. Who comes in the first `shuffle_s`
    seconds is placed by lot. `released_until` is up to when places have been given out."""

    sale = models.OneToOneField("programmes.FlashSale", on_delete=models.PROTECT, related_name="gate")
    per_second = models.PositiveIntegerField()
    ticket_s = models.PositiveIntegerField()
    shuffle_s = models.PositiveIntegerField()
    released_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_second__gte=1, ticket_s__gte=1), name="admission_gate_rate")
        ]

    def __str__(self) -> str:
        return f"{self.sale_id}: {self.per_second}/s"


class AdmissionTicket(models.Model):
    """A person's place in a queue; smaller `place` first. Admitted from `admitted_at` until `expires_at`."""

    sale = models.ForeignKey("programmes.FlashSale", on_delete=models.PROTECT, related_name="tickets")
    person_id = models.BigIntegerField()
    device = models.CharField(max_length=32)
    network = models.CharField(max_length=45)
    place = models.BigIntegerField()
    joined_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sale", "person_id"], name="admission_ticket_person")]
        indexes = [
            models.Index(fields=["sale", "place", "id"], condition=Q(admitted_at=None), name="admission_waiting"),
            models.Index(fields=["sale", "network", "joined_at"], name="admission_by_network"),
            models.Index(fields=["sale", "device"], name="admission_by_device"),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id} {self.person_id}"


class AdmissionPolicy(models.Model):
    """From a day on: places a device and a network may have in one queue; from how many places of a network a minute on a
    newcomer has to work for theirs, and how much. Never changed: a later one takes over."""

    per_device = models.PositiveIntegerField()
    per_network = models.PositiveIntegerField()
    challenge_after = models.PositiveIntegerField()
    challenge_bits = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.effective_from:%Y-%m-%d}"
