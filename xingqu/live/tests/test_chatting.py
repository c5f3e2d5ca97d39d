"""Chat: who may speak, how fast, what not, and what a host takes away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.live import selectors, services
from xingqu.live.domain.errors import ChatClosed, ChatRefused, ChatTooFast, Muted
from xingqu.live.models import RoomEvent, RoomMute
from xingqu.live.selectors.rooms import recent_chat
from xingqu.live.services import NewLine, RoomChanges
from xingqu.live.tests.conftest import Studio

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
Viewer = Callable[[], int]


def lines(room_id: int) -> list[str]:
    return [line["text"] for line in recent_chat(room_id=room_id)]


def test_speaking_ends_with_the_room(studio: Studio, viewer: Viewer) -> None:
    person_id, planned = viewer(), studio.room()
    with pytest.raises(ChatClosed):
        services.post_chat(room_id=planned, person_id=person_id, text="在吗")
    room_id, _ = studio.live_room()
    services.post_chat(room_id=room_id, person_id=person_id, text="  多少   钱 ")
    assert lines(room_id) == ["多少 钱"]
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    with pytest.raises(ChatClosed):
        services.post_chat(room_id=room_id, person_id=person_id, text="还在吗")
    assert lines(room_id) == ["多少 钱"]


def test_slow_mode_and_the_limit_a_minute(studio: Studio, viewer: Viewer) -> None:
    person_id = viewer()
    room_id, _ = studio.live_room(slow_mode_s=10)
    with clock.frozen(START):
        services.post_chat(room_id=room_id, person_id=person_id, text="一")
    with clock.frozen(START + timedelta(seconds=7)), pytest.raises(ChatTooFast) as refusal:
        services.post_chat(room_id=room_id, person_id=person_id, text="二")
    assert refusal.value.retry_after_s == 3
    with clock.frozen(START + timedelta(seconds=10)):
        services.post_chat(room_id=room_id, person_id=person_id, text="三")
    services.update_room(shop_id=studio.shop_id, room_id=room_id, changes=RoomChanges(slow_mode_s=0))
    limit = settings.ENVIRONMENT.live_chat_per_minute
    with clock.frozen(START + timedelta(hours=1)):
        for number in range(limit):
            services.post_chat(room_id=room_id, person_id=person_id, text=f"第{number}句")
        with pytest.raises(ChatTooFast):
            services.post_chat(room_id=room_id, person_id=person_id, text="太多")
        services.post_chat(room_id=room_id, person_id=viewer(), text="别人还能说")
    assert RoomEvent.objects.filter(kind="chat").count() == limit + 3


def test_lines_of_one_moment_keep_the_rules_each_for_itself(
    studio: Studio, other_studio: Studio, viewer: Viewer
) -> None:
    room_id, _ = studio.live_room(slow_mode_s=10, block_words=["便宜货"])
    other_id, _ = other_studio.live_room()
    planned = studio.room()
    first, second, muted = viewer(), viewer(), viewer()
    services.post_chat(room_id=room_id, person_id=muted, text="先说一句")
    services.mute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key=f"p{muted}", duration_s=None)
    said = services.post_chats(
        lines=[
            NewLine(room_id, first, "一"),
            NewLine(room_id, first, "太快"),
            NewLine(other_id, first, "别处可以"),
            NewLine(room_id, second, "便宜货"),
            NewLine(room_id, muted, "听不见"),
            NewLine(planned, second, "还没开"),
            NewLine(0, second, "没有这个房间"),
            NewLine(room_id, second, "二"),
        ]
    )
    told = ["said" if isinstance(one, int) else one.code for one in said]
    assert told == [
        *("said", "live_chat_too_fast", "said", "live_chat_refused", "live_muted"),
        *("live_chat_closed", "not_found", "said"),
    ]
    assert [one for one in said if isinstance(one, int)] == list(
        RoomEvent.objects.filter(kind="chat", is_hidden=False).order_by("id").values_list("id", flat=True)
    )


def test_words_that_are_not_said_here(studio: Studio, viewer: Viewer) -> None:
    person_id = viewer()
    room_id, _ = studio.live_room(block_words=["隔壁老王", " "])
    for text, reason in (
        ("加微信 abc12345", "contact_details"),
        ("来赌博吧", "forbidden_words"),
        ("隔 壁 老 王 更便宜", "blocked_words"),
    ):
        with pytest.raises(ChatRefused) as refusal:
            services.post_chat(room_id=room_id, person_id=person_id, text=text)
        assert refusal.value.data["reason"] == reason
    assert lines(room_id) == []
    again = studio.room()
    assert selectors.desk_room(shop_id=studio.shop_id, room_id=again)["block_words"] == ["隔壁老王"]


def test_a_muted_viewer_is_silent_and_unseen(studio: Studio, viewer: Viewer) -> None:
    loud, calm = viewer(), viewer()
    with clock.frozen(START):
        room_id, _ = studio.live_room()
        services.post_chat(room_id=room_id, person_id=loud, text="假的假的")
        services.post_chat(room_id=room_id, person_id=calm, text="挺好")
        with pytest.raises(NotFound):  # who has said nothing here
            services.mute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key="p999999", duration_s=60)
        services.mute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key=f"p{loud}", duration_s=60)
        with pytest.raises(Muted):
            services.post_chat(room_id=room_id, person_id=loud, text="凭什么")
        assert lines(room_id) == ["挺好"]
    with clock.frozen(START + timedelta(seconds=61)):
        services.post_chat(room_id=room_id, person_id=loud, text="我错了")
        services.mute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key=f"p{loud}", duration_s=None)
        services.unmute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key=f"p{loud}")
        with pytest.raises(NotFound):
            services.unmute_viewer(shop_id=studio.shop_id, room_id=room_id, actor_key=f"p{loud}")
    assert RoomMute.objects.count() == 0


def test_a_deleted_line_leaves_the_screen_once(studio: Studio, other_studio: Studio, viewer: Viewer) -> None:
    room_id, _ = studio.live_room()
    event_id = services.post_chat(room_id=room_id, person_id=viewer(), text="广告")
    with pytest.raises(NotFound):
        services.delete_chat(shop_id=other_studio.shop_id, room_id=room_id, event_id=event_id)
    assert lines(room_id) == ["广告"]
    for _ in range(2):
        services.delete_chat(shop_id=studio.shop_id, room_id=room_id, event_id=event_id)
    assert lines(room_id) == []
    kinds = [row.kind for row in selectors.events_after(last_id=event_id - 1, room_id=room_id)]
    assert kinds == ["chat_deleted"]


def test_the_host_speaks_without_limits(studio: Studio) -> None:
    room_id, _ = studio.live_room(slow_mode_s=60)
    for text in ("欢迎", "一号链接"):
        services.post_host_chat(shop_id=studio.shop_id, room_id=room_id, person_id=studio.owner_id, text=text)
    assert [(line["text"], line["host"]) for line in recent_chat(room_id=room_id)] == [
        ("欢迎", True),
        ("一号链接", True),
    ]
