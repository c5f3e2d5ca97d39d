"""The API: who may see and do what, and the shapes that screens rely on."""

from typing import Any

import pytest

from xingqu.live import services
from xingqu.live.models import LiveItem, LiveRoom
from xingqu.live.tests.conftest import Caller, Studio, key_of


def desk_calls(shop_id: int, room_id: int, item_id: int) -> list[tuple[str, str, Any]]:
    room = f"/shops/{shop_id}/live-rooms/{room_id}"
    return [
        ("GET", room, None),
        ("PATCH", room, {"title": "别人的"}),
        ("DELETE", f"{room}/cover", None),
        ("GET", f"{room}/figures", None),
        ("GET", f"{room}/stream-key", None),
        ("POST", f"{room}/stream-key", None),
        ("POST", f"{room}/start", None),
        ("POST", f"{room}/pause", None),
        ("POST", f"{room}/resume", None),
        ("POST", f"{room}/end", None),
        ("POST", f"{room}/items", {"items": [{"product_id": 1}]}),
        ("PUT", f"{room}/items/order", {"item_ids": [item_id]}),
        ("DELETE", f"{room}/items/{item_id}", None),
        ("POST", f"{room}/items/{item_id}/explain", None),
        ("POST", f"{room}/items/{item_id}/unexplain", None),
        ("POST", f"{room}/chat", {"text": "大家好"}),
        ("DELETE", f"{room}/chat/1", None),
        ("GET", f"{room}/mutes", None),
        ("POST", f"{room}/mutes", {"actor_key": "p1", "duration_s": 60}),
        ("POST", f"{room}/mutes/lift", {"actor_key": "p1"}),
    ]


def test_a_desk_is_its_shops_alone(studio: Studio, other_studio: Studio, caller: type[Caller]) -> None:
    room_id, _ = studio.live_room()
    (item_id,) = studio.items(room_id, studio.product())
    before = (LiveRoom.objects.values().get(pk=room_id), LiveItem.objects.count())
    stranger, guest = caller(other_studio.owner_id), caller()
    for shop_id in (studio.shop_id, other_studio.shop_id):
        for method, path, body in desk_calls(shop_id, room_id, item_id):
            assert stranger.send(method, path, body).status_code == 404, (method, path)
    for method, path, body in desk_calls(studio.shop_id, room_id, item_id):
        assert guest.send(method, path, body).status_code == 401, (method, path)
    for path in (f"/shops/{studio.shop_id}/live-rooms",):
        assert (stranger.get(path).status_code, guest.get(path).status_code) == (404, 401)
        assert stranger.post(path, {"title": "别人的"}).status_code == 404
    assert caller(studio.owner_id).post(f"/platform/live/rooms/{room_id}/ban", {"reason": "x"}).status_code == 404
    assert (LiveRoom.objects.values().get(pk=room_id), LiveItem.objects.count()) == before


def test_from_planning_to_the_end(studio: Studio, caller: type[Caller]) -> None:
    host = caller(studio.owner_id)
    made = host.post(
        f"/shops/{studio.shop_id}/live-rooms", {"title": "周五夜场", "scheduled_at": "2030-01-01T12:00:00Z"}
    )
    assert (made.status_code, made.json()["state"], made.json()["stream"]["arriving"]) == (201, "scheduled", False)
    room_id = made.json()["id"]
    room = f"/shops/{studio.shop_id}/live-rooms/{room_id}"
    key = host.get(f"{room}/stream-key").json()
    assert (key["stream_key"], key["push_url"]) == (key_of(room_id), "rtmp://127.0.0.1:1935/live")
    added = host.post(f"{room}/items", {"items": [{"product_id": studio.product(), "label": "1号"}]}).json()
    item_id = added["items"][0]["id"]
    assert [c["id"] for c in caller().get("/live/rooms").json()] == [room_id]
    assert host.post(f"{room}/start").json()["error"]["code"] == "live_no_stream"
    studio.push(room_id)
    assert host.post(f"{room}/start").json()["state"] == "live"
    assert host.post(f"{room}/items/{item_id}/explain").json()["explaining_item_id"] == item_id
    seen = caller().get(f"/live/rooms/{room_id}").json()
    assert (seen["state"], seen["explaining_item_id"], seen["items"][0]["available"]) == ("live", item_id, 5)
    assert seen["play_url"].startswith("/live-media/")
    assert "key" not in seen["play_url"]
    assert key["stream_key"].partition("=")[2] not in str(seen) + str(host.get(room).json())
    assert host.post(f"{room}/end").json()["state"] == "ended"
    over = caller().get(f"/live/rooms/{room_id}").json()
    assert (over["state"], over["play_url"], over["explaining_item_id"]) == ("ended", None, None)


def test_viewers_speak_signed_in_and_click(studio: Studio, caller: type[Caller], viewer: Any) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    studio.items(room_id, lamp)
    assert caller().post(f"/live/rooms/{room_id}/chat", {"text": "在吗"}).status_code == 401
    said = caller(viewer()).post(f"/live/rooms/{room_id}/chat", {"text": "在吗"})
    page = caller().get(f"/live/rooms/{room_id}").json()
    assert (said.status_code, page["chat"][0]["id"], page["cursor"]) == (201, said.json()["id"], said.json()["id"])
    assert caller().post(f"/live/rooms/{room_id}/clicks", {"product_id": lamp}).status_code == 204
    assert caller().post(f"/live/rooms/{room_id}/clicks", {"product_id": lamp + 1}).status_code == 404
    assert caller().get("/live/rooms/999999").status_code == 404


def test_a_banned_room_shows_nothing_but_that(studio: Studio, caller: type[Caller]) -> None:
    room_id, _ = studio.live_room(announcement="九点开抢")
    studio.items(room_id, studio.product())
    services.ban_room(room_id=room_id, reason="违规")
    page = caller().get(f"/live/rooms/{room_id}").json()
    assert (page["state"], page["title"], page["announcement"], page["items"], page["play_url"]) == (
        "banned",
        "",
        "",
        [],
        None,
    )


@pytest.fixture
def external(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from pydantic import SecretStr

    for name, value in (
        ("live_backend", "external"),
        ("live_hook_secret", SecretStr("hush")),
        ("live_play_url", "https://live.example.com/hls/{name}.m3u8"),
    ):
        monkeypatch.setattr(settings.ENVIRONMENT, name, value)


def hook(caller: Caller, name: str, secret: str, body: str, kind: str = "application/x-www-form-urlencoded") -> int:
    return int(caller.client.post(f"/api/v1/live/hooks/{name}?secret={secret}", body, content_type=kind).status_code)


def test_hooks_need_the_secret_and_the_setting(studio: Studio, caller: type[Caller]) -> None:
    room_id = studio.room()
    name, _, query = key_of(room_id).partition("?")
    assert hook(caller(), "publish", "hush", f"name={name}&{query}") == 404
    assert hook(caller(), "publish", "", f"name={name}&{query}") == 404
    assert LiveRoom.objects.get(pk=room_id).sessions.count() == 0


@pytest.mark.parametrize("server", ["nginx-rtmp", "srs", "mediamtx"])
def test_an_external_server_asks_before_it_takes_a_stream(
    server: str, external: None, studio: Studio, caller: type[Caller]
) -> None:
    room_id = studio.room()
    name, _, query = key_of(room_id).partition("?")
    body, kind = {
        "nginx-rtmp": (f"app=live&name={name}&addr=127.0.0.1&{query}", "application/x-www-form-urlencoded"),
        "srs": (f'{{"action":"on_publish","stream":"{name}","param":"?{query}"}}', "application/json"),
        "mediamtx": (f'{{"action":"publish","path":"live/{name}","query":"{query}"}}', "application/json"),
    }[server]
    server_call = caller()
    assert hook(server_call, "publish", "wrong", body, kind) == 404
    assert hook(server_call, "publish", "hush", body.replace(query, "key=wrong"), kind) == 403
    assert hook(server_call, "publish", "hush", body, kind) == 200
    assert hook(server_call, "publish", "hush", body, kind) == 403  # one at a time
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    page = caller().get(f"/live/rooms/{room_id}").json()
    assert page["play_url"].startswith(f"https://live.example.com/hls/{name}.m3u8?s=")
    assert hook(server_call, "update", "hush", body, kind) == 200
    assert hook(server_call, "done", "hush", body, kind) == 200
    assert LiveRoom.objects.get(pk=room_id).state == "interrupted"
    assert hook(server_call, "update", "hush", body, kind) == 403
    for broken in ("[1]", "{", '{"stream": ""}'):
        assert hook(server_call, "publish", "hush", broken, "application/json") == 422
