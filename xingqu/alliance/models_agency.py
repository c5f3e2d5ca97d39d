"""Tables of contracts between agencies (MCN) and creators; part of `models`, which names them."""

from django.db import models
from django.db.models import Q


class AgencyContract(models.Model):
    """An agency works for a creator: for a share of the commission that is left, and with what rights in the studio.

    `scopes` are what the creator lets the agency's members do and see in the studio. Of `since` and `until` the first counts,
    the second does not.
    """

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        ENDED = "ended"
        DECLINED = "declined"
        REVOKED = "revoked"

    agency_id = models.BigIntegerField()
    creator_id = models.BigIntegerField()
    studio_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    scopes = models.JSONField(default=list)
    notice_days = models.PositiveIntegerField()
    message = models.CharField(max_length=400, blank=True)
    invited_by_id = models.BigIntegerField()
    invited_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=7, blank=True)  # the side that gave notice: agency, creator
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency_id", "-id"], name="contract_by_agency"),
            models.Index(fields=["creator_id", "-id"], name="contract_by_creator"),
            models.Index(fields=["studio_id", "-id"], name="contract_by_studio"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["creator_id"], condition=Q(state="active"), name="contract_one_agency"),
            models.UniqueConstraint(
                fields=["agency_id", "creator_id"],
                condition=Q(state__in=["invited", "active"]),
                name="contract_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(since=None, state__in=["invited", "declined", "revoked"])
                | Q(since__isnull=False, state__in=["active", "ended"]),
                name="contract_since",
            ),
        ]

    def __str__(self) -> str:
        return f"agency {self.agency_id} and creator {self.creator_id}: {self.state}"


class AgencyShare(models.Model):
    """The agency's part of a creator's commission from a moment on, in basis points; counts once the other side accepted."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    contract = models.ForeignKey(AgencyContract, on_delete=models.CASCADE, related_name="shares")
    effective_from = models.DateTimeField()
    share_bp = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    proposed_by = models.CharField(max_length=7)  # agency, creator
    proposed_by_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "effective_from"], condition=Q(state="accepted"), name="agency_share_once"
            ),
            models.UniqueConstraint(fields=["contract"], condition=Q(state="waiting"), name="agency_share_one_waits"),
            models.CheckConstraint(condition=Q(share_bp__lte=10_000), name="agency_share_rate"),
        ]

    def __str__(self) -> str:
        return f"contract {self.contract_id}: {self.share_bp} bp {self.state}"
