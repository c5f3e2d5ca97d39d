"""A room's states: only the steps of the table, each told once, and what hangs on them ends with them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.live import services
from xingqu.live.domain.errors import NoStream, OtherRoomOpen, WrongState
from xingqu.live.domain.states import OPEN, TRANSITIONS
from xingqu.live.models import LiveCut, LiveExplain, LiveRoom, RoomEvent, StreamSession
from xingqu.live.services import RoomChanges
from xingqu.live.tests.conftest import Studio, key_of, new_studio

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def state_of(room_id: int) -> str:
    return LiveRoom.objects.get(pk=room_id).state


def told(room_id: int, kind: str = "state") -> list[str]:
    rows = RoomEvent.objects.filter(room_id=room_id, kind=kind).order_by("id")
    return [row.data.get("state", "") for row in rows]


def test_no_show_without_a_picture(studio: Studio) -> None:
    room_id = studio.room()
    with pytest.raises(NoStream):
        services.start_room(shop_id=studio.shop_id, room_id=room_id)
    grant = services.open_stream(key=key_of(room_id))
    with pytest.raises(NoStream):  # connected, but no picture yet
        services.start_room(shop_id=studio.shop_id, room_id=room_id)
    assert (state_of(room_id), told(room_id)) == ("scheduled", [])
    services.confirm_stream(token=grant.token)
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    assert (state_of(room_id), told(room_id)) == ("live", ["live"])
    with pytest.raises(WrongState) as refusal:
        services.start_room(shop_id=studio.shop_id, room_id=room_id)
    assert refusal.value.data == {"state": "live"}
    assert told(room_id) == ["live"]


def test_one_open_room_an_account(studio: Studio) -> None:
    first, _ = studio.live_room()
    second = studio.room()
    studio.push(second)
    with pytest.raises(OtherRoomOpen) as refusal:
        services.start_room(shop_id=studio.shop_id, room_id=second)
    assert refusal.value.data == {"room_id": first}
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveRoom.objects.filter(pk=second).update(state="live")
    services.end_room(shop_id=studio.shop_id, room_id=first)
    services.start_room(shop_id=studio.shop_id, room_id=second)
    assert (state_of(first), state_of(second)) == ("ended", "live")


def test_a_pause_stops_explaining_and_ends_by_itself(studio: Studio) -> None:
    with clock.frozen(START):
        room_id, token = studio.live_room()
        (item_id,) = studio.items(room_id, studio.product())
        services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=item_id)
        services.pause_room(shop_id=studio.shop_id, room_id=room_id)
        assert not LiveExplain.objects.filter(ended_at__isnull=True).exists()
        services.close_stream(token=token, reason="disconnected")
        assert state_of(room_id) == "paused"  # the host said so; the encoder may go
        with pytest.raises(NoStream):
            services.resume_room(shop_id=studio.shop_id, room_id=room_id)
    limit = timedelta(seconds=settings.ENVIRONMENT.live_pause_limit_s)
    with clock.frozen(START + limit - timedelta(seconds=1)):
        assert services.time_out_rooms() == 0
        studio.push(room_id)
        services.resume_room(shop_id=studio.shop_id, room_id=room_id)
        services.pause_room(shop_id=studio.shop_id, room_id=room_id)
    with clock.frozen(START + limit):
        assert services.time_out_rooms() == 0  # the second pause began later
    with clock.frozen(START + limit * 2):
        assert services.time_out_rooms() == 1
    room = LiveRoom.objects.get(pk=room_id)
    assert (room.state, room.end_reason) == ("ended", "paused_too_long")


def test_a_host_who_drops_out_has_a_while_to_come_back(studio: Studio) -> None:
    grace = timedelta(seconds=settings.ENVIRONMENT.live_grace_s)
    with clock.frozen(START):
        room_id, token = studio.live_room()
        services.close_stream(token=token, reason="disconnected")
        services.close_stream(token=token, reason="disconnected")
        assert told(room_id) == ["live", "interrupted"]
    with clock.frozen(START + grace - timedelta(seconds=1)):
        assert services.time_out_rooms() == 0
        token = studio.push(room_id)
        assert told(room_id) == ["live", "interrupted", "live"]
        services.close_stream(token=token, reason="disconnected")
    with clock.frozen(START + grace * 2 - timedelta(seconds=1)):
        assert services.time_out_rooms() == 1
        assert services.time_out_rooms() == 0
    room = LiveRoom.objects.get(pk=room_id)
    assert (room.state, room.end_reason) == ("ended", "host_dropped")
    with pytest.raises(BusinessError):
        services.open_stream(key=key_of(room_id))


def test_a_ban_is_at_once_and_for_good(studio: Studio) -> None:
    room_id, token = studio.live_room(replay_mode="publish")
    services.ban_room(room_id=room_id, reason="假货")
    assert (state_of(room_id), services.beat_stream(token=token, health={})) == ("banned", "stop")
    for step in (services.start_room, services.end_room, services.pause_room, services.resume_room):
        with pytest.raises(WrongState):
            step(shop_id=studio.shop_id, room_id=room_id)
    with pytest.raises(WrongState):
        services.update_room(shop_id=studio.shop_id, room_id=room_id, changes=RoomChanges(title="换个名字"))
    assert LiveRoom.objects.get(pk=room_id).title == "周五夜场"
    assert (told(room_id), LiveCut.objects.count()) == (["live", "banned"], 0)


def test_another_shops_room_is_not_there(studio: Studio, other_studio: Studio) -> None:
    room_id, _ = studio.live_room()
    for step in (services.pause_room, services.end_room, services.rotate_stream_key):
        with pytest.raises(NotFound):
            step(shop_id=other_studio.shop_id, room_id=room_id)
    with pytest.raises(InvalidInput):
        services.create_room(
            shop_id=other_studio.shop_id, creator_id=studio.creator_id, changes=RoomChanges(title="借来的名字")
        )
    assert (state_of(room_id), LiveRoom.objects.count()) == ("live", 1)


class RoomMachine(RuleBasedStateMachine):
    """Every action in every order: the room follows the table, and nothing of a room that is over goes on."""

    @initialize()
    def begin(self) -> None:
        self.now = START
        self.token: str | None = None
        with clock.frozen(self.now):
            self.studio = new_studio()
            self.room_id = self.studio.room()
            (self.item_id,) = self.studio.items(self.room_id, self.studio.product())
        self.state = "scheduled"

    def act(self, action: str, allowed: bool = True) -> None:
        step = {
            "start": services.start_room,
            "pause": services.pause_room,
            "resume": services.resume_room,
            "end": services.end_room,
        }[action]
        name = "cancel" if action == "end" and self.state == "scheduled" else action
        target = TRANSITIONS[name].get(self.state) if allowed else None
        with clock.frozen(self.now):
            try:
                step(shop_id=self.studio.shop_id, room_id=self.room_id)
                done = True
            except (WrongState, NoStream):
                done = False
        assert done == (target is not None)
        self.state = target or self.state

    @rule()
    def start(self) -> None:
        self.act("start", allowed=self.token is not None)

    @rule()
    def pause(self) -> None:
        self.act("pause")

    @rule()
    def resume(self) -> None:
        self.act("resume", allowed=self.token is not None)

    @rule()
    def end(self) -> None:
        self.act("end")

    @precondition(lambda self: self.token is None)
    @rule()
    def stream_comes(self) -> None:
        with clock.frozen(self.now):
            try:
                self.token = self.studio.push(self.room_id)
            except BusinessError:
                assert self.state in ("ended", "banned")
                return
        self.state = TRANSITIONS["stream_back"].get(self.state, self.state)

    @precondition(lambda self: self.token is not None)
    @rule()
    def stream_goes(self) -> None:
        assert self.token is not None
        with clock.frozen(self.now):
            services.close_stream(token=self.token, reason="disconnected")
        self.token = None
        self.state = TRANSITIONS["drop"].get(self.state, self.state)

    @rule()
    def explain(self) -> None:
        with clock.frozen(self.now):
            try:
                services.explain_item(shop_id=self.studio.shop_id, room_id=self.room_id, item_id=self.item_id)
            except WrongState:
                assert self.state not in ("live", "interrupted")
            else:
                assert self.state in ("live", "interrupted")

    @rule()
    def much_later(self) -> None:
        self.now += timedelta(hours=1)
        with clock.frozen(self.now):
            services.close_silent_streams()
            if self.token is not None:
                self.token = None
                self.state = TRANSITIONS["drop"].get(self.state, self.state)
                self.now += timedelta(hours=1)
        with clock.frozen(self.now):
            services.time_out_rooms()
        self.state = TRANSITIONS["time_out"].get(self.state, self.state)

    @rule()
    def ban(self) -> None:
        with clock.frozen(self.now):
            try:
                services.ban_room(room_id=self.room_id, reason="违规")
            except WrongState:
                assert self.state == "banned"
        self.state = "banned"

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "room_id"):
            return
        room = LiveRoom.objects.get(pk=self.room_id)
        assert room.state == self.state
        explaining = LiveExplain.objects.filter(room=room, ended_at__isnull=True).count()
        assert explaining <= (1 if room.state in OPEN else 0)
        assert StreamSession.objects.filter(room=room, ended_at__isnull=True).count() == (self.token is not None)
        assert (room.ended_at is not None) == (room.state in ("ended", "banned"))
        states = told(self.room_id)
        assert states == [s for s, before in zip(states, ["", *states], strict=False) if s != before]
        assert (states[-1] if states else "scheduled") == room.state


@pytest.mark.hypothesis
def test_a_room_follows_the_table_whatever_happens(db: None) -> None:
    run_state_machine_as_test(
        RoomMachine,
        settings=hypothesis_settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert LiveRoom.objects.count() >= 25
