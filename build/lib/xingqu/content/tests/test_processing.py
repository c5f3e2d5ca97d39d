"""From an uploaded file to what can be shown: real ffmpeg on short clips, failures with reasons, killed workers."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django_tasks_db.models import DBTaskResult
from PIL import Image

from xingqu.accounts.models import Notice
from xingqu.content import selectors, services
from xingqu.content.media.errors import MediaTimeout
from xingqu.content.media.process import ToolLimits, run_tool
from xingqu.content.models import Content, MediaAsset
from xingqu.content.services import processing
from xingqu.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    made = run_tool(
        [
            *("-y", "-f", "lavfi", "-i", "testsrc2=size=360x640:rate=24:duration=2"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path)),
        ],
        limits=ToolLimits(),
    )
    assert made.returncode == 0
    return path.read_bytes()


def uploaded(shop: Any, data: bytes, *, kind: str = "video") -> int:
    asset = MediaAsset.objects.create(
        shop_id=shop.id,
        uploader_id=shop.owner_id,
        kind=kind,
        filename="clip.mp4",
        state="checking",
        size_bytes=len(data),
    )
    path = selectors.upload_path(asset.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return asset.pk


def test_a_video_becomes_hls_poster_and_previews(world: Any, shop: Any, owner: Any, clip: bytes) -> None:
    asset_id = uploaded(shop, clip)
    content_id = world.content(shop, published=False, asset_ids=[asset_id])
    assert Content.objects.get(pk=content_id).state == "processing"
    assert services.process_asset(asset_id=asset_id) == "ready"
    asset = MediaAsset.objects.get(pk=asset_id)
    assert (asset.state, asset.progress_percent, asset.width, asset.height) == ("ready", 100, 360, 640)
    assert 1900 <= asset.duration_ms <= 2100
    for path in (asset.files["hls"], asset.files["poster"], *asset.files["previews"]):
        assert (Path(django_settings.MEDIA_ROOT) / path).stat().st_size > 0
    assert not selectors.upload_path(asset_id).exists()
    assert [(n.kind, n.person_id) for n in Notice.objects.all()] == [("asset_ready", shop.owner_id)]
    assert owner.send("POST", f"/shops/{shop.id}/contents/{content_id}/publish").status_code == 200
    card = owner.get(f"/contents/{content_id}").json()
    assert card["hls_url"] == f"/media/assets/{asset_id}/master.m3u8"
    assert services.process_asset(asset_id=asset_id) is None


def test_a_broken_file_fails_with_its_reason(world: Any, shop: Any, owner: Any, clip: bytes) -> None:
    asset_id = uploaded(shop, clip[: len(clip) // 2])
    content_id = world.content(shop, published=False, asset_ids=[asset_id])
    assert services.process_asset(asset_id=asset_id) == "failed"
    shown = owner.get(f"/shops/{shop.id}/assets/{asset_id}").json()
    assert (shown["failure"]["code"], shown["failure"]["retryable"]) == ("corrupt_media", False)
    assert Content.objects.get(pk=content_id).state == "failed"
    assert not (Path(django_settings.MEDIA_ROOT) / "assets" / str(asset_id)).exists()
    assert [n.data["code"] for n in Notice.objects.filter(kind="asset_failed")] == ["corrupt_media"]
    answer = owner.send("POST", f"/shops/{shop.id}/contents/{content_id}/publish")
    assert answer.json()["error"]["code"] == "assets_not_ready"
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert services.sweep_uploads() == 1
    assert not selectors.upload_path(asset_id).exists()


def test_too_long_is_refused_by_the_setting(shop: Any, owner: Any, clip: bytes, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"media_max_duration_ms": 1000})
    asset_id = uploaded(shop, clip)
    assert services.process_asset(asset_id=asset_id) == "failed"
    assert MediaAsset.objects.get(pk=asset_id).failure_code == "too_long"
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"media_max_duration_ms": 60_000})
    again = owner.send("POST", f"/shops/{shop.id}/assets/{asset_id}/retry")
    assert (again.status_code, again.json()["state"], again.json()["failure"]) == (200, "checking", None)
    assert DBTaskResult.objects.filter(queue_name="media").count() == 1
    assert services.process_asset(asset_id=asset_id) == "ready"


def test_pictures_lose_their_metadata(shop: Any, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "camera maker"
    Image.effect_noise((1300, 1600), 60).convert("RGB").save(tmp_path / "a.jpg", exif=exif)
    asset_id = uploaded(shop, (tmp_path / "a.jpg").read_bytes(), kind="picture")
    assert services.process_asset(asset_id=asset_id) == "ready"
    asset = MediaAsset.objects.get(pk=asset_id)
    assert asset.files["poster"] == f"assets/{asset_id}/w720.webp"
    (shown,) = asset.files["pictures"]
    assert (shown["width"], shown["height"]) == (1080, round(1600 * 1080 / 1300))
    with Image.open(Path(django_settings.MEDIA_ROOT) / shown["path"]) as written:
        assert dict(written.getexif()) == {}


def test_a_killed_worker_is_noticed_and_the_asset_taken_up_again(shop: Any, clip: bytes) -> None:
    asset_id = uploaded(shop, clip)
    killed = processing.take_lease(asset_id=asset_id)
    assert killed is not None
    assert processing.take_lease(asset_id=asset_id) is None
    assert services.requeue_stalled() == 0
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert services.requeue_stalled() == 1
        assert services.requeue_stalled() == 0
        assert DBTaskResult.objects.filter(queue_name="media").count() == 1
        assert services.process_asset(asset_id=asset_id) == "ready"
    assert MediaAsset.objects.get(pk=asset_id).attempts == 2
    assert killed.beat(every_s=0) is True  # the one thought dead must not go on


def test_a_busy_machine_is_tried_again_a_few_times(shop: Any, clip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*args: Any, **kwargs: Any) -> None:
        raise MediaTimeout("not finished after 600 s")

    monkeypatch.setattr(processing, "probe_video", too_slow)
    asset_id = uploaded(shop, clip)
    states, later = [], clock.now()
    for _ in range(3):
        with clock.frozen(later):
            states.append(services.process_asset(asset_id=asset_id))
        later += timedelta(seconds=61)
    assert states == ["checking", "checking", "failed"]
    asset = MediaAsset.objects.get(pk=asset_id)
    assert (asset.failure_code, selectors.upload_path(asset_id).exists()) == ("media_timeout", True)


def test_deleting_an_asset_stops_the_work_on_it(shop: Any, owner: Any, clip: bytes) -> None:
    asset_id = uploaded(shop, clip)
    lease = processing.take_lease(asset_id=asset_id)
    assert lease is not None
    assert owner.send("DELETE", f"/shops/{shop.id}/assets/{asset_id}").status_code == 204
    assert lease.beat(every_s=0) is True
    assert not selectors.upload_path(asset_id).exists()
    assert MediaAsset.objects.count() == 0
