"""Rooms and the platform: ended by an operator, ended and not startable for who may not go live, bags of who may not sell."""

from datetime import timedelta

import pytest

from xingqu.accounts.services import create_creator, create_organisation, create_person
from xingqu.content.services import grant_anchor
from xingqu.governance.contracts import Kind, Severity
from xingqu.governance.domain.errors import Restricted
from xingqu.governance.services import lift_restriction, restrict_creator
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.live import services
from xingqu.live.domain.errors import WrongState
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom, StreamSession
from xingqu.live.services import RoomChanges
from xingqu.live.tests.conftest import Caller, Studio, key_of

pytestmark = pytest.mark.django_db


def stop(studio: Studio, kind: Kind = Kind.LIVE) -> int:
    return restrict_creator(
        creator_id=studio.creator_id,
        kind=kind,
        severity=Severity.GENERAL,
        reason="违规",
        until=clock.now() + timedelta(days=1),
        person_id=1,
    )


def test_who_may_not_go_live_is_off_the_air(studio: Studio) -> None:
    room_id, token = studio.live_room()
    restriction_id = stop(studio)
    deliver_due()
    room = LiveRoom.objects.get(pk=room_id)
    assert (room.state, room.end_reason) == ("ended", "platform")
    assert services.beat_stream(token=token, health={}) == "stop"
    planned = studio.room()
    services.confirm_stream(token=services.open_stream(key=key_of(planned)).token)
    with pytest.raises(Restricted) as refused:
        services.start_room(shop_id=studio.shop_id, room_id=planned)
    assert refused.value.data["reason"] == "违规"
    assert LiveRoom.objects.get(pk=planned).state == "scheduled"
    lift_restriction(restriction_id=restriction_id, answer="", person_id=1)
    services.start_room(shop_id=studio.shop_id, room_id=planned)
    assert LiveRoom.objects.get(pk=planned).state == "live"


def test_a_paused_room_does_not_go_on(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    services.pause_room(shop_id=studio.shop_id, room_id=room_id)
    stop(studio)
    with pytest.raises(Restricted):
        services.resume_room(shop_id=studio.shop_id, room_id=room_id)
    assert LiveRoom.objects.get(pk=room_id).state == "paused"


def test_a_late_fact_ends_nothing(studio: Studio) -> None:
    """It was lifted before the worker came to it."""
    room_id, _ = studio.live_room()
    restriction_id = stop(studio)
    lift_restriction(restriction_id=restriction_id, answer="", person_id=1)
    deliver_due()
    assert LiveRoom.objects.get(pk=room_id).state == "live"


def test_the_bag_of_who_may_not_sell_keeps_their_own(studio: Studio, other_studio: Studio) -> None:
    owner = create_person(email="host@studio.example", password=None)
    place = create_organisation(owner_id=owner, kind="creator", name="一人工作室")
    creator_id = create_creator(handle="solo", display_name="一人", organisation_id=place)
    own = Studio(place, owner, creator_id)
    foreign = other_studio.product()
    grant_anchor(creator_id=creator_id, product_id=foreign)
    room_id = services.create_room(shop_id=place, creator_id=creator_id, changes=RoomChanges(title="专场"))
    item_id = own.items(room_id, foreign)[0]
    own.push(room_id)
    services.start_room(shop_id=place, room_id=room_id)
    services.explain_item(shop_id=place, room_id=room_id, item_id=item_id)
    kept_room, _ = studio.live_room()
    studio.items(kept_room, studio.product())
    stop(own, Kind.SELLING)
    deliver_due()
    assert (LiveItem.objects.filter(room_id=room_id).count(), LiveRoom.objects.get(pk=room_id).state) == (0, "live")
    assert not LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True).exists()
    assert LiveItem.objects.filter(room_id=kept_room).count() == 1


def test_an_operator_ends_a_room(studio: Studio, caller: type[Caller]) -> None:
    room_id, _ = studio.live_room()
    staff = caller(create_person(email="op@platform.example", password=None, is_operator=True))
    host = caller(studio.owner_id)
    assert host.post(f"/platform/live/rooms/{room_id}/end", {"reason": "x"}).status_code == 404
    assert host.get("/platform/live/rooms").status_code == 404
    assert [row["id"] for row in staff.get("/platform/live/rooms").json()] == [room_id]
    assert staff.post(f"/platform/live/rooms/{room_id}/end", {"reason": "画面违规"}).status_code == 204
    room = LiveRoom.objects.get(pk=room_id)
    assert (room.state, room.end_reason, room.ban_reason) == ("ended", "platform", "画面违规")
    assert staff.get("/platform/live/rooms").json() == []
    with pytest.raises(WrongState):
        services.end_room_by_platform(room_id=room_id, reason="again")
    assert StreamSession.objects.filter(room_id=room_id).exists()
