"""From an uploaded file to what can be shown, in the worker: checked, transcoded, told about.

A lease names the process at work on an asset. While ffmpeg runs it is renewed; when it runs out, the process was killed and
`requeue_stalled` puts the asset back into the queue. Output appears by one rename, so a half-made one is never seen.
"""

import logging
import shutil
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django_tasks import task

from xingqu.accounts.services import notify
from xingqu.content.domain import RETRYABLE_FAILURES
from xingqu.content.media.errors import MediaCancelled, MediaError
from xingqu.content.media.ffmpeg import RenditionSet, make_renditions
from xingqu.content.media.pictures import PictureLimits, PictureSet, make_picture
from xingqu.content.media.probe import VideoLimits, probe_video
from xingqu.content.media.whole import copy_recording
from xingqu.content.models import Content, ContentAsset, Kind, MediaAsset
from xingqu.content.selectors.studio import upload_path
from xingqu.content.services.studio import refresh_media
from xingqu.content.services.trimming import cut_source
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, NotFound
from xingqu.kit.transactions import retried

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
BEAT_S = 1.0
ATTEMPTS_MAX = 3
FAILED_SOURCE_KEPT = timedelta(days=7)
POSTER_WIDTH_MAX_PX = 720
# A copy begins at the keyframe before, so it is a little longer than what was asked for.
RECORDING_SLACK_MS = 30_000
UNFINISHED = (MediaAsset.State.CHECKING, MediaAsset.State.TRANSCODING)


class AssetInUse(Conflict):
    """`data.content_ids` says where."""

    code = "asset_in_use"
    message = "A content shows this file. Take it out there first."


class NothingToRetry(Conflict):
    code = "nothing_to_retry"
    message = "Only a failed file whose bytes are still there can be tried again."


@task(queue_name="media")
def process_asset_task(asset_id: int) -> None:
    """The media queue's work on one asset."""
    process_asset(asset_id=asset_id)


def enqueue_processing(*, asset_id: int) -> None:
    """Put an asset into the media queue, in the caller's transaction."""
    process_asset_task.enqueue(asset_id)


@dataclass
class Lease:
    """The right to work on one asset, renewed about once a second by `beat`; `lost` when it was deleted or taken over."""

    asset_id: int
    token: str
    lost: bool = False
    _beaten_at: float = field(default_factory=time.monotonic)

    def beat(self, *, fraction: float | None = None, every_s: float = BEAT_S) -> bool:
        """Renew, and tell the progress; returns whether the work should stop."""
        if not self.lost and time.monotonic() - self._beaten_at >= every_s:
            self._beaten_at = time.monotonic()
            changes: dict[str, Any] = {"lease_until": clock.now() + LEASE}
            if fraction is not None:
                changes["progress_percent"] = min(99, int(fraction * 100))
            self.lost = not self.rows().update(**changes)
        return self.lost

    def tell(self, fraction: float) -> None:
        """Renew with a progress from 0.0 to 1.0."""
        self.beat(fraction=fraction)

    def rows(self) -> Any:
        """The asset, as long as the lease is held."""
        return MediaAsset.objects.filter(pk=self.asset_id, lease_token=self.token, state__in=UNFINISHED)


def process_asset(*, asset_id: int) -> str | None:
    """Check and transcode an asset; returns its state after, None when another process is at it or it is done already."""
    lease = take_lease(asset_id=asset_id)
    if lease is None:
        return None
    asset = MediaAsset.objects.get(pk=asset_id)
    if asset.attempts > ATTEMPTS_MAX:
        return _fail(lease, code="processing_failed", message="The processing stopped several times without a result.")
    try:
        changes = _make_video(asset, lease) if asset.kind == Kind.VIDEO else _make_pictures(asset)
    except MediaCancelled:
        return None
    except FileNotFoundError:
        return _fail(lease, code="source_missing", message="The uploaded file is gone. Upload it again.")
    except MediaError as error:
        if error.retryable and asset.attempts < ATTEMPTS_MAX:
            return _give_back(lease)
        return _fail(lease, code=error.code, message=error.message)
    except Exception:
        log.exception("processing asset %s failed", asset_id)
        return _give_back(lease)
    return _succeed(lease, changes)


def take_lease(*, asset_id: int, take_over: bool = False) -> Lease | None:
    """The right to work on an asset, or None while another process holds it or there is nothing to do.

    `take_over` takes it from the other process, which notices at its next beat.
    """
    now = clock.now()
    token = uuid4().hex
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    rows = MediaAsset.objects.filter(pk=asset_id, state__in=UNFINISHED)
    taken = (rows if take_over else rows.filter(free)).update(
        lease_token=token,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        state=MediaAsset.State.CHECKING,
        progress_percent=0,
    )
    return Lease(asset_id, token) if taken else None


def requeue_stalled() -> int:
    """Put assets whose process was killed back into the queue; returns how many. For the worker."""
    stalled = MediaAsset.objects.filter(state__in=UNFINISHED, lease_until__lt=clock.now(), is_generated=False)
    count = 0
    for pk in list(stalled.values_list("id", flat=True)):
        with transaction.atomic():
            if stalled.filter(pk=pk).update(lease_until=None, lease_token=""):
                enqueue_processing(asset_id=pk)
                count += 1
    return count


@transaction.atomic
def retry_asset(*, shop_id: int, asset_id: int) -> None:
    """Try a failed file again. Raises NotFound, NothingToRetry."""
    rows = MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id)
    if not rows.exists():
        raise NotFound
    if not upload_path(asset_id).exists() or not rows.filter(state=MediaAsset.State.FAILED).update(
        state=MediaAsset.State.CHECKING,
        attempts=0,
        failure_code="",
        failure_message="",
        progress_percent=0,
        lease_until=None,
        lease_token="",
        expires_at=None,
    ):
        raise NothingToRetry
    _refresh_contents(asset_id)
    enqueue_processing(asset_id=asset_id)


@transaction.atomic
def delete_asset(*, shop_id: int, asset_id: int) -> None:
    """Delete a file with all that was made of it; work on it stops. Raises NotFound, AssetInUse."""
    asset = MediaAsset.objects.select_for_update().filter(pk=asset_id, shop_id=shop_id).first()
    if asset is None:
        raise NotFound
    content_ids = list(asset.contents.order_by("content_id").values_list("content_id", flat=True))
    if content_ids:
        raise AssetInUse(data={"content_ids": content_ids})
    asset.delete()
    transaction.on_commit(lambda: _remove_files(asset_id))


def asset_folder(asset_id: int) -> Path:
    """Where what was made of an asset is served from."""
    return Path(settings.MEDIA_ROOT) / "assets" / str(asset_id)


def describe_video(asset_id: int, made: RenditionSet) -> dict[str, Any]:
    """Columns of an asset whose renditions were made."""
    base = f"assets/{asset_id}"
    return {
        "files": {
            "poster": f"{base}/{made.poster}",
            "hls": f"{base}/{made.master}",
            **({"mp4": f"{base}/{made.single}"} if made.single else {}),
            "previews": [f"{base}/{name}" for name in made.previews],
        },
        "duration_ms": made.duration_ms,
        "width": made.width_px,
        "height": made.height_px,
    }


def describe_picture(asset_id: int, made: PictureSet) -> dict[str, Any]:
    """Columns of an asset whose picture sizes were made; the largest is shown, a middle one is its poster."""
    base = f"assets/{asset_id}"
    largest = made.files[-1]
    poster = max(
        (f for f in made.files if f.width_px <= POSTER_WIDTH_MAX_PX), key=lambda f: f.width_px, default=largest
    )
    return {
        "files": {
            "poster": f"{base}/{poster.name}",
            "pictures": [{"path": f"{base}/{largest.name}", "width": largest.width_px, "height": largest.height_px}],
        },
        "width": largest.width_px,
        "height": largest.height_px,
    }


def _make_video(asset: MediaAsset, lease: Lease) -> dict[str, Any]:
    limits = _limits(asset)
    source, folder = upload_path(asset.pk), asset_folder(asset.pk)
    for left_over in folder.parent.glob(f".{asset.pk}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    if asset.trimmed_from_id is not None and not source.exists():
        cut_source(asset, source, should_cancel=lease.beat)
    probe_video(source, limits=limits, should_cancel=lease.beat)
    if not lease.rows().update(state=MediaAsset.State.TRANSCODING, lease_until=clock.now() + LEASE):
        raise MediaCancelled("the asset was deleted")
    make = copy_recording if asset.is_recording else make_renditions
    made = make(
        source,
        folder,
        limits=limits,
        on_progress=lease.tell,
        should_cancel=lambda: lease.beat(every_s=LEASE.total_seconds() / 4),
    )
    return describe_video(asset.pk, made)


def _limits(asset: MediaAsset) -> VideoLimits:
    environment = settings.ENVIRONMENT
    if asset.is_recording:
        longest_ms = environment.live_replay_limit_ms + RECORDING_SLACK_MS
        return VideoLimits(bytes_max=asset.size_bytes, duration_max_ms=longest_ms)
    return VideoLimits(bytes_max=environment.upload_limit_bytes, duration_max_ms=environment.media_max_duration_ms)


def _make_pictures(asset: MediaAsset) -> dict[str, Any]:
    folder = asset_folder(asset.pk)
    work = folder.parent / f".{asset.pk}-{uuid4().hex[:8]}"
    for left_over in folder.parent.glob(f".{asset.pk}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        made = make_picture(
            upload_path(asset.pk), work, limits=PictureLimits(bytes_max=settings.ENVIRONMENT.upload_limit_bytes)
        )
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return describe_picture(asset.pk, made)


@retried
def _succeed(lease: Lease, changes: dict[str, Any]) -> str | None:
    with transaction.atomic():
        done = lease.rows().update(
            state=MediaAsset.State.READY, progress_percent=100, lease_until=None, lease_token="", **changes
        )
        if not done:
            transaction.on_commit(lambda: _remove_deleted(lease.asset_id))
            return None
        _refresh_contents(lease.asset_id)
        _tell(lease.asset_id, "asset_ready")
    upload_path(lease.asset_id).unlink(missing_ok=True)
    return MediaAsset.State.READY


@retried
@transaction.atomic
def _fail(lease: Lease, *, code: str, message: str) -> str | None:
    failed = lease.rows().update(
        state=MediaAsset.State.FAILED,
        failure_code=code,
        failure_message=message[:400],
        lease_until=None,
        lease_token="",
        expires_at=clock.now() + FAILED_SOURCE_KEPT,
    )
    if not failed:
        return None
    _refresh_contents(lease.asset_id)
    _tell(lease.asset_id, "asset_failed", code=code, retryable=code in RETRYABLE_FAILURES)
    return MediaAsset.State.FAILED


@transaction.atomic
def _give_back(lease: Lease) -> str | None:
    """Wait a lease's time, then be requeued as if the process had been killed."""
    lease.rows().update(lease_token="", lease_until=clock.now() + LEASE)
    return MediaAsset.State.CHECKING


def _refresh_contents(asset_id: int) -> None:
    showing = ContentAsset.objects.filter(asset_id=asset_id).values("content_id")
    # Locked: of two files of one content that become ready at once the second sees the first.
    for content in Content.objects.select_for_update(no_key=True).filter(pk__in=showing).order_by("pk"):
        refresh_media(content=content)


def _tell(asset_id: int, kind: str, **more: Any) -> None:
    uploader_id, shop_id, filename = MediaAsset.objects.values_list("uploader_id", "shop_id", "filename").get(
        pk=asset_id
    )
    if uploader_id is not None:
        data = {"asset_id": asset_id, "shop_id": shop_id, "filename": filename, **more}
        notify(kind=kind, data=data, person_id=uploader_id)


def _remove_deleted(asset_id: int) -> None:
    """The asset was deleted while it was worked on: what was just made has no owner."""
    if not MediaAsset.objects.filter(pk=asset_id).exists():
        _remove_files(asset_id)


def _remove_files(asset_id: int) -> None:
    shutil.rmtree(asset_folder(asset_id), ignore_errors=True)
    upload_path(asset_id).unlink(missing_ok=True)
