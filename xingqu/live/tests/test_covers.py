"""A room's cover: what is taken as one, whose it is, what becomes of the one before."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xingqu.content.services import keep_picture
from xingqu.live import services
from xingqu.live.domain.errors import WrongState
from xingqu.live.models import LiveRoom, RoomEvent
from xingqu.live.tests.conftest import Caller, Studio

pytestmark = pytest.mark.django_db(transaction=True)


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 1600)) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "#336699").save(kept, kind)
    return kept.getvalue()


def send(browser: Caller, path: str, content: bytes, name: str = "a.png") -> Any:
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value}
    file = SimpleUploadedFile(name, content, "image/png")
    return browser.client.post(f"/api/v1{path}", {"file": file}, headers=headers)


def files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_a_cover_is_shown_replaced_and_taken_away(studio: Studio, caller: type[Caller]) -> None:
    room_id, host = studio.room(), caller(studio.owner_id)
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}/cover"
    first = send(host, path, picture()).json()["cover_url"]
    (kept,) = files()
    assert first == f"/media/rooms/covers/{room_id}/{kept.name}"
    with Image.open(kept) as shown:
        assert (shown.format, shown.size) == ("WEBP", (720, 1280))
    studio.push(room_id)
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    second = send(host, path, picture("JPEG")).json()["cover_url"]
    (kept,) = files()
    assert second != first
    assert second.endswith(kept.name)
    assert caller().get(f"/live/rooms/{room_id}").json()["cover_url"] == second
    assert [room["cover_url"] for room in caller().get("/live/rooms").json()] == [second]
    assert RoomEvent.objects.filter(room_id=room_id, kind="rules").count() == 2
    cleared = host.send("DELETE", path)
    assert (cleared.status_code, cleared.json()["cover_url"], files()) == (200, "", [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"none",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(20),
        picture()[:400],
        picture(size=(9000, 9000)),
        picture("JPEG") + bytes(10_000_001),
    ],
    ids=["empty", "text", "svg", "gif", "cut", "huge", "heavy"],
)
def test_what_is_no_picture_is_not_kept(studio: Studio, caller: type[Caller], content: bytes) -> None:
    room_id, host = studio.room(), caller(studio.owner_id)
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}/cover"
    before = send(host, path, picture()).json()["cover_url"]
    kept = files()
    assert send(host, path, content).status_code == 422
    assert (LiveRoom.objects.get(pk=room_id).cover_url, files()) == (before, kept)


def test_what_hides_in_a_picture_is_gone(studio: Studio, caller: type[Caller]) -> None:
    room_id, host = studio.room(), caller(studio.owner_id)
    hidden = picture() + b"<script>alert(1)</script>"
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}/cover"
    assert send(host, path, hidden, "../../x.html").status_code == 200
    (kept,) = files()
    assert (kept.suffix, b"script" in kept.read_bytes()) == (".webp", False)
    assert kept.parent == Path(settings.MEDIA_ROOT) / "rooms/covers" / str(room_id)


def test_anothers_room_and_one_that_is_over(studio: Studio, other_studio: Studio, caller: type[Caller]) -> None:
    room_id, stranger = studio.room(), caller(other_studio.owner_id)
    for shop_id in (studio.shop_id, other_studio.shop_id):
        path = f"/shops/{shop_id}/live-rooms/{room_id}/cover"
        assert (send(stranger, path, picture()).status_code, stranger.send("DELETE", path).status_code) == (404, 404)
    assert send(caller(), f"/shops/{studio.shop_id}/live-rooms/{room_id}/cover", picture()).status_code == 401
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    answer = send(caller(studio.owner_id), f"/shops/{studio.shop_id}/live-rooms/{room_id}/cover", picture())
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "live_wrong_state")
    assert (LiveRoom.objects.get(pk=room_id).cover_url, files()) == ("", [])


def test_a_picture_of_another_room_stays(studio: Studio, other_studio: Studio, caller: type[Caller]) -> None:
    mine, theirs = studio.room(), other_studio.room()
    path = f"/shops/{other_studio.shop_id}/live-rooms/{theirs}/cover"
    url = send(caller(other_studio.owner_id), path, picture()).json()["cover_url"]
    own = f"/shops/{studio.shop_id}/live-rooms/{mine}"
    host = caller(studio.owner_id)
    assert host.send("PATCH", own, {"cover_url": url}).status_code == 200
    assert host.send("DELETE", f"{own}/cover").json()["cover_url"] == ""
    assert len(files()) == 1


def test_a_room_that_ends_meanwhile_keeps_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id = studio.room()

    def slow(**given: Any) -> str:
        services.end_room(shop_id=studio.shop_id, room_id=room_id)
        return keep_picture(**given)

    monkeypatch.setattr("xingqu.live.services.covers.keep_picture", slow)
    with pytest.raises(WrongState):
        services.save_room_cover(
            shop_id=studio.shop_id, room_id=room_id, file=SimpleUploadedFile("a.png", picture(), "image/png")
        )
    assert (LiveRoom.objects.get(pk=room_id).cover_url, files()) == ("", [])
