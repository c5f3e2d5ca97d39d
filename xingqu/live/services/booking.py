"""Planned rooms: people who asked are told when one begins, moves to another time, or is called off."""

from typing import Any

from django.db import transaction

from xingqu.accounts.selectors import creators_by_ids
from xingqu.accounts.services import notify
from xingqu.events.live import LivePlanChanged
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch
from xingqu.kit.transactions import retried
from xingqu.live.domain.errors import WrongState
from xingqu.live.models import LiveBooking, LiveRoom

NOTICES = {"started": "live_started", "moved": "live_moved", "called_off": "live_called_off"}
_BOOK = (
    "INSERT INTO live_livebooking (room_id, person_id, created_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (room_id, person_id) DO NOTHING"
)


@retried
@transaction.atomic
def book_room(*, room_id: int, person_id: int) -> None:
    """Tell this person when the room begins. Idempotent. Raises NotFound, WrongState for one that is not planned any more."""
    room = LiveRoom.objects.select_for_update().filter(pk=room_id).first()
    if room is None:
        raise NotFound
    if room.state != "scheduled":
        raise WrongState(data={"state": room.state})
    execute(_BOOK, [room_id, person_id, clock.now()])


def unbook_room(*, room_id: int, person_id: int) -> None:
    """Do not tell them. Idempotent."""
    LiveBooking.objects.filter(room_id=room_id, person_id=person_id).delete()


def tell_plan(*, room_id: int, what: str) -> None:
    """Publish, in the caller's transaction, that a planned room began, moved or was called off, if anybody waits for it."""
    if LiveBooking.objects.filter(room_id=room_id).exists():
        publish(LivePlanChanged(room_id=room_id, what=what))


def tell_booked(*, room_id: int, what: str) -> int:
    """Tell who booked, in the caller's transaction; returns how many. Who was told that it began or won't is told no more."""
    room = LiveRoom.objects.filter(pk=room_id).first()
    if room is None:
        return 0
    if what == "moved":
        people = list(LiveBooking.objects.filter(room_id=room_id).values_list("person_id", flat=True))
    else:
        rows = fetch("DELETE FROM live_livebooking WHERE room_id = %s RETURNING person_id", [room_id])
        people = [person_id for (person_id,) in rows]
    creator = creators_by_ids(ids=[room.creator_id]).get(room.creator_id)
    data: dict[str, Any] = {"room_id": room_id, "title": room.title, "name": creator.display_name if creator else ""}
    if what == "moved" and room.scheduled_at is not None:
        data["scheduled_at"] = room.scheduled_at.isoformat()
    for person_id in people:
        notify(person_id=person_id, kind=NOTICES[what], data=data)
    return len(people)
