"""Planned rooms on a creator's page: booked by a person, told once when they begin, told when they move or are called off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from xingqu.accounts.models import Notice
from xingqu.events.live import LivePlanChanged
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.live import services
from xingqu.live.handlers import tell_plan_changed
from xingqu.live.models import LiveBooking, LiveRoom
from xingqu.live.services import RoomChanges
from xingqu.live.tests.conftest import Studio

SOON = clock.now().replace(microsecond=0) + timedelta(days=1)


def page_says(browser: Any, room_id: int) -> tuple[bool, int]:
    page = browser.get(f"/live/rooms/{room_id}").json()
    return page["booked"], page["bookings"]


def told() -> list[tuple[int, str]]:
    return list(Notice.objects.filter(kind__startswith="live_").order_by("id").values_list("person_id", "kind"))


def test_who_booked_is_told_once_when_it_begins(studio: Studio, viewer: Callable[[], int], caller: type[Any]) -> None:
    room_id = studio.room(scheduled_at=SOON)
    first, second = viewer(), viewer()
    browser = caller(first)
    for _ in range(2):
        assert browser.send("PUT", f"/live/rooms/{room_id}/booking").status_code == 204
    services.book_room(room_id=room_id, person_id=second)
    (row,) = browser.get(f"/live/creators/{studio.creator_id}/rooms").json()
    assert (row["id"], row["booked"], row["bookings"], row["state"]) == (room_id, True, 2, "scheduled")
    assert page_says(browser, room_id) == (True, 2)
    assert page_says(caller(), room_id) == (False, 2)
    assert browser.send("DELETE", f"/live/rooms/{room_id}/booking").status_code == 204
    (row,) = browser.get(f"/live/creators/{studio.creator_id}/rooms").json()
    assert (row["booked"], row["bookings"]) == (False, 1)
    assert page_says(browser, room_id) == (False, 1)
    studio.push(room_id)
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    deliver_due()
    assert told() == [(second, "live_started")]
    assert Notice.objects.get(kind="live_started").data["room_id"] == room_id
    tell_plan_changed(LivePlanChanged(room_id=room_id, what="started"))  # delivered again
    assert (told(), LiveBooking.objects.count()) == ([(second, "live_started")], 0)
    (row,) = browser.get(f"/live/creators/{studio.creator_id}/rooms").json()
    assert (row["id"], row["state"]) == (room_id, "live")
    assert page_says(caller(second), room_id) == (False, 0)


def test_a_room_that_moves_or_is_called_off(studio: Studio, viewer: Callable[[], int]) -> None:
    room_id, person = studio.room(scheduled_at=SOON), viewer()
    services.book_room(room_id=room_id, person_id=person)
    services.update_room(shop_id=studio.shop_id, room_id=room_id, changes=RoomChanges(announcement="带耳机来"))
    later = SOON + timedelta(hours=2)
    services.update_room(shop_id=studio.shop_id, room_id=room_id, changes=RoomChanges(scheduled_at=later))
    deliver_due()
    assert told() == [(person, "live_moved")]
    assert Notice.objects.get(kind="live_moved").data["scheduled_at"] == later.isoformat()
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    deliver_due()
    assert told() == [(person, "live_moved"), (person, "live_called_off")]


def test_only_a_planned_room_can_be_booked(studio: Studio, viewer: Callable[[], int], caller: type[Any]) -> None:
    room_id, _ = studio.live_room()
    person = viewer()
    answer = caller(person).send("PUT", f"/live/rooms/{room_id}/booking")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "live_wrong_state")
    assert caller(person).send("PUT", "/live/rooms/999999/booking").status_code == 404
    assert caller().send("PUT", f"/live/rooms/{room_id}/booking").status_code == 401
    assert not LiveBooking.objects.exists()


def test_a_creators_page_shows_their_rooms_only(
    studio: Studio, other_studio: Studio, viewer: Callable[[], int], caller: type[Any]
) -> None:
    room_id = studio.room(scheduled_at=SOON)
    services.book_room(room_id=room_id, person_id=viewer())
    LiveRoom.objects.filter(pk=studio.room(scheduled_at=SOON)).update(
        scheduled_at=SOON - timedelta(days=3)
    )  # long past
    guest = caller()
    (row,) = guest.get(f"/live/creators/{studio.creator_id}/rooms").json()
    assert (row["id"], row["booked"], row["bookings"]) == (room_id, False, 1)
    assert guest.get(f"/live/creators/{other_studio.creator_id}/rooms").json() == []
