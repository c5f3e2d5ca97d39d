"""An uploaded picture becomes WebP files without metadata. A picture bomb is refused before it is decoded."""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from xingqu.content.media.errors import CorruptMedia, NotAPicture, TooLarge, TooManyBytes

FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS_PX = (360, 720, 1080)
QUALITY = 82


@dataclass(frozen=True)
class PictureLimits:
    """What an uploaded picture may be. Pixels are those of the header, before anything is decoded."""

    bytes_max: int = 20_000_000
    pixels_max: int = 50_000_000
    side_min_px: int = 16
    side_max_px: int = 12_000


@dataclass(frozen=True)
class PictureFile:
    """One written size."""

    name: str
    width_px: int
    height_px: int
    bytes_total: int


@dataclass(frozen=True)
class PictureSet:
    """All sizes of one picture, smallest first, with the mean colour as `#rrggbb` for a calm loading
    state.
    """

    out_dir: Path
    files: tuple[PictureFile, ...]
    width_px: int
    height_px: int
    colour: str


def _check_header(picture: Image.Image, limits: PictureLimits) -> None:
    width, height = picture.size
    if width * height > limits.pixels_max or max(width, height) > limits.side_max_px:
        raise TooLarge(f"{width}x{height} px: at most {limits.pixels_max} pixels and {limits.side_max_px} px a side")
    if min(width, height) < limits.side_min_px:
        raise NotAPicture(f"{width}x{height} px: a side has at least {limits.side_min_px} px")


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Phones store Display P3; without its profile the colours would be dull."""
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else "RGB"
    flat = picture if picture.mode in ("RGB", "RGBA") else picture.convert(mode)
    if not profile or flat.mode != "RGB" or picture.mode == "CMYK":
        return flat
    with contextlib.suppress(ImageCms.PyCMSError, OSError):
        converted = ImageCms.profileToProfile(
            flat,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
        return converted if converted is not None else flat
    return flat


def open_picture(source: Path, *, limits: PictureLimits | None = None) -> Image.Image:
    """Decode an untrusted picture: upright, sRGB, RGB or RGBA, without any metadata.

    Raises:
        NotAPicture, CorruptMedia, TooLarge, TooManyBytes: refusals; nothing was decoded unless the header
        passed.
    """
    limits = limits or PictureLimits()
    bytes_total = source.stat().st_size
    if bytes_total > limits.bytes_max:
        raise TooManyBytes(f"{bytes_total} bytes: at most {limits.bytes_max}")
    with warnings.catch_warnings():
        # Pillow warns at its own limit, which is above ours: the header check below decides.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(source, formats=FORMATS)
        except Image.DecompressionBombError as error:
            raise TooLarge("far too many pixels") from error
        except (OSError, ValueError, SyntaxError) as error:
            raise NotAPicture("not a JPEG, PNG or WebP picture") from error
        with picture:
            _check_header(picture, limits)
            try:
                picture.draft("RGB", (WIDTHS_PX[-1], WIDTHS_PX[-1]))
                upright = ImageOps.exif_transpose(picture)
                upright.load()
            except (OSError, ValueError, SyntaxError, EOFError) as error:
                raise CorruptMedia(f"the picture does not decode: {error}") from error
    clean = _to_srgb(upright)
    clean.info = {}
    return clean


def mean_colour(picture: Image.Image) -> str:
    """The mean colour as `#rrggbb`."""
    red, green, blue = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


def make_picture(
    source: Path,
    out_dir: Path,
    *,
    limits: PictureLimits | None = None,
    widths_px: tuple[int, ...] = WIDTHS_PX,
) -> PictureSet:
    """Write `source` as `w<width>.webp` for each width up to its own (never enlarged) into `out_dir`.

    Raises:
        MediaError: see `open_picture`; nothing is written.
    """
    picture = open_picture(source, limits=limits)
    out_dir.mkdir(parents=True, exist_ok=True)
    wanted = sorted({min(width, picture.width) for width in widths_px})
    files = []
    for width in wanted:
        height = max(1, round(picture.height * width / picture.width))
        sized = picture.resize((width, height), Image.Resampling.LANCZOS) if width != picture.width else picture
        path = out_dir / f"w{width}.webp"
        sized.save(path, "WEBP", quality=QUALITY, method=4)
        files.append(PictureFile(path.name, width, height, path.stat().st_size))
    return PictureSet(out_dir, tuple(files), picture.width, picture.height, mean_colour(picture))
