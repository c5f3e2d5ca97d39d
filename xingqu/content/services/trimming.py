"""A part of a clip as a clip of its own in the library. The one that it was cut from stays as it is."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from xingqu.content.media.cutting import cut_clip
from xingqu.content.media.process import CancelCheck, ProgressCallback
from xingqu.content.models import Kind, MediaAsset
from xingqu.content.services.covers import NoClip, clip_source
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound

LEAST_MS = 1_000


def trim_asset(*, shop_id: int, asset_id: int, person_id: int, start_ms: int, end_ms: int) -> int:
    """Have the part from `start_ms` until `end_ms` cut out by the media queue; returns the new file's id.

    Raises NotFound, NoClip for what is not ready, InvalidInput for times beyond it, less than a second or longer than
    an upload may be.
    """
    from xingqu.content.services.processing import enqueue_processing

    source = MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id, kind=Kind.VIDEO).first()
    if source is None:
        raise NotFound
    clip_source(source)
    longest_ms = settings.ENVIRONMENT.media_max_duration_ms
    if end_ms > source.duration_ms or not LEAST_MS <= end_ms - start_ms <= longest_ms:
        expected = f"a second or more, at most {longest_ms} ms, until {source.duration_ms} ms"
        raise InvalidInput(field="end_ms", expected=expected)
    with transaction.atomic():
        made = MediaAsset.objects.create(
            shop_id=shop_id,
            uploader_id=person_id,
            kind=Kind.VIDEO,
            filename=f"{Path(source.filename).stem[:160]} {_clock(start_ms)}-{_clock(end_ms)}.mp4",
            state=MediaAsset.State.CHECKING,
            trimmed_from=source,
            trim_from_ms=start_ms,
            trim_to_ms=end_ms,
            created_at=clock.now(),
        )
        enqueue_processing(asset_id=made.pk)
    return made.pk


def cut_source(
    asset: MediaAsset,
    target: Path,
    *,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> None:
    """Write what a trimmed file begins as to where an upload's bytes would be. Raises FileNotFoundError, MediaError."""
    source = asset.trimmed_from
    if source is None:
        raise FileNotFoundError(target)
    try:
        clip = clip_source(source)
    except NoClip as error:
        raise FileNotFoundError(target) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    cut_clip(
        clip,
        target,
        start_ms=asset.trim_from_ms,
        end_ms=asset.trim_to_ms,
        on_progress=on_progress,
        should_cancel=should_cancel,
    )
    MediaAsset.objects.filter(pk=asset.pk).update(size_bytes=target.stat().st_size)


def _clock(at_ms: int) -> str:
    return f"{at_ms // 60_000}m{at_ms % 60_000 / 1000:g}s"
