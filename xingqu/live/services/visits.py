"""Whose visits are whose: guests who turned out to be people, and people who want nothing kept."""

from django.db import transaction

from xingqu.kit.transactions import retried
from xingqu.live.models import RoomShown, RoomVisitor


@retried
@transaction.atomic
def move_visits(*, guest_key: str, person_key: str) -> None:
    """A guest's visits become the person's, once a room. Repeating it changes nothing; a room's counts stay as they were."""
    for table in (RoomVisitor, RoomShown):
        been = list(table.objects.filter(actor_key=person_key).values_list("room_id", flat=True))
        theirs = table.objects.filter(actor_key=guest_key)
        theirs.filter(room_id__in=been).delete()
        theirs.update(actor_key=person_key)


@retried
@transaction.atomic
def forget_visits(*, actor_key: str) -> int:
    """Delete where somebody was and what was shown to them; returns how many rows. A room's counts name nobody and stay."""
    return sum(table.objects.filter(actor_key=actor_key).delete()[0] for table in (RoomVisitor, RoomShown))
