"""Around a work: publishing at a time, covers, trimming, the times of anchors, figures."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xingqu.content import selectors, services
from xingqu.content.media.process import ToolLimits, run_tool
from xingqu.content.models import Content, MediaAsset, WatchedSecond
from xingqu.content.services.processing import process_asset
from xingqu.content.tests.test_views import log_events, look
from xingqu.engine.columns import Signal
from xingqu.kit import clock
from xingqu.signals.services import open_vault

pytestmark = pytest.mark.django_db(transaction=True)


def state(content_id: int) -> tuple[str, bool]:
    row = Content.objects.get(pk=content_id)
    return row.state, row.publish_at is not None


def test_a_work_is_published_at_its_time_and_once(world: Any, shop: Any, owner: Any) -> None:
    content_id = world.content(shop, published=False)
    at = clock.now() + timedelta(hours=2)
    path = f"/shops/{shop.id}/contents/{content_id}/schedule"
    assert owner.send("PUT", path, {"at": at.isoformat()}).json()["publish_at"] is not None
    assert services.publish_due() == 0
    with clock.frozen(at + timedelta(seconds=1)):
        assert [services.publish_due(), services.publish_due()] == [1, 0]
    assert state(content_id) == ("published", False)
    refused = owner.send("PUT", path, {"at": (clock.now() + timedelta(hours=3)).isoformat()})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "already_published")


@pytest.mark.parametrize("hours", [-1, 24 * 400])
def test_a_time_lies_ahead_and_not_too_far(world: Any, shop: Any, owner: Any, hours: int) -> None:
    content_id = world.content(shop, published=False)
    path = f"/shops/{shop.id}/contents/{content_id}/schedule"
    assert owner.send("PUT", path, {"at": (clock.now() + timedelta(hours=hours)).isoformat()}).status_code == 422
    assert state(content_id) == ("ready", False)


def test_what_is_not_ready_waits_and_what_was_taken_back_stays(world: Any, shop: Any) -> None:
    waiting = world.content(shop, published=False, asset_ids=[world.asset(shop, state="transcoding")])
    taken = world.content(shop, published=False)
    at = clock.now() + timedelta(hours=1)
    for pk in (waiting, taken):
        services.schedule_content(shop_id=shop.id, content_id=pk, at=at)
    services.unschedule_content(shop_id=shop.id, content_id=taken)
    with clock.frozen(at + timedelta(seconds=1)):
        assert services.publish_due() == 0
    assert (state(waiting), state(taken)) == (("processing", True), ("ready", False))


def test_publishing_by_hand_ends_the_schedule(world: Any, shop: Any) -> None:
    content_id = world.content(shop, published=False)
    at = clock.now() + timedelta(hours=1)
    services.schedule_content(shop_id=shop.id, content_id=content_id, at=at)
    services.publish_content(shop_id=shop.id, content_id=content_id)
    services.unpublish_content(shop_id=shop.id, content_id=content_id)
    with clock.frozen(at + timedelta(seconds=1)):
        assert services.publish_due() == 0
    assert state(content_id) == ("unpublished", False)


def test_an_anchor_stands_from_until(world: Any, shop: Any, owner: Any, guest: Any) -> None:
    product = world.product(shop)
    content_id = world.content(shop)
    path = f"/shops/{shop.id}/contents/{content_id}"
    anchor = {"product_id": product, "show_from_ms": 1000, "show_until_ms": 4000}
    version = owner.get(path).json()["version"]
    owner.send("PATCH", path, {"version": version, "anchors": [anchor]})
    shown = guest.get(f"/contents/{content_id}").json()["anchors"][0]
    assert (shown["show_from_ms"], shown["show_until_ms"]) == (1000, 4000)
    refused = owner.send("PATCH", path, {"version": version + 1, "anchors": [{**anchor, "show_until_ms": 1000}]})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "anchors.0.show_until_ms")
    assert guest.get(f"/contents/{content_id}").json()["anchors"][0]["show_until_ms"] == 4000


def clip(world: Any, shop: Any, seconds: int = 3) -> int:
    """A clip that is really there: three colours, a second each."""
    asset_id = world.asset(shop)
    folder = Path(settings.MEDIA_ROOT) / f"assets/{asset_id}"
    folder.mkdir(parents=True)
    colours = ";".join(f"color={name}:s=64x112:r=10:d=1[c{n}]" for n, name in enumerate(("red", "lime", "blue")))
    joined = f"{colours};[c0][c1][c2]concat=n=3"
    made = run_tool(
        [*("-y", "-f", "lavfi", "-i", joined, "-c:v", "libx264", "-pix_fmt", "yuv420p"), str(folder / "clip.mp4")],
        limits=ToolLimits(timeout_s=60, threads=1),
    )
    assert made.returncode == 0, made.log
    asset = MediaAsset.objects.get(pk=asset_id)
    asset.files |= {"mp4": f"assets/{asset_id}/clip.mp4"}
    asset.duration_ms = seconds * 1000
    asset.save()
    return asset_id


def test_a_frame_becomes_the_cover_and_a_picture_too(world: Any, shop: Any, owner: Any, guest: Any) -> None:
    content_id = world.content(shop, asset_ids=[clip(world, shop)])
    path = f"/shops/{shop.id}/contents/{content_id}/cover"
    answer = owner.send("PUT", path, {"at_ms": 1500})
    assert (answer.status_code, answer.json()["has_cover"]) == (200, True), answer.content
    first = Path(settings.MEDIA_ROOT) / Content.objects.get(pk=content_id).cover
    with Image.open(first) as picture:
        red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert green > 200 > red + blue
    assert (
        guest.get(f"/contents/{content_id}").json()["poster_url"] == f"/media/{first.relative_to(settings.MEDIA_ROOT)}"
    )
    assert owner.send("PUT", path, {"at_ms": 3000}).status_code == 422
    picture_file = io.BytesIO()
    Image.new("RGB", (800, 600), "#336699").save(picture_file, "PNG")
    sent = {"X-CSRFToken": owner.client.cookies["csrftoken"].value}
    file = SimpleUploadedFile("a.png", picture_file.getvalue(), "image/png")
    assert owner.client.post(f"/api/v1{path}", {"file": file}, headers=sent).status_code == 200
    assert not first.exists()
    text = SimpleUploadedFile("a.png", b"none", "image/png")
    assert owner.client.post(f"/api/v1{path}", {"file": text}, headers=sent).status_code == 422
    kept = owner.send("DELETE", path).json()
    assert (kept["has_cover"], kept["poster_url"].startswith("/media/assets/")) == (False, True)


def test_no_cover_of_a_clip_that_is_not_ready(world: Any, shop: Any, owner: Any) -> None:
    content_id = world.content(shop, published=False, asset_ids=[world.asset(shop, state="transcoding")])
    answer = owner.send("PUT", f"/shops/{shop.id}/contents/{content_id}/cover", {"at_ms": 0})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_clip")
    assert Content.objects.get(pk=content_id).cover == ""


def test_a_part_becomes_a_clip_of_its_own(world: Any, shop: Any, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asset_id = clip(world, shop)
    before = (Path(settings.MEDIA_ROOT) / f"assets/{asset_id}/clip.mp4").read_bytes()
    path = f"/shops/{shop.id}/assets/{asset_id}/trim"
    for start, end in ((0, 500), (2000, 1000), (1000, 3001)):
        assert owner.send("POST", path, {"start_ms": start, "end_ms": end}).status_code == 422
    with monkeypatch.context() as shorter:  # a replay is of hours, what is cut out of it is an upload like others
        shorter.setattr(settings.ENVIRONMENT, "media_max_duration_ms", 1_500)
        assert owner.send("POST", path, {"start_ms": 1000, "end_ms": 3000}).status_code == 422
    assert MediaAsset.objects.count() == 1
    made = owner.send("POST", path, {"start_ms": 1000, "end_ms": 3000})
    assert (made.status_code, made.json()["trimmed_from_id"]) == (201, asset_id)
    process_asset(asset_id=made.json()["id"])
    row = MediaAsset.objects.get(pk=made.json()["id"])
    assert (row.state, abs(row.duration_ms - 2000) <= 100) == ("ready", True), row.failure_message
    assert (Path(settings.MEDIA_ROOT) / f"assets/{asset_id}/clip.mp4").read_bytes() == before
    lost = owner.send("POST", path, {"start_ms": 0, "end_ms": 2000}).json()["id"]
    MediaAsset.objects.filter(pk=asset_id).update(files={})
    process_asset(asset_id=lost)
    assert MediaAsset.objects.get(pk=lost).failure_code == "source_missing"


def test_the_curve_of_retention(world: Any, shop: Any, owner: Any) -> None:
    slot = open_vault().new_slot()
    content_id = world.content(shop)  # eight seconds
    same = look(content_id, 1_900, event_id=bytes(range(16)))
    watched = [look(content_id, ms) for ms in (300, 8_000, 17_000, 900_000)]
    log_events(slot, [same, *watched, look(content_id, 0, kind=Signal.SKIP), look(999_999, 4_000)])
    log_events(slot, [same])
    assert services.count_views() == 4  # of them one of a content that is gone
    for _ in range(2):
        services.count_views()
    figures = owner.get(f"/shops/{shop.id}/contents/{content_id}/figures").json()
    assert (figures["looks"], figures["completed"], figures["views"]) == (5, 3, 3)
    assert [(p["second"], p["looks"], p["share_bp"]) for p in figures["curve"]][:4] == [
        (0, 5, 10_000),
        (1, 4, 8_000),
        (2, 3, 6_000),
        (3, 3, 6_000),
    ]
    assert len(figures["curve"]) == 9
    assert figures["average_watch_ms"] == (0 + 1 + 8 + 17 + 600) * 1000 // 5
    assert WatchedSecond.objects.count() == 5


def test_strangers_and_other_shops(world: Any, shop: Any, caller: Any) -> None:
    content_id = world.content(shop)
    other = world.shop()
    theirs = caller(other.owner_id)
    at = (clock.now() + timedelta(hours=1)).isoformat()
    for verb, path, body in (
        ("PUT", f"contents/{content_id}/schedule", {"at": at}),
        ("DELETE", f"contents/{content_id}/schedule", None),
        ("PUT", f"contents/{content_id}/cover", {"at_ms": 0}),
        ("DELETE", f"contents/{content_id}/cover", None),
        ("GET", f"contents/{content_id}/captions/en", None),
        ("PUT", f"contents/{content_id}/captions/en", {"cues": [{"start_ms": 0, "end_ms": 9, "text": "x"}]}),
        ("DELETE", f"contents/{content_id}/captions/en", None),
        ("GET", f"contents/{content_id}/figures", None),
        ("POST", f"assets/{MediaAsset.objects.get().pk}/trim", {"start_ms": 0, "end_ms": 2000}),
    ):
        answer = theirs.send(verb, f"/shops/{other.id}/{path}", body)
        assert answer.status_code == 404, (verb, path, answer.content)
    assert selectors.shop_content(shop_id=shop.id, content_id=content_id)["publish_at"] is None
