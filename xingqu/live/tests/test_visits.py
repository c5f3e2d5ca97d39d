"""Visits are behaviour: they follow a guest who signs in, and go when somebody wants nothing kept."""

import pytest

from xingqu.accounts.contracts import Actor
from xingqu.events.accounts import GuestMerged
from xingqu.kit.outbox import deliver_due, publish
from xingqu.live import services
from xingqu.live.models import LiveRoom, RoomShown, RoomVisitor
from xingqu.live.tests.conftest import Studio, new_studio
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def visit(room_id: int, actor: Actor, watched_ms: int) -> None:
    services.record_shown(room_id=room_id, actor_key=actor.key)
    services.record_watch(room_id=room_id, actor=actor, watched_ms=watched_ms)


def visits() -> set[tuple[int, str, int]]:
    return set(RoomVisitor.objects.values_list("room_id", "actor_key", "watched_ms"))


def shown() -> set[tuple[int, str]]:
    return set(RoomShown.objects.values_list("room_id", "actor_key"))


def test_a_guests_visits_are_the_persons_they_turned_out_to_be(studio: Studio) -> None:
    both, alone = studio.live_room()[0], new_studio().live_room()[0]
    person = Caller.new_person()
    assert person.person_id is not None
    known, guest = Actor(person.person_id, None), Actor(None, 77)
    visit(both, known, 9_000)
    visit(both, guest, 1_000)
    visit(alone, guest, 2_000)
    visit(alone, Actor(None, 78), 3_000)
    counts = list(LiveRoom.objects.order_by("id").values_list("viewer_count", "shown_count", "shown_entry_count"))
    for _ in range(2):
        publish(GuestMerged(guest_key=77, person_id=person.person_id))
        deliver_due()
        assert visits() == {(both, known.key, 9_000), (alone, known.key, 2_000), (alone, "g78", 3_000)}
        assert shown() == {(both, known.key), (alone, known.key), (alone, "g78")}
    after = list(LiveRoom.objects.order_by("id").values_list("viewer_count", "shown_count", "shown_entry_count"))
    assert after == counts == [(2, 2, 2), (2, 2, 2)]


def test_who_has_all_behaviour_erased_was_nowhere(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    person = Caller.new_person()
    assert person.person_id is not None
    visit(room_id, Actor(person.person_id, None), 9_000)
    visit(room_id, Actor(None, 78), 3_000)
    person.call("DELETE", "/interest", status=204)
    deliver_due()
    assert (visits(), shown()) == ({(room_id, "g78", 3_000)}, {(room_id, "g78")})
    assert LiveRoom.objects.values_list("viewer_count", "shown_count").get() == (2, 2)
