"""Resumable uploads. What counts is the file on disk: its size is the offset, so that nothing acknowledged is lost by a crash."""

import base64
import binascii
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Protocol

from django.conf import settings
from django.db import transaction
from django.http import UnreadablePostError

from xingqu.content.domain import clean_filename, parse_upload_metadata, sniff_kind
from xingqu.content.models import MediaAsset
from xingqu.content.selectors.studio import received_bytes, upload_path
from xingqu.content.services.processing import enqueue_processing
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, Conflict, InvalidInput, NotFound, TooLarge
from xingqu.kit.transactions import hold_names

BLOCK_BYTES = 256 * 1024
SNIFF_BYTES = 4096
UNFINISHED_MAX = 20
EXPIRES_AFTER = timedelta(hours=24)
DISK_RESERVE_BYTES = 256 * 1024 * 1024
CHECKSUMS = ("sha1", "sha256", "md5")


class TooManyUploads(Conflict):
    code = "too_many_uploads"
    message = "Finish or cancel the uploads that are under way first."


class StorageFull(BusinessError):
    code = "storage_full"
    status = 507
    message = "There is no room for this file at the moment."


class OffsetMismatch(Conflict):
    """`data.offset` is where to go on."""

    code = "offset_mismatch"
    message = "The upload stands at another offset."


class UploadLocked(BusinessError):
    code = "upload_locked"
    status = 423
    message = "Another request is writing to this upload."


class UploadGone(BusinessError):
    code = "upload_gone"
    status = 410
    message = "This upload is finished or has expired."


class ChecksumMismatch(BusinessError):
    """460 is the status that tus gives to it."""

    code = "checksum_mismatch"
    status = 460
    message = "The bytes are not those of the checksum; nothing was kept of them."


class UnsupportedMedia(BusinessError):
    code = "unsupported_media_type"
    status = 415
    message = "This is no video or picture that can be used."


class ByteStream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def begin_upload(*, shop_id: int, uploader_id: int | None, length: int, metadata: str) -> tuple[int, datetime]:
    """Start an upload of `length` bytes; returns the asset's id and when it expires unless it goes on.

    Raises TooLarge, InvalidInput for metadata that can't be read, TooManyUploads, StorageFull.
    """
    limit = settings.ENVIRONMENT.upload_limit_bytes
    if length > limit:
        raise TooLarge(field="Upload-Length", expected=f"at most {limit} bytes", data={"limit_bytes": limit})
    if length < 1:
        raise InvalidInput(field="Upload-Length", expected="at least 1 byte")
    try:
        named = parse_upload_metadata(metadata)
    except ValueError as error:
        raise InvalidInput(
            str(error), field="Upload-Metadata", expected="pairs of a key and base64, such as filename YS5tcDQ="
        ) from error
    folder = upload_path(0).parent
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < length + DISK_RESERVE_BYTES:
        raise StorageFull(retry_after_s=3600)
    expires_at = clock.now() + EXPIRES_AFTER
    with transaction.atomic():
        hold_names(f"uploads:{shop_id}")
        unfinished = MediaAsset.objects.filter(shop_id=shop_id, state=MediaAsset.State.UPLOADING).count()
        if unfinished >= UNFINISHED_MAX:
            raise TooManyUploads(expected=f"fewer than {UNFINISHED_MAX} unfinished uploads")
        asset = MediaAsset.objects.create(
            shop_id=shop_id,
            uploader_id=uploader_id,
            filename=clean_filename(named.get("filename", named.get("name", ""))),
            size_bytes=length,
            upload_metadata=metadata[:2000],
            expires_at=expires_at,
            created_at=clock.now(),
        )
        upload_path(asset.pk).touch(mode=0o600)
    return asset.pk, expires_at


def find_upload(*, shop_id: int, asset_id: int) -> tuple[int, MediaAsset]:
    """(offset, asset) of an upload; a finished one stands at its length. Raises NotFound, UploadGone."""
    asset = MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id).first()
    if asset is None:
        raise NotFound
    if asset.state != MediaAsset.State.UPLOADING:
        if asset.failure_code == "unsupported_media_type":
            raise UploadGone
        return asset.size_bytes, asset
    if _is_expired(asset):
        raise UploadGone
    offset = received_bytes(asset_id)
    if offset == asset.size_bytes:
        finish_upload(asset_id=asset_id)
    return offset, asset


def append_bytes(
    *, shop_id: int, asset_id: int, offset: int, stream: ByteStream, announced: int, checksum: str = ""
) -> tuple[int, datetime | None]:
    """Write what `stream` holds at `offset`; returns the new offset and expiry. Bytes that arrived stay, also when it breaks off.

    `announced` is the request's length; `checksum` such as ``sha1 Kq5s…`` makes the whole request count or nothing of it.
    Raises NotFound, UploadGone, UploadLocked, OffsetMismatch, TooLarge, ChecksumMismatch, InvalidInput, UnsupportedMedia.
    """
    asset = MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id).first()
    if asset is None:
        raise NotFound
    if asset.state != MediaAsset.State.UPLOADING or _is_expired(asset):
        raise UploadGone
    expected_digest = _parse_checksum(checksum)
    with _locked(asset_id) as file:
        stands_at = file.seek(0, os.SEEK_END)
        if offset != stands_at:
            raise OffsetMismatch(field="Upload-Offset", expected=str(stands_at), data={"offset": stands_at})
        if offset + announced > asset.size_bytes:
            raise TooLarge(field="Content-Length", expected=f"at most {asset.size_bytes - offset} bytes")
        reached = _copy(stream, file, offset=offset, end=offset + announced, digest=expected_digest)
        if offset < SNIFF_BYTES and reached >= min(SNIFF_BYTES, asset.size_bytes):
            _refuse_strangers(asset, file)
    expires_at = clock.now() + EXPIRES_AFTER
    MediaAsset.objects.filter(pk=asset_id, state=MediaAsset.State.UPLOADING).update(expires_at=expires_at)
    if reached == asset.size_bytes:
        finish_upload(asset_id=asset_id)
    return reached, expires_at


@transaction.atomic
def finish_upload(*, asset_id: int) -> bool:
    """Hand a complete upload to the media queue, once. Returns whether this call did it."""
    rows = MediaAsset.objects.filter(pk=asset_id, state=MediaAsset.State.UPLOADING)
    if not rows.update(state=MediaAsset.State.CHECKING, expires_at=None):
        return False
    enqueue_processing(asset_id=asset_id)
    return True


def cancel_upload(*, shop_id: int, asset_id: int) -> None:
    """Give an unfinished upload up; its bytes are deleted. Raises NotFound, UploadLocked, UploadGone for a finished one."""
    if not MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id).exists():
        raise NotFound
    with _locked(asset_id):
        if not MediaAsset.objects.filter(pk=asset_id, state=MediaAsset.State.UPLOADING).delete()[0]:
            raise UploadGone
        upload_path(asset_id).unlink(missing_ok=True)


def sweep_uploads() -> int:
    """Delete abandoned uploads and the sources of failures that nobody retried; finish what a crash left complete.

    Returns how many were touched. For the worker.
    """
    now = clock.now()
    touched = 0
    for asset in MediaAsset.objects.filter(state=MediaAsset.State.UPLOADING).order_by("id"):
        try:
            with _locked(asset.pk):
                if received_bytes(asset.pk) == asset.size_bytes:
                    touched += finish_upload(asset_id=asset.pk)
                elif asset.expires_at is not None and asset.expires_at < now:
                    upload_path(asset.pk).unlink(missing_ok=True)
                    asset.delete()
                    touched += 1
        except (UploadLocked, UploadGone):
            continue
    failed = MediaAsset.objects.filter(state=MediaAsset.State.FAILED, expires_at__lt=now)
    for pk in failed.values_list("id", flat=True):
        upload_path(pk).unlink(missing_ok=True)
        touched += MediaAsset.objects.filter(pk=pk).update(expires_at=None)
    return touched


@contextmanager
def _locked(asset_id: int) -> Iterator[IO[bytes]]:
    """The upload's file, held by this process alone; the lock ends with the process, however it ends."""
    try:
        file = upload_path(asset_id).open("r+b")
    except FileNotFoundError as error:
        raise UploadGone from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UploadLocked(retry_after_s=1) from error
        yield file


def _copy(stream: ByteStream, file: IO[bytes], *, offset: int, end: int, digest: tuple[str, bytes] | None) -> int:
    """Write up to `end`; returns the offset reached, on disk for good."""
    hasher = hashlib.new(digest[0], usedforsecurity=False) if digest else None
    reached = offset
    file.seek(offset)
    try:
        while reached < end and (block := stream.read(min(BLOCK_BYTES, end - reached))):
            file.write(block)
            reached += len(block)
            if hasher is not None:
                hasher.update(block)
    except UnreadablePostError:
        pass  # the client went away: what has arrived stays and is asked for by HEAD
    file.flush()
    if digest and hasher is not None and hasher.digest() != digest[1]:
        file.truncate(offset)
        os.fsync(file.fileno())
        raise ChecksumMismatch(field="Upload-Checksum", data={"offset": offset})
    os.fsync(file.fileno())
    return reached


def _parse_checksum(text: str) -> tuple[str, bytes] | None:
    if not text:
        return None
    name, _, encoded = text.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        digest = b""
    if name not in CHECKSUMS or not digest:
        raise InvalidInput(field="Upload-Checksum", expected=f"one of {', '.join(CHECKSUMS)}, a space, and base64")
    return name, digest


def _refuse_strangers(asset: MediaAsset, file: IO[bytes]) -> None:
    """The first bytes decide, not the name: what is neither video nor picture stops here instead of after gigabytes."""
    file.seek(0)
    kind = sniff_kind(file.read(SNIFF_BYTES))
    rows = MediaAsset.objects.filter(pk=asset.pk, state=MediaAsset.State.UPLOADING)
    if kind is not None:
        rows.update(kind=kind)
        return
    rows.update(
        state=MediaAsset.State.FAILED,
        failure_code=UnsupportedMedia.code,
        failure_message=UnsupportedMedia.message,
        expires_at=None,
    )
    upload_path(asset.pk).unlink(missing_ok=True)
    raise UnsupportedMedia(field="filetype", expected="MP4, MOV, WebM, MKV, AVI or MPEG-TS; JPEG, PNG or WebP")


def _is_expired(asset: MediaAsset) -> bool:
    return asset.expires_at is not None and asset.expires_at < clock.now()
