"""Six ways to direct a clip. Each look turns a stage into three or four shots; the first frame is already a
cover.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from xingqu.content.media.fonts import Colour, TextStyle, set_vertical
from xingqu.content.media.planes import Planes, mask_layer, put, put_layer, to_layer, to_planes
from xingqu.content.media.staging import (
    FRAME_SIZE,
    HEIGHT_PX,
    INK,
    SAFE_TOP_PX,
    TEXT_FLOOR_PX,
    WHITE,
    WIDTH_PX,
    Camera,
    Caption,
    Cut,
    Shot,
    Stage,
    blur_backdrop,
    ease_out,
    look_through,
    luminance,
    mix,
    write_caption,
    write_pill,
)

THERE = -1.0
Look = Callable[[Stage], list[Shot]]
TOP_AREA = (0, 100, 600, 420)


def _title_captions(stage: Stage, ink: Colour, shadow: Colour | None, *, size_px: int = 64) -> list[Caption]:
    """Eyebrow and headline at the top, already in place when the shot begins."""
    captions = []
    top = float(SAFE_TOP_PX)
    if stage.eyebrow:
        style = TextStyle(26, 500, mix(ink, stage.accent, 0.25), tracking_px=4, shadow=shadow)
        captions.append(write_caption(stage.eyebrow, style, top=top, start_s=THERE, lines_max=1))
        top += 50
    style = TextStyle(size_px, 800, ink, leading=1.2, shadow=shadow)
    captions.append(write_caption(stage.headline, style, top=top, start_s=THERE))
    return captions


def _camera_shot(
    stage: Stage,
    picture: int,
    seconds: float,
    start: Camera,
    end: Camera,
    captions: list[Caption],
    *,
    cut: Cut = "fade",
) -> Shot:
    scene = stage.scenes[picture]

    def draw(t: float) -> Planes:
        frame = look_through(scene, t / (seconds + 0.4), start, end, FRAME_SIZE)
        for caption in captions:
            caption.put_on(frame, t)
        return frame

    return Shot(seconds, draw, cut)


def _pill_for(stage: Stage, place: int, *, top: float = 880, start_s: float = 0.35) -> list[Caption]:
    text = stage.point(place)
    return [write_pill(text, stage.accent, top=top, start_s=start_s)] if text else []


def direct_scene(stage: Stage) -> list[Shot]:
    """Full bleed: a slow push in, two close-ups that pan, and the hero again."""
    ink, shadow = stage.ink_for(stage.scene_pictures[0], TOP_AREA)
    second, third = stage.pick(1), stage.pick(2)
    side = 0.1 if stage.jitter(1) > 0 else -0.1
    closing = _pill_for(stage, 2)
    return [
        _camera_shot(stage, 0, 2.4, (1.0, 0.5, 0.5), (1.1, 0.5, 0.52), _title_captions(stage, ink, shadow)),
        _camera_shot(
            stage,
            second,
            1.8,
            (1.9, 0.5 - side, 0.5),
            (1.75, 0.5 + side, 0.46),
            _pill_for(stage, 0),
            cut="wipe",
        ),
        _camera_shot(stage, third, 1.8, (1.5, 0.5 + side, 0.58), (1.65, 0.5, 0.42), _pill_for(stage, 1), cut="fade"),
        _camera_shot(stage, 0, 1.8, (1.22, 0.5, 0.48), (1.0, 0.5, 0.5), closing, cut="fade"),
    ]


def _rounded_mask(size: tuple[int, int], radius: int) -> tuple[Image.Image, Image.Image]:
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] * 2 - 1, size[1] * 2 - 1), radius=radius * 2, fill=255)
    return mask_layer(mask.resize(size, Image.Resampling.LANCZOS))


def _card_shadow(size: tuple[int, int], strength: int) -> Image.Image:
    margin = 60
    shade = Image.new("RGBA", (size[0] + 2 * margin, size[1] + 2 * margin), (0, 0, 0, 0))
    box = (margin, margin + 14, margin + size[0], margin + size[1] + 14)
    ImageDraw.Draw(shade).rounded_rectangle(box, radius=40, fill=(0, 0, 0, strength))
    return shade.filter(ImageFilter.GaussianBlur(24))


def direct_card(stage: Stage) -> list[Shot]:
    """A rounded card floats over its own blurred backdrop and moves against it; close-ups slide in as new
    cards.
    """
    size, at = (596, 690), (62, 330)
    masks = _rounded_mask(size, 40)
    shade = to_layer(_card_shadow(size, 110))
    backdrops = [to_planes(blur_backdrop(picture, (800, 1424), dim=0.28)) for picture in stage.pictures]
    title = _title_captions(stage, WHITE, None, size_px=54)
    cameras: list[tuple[Camera, Camera]] = [
        ((1.0, 0.5, 0.5), (1.1, 0.5, 0.5)),
        ((1.9, 0.42, 0.55), (1.7, 0.56 + stage.jitter(0.04), 0.48)),
        ((1.35, 0.55, 0.45), (1.55, 0.47, 0.55)),
    ]

    def make(place: int) -> Shot:
        picture = stage.pick(place)
        captions = title + _pill_for(stage, place - 1, top=900) if place else title
        start, end = cameras[place]
        seconds = 2.8 if place == 0 else 2.4
        entry = 0.0 if place == 0 else 1.0

        def draw(t: float) -> Planes:
            share = t / (seconds + 0.4)
            frame = look_through(backdrops[picture], share, (1.0, 0.58, 0.5), (1.08, 0.42, 0.5), FRAME_SIZE)
            slide = entry * 520 * (1 - ease_out(t / 0.7))
            drift = -10 + 20 * share
            put_layer(frame, shade, (at[0] - 60 + slide + drift, at[1] - 60))
            put(
                frame,
                look_through(stage.plates[picture], share, start, end, size),
                (at[0] + slide + drift, at[1]),
                masks,
            )
            for caption in captions:
                caption.put_on(frame, t)
            return frame

        return Shot(seconds, draw, "fade")

    return [make(place) for place in range(3)]


def direct_block(stage: Stage) -> list[Shot]:
    """A block of the product's own colour carries large type; photograph and block change places."""
    paint = mix(stage.accent, WHITE, 0.12) if luminance(stage.accent) > 90 else stage.accent
    ink = INK if luminance(paint) > 140 else WHITE
    ground = to_planes(Image.new("RGB", FRAME_SIZE, paint))
    title = _title_captions(stage, ink, None, size_px=62)
    head = max(caption.bottom for caption in title) + 36
    head = int(head) // 2 * 2

    def make(
        place: int, seconds: float, at_y: int, start: Camera, end: Camera, captions: list[Caption], cut: Cut
    ) -> Shot:
        plate = stage.plates[stage.pick(place)]
        size = (WIDTH_PX, HEIGHT_PX - head if at_y else 760)

        def draw(t: float) -> Planes:
            frame = ground.copy()
            put(frame, look_through(plate, t / (seconds + 0.4), start, end, size), (0, at_y))
            for caption in captions:
                caption.put_on(frame, t)
            return frame

        return Shot(seconds, draw, cut)

    def words(place: int) -> list[Caption]:
        text = stage.point(place)
        if not text:
            return []
        number = write_caption(f"{place + 1:02d}", TextStyle(28, 300, ink, tracking_px=4), top=786, start_s=0.2)
        style = TextStyle(46, 700, ink, leading=1.25)
        return [number, write_caption(text, style, top=832, start_s=0.3, lines_max=2)]

    return [
        make(0, 2.5, head, (1.0, 0.5, 0.5), (1.12, 0.5, 0.52), title, "hard"),
        make(1, 1.9, 0, (1.6, 0.4, 0.55), (1.6, 0.6, 0.5), words(0), "up"),
        make(2, 1.9, 0, (2.1, 0.56, 0.42), (1.8, 0.46, 0.52), words(1), "left"),
        make(0, 1.6, head, (1.18, 0.5, 0.52), (1.0, 0.5, 0.5), title, "up"),
    ]


def _arch_mask(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    big = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    draw = ImageDraw.Draw(big)
    draw.ellipse((0, 0, size[0] * 2 - 1, size[0] * 2 - 1), fill=255)
    draw.rectangle((0, size[0], size[0] * 2 - 1, size[1] * 2 - 1), fill=255)
    return mask_layer(big.resize(size, Image.Resampling.LANCZOS))


def direct_arch(stage: Stage) -> list[Shot]:
    """Paper, an arched window and a headline set from top to bottom, as in a quiet magazine."""
    paper = mix(mix(stage.accent, WHITE, 0.86), (247, 243, 236), 0.5)
    ink = mix(INK, stage.accent, 0.3)
    size, at = (476, 640), (196, 250)
    masks = _arch_mask(size)
    ground_picture = Image.new("RGB", FRAME_SIZE, paper)
    ImageDraw.Draw(ground_picture).line((48, 214, 590, 214), fill=mix(paper, ink, 0.35), width=2)
    ground = to_planes(ground_picture)
    title = stage.headline.replace(" ", "")[:22]
    per_column = 11 if len(title) <= 11 else -(-len(title) // 2)
    letter = 56 if per_column <= 10 else 50
    columns = [title[start : start + per_column] for start in range(0, len(title), per_column)]
    captions = []
    for place, column in enumerate(columns):
        layer = to_layer(set_vertical(column, TextStyle(letter, 700, ink, leading=1.14)))
        # Chinese columns run from right to left.
        captions.append(Caption(layer, 48 + (len(columns) - 1 - place) * (letter + 14), 262, THERE))
    if stage.eyebrow:
        small = TextStyle(26, 500, mix(ink, paper, 0.25), tracking_px=5)
        captions.append(write_caption(stage.eyebrow, small, top=162, start_s=THERE, lines_max=1))

    def make(place: int, seconds: float, start: Camera, end: Camera, cut: Cut) -> Shot:
        plate = stage.plates[stage.pick(place)]
        text = stage.point(place - 1) if place else ""
        style = TextStyle(30, 500, ink)
        line = [write_caption(text, style, left=196, top=902, start_s=0.3, width_px=394, lines_max=2)] if text else []

        def draw(t: float) -> Planes:
            frame = ground.copy()
            put(frame, look_through(plate, t / (seconds + 0.4), start, end, size), at, masks)
            for caption in captions + line:
                caption.put_on(frame, t)
            return frame

        return Shot(seconds, draw, cut)

    return [
        make(0, 2.8, (1.0, 0.5, 0.5), (1.12, 0.5, 0.52), "hard"),
        make(1, 2.4, (1.8, 0.42, 0.5), (1.65, 0.57 + stage.jitter(0.03), 0.5), "fade"),
        make(2, 2.6, (1.45, 0.5, 0.6), (1.1, 0.5, 0.5), "fade"),
    ]


def direct_strips(stage: Stage) -> list[Shot]:
    """Three bands of close-ups glide against each other, then join into the whole picture."""
    heights, gap = (426, 420, 426), 4
    ground = to_planes(Image.new("RGB", FRAME_SIZE, WHITE))
    zooms: tuple[Camera, ...] = ((1.55, 0.5, 0.42), (1.15, 0.5, 0.5), (1.85, 0.5, 0.6))
    ink, shadow = stage.ink_for(stage.scene_pictures[0], TOP_AREA)
    plate_style = write_pill(stage.headline, stage.accent, top=566, start_s=THERE)

    def draw(t: float) -> Planes:
        frame, top = ground.copy(), 0
        for place, height in enumerate(heights):
            direction = 0.12 if place % 2 else -0.12
            zoom, x, y = zooms[place]
            camera = look_through(
                stage.plates[stage.pick(place)],
                t / 3.0,
                (zoom, x - direction, y),
                (zoom * 1.06, x + direction, y),
                (WIDTH_PX, height),
            )
            put(frame, camera, (0, top))
            top += height + gap
        plate_style.put_on(frame, t)
        return frame

    last = stage.pick(len(stage.pictures) - 1)
    return [
        Shot(2.3, draw, "hard"),
        _camera_shot(stage, 0, 2.1, (1.3, 0.5, 0.5), (1.08, 0.5, 0.5), _title_captions(stage, ink, shadow)),
        _camera_shot(stage, stage.pick(1), 1.8, (1.9, 0.44, 0.44), (1.75, 0.56, 0.52), _pill_for(stage, 0), cut="left"),
        _camera_shot(stage, last, 1.8, (1.3, 0.5, 0.46), (1.02, 0.5, 0.5), _pill_for(stage, 1), cut="fade"),
    ]


def _print_photo(picture: Image.Image, angle: float, *, crop: float) -> Image.Image:
    """A paper print: white border, soft shadow, slightly turned."""
    width, height = 430, 520
    scale = max(width / picture.width, height / picture.height) * crop
    fitted = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    left, top = (fitted.width - width) // 2, (fitted.height - height) // 2
    card = Image.new("RGBA", (width + 44, height + 96), (252, 251, 248, 255))
    card.paste(fitted.crop((left, top, left + width, top + height)), (22, 22))
    margin = 50
    sheet = Image.new("RGBA", (card.width + 2 * margin, card.height + 2 * margin), (0, 0, 0, 0))
    ImageDraw.Draw(sheet).rectangle(
        (margin, margin + 12, margin + card.width, margin + card.height + 12), fill=(20, 16, 14, 105)
    )
    sheet = sheet.filter(ImageFilter.GaussianBlur(15))
    sheet.alpha_composite(card, (margin, margin))
    return sheet.rotate(angle, Image.Resampling.BICUBIC, expand=True)


def direct_prints(stage: Stage) -> list[Shot]:
    """Paper prints land one after another on a table of the product's colour; the last shot is the hero."""
    table = mix(mix(stage.accent, WHITE, 0.62), (236, 230, 222), 0.4)
    ground_picture = Image.new("RGB", FRAME_SIZE, table)
    ground = to_planes(ground_picture)
    ink, shadow = stage.ink_for(ground_picture, TOP_AREA)
    title = _title_captions(stage, ink, shadow, size_px=56)
    crops = (1.0, 1.7, 1.3)
    prints = []
    for place in range(3):
        sheet = _print_photo(
            stage.pictures[stage.pick(place)], (-5, 4, -2)[place] + stage.jitter(1.5), crop=crops[place]
        )
        prints.append(to_layer(sheet))
    spots = ((20, 330), (150, 420), (60, 372))
    lands = (THERE, 1.1, 2.2)
    pills = _pill_for(stage, 0, top=TEXT_FLOOR_PX - 80, start_s=1.5)

    def draw(t: float) -> Planes:
        frame = ground.copy()
        for layer, spot, lands_s in zip(prints, spots, lands, strict=True):
            share = ease_out((t - lands_s) / 0.55)
            if share > 0:
                put_layer(frame, layer, (spot[0] + 60 * (1 - share), spot[1] - 150 * (1 - share) - 4 * t), share)
        for caption in title + pills:
            caption.put_on(frame, t)
        return frame

    closing = _pill_for(stage, 1)
    return [
        Shot(3.8, draw, "hard"),
        _camera_shot(stage, stage.pick(1), 1.9, (1.8, 0.44, 0.54), (1.65, 0.56, 0.48), closing, cut="left"),
        _camera_shot(stage, 0, 2.3, (1.2, 0.5, 0.5), (1.0, 0.5, 0.5), _pill_for(stage, 2), cut="wipe"),
    ]


LOOKS: Final[dict[str, Look]] = {
    "scene": direct_scene,
    "card": direct_card,
    "block": direct_block,
    "arch": direct_arch,
    "strips": direct_strips,
    "prints": direct_prints,
}
