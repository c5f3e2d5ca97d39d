"""Pictures of products: what a person uploads is decoded and encoded anew, so that nothing but pixels is kept."""

import hashlib
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from PIL import Image, ImageOps, UnidentifiedImageError

from xingqu.catalogue.domain.errors import BadFile, TooMany
from xingqu.catalogue.models import Product, ProductPicture
from xingqu.catalogue.services.shelf import own_product, save_product
from xingqu.kit.errors import InvalidInput, NotFound, TooLarge

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE_PX = 1600
MIN_SIDE_PX = 64
MAX_PICTURES = 20
FORMATS = ("JPEG", "PNG", "WEBP")


def encode_picture(data: bytes) -> tuple[bytes, int, int]:
    """A picture as WebP of at most 1600 px a side, upright, without metadata; with its width and height.

    Raises TooLarge above 10 MB, BadFile for anything but a whole JPEG, PNG or WebP of a sane size.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(field="file", expected=f"at most {MAX_BYTES} bytes")
    expected = "a whole JPEG, PNG or WebP picture"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=FORMATS)
            # The header's size is checked before any pixel is unpacked.
            if opened.width * opened.height > MAX_PIXELS:
                raise BadFile("The picture has too many pixels.", field="file", expected=f"at most {MAX_PIXELS} pixels")
            if min(opened.size) < MIN_SIDE_PX:
                raise BadFile("The picture is too small.", field="file", expected=f"at least {MIN_SIDE_PX} px a side")
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except BadFile:
        raise
    except Exception as error:  # decoders answer malformed files with almost any exception
        raise BadFile("This is no picture that can be read.", field="file", expected=expected) from error
    picture.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=86, method=4)
    return out.getvalue(), picture.width, picture.height


def add_picture(*, shop_id: int, product_id: int, file: IO[bytes]) -> int:
    """Add an uploaded picture to the end; returns its id. Raises NotFound, TooLarge, BadFile, TooMany beyond 20."""
    if not Product.objects.filter(pk=product_id, shop_id=shop_id).exclude(status="deleted").exists():
        raise NotFound
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    url = _store(product_id, data)
    with transaction.atomic():
        product = own_product(shop_id=shop_id, product_id=product_id)
        if product.pictures.count() >= MAX_PICTURES:
            raise TooMany(field="file", expected=f"at most {MAX_PICTURES} pictures")
        last = product.pictures.aggregate(last=Max("position"))["last"]
        row = ProductPicture.objects.create(
            product=product, url=url, width=width, height=height, position=0 if last is None else last + 1
        )
        _save_first(product)
    return row.pk


@transaction.atomic
def arrange_pictures(*, shop_id: int, product_id: int, picture_ids: Sequence[int]) -> None:
    """Keep exactly these pictures in this order. Raises NotFound, InvalidInput for an id that isn't the product's."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    known = set(product.pictures.values_list("id", flat=True))
    if len(set(picture_ids)) != len(picture_ids) or not set(picture_ids) <= known:
        raise InvalidInput(field="picture_ids", expected="ids of this product's pictures, each once")
    product.pictures.exclude(pk__in=picture_ids).delete()
    for position, pk in enumerate(picture_ids):
        product.pictures.filter(pk=pk).update(position=position)
    _save_first(product)


def set_pictures(*, product_id: int, files: Sequence[Path]) -> None:
    """Make a product's pictures exactly these files of our own making, kept byte for byte. The same again does nothing.

    Raises NotFound for an unknown product, BadFile for what is no picture.
    """
    rows = []
    for position, path in enumerate(files):
        data = path.read_bytes()
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                width, height = picture.size
        except (UnidentifiedImageError, OSError) as error:
            raise BadFile(f"{path.name} is no picture.", field="files") from error
        rows.append((_store(product_id, data, suffix=path.suffix.lower() or ".webp"), width, height, position))
    with transaction.atomic():
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise NotFound
        if list(product.pictures.order_by("position").values_list("url", "width", "height", "position")) == rows:
            return
        product.pictures.all().delete()
        ProductPicture.objects.bulk_create(
            [
                ProductPicture(product=product, url=url, width=width, height=height, position=position)
                for url, width, height, position in rows
            ]
        )
        _save_first(product)


def _store(product_id: int, data: bytes, *, suffix: str = ".webp") -> str:
    """Write the file under the name of its content; returns its address."""
    name = f"products/{product_id}/{hashlib.sha256(data).hexdigest()[:20]}{suffix}"
    path = Path(settings.MEDIA_ROOT) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f"{suffix}.part")
        part.write_bytes(data)
        part.replace(path)
    return f"{settings.MEDIA_URL}{name}"


def _save_first(product: Product) -> None:
    first = product.pictures.order_by("position", "id").values_list("url", flat=True).first()
    save_product(product, picture_url=first or "")
