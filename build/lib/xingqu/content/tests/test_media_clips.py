"""Clips and picture posts made from a small drawn picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xingqu.content.media import errors
from xingqu.content.media.clips import ClipSpec, make_clip, open_stage, seed_generator
from xingqu.content.media.fonts import TextStyle, load_font, wrap_text
from xingqu.content.media.looks import LOOKS
from xingqu.content.media.planes import to_planes, view
from xingqu.content.media.probe import probe_video
from xingqu.content.media.process import ToolLimits
from xingqu.content.media.staging import (
    FRAME_SIZE,
    TEXT_FLOOR_PX,
    WIDTH_PX,
    draw_moment,
    extend_picture,
    write_caption,
)
from xingqu.content.media.stills import PicturePostSpec, make_picture_post
from xingqu.content.media.tones import PEAK, synthesise_bed

HEADLINE = "日式色织水洗条纹抱枕"
POINTS = ("色织面料，水洗工艺", "真朱红 / 薄缥蓝", "45*45cm")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "product.webp"
    drawn = Image.new("RGB", (360, 480), (226, 214, 200))
    drawn.paste((90, 120, 140), (100, 160, 260, 320))
    drawn.save(path, quality=80)
    return path


def test_a_clip_is_a_playable_vertical_video_with_sound(picture: Path, tmp_path: Path) -> None:
    spec = ClipSpec("k1", (picture,), HEADLINE, POINTS, "布艺软装", "#5a788c", seconds_max=1.0)
    told: list[float] = []
    made = make_clip(spec, tmp_path / "clips" / "one.mp4", on_progress=told.append)
    probe = probe_video(made.path)
    assert (probe.width_px, probe.height_px, probe.video_codec, probe.audio_codec) == (
        720,
        1280,
        "h264",
        "aac",
    )
    assert made.duration_ms == 1000
    assert abs(probe.duration_ms - 1000) <= 100
    assert told[-1] == 1.0
    assert [path.name for path in (tmp_path / "clips").iterdir()] == ["one.mp4"]


def test_the_same_spec_gives_the_same_clip(picture: Path, tmp_path: Path) -> None:
    spec = ClipSpec("k2", (picture,), HEADLINE, POINTS, seconds_max=0.2)
    first = make_clip(spec, tmp_path / "a.mp4").path.read_bytes()
    assert make_clip(spec, tmp_path / "b.mp4").path.read_bytes() == first


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("count", [1, 3])
def test_every_look_draws_whole_frames_and_lasts_six_to_twelve_seconds(look: str, count: int, picture: Path) -> None:
    generator = seed_generator("k3")
    spec = ClipSpec("k3", (picture,) * count, HEADLINE * 3, POINTS, "布艺软装", "#5a788c")
    shots = LOOKS[look](open_stage(spec, generator))
    seconds = sum(shot.seconds for shot in shots)
    assert 6 <= seconds <= 12
    frames = [draw_moment(shots, time).to_bytes() for time in (0.0, shots[0].seconds + 0.2, seconds)]
    assert [len(frame) for frame in frames] == [720 * 1280 * 3 // 2] * 3
    assert len(set(frames)) == 3


@pytest.mark.parametrize("look", list(LOOKS))
def test_a_look_does_without_points_and_eyebrow(look: str, picture: Path) -> None:
    shots = LOOKS[look](open_stage(ClipSpec("k4", (picture,), "枕"), seed_generator("k4")))
    assert draw_moment(shots, 3.0).size == FRAME_SIZE


def test_captions_stay_clear_of_the_apps_own_chrome() -> None:
    style = TextStyle(64, 800, (0, 0, 0))
    caption = write_caption(HEADLINE * 4, style, top=1200, start_s=0)
    assert caption.bottom <= TEXT_FLOOR_PX
    assert caption.left + caption.layer.planes.size[0] <= WIDTH_PX - 130


def test_a_refused_spec_writes_nothing(picture: Path, tmp_path: Path) -> None:
    for spec in (
        ClipSpec("k", (), HEADLINE),
        ClipSpec("k", (picture,), "  "),
        ClipSpec("k", (picture,), HEADLINE, look="unknown"),
        ClipSpec("k", (picture,), HEADLINE, accent="red"),
    ):
        with pytest.raises(ValueError):
            make_clip(spec, tmp_path / "no.mp4")
    with pytest.raises(errors.MediaCancelled):
        make_clip(ClipSpec("k", (picture,), HEADLINE), tmp_path / "no.mp4", should_cancel=lambda: True)
    with pytest.raises(errors.MediaTimeout):
        make_clip(ClipSpec("k", (picture,), HEADLINE), tmp_path / "no.mp4", limits=ToolLimits(timeout_s=0.05))
    assert [path.name for path in tmp_path.iterdir()] == ["product.webp"]


def test_lines_break_between_words_and_fit() -> None:
    font = load_font(60, 700)
    lines = wrap_text("升级款护颈波浪记忆枕，享受自在侧睡", font, 420, lines_max=3)
    assert "".join(lines) == "升级款护颈波浪记忆枕，享受自在侧睡"
    assert all(font.getlength(line) <= 420 for line in lines)
    assert not any(line.startswith("，") for line in lines)
    assert wrap_text("一二三四五六七八九十" * 5, font, 300, lines_max=2)[-1].endswith("…")


def test_a_camera_view_keeps_colours() -> None:
    planes = to_planes(Image.new("RGB", (100, 80), (200, 100, 50)))
    seen = view(planes, (10.3, 5.7, 60.1, 40.2), (40, 40))
    red, green, blue = 200, 100, 50
    luma = round(16 + (0.2126 * red + 0.7152 * green + 0.0722 * blue) * 219 / 255)
    assert abs(int(np.asarray(seen.luma)[20, 20]) - luma) <= 1


def test_a_backdrop_continues_without_changing_the_picture() -> None:
    picture = Image.new("RGB", (72, 96), (210, 200, 190))
    tall = extend_picture(picture, (72, 128))
    assert tall.size == (72, 128)
    assert max(abs(a - b) for a, b in zip(tall.getpixel((36, 2)), (210, 200, 190), strict=True)) <= 2


def test_the_bed_is_quiet_and_seeded() -> None:
    bed = synthesise_bed(1.0, seed_generator("s"))
    assert bed.shape == (44_100, 2)
    assert np.abs(bed).max() <= round(PEAK * 32_767)
    assert np.array_equal(bed, synthesise_bed(1.0, seed_generator("s")))
    assert not np.array_equal(bed, synthesise_bed(1.0, seed_generator("t")))


def test_a_picture_post_has_cover_detail_and_card(picture: Path, tmp_path: Path) -> None:
    spec = PicturePostSpec(
        "p1", (picture,), HEADLINE, "色织面料", (("材质", "100%棉"), ("尺寸", "45*45cm")), "布艺软装"
    )
    made = make_picture_post(spec, tmp_path / "post", points=POINTS)
    assert [still.path.name for still in made] == ["still-1.webp", "still-2.webp", "still-3.webp"]
    for still in made:
        with Image.open(still.path) as opened:
            assert opened.size == (still.width_px, still.height_px) == (900, 1200)
    several = make_picture_post(PicturePostSpec("p2", (picture,) * 3, HEADLINE), tmp_path / "several")
    assert len(several) == 3
    assert sorted(path.suffix for path in (tmp_path / "several").iterdir()) == [".webp"] * 3
