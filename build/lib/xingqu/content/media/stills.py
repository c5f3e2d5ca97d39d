"""Vertical stills of a picture post: a cover with type, a close-up, a card of attributes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from xingqu.content.media.clips import ClipSpec, open_stage, seed_generator
from xingqu.content.media.fonts import Colour, TextStyle, load_font, set_text, wrap_text
from xingqu.content.media.staging import INK, WHITE, Stage, extend_picture, luminance, mix

STILL_SIZE = (900, 1200)
QUALITY = 80
MARGIN_PX = 64
VALUE_LEFT_PX = 280


@dataclass(frozen=True)
class PicturePostSpec:
    """What a picture post shows: a cover, a close-up of each further picture, and a card when there are
    `facts`.

    `facts` are pairs such as ("材质", "100%棉"); `pictures` are 1 to 4 files; `accent` is `#rrggbb`.
    """

    key: str
    pictures: tuple[Path, ...]
    headline: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    eyebrow: str = ""
    accent: str = "#8a7f72"


@dataclass(frozen=True)
class StillFile:
    """One written still."""

    path: Path
    width_px: int
    height_px: int
    bytes_total: int


def _put_text(
    sheet: Image.Image, text: str, style: TextStyle, top: int, *, left: int = MARGIN_PX, lines_max: int = 3
) -> int:
    """Set a wrapped text and return where it ends."""
    width = sheet.width - left - MARGIN_PX
    lines = wrap_text(text, load_font(style.size_px, style.weight), width, lines_max=lines_max)
    words = set_text(lines, style)
    inset = 0 if style.shadow is None else style.size_px // 3
    sheet.alpha_composite(words, (left - inset, top - inset))
    return top + words.height - 2 * inset


def _draw_cover(stage: Stage, subtitle: str) -> Image.Image:
    """Type above the picture on its own continued backdrop, or on a block of colour, by the seed."""
    width, height = STILL_SIZE
    if stage.generator.random() < 0.5:
        photo = stage.pictures[0]
        scene = extend_picture(photo, STILL_SIZE) if photo.width >= photo.height else _crop_low(photo)
        sheet = scene.convert("RGBA")
        ink, shadow = stage.ink_for(scene, (0, 40, 760, 330))
        top = 76
    else:
        paint = mix(stage.accent, WHITE, 0.15) if luminance(stage.accent) > 90 else stage.accent
        sheet = Image.new("RGBA", STILL_SIZE, (*paint, 255))
        photo_top = 372
        sheet.paste(_cover(stage.pictures[0], (width, height - photo_top)), (0, photo_top))
        ink, shadow, top = (INK if luminance(paint) > 140 else WHITE), None, 72
    if stage.eyebrow:
        top = _put_text(sheet, stage.eyebrow, TextStyle(30, 500, ink, tracking_px=5, shadow=shadow), top) + 10
    top = _put_text(sheet, stage.headline, TextStyle(76, 800, ink, leading=1.2, shadow=shadow), top, lines_max=2)
    if subtitle:
        _put_text(sheet, subtitle, TextStyle(34, 500, ink, shadow=shadow), top + 12, lines_max=1)
    return sheet


def _cover(
    picture: Image.Image, size: tuple[int, int], *, zoom: float = 1.0, at: tuple[float, float] = (0.5, 0.5)
) -> Image.Image:
    scale = min(picture.width / size[0], picture.height / size[1]) / zoom
    box_width, box_height = size[0] * scale, size[1] * scale
    left = min(max(0.0, at[0] * picture.width - box_width / 2), picture.width - box_width)
    top = min(max(0.0, at[1] * picture.height - box_height / 2), picture.height - box_height)
    box = (left, top, left + box_width, top + box_height)
    return picture.resize(size, Image.Resampling.BICUBIC, box=box)


def _crop_low(picture: Image.Image) -> Image.Image:
    """A tall picture set lower and a little smaller, so that the type above does not cover the product."""
    width, height = STILL_SIZE
    inner = extend_picture(picture, (round(picture.width), round(picture.width * 1.62)), top_share=0.86)
    return _cover(inner, STILL_SIZE, at=(0.5, 0.42)) if inner.height * width > inner.width * height else inner


def _draw_detail(stage: Stage, place: int) -> Image.Image:
    picture = stage.pictures[stage.pick(place)]
    if len(stage.pictures) > 1:
        sheet = _cover(picture, STILL_SIZE).convert("RGBA")
    else:
        at = (0.5 + stage.jitter(0.08), 0.52 + stage.jitter(0.06))
        sheet = _cover(picture, STILL_SIZE, zoom=1.75, at=at).convert("RGBA")
    text = stage.point(place - 1)
    if text:
        words = set_text(
            wrap_text(text, load_font(38, 600), 640, lines_max=2),
            TextStyle(38, 600, mix(INK, stage.accent, 0.15)),
        )
        box = (MARGIN_PX, 1200 - 96 - words.height - 40, MARGIN_PX + words.width + 64, 1200 - 96)
        ImageDraw.Draw(sheet).rounded_rectangle(box, radius=20, fill=(255, 254, 251, 255))
        sheet.alpha_composite(words, (box[0] + 32, box[1] + 18))
    return sheet


def _draw_card(stage: Stage, facts: tuple[tuple[str, str], ...]) -> Image.Image:
    """A quiet table of what the maker states, with the picture as a stamp."""
    paper: Colour = mix(mix(stage.accent, WHITE, 0.88), (250, 247, 241), 0.5)
    ink = mix(INK, stage.accent, 0.2)
    sheet = Image.new("RGBA", STILL_SIZE, (*paper, 255))
    draw = ImageDraw.Draw(sheet)
    stamp = _cover(stage.pictures[0], (300, 360))
    mask = Image.new("L", (600, 720), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 599, 719), radius=48, fill=255)
    sheet.paste(stamp, (536, 72), mask.resize(stamp.size, Image.Resampling.LANCZOS))
    lines = wrap_text(stage.headline, load_font(54, 800), 430, lines_max=4)
    sheet.alpha_composite(set_text(lines, TextStyle(54, 800, ink, leading=1.25)), (MARGIN_PX, 76))
    top = 500
    label, text = TextStyle(30, 500, mix(ink, paper, 0.35)), TextStyle(34, 600, ink)
    for name, value in facts[:6]:
        draw.line((MARGIN_PX, top, STILL_SIZE[0] - MARGIN_PX, top), fill=mix(paper, ink, 0.22), width=2)
        after_name = _put_text(sheet, name, label, top + 26, lines_max=1)
        if load_font(label.size_px, label.weight).getlength(name) < VALUE_LEFT_PX - MARGIN_PX - 16:
            end = _put_text(sheet, value, text, top + 22, left=VALUE_LEFT_PX, lines_max=2)
        else:
            end = _put_text(sheet, value, text, after_name + 4, lines_max=2)
        top = max(end + 18, top + 92)
        if top > 1090:
            break
    return sheet


def make_picture_post(spec: PicturePostSpec, out_dir: Path, *, points: tuple[str, ...] = ()) -> tuple[StillFile, ...]:
    """Write two to five stills (900x1200 WebP, `still-1.webp` ...) of `spec` into `out_dir`.

    Raises:
        ValueError: no picture, no headline, or a colour that is none.
    """
    clip = ClipSpec(spec.key, spec.pictures, spec.headline, points, spec.eyebrow, spec.accent)
    stage = open_stage(clip, seed_generator(spec.key))
    sheets = [_draw_cover(stage, spec.subtitle)]
    sheets += [_draw_detail(stage, place) for place in range(1, max(2, len(stage.pictures)))]
    if spec.facts:
        sheets.append(_draw_card(stage, spec.facts))
    out_dir.mkdir(parents=True, exist_ok=True)
    written = []
    for number, sheet in enumerate(sheets, start=1):
        path = out_dir / f"still-{number}.webp"
        with tempfile.NamedTemporaryFile(dir=out_dir, suffix=".webp", delete=False) as unfinished:
            sheet.convert("RGB").save(unfinished, "WEBP", quality=QUALITY, method=4)
        Path(unfinished.name).replace(path)
        path.chmod(0o644)
        written.append(StillFile(path, *STILL_SIZE, path.stat().st_size))
    return tuple(written)
