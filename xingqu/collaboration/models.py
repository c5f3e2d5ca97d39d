"""Tables of collaborations. Shops, products, creators and plans stand in other rooms: here are their ids."""

from django.db import models
from django.db.models import F, Q

from xingqu.collaboration.domain.states import FINAL, State
from xingqu.collaboration.models_samples import Sample as Sample
from xingqu.collaboration.models_samples import SampleEvent as SampleEvent
from xingqu.collaboration.models_samples import SampleOffer as SampleOffer

ENDED = sorted(state.value for state in FINAL)


class CollaborationRules(models.Model):
    """Periods and limits from a moment on, until the next set. Never changed: a new one is added."""

    effective_from = models.DateTimeField(unique=True)
    values = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.effective_from}"


class Collaboration(models.Model):
    """What a shop and a creator agree on. `version` counts the steps; the money of its slot fee is in custody under its number."""

    collab_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    opened_by = models.CharField(max_length=10)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State])
    version = models.PositiveIntegerField(default=1)
    waiting_for = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True)
    rules = models.JSONField()
    currency = models.CharField(max_length=3, default="CNY")
    # The newest terms; a side's is the version that it has said yes to.
    terms_version = models.PositiveIntegerField(default=1)
    merchant_version = models.PositiveIntegerField(default=0)
    creator_version = models.PositiveIntegerField(default=0)
    # What was signed, as it stands in the document, and its digest.
    contract = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    plan_ids = models.JSONField(default=list)
    plans_closed = models.BooleanField(default=False)
    paid_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "state", "-id"], name="collab_by_shop"),
            models.Index(fields=["creator_id", "state", "-id"], name="collab_by_creator"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="collab_due"),
            models.Index(fields=["state", "due_at"], condition=Q(state="disputed"), name="collab_disputed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop_id", "creator_id"], condition=Q(state="negotiating"), name="collab_talked_about_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_at__isnull=False, waiting_for="", due_at=None)
                | (~Q(state__in=ENDED) & Q(closed_at=None, due_at__isnull=False)),
                name="collab_waits_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(
                    released_minor__gte=0,
                    returned_minor__gte=0,
                    paid_minor__gte=F("released_minor") + F("returned_minor"),
                ),
                name="collab_money",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(paid_minor=F("released_minor") + F("returned_minor")),
                name="collab_ended_is_paid_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collab_no}: {self.state}"


class CollaborationTerms(models.Model):
    """A version of the terms, as a side offered it. Never changed."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="terms")
    version = models.PositiveIntegerField()
    by_side = models.CharField(max_length=10)
    person_id = models.BigIntegerField()
    values = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collaboration", "version"], name="collab_terms_once")]

    def __str__(self) -> str:
        return f"{self.collaboration_id} v{self.version}"


class CollaborationEvent(models.Model):
    """A step of a collaboration. Unique by version: no step is taken twice, none is lost."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    side = models.CharField(max_length=10, blank=True)
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12)
    text = models.CharField(max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collaboration", "version"], name="collab_event_once")]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.step}"


class CollaborationPicture(models.Model):
    """A picture that a side shows in a dispute. Its file is private: `path` is a name of `kit.private_files`."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="pictures")
    event = models.ForeignKey(CollaborationEvent, null=True, on_delete=models.CASCADE, related_name="pictures")
    side = models.CharField(max_length=10)
    person_id = models.BigIntegerField()
    path = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(event=None), name="collab_picture_loose"),
        ]

    def __str__(self) -> str:
        return self.path
