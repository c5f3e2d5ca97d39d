"""What every look of a clip shares: prepared pictures, camera moves, captions and the cut from shot to
shot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from xingqu.content.media.fonts import Colour, TextStyle, load_font, set_text, wrap_text
from xingqu.content.media.planes import Layer, Planes, blend, put, put_layer, to_layer, to_planes, view

WIDTH_PX, HEIGHT_PX = 720, 1280
FRAME_SIZE = (WIDTH_PX, HEIGHT_PX)
# The app's own chrome: its bar on top, the rail at the right, caption and product anchor at the bottom.
SAFE_LEFT_PX, SAFE_TOP_PX, SAFE_RIGHT_PX, SAFE_BOTTOM_PX = 48, 132, 130, 300
TEXT_WIDTH_PX = WIDTH_PX - SAFE_LEFT_PX - SAFE_RIGHT_PX
TEXT_FLOOR_PX = HEIGHT_PX - SAFE_BOTTOM_PX
CUT_S = 0.4
WHITE: Colour = (255, 255, 255)
INK: Colour = (29, 28, 32)
Cut = Literal["hard", "fade", "left", "up", "wipe"]
Camera = tuple[float, float, float]
"""Zoom (1 shows all) and the centre as shares of width and height."""


def ease(share: float) -> float:
    """Smooth start and stop; clamps to 0 and 1."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def ease_out(share: float) -> float:
    """Quick start, soft landing; clamps to 0 and 1."""
    return 1 - (1 - min(1.0, max(0.0, share))) ** 3


def luminance(colour: Colour) -> float:
    """Perceived lightness from 0 to 255."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` of the way from `first` to `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def extend_picture(picture: Image.Image, size: tuple[int, int], *, top_share: float = 0.36) -> Image.Image:
    """Fill a tall frame with a picture by continuing its backdrop above and below, without a visible seam.

    The backdrop is the picture's own edge, mirrored and blurred more the farther it is from the edge.
    """
    width, height = size
    scale = width / picture.width
    fitted = picture.convert("RGB").resize((width, round(picture.height * scale)), Image.Resampling.LANCZOS)
    if fitted.height >= height:
        top = (fitted.height - height) // 2
        return fitted.crop((0, top, width, top + height))
    above = round((height - fitted.height) * top_share)
    below = height - fitted.height - above
    canvas = Image.new("RGB", size)
    canvas.paste(fitted, (0, above))
    for pad, edge, at in ((above, fitted.crop((0, 0, width, 6)), 0), (below, None, above + fitted.height)):
        row = edge if edge is not None else fitted.crop((0, fitted.height - 6, width, fitted.height))
        smooth = row.resize((width // 24, 1), Image.Resampling.BOX).resize((width, 1), Image.Resampling.BICUBIC)
        canvas.paste(smooth.resize((width, max(1, pad))), (0, at))
    soft = canvas.filter(ImageFilter.GaussianBlur(18))
    feather = Image.new("L", size, 255)
    ImageDraw.Draw(feather).rectangle((-40, above + 26, width + 40, above + fitted.height - 26), fill=0)
    canvas.paste(soft, (0, 0), feather.filter(ImageFilter.GaussianBlur(12)))
    return canvas


def blur_backdrop(picture: Image.Image, size: tuple[int, int], *, dim: float) -> Image.Image:
    """The picture as a calm backdrop: covering `size`, strongly blurred, `dim` of the way to black."""
    width, height = size[0] // 8, size[1] // 8
    scale = max(width / picture.width, height / picture.height)
    small = picture.convert("RGB").resize((round(picture.width * scale) + 1, round(picture.height * scale) + 1))
    left, top = (small.width - width) // 2, (small.height - height) // 2
    small = small.crop((left, top, left + width, top + height)).filter(ImageFilter.GaussianBlur(7))
    return Image.blend(small, Image.new("RGB", small.size), dim).resize(size, Image.Resampling.BICUBIC)


@dataclass(frozen=True)
class Shot:
    """One camera position: `draw(t)` gives the frame `t` seconds after the shot began."""

    seconds: float
    draw: Callable[[float], Planes]
    cut: Cut = "fade"


@dataclass(frozen=True)
class Caption:
    """A block of text that rises into place `start_s` after its shot began; negative: it is there already."""

    layer: Layer
    left: float
    top: float
    start_s: float

    def put_on(self, canvas: Planes, t: float) -> None:
        """Draw the caption as it stands at `t`."""
        share = ease_out((t - self.start_s) / 0.45)
        put_layer(canvas, self.layer, (self.left, self.top + 26 * (1 - share)), share)

    @property
    def bottom(self) -> float:
        """Where the block ends, in pixels."""
        return self.top + self.layer.planes.size[1]


@dataclass(frozen=True)
class Stage:
    """Everything a look draws from. `pictures` are RGB; `accent` is the product's own colour."""

    pictures: tuple[Image.Image, ...]
    headline: str
    points: tuple[str, ...]
    eyebrow: str
    accent: Colour
    generator: np.random.Generator

    @cached_property
    def scenes(self) -> tuple[Planes, ...]:
        """Each picture filling the frame."""
        return tuple(to_planes(picture) for picture in self.scene_pictures)

    @cached_property
    def scene_pictures(self) -> tuple[Image.Image, ...]:
        """Each picture filling the frame, as RGB."""
        return tuple(extend_picture(picture, FRAME_SIZE) for picture in self.pictures)

    @cached_property
    def plates(self) -> tuple[Planes, ...]:
        """Each picture at its own size."""
        return tuple(to_planes(picture) for picture in self.pictures)

    def ink_for(self, picture: Image.Image, area: tuple[int, int, int, int]) -> tuple[Colour, Colour | None]:
        """Text colour and shadow that can be read on an area of a picture."""
        red, green, blue = picture.crop(area).resize((1, 1), Image.Resampling.BOX).tobytes()
        if luminance((red, green, blue)) > 148:
            return mix(INK, self.accent, 0.18), None
        return WHITE, mix(INK, self.accent, 0.2)

    def pick(self, place: int) -> int:
        """Index of the picture for the shot at `place`: several pictures take turns."""
        return place % len(self.pictures)

    def point(self, place: int) -> str:
        """The selling point for the shot at `place`, or an empty text."""
        return self.points[place] if place < len(self.points) else ""

    def jitter(self, spread: float) -> float:
        """A seeded number in ± `spread`, so that two clips of one look do not move alike."""
        return float(self.generator.uniform(-spread, spread))


def look_through(planes: Planes, share: float, start: Camera, end: Camera, size: tuple[int, int]) -> Planes:
    """The camera on its way from `start` to `end`, filling `size` whatever the picture's proportions."""
    zoom, middle_x, middle_y = (a + (b - a) * ease(share) for a, b in zip(start, end, strict=True))
    width, height = planes.size
    cover = min(width / size[0], height / size[1])
    box_width, box_height = size[0] * cover / zoom, size[1] * cover / zoom
    left = min(max(0.0, middle_x * width - box_width / 2), width - box_width)
    top = min(max(0.0, middle_y * height - box_height / 2), height - box_height)
    return view(planes, (left, top, left + box_width, top + box_height), size)


def write_caption(
    text: str,
    style: TextStyle,
    *,
    left: float = SAFE_LEFT_PX,
    top: float,
    start_s: float,
    width_px: int = TEXT_WIDTH_PX,
    lines_max: int = 3,
) -> Caption:
    """Wrap, set and place a text; the top is moved up when the block would leave the safe area."""
    lines = wrap_text(text, load_font(style.size_px, style.weight), width_px, lines_max=lines_max)
    layer = to_layer(set_text(lines, style))
    inset = 0 if style.shadow is None else style.size_px // 3
    top = min(top, TEXT_FLOOR_PX - layer.planes.size[1])
    return Caption(layer, left - inset, top - inset, start_s)


def write_pill(text: str, mark: Colour, *, top: float, start_s: float, left: float = SAFE_LEFT_PX) -> Caption:
    """A selling point on a paper-white plate with a bar of colour, readable on any picture."""
    lines = wrap_text(text, load_font(34, 600), TEXT_WIDTH_PX - 76, lines_max=2)
    words = set_text(lines, TextStyle(34, 600, mix(INK, mark, 0.12), leading=1.3))
    size = (words.width + 74, words.height + 30)
    plate = Image.new("RGBA", (size[0] * 2, size[1] * 2), (255, 255, 255, 0))
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((0, 0, size[0] * 2 - 1, size[1] * 2 - 1), radius=36, fill=(255, 254, 251, 240))
    draw.rounded_rectangle((44, 48, 55, size[1] * 2 - 49), radius=6, fill=(*mark, 255))
    plate = plate.resize(size, Image.Resampling.LANCZOS)
    plate.alpha_composite(words, (44, 13))
    return Caption(to_layer(plate), left, min(top, TEXT_FLOOR_PX - size[1]), start_s)


def _slide(previous: Planes, current: Planes, share: float, *, sideways: bool) -> Planes:
    canvas = previous.copy()
    if sideways:
        put(canvas, previous, (-WIDTH_PX * 0.3 * share, 0))
        put(canvas, current, (WIDTH_PX * (1 - share), 0))
    else:
        put(canvas, previous, (0, -HEIGHT_PX * 0.3 * share))
        put(canvas, current, (0, HEIGHT_PX * (1 - share)))
    return canvas


def _wipe(previous: Planes, current: Planes, share: float) -> Planes:
    """A slanted edge runs across the frame."""
    mask = Image.new("L", FRAME_SIZE, 0)
    edge = -260 + (WIDTH_PX + 520) * share
    ImageDraw.Draw(mask).polygon([(0, 0), (edge + 200, 0), (edge - 200, HEIGHT_PX), (0, HEIGHT_PX)], fill=255)
    canvas = previous.copy()
    put(canvas, current, (0, 0), (mask, mask.resize((WIDTH_PX // 2, HEIGHT_PX // 2))))
    return canvas


def draw_moment(shots: list[Shot], time_s: float) -> Planes:
    """The frame of the whole clip at `time_s`, the cut between two shots included."""
    start, place = 0.0, 0
    while place + 1 < len(shots) and time_s >= start + shots[place].seconds:
        start += shots[place].seconds
        place += 1
    shot, inside = shots[place], time_s - start
    current = shot.draw(inside)
    if place == 0 or shot.cut == "hard" or inside >= CUT_S:
        return current
    before = shots[place - 1]
    previous = before.draw(before.seconds + inside)
    share = ease(inside / CUT_S)
    if shot.cut == "fade":
        return blend(previous, current, share)
    if shot.cut == "wipe":
        return _wipe(previous, current, share)
    return _slide(previous, current, share, sideways=shot.cut == "left")
