"""A content's cover: a frame of its clip, a picture of one's own, or the poster that was made."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from PIL import Image

from xingqu.content.media.cutting import grab_frame
from xingqu.content.media.errors import MediaError
from xingqu.content.media.pictures import PictureLimits, open_picture
from xingqu.content.models import Content, MediaAsset
from xingqu.content.services.studio import own_content, refresh_media
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import retried

COVERS = Path("works/covers")
COVER_WIDTH_PX = 720
COVER_LIMITS = PictureLimits(bytes_max=10_000_000)


class NoClip(Conflict):
    code = "no_clip"
    message = "There is no clip that is ready."


def clip_source(asset: MediaAsset) -> Path:
    """The best that was made of a clip, on the disk. Raises NoClip."""
    made = str(asset.files.get("mp4") or asset.files.get("hls") or "")
    path = Path(settings.MEDIA_ROOT) / made
    if asset.state != MediaAsset.State.READY or not path.is_file():
        raise NoClip
    return path


def take_cover_frame(*, shop_id: int, content_id: int, at_ms: int) -> None:
    """Make the frame at `at_ms` the cover. Raises NotFound, NoClip, InvalidInput for a time beyond the clip."""
    asset = MediaAsset.objects.filter(contents__content_id=content_id, contents__content__shop_id=shop_id).first()
    if asset is None or asset.kind != "video":
        if not Content.objects.filter(pk=content_id, shop_id=shop_id).exists():
            raise NotFound
        raise NoClip
    source = clip_source(asset)
    if at_ms >= asset.duration_ms:
        raise InvalidInput(field="at_ms", expected=f"less than the clip's {asset.duration_ms} ms")
    with tempfile.TemporaryDirectory() as work:
        frame = Path(work) / "frame.png"
        try:
            grab_frame(source, frame, at_ms=at_ms)
            with Image.open(frame) as picture:
                path = _write(picture.convert("RGB"), COVERS)
        except MediaError as error:
            raise InvalidInput(str(error), field="at_ms", expected="a time within the clip") from error
    _set_cover(shop_id, content_id, path)


def save_cover_picture(*, shop_id: int, content_id: int, file: Any) -> None:
    """Make an uploaded picture the cover. Raises NotFound, InvalidInput for what is no picture or too large."""
    if not Content.objects.filter(pk=content_id, shop_id=shop_id).exists():
        raise NotFound
    _set_cover(shop_id, content_id, keep_picture(file=file, folder=COVERS))


def keep_picture(*, file: Any, folder: Path) -> str:
    """Check an uploaded picture and write it anew into a folder of the media; returns its path below MEDIA_ROOT.

    `file` is a Django upload; nothing of it is kept but what is seen. Raises InvalidInput for what is no picture or too large.
    """
    with tempfile.TemporaryDirectory() as work:
        source = Path(work) / "upload"
        with source.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        try:
            return _write(open_picture(source, limits=COVER_LIMITS).convert("RGB"), folder)
        except MediaError as error:
            raise InvalidInput(str(error), field="file", expected="a JPEG, PNG or WebP of at most 10 MB") from error


def clear_cover(*, shop_id: int, content_id: int) -> None:
    """Show the poster that was made of the file again. Raises NotFound."""
    _set_cover(shop_id, content_id, "")


def _write(picture: Image.Image, below: Path) -> str:
    folder = Path(settings.MEDIA_ROOT) / below
    folder.mkdir(parents=True, exist_ok=True)
    picture.thumbnail((COVER_WIDTH_PX, COVER_WIDTH_PX * 3), Image.Resampling.LANCZOS)
    name = f"{uuid4().hex}.webp"
    picture.save(folder / name, "WEBP", quality=84)
    return str(below / name)


@retried
@transaction.atomic
def _set_cover(shop_id: int, content_id: int, path: str) -> None:
    content = own_content(shop_id=shop_id, content_id=content_id)
    before, content.cover = content.cover, path
    content.version += 1
    content.save(update_fields=["cover", "version"])
    refresh_media(content=content)
    if before:
        transaction.on_commit(lambda: (Path(settings.MEDIA_ROOT) / before).unlink(missing_ok=True))
