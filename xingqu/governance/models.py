"""Tables of governance."""

from django.db import models
from django.db.models import Q

from xingqu.governance.contracts import Kind, Severity
from xingqu.governance.domain.states import IN_FORCE, State

FORCE = sorted(state.value for state in IN_FORCE)


class Restriction(models.Model):
    """What an account may not do, for a violation, until a moment (null: until it is lifted).

    `ended_at`: it is over, by time or by hand, and everybody has been told. Times are those of the site's clock.
    """

    creator = models.ForeignKey("accounts.Creator", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Kind])
    severity = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Severity])
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State], default=State.VALID)
    reason = models.CharField(max_length=400)
    until = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    appeal = models.CharField(max_length=1000, blank=True)
    appealed_by_id = models.BigIntegerField(null=True)
    appealed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["creator", "-id"], name="restriction_by_creator"),
            models.Index(fields=["state", "-id"], name="restriction_by_state"),
            models.Index(fields=["until"], condition=Q(ended_at=None), name="restriction_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["creator", "kind"], condition=Q(ended_at=None), name="restriction_once"),
            models.CheckConstraint(
                condition=Q(state__in=FORCE) | Q(ended_at__isnull=False), name="restriction_out_of_force_is_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.kind}: {self.state}"
