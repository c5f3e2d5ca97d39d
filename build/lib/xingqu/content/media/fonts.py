"""Noto Sans CJK (SIL OFL 1.1) from the package manimgx-fonts-cjk, and text set with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rjieba
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIMPLIFIED_CHINESE_FACE = 2
NO_LINE_START = "，。、；：？！”’）》」』】％%·,.;:?!)]}"
Colour = tuple[int, int, int]


@cache
def load_font(size_px: int, weight: int) -> ImageFont.FreeTypeFont:
    """The Simplified Chinese face at `size_px`; weight from 100 (thin) to 900 (black)."""
    import manimgx_fonts_cjk

    path = Path(str(manimgx_fonts_cjk.__file__)).parent / "NotoSansCJK-VF.otf.ttc"
    font = ImageFont.truetype(str(path), size_px, index=SIMPLIFIED_CHINESE_FACE)
    font.set_variation_by_axes([weight])
    return font


def split_units(text: str) -> list[str]:
    """Text as the pieces a line may break between: one word as the Chinese segmentation sees it.

    Punctuation that may not open a line stays with the piece before it.
    """
    units: list[str] = []
    for piece in rjieba.cut(text):
        if units and piece[0] in NO_LINE_START:
            units[-1] += piece
        else:
            units.append(" " if piece.isspace() else piece)
    return units


def wrap_text(text: str, font: ImageFont.FreeTypeFont, width_px: int, *, lines_max: int) -> list[str]:
    """Break `text` into at most `lines_max` balanced lines; what does not fit ends in an ellipsis."""
    units = split_units(text.strip())
    total = font.getlength(text)
    count = max(1, -(-int(total) // max(1, width_px)))
    target = min(width_px, total / count + font.size * 0.6)
    lines = [""]
    for unit in units:
        wanted = lines[-1] + unit
        if font.getlength(wanted.rstrip()) <= (target if len(lines) < count else width_px) or not lines[-1]:
            lines[-1] = wanted
        elif unit != " ":
            lines.append(unit)
    lines = [line.strip() for line in lines]
    if len(lines) <= lines_max:
        return lines
    last = "".join(lines[lines_max - 1 :])
    while last and font.getlength(last + "…") > width_px:
        last = last[:-1]
    return [*lines[: lines_max - 1], last + "…"]


@dataclass(frozen=True)
class TextStyle:
    """How a block of text is set. `tracking_px` is added between characters, `leading` multiplies the
    size.
    """

    size_px: int
    weight: int
    colour: Colour
    leading: float = 1.28
    tracking_px: int = 0
    shadow: Colour | None = None


def _draw_line(draw: ImageDraw.ImageDraw, at: tuple[float, float], line: str, style: TextStyle, fill: Colour) -> None:
    font = load_font(style.size_px, style.weight)
    if not style.tracking_px:
        draw.text(at, line, font=font, fill=(*fill, 255), anchor="ls")
        return
    x, y = at
    for letter in line:
        draw.text((x, y), letter, font=font, fill=(*fill, 255), anchor="ls")
        x += font.getlength(letter) + style.tracking_px


def _measure_line(line: str, style: TextStyle) -> float:
    return load_font(style.size_px, style.weight).getlength(line) + style.tracking_px * max(0, len(line) - 1)


def set_text(lines: list[str], style: TextStyle) -> Image.Image:
    """The lines, left-aligned, as an RGBA picture just large enough, with a soft shadow when the style has
    one.
    """
    margin = 2 if style.shadow is None else style.size_px // 3
    step = style.size_px * style.leading
    width = int(max(_measure_line(line, style) for line in lines)) + 2 * margin + 2
    height = int(step * (len(lines) - 1) + style.size_px * 1.28) + 2 * margin
    size = (width + width % 2, height + height % 2)
    picture = Image.new("RGBA", size, (*(style.shadow or style.colour), 0))
    layers = [style.colour] if style.shadow is None else [style.shadow, style.colour]
    for place, colour in enumerate(layers):
        draw = ImageDraw.Draw(picture)
        for row, line in enumerate(lines):
            _draw_line(draw, (margin, margin + style.size_px * 0.98 + row * step), line, style, colour)
        if style.shadow is not None and place == 0:
            picture = picture.filter(ImageFilter.GaussianBlur(style.size_px / 9))
    return picture


def set_vertical(text: str, style: TextStyle) -> Image.Image:
    """The text as one column, top to bottom, as an RGBA picture."""
    font = load_font(style.size_px, style.weight)
    step = round(style.size_px * style.leading)
    letters = [letter for letter in text if not letter.isspace()]
    size = (style.size_px + style.size_px % 2 + 4, step * len(letters) + (step * len(letters)) % 2 + 4)
    picture = Image.new("RGBA", size, (*style.colour, 0))
    draw = ImageDraw.Draw(picture)
    for row, letter in enumerate(letters):
        middle = (size[0] / 2, row * step + style.size_px * 0.98)
        draw.text(middle, letter, font=font, fill=(*style.colour, 255), anchor="ms")
    return picture
