"""Recordings of live rooms become files of the library: taken over whole, however long they are."""

import shutil
from pathlib import Path

from django.db import transaction

from xingqu.content.domain import clean_filename
from xingqu.content.models import Kind, MediaAsset
from xingqu.content.selectors.studio import upload_path
from xingqu.content.services.processing import enqueue_processing
from xingqu.kit import clock


def adopt_recording(*, shop_id: int, source: Path, filename: str) -> int:
    """Take an MP4 of H.264 and AAC over as a file of the library; `source` is moved away. Returns the file's id.

    It is not measured by the limits of uploads and not encoded again: one rendition, as it is. Raises OSError.
    """
    with transaction.atomic():
        asset = MediaAsset.objects.create(
            shop_id=shop_id,
            kind=Kind.VIDEO,
            filename=clean_filename(filename),
            size_bytes=source.stat().st_size,
            state=MediaAsset.State.CHECKING,
            is_recording=True,
            created_at=clock.now(),
        )
        target = upload_path(asset.pk)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        enqueue_processing(asset_id=asset.pk)
    return asset.pk
