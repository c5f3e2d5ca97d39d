"""Who may publish: the right key, one at a time, and a stream that is not wanted any more is told to stop."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from xingqu.kit import clock
from xingqu.live import services
from xingqu.live.domain.errors import StreamRefused
from xingqu.live.models import LiveRoom, StreamSession
from xingqu.live.tests.conftest import Studio, key_of

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def refused(key: str) -> str:
    before = StreamSession.objects.count()
    with pytest.raises(StreamRefused) as refusal:
        services.open_stream(key=key)
    assert StreamSession.objects.count() == before
    return str(refusal.value.data["reason"])


def test_a_wrong_key_opens_nothing(studio: Studio) -> None:
    room_id = studio.room()
    name, _, _ = key_of(room_id).partition("?")
    for key in ("", name, f"{name}?key=", f"{name}?key=abc", "nobody?key=abc", key_of(room_id) + "x"):
        assert refused(key) == "unknown_key"
    assert services.open_stream(key=key_of(room_id)).room_id == room_id


def test_the_key_stands_in_no_table(studio: Studio) -> None:
    room_id = studio.room()
    _, _, secret = key_of(room_id).partition("=")
    stored = [str(value) for value in LiveRoom.objects.filter(pk=room_id).values().get().values()]
    assert not any(secret in value for value in stored)


def test_a_new_key_cuts_the_stream_that_runs(studio: Studio) -> None:
    room_id, token = studio.live_room()
    old = key_of(room_id)
    services.rotate_stream_key(shop_id=studio.shop_id, room_id=room_id)
    assert (key_of(room_id) != old, services.beat_stream(token=token, health={})) == (True, "stop")
    services.close_stream(token=token, reason="stopped")
    assert StreamSession.objects.get(token=token).end_reason == "key_rotated"
    assert refused(old) == "unknown_key"
    assert services.open_stream(key=key_of(room_id)).room_id == room_id


def test_two_hosts_the_second_is_refused_until_the_first_is_silent(studio: Studio) -> None:
    with clock.frozen(START):
        room_id, first = studio.live_room()
    silent = timedelta(seconds=settings.ENVIRONMENT.live_silent_s)
    with clock.frozen(START + silent - timedelta(seconds=1)):
        assert refused(key_of(room_id)) == "already_publishing"
        assert services.beat_stream(token=first, health={"kbps": 900}) == "go_on"
    with clock.frozen(START + silent):
        assert refused(key_of(room_id)) == "already_publishing"
    with clock.frozen(START + silent * 3):
        second = services.open_stream(key=key_of(room_id))
        assert services.beat_stream(token=first, health={}) == "stop"
        assert services.beat_stream(token=second.token, health={}) == "go_on"
        assert not services.close_stream(token=first, reason="disconnected")
    assert (StreamSession.objects.get(token=first).end_reason, LiveRoom.objects.get(pk=room_id).state) == (
        "taken_over",
        "live",
    )


def test_a_process_that_died_without_a_word_is_noticed(studio: Studio) -> None:
    with clock.frozen(START):
        room_id, token = studio.live_room()
        assert services.close_silent_streams() == 0
    with clock.frozen(START + timedelta(seconds=settings.ENVIRONMENT.live_silent_s + 1)):
        assert (services.close_silent_streams(), services.close_silent_streams()) == (1, 0)
    assert LiveRoom.objects.get(pk=room_id).state == "interrupted"
    assert StreamSession.objects.get(token=token).end_reason == "silent"


def test_a_room_that_is_over_takes_no_stream(studio: Studio) -> None:
    room_id, token = studio.live_room()
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    assert services.beat_stream(token=token, health={}) == "stop"
    services.close_stream(token=token, reason="stopped")
    assert refused(key_of(room_id)) == "wrong_state"
    assert LiveRoom.objects.get(pk=room_id).state == "ended"
