"""Uploaded pictures: sizes, metadata, bombs and broken files."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from xingqu.content.media import errors
from xingqu.content.media.pictures import PictureLimits, make_picture


def write_jpeg(path: Path, size: tuple[int, int] = (800, 400)) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010E] = "a secret place"
    Image.new("RGB", size, (200, 60, 30)).save(path, "JPEG", exif=exif)
    return path


def png_bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises far more pixels than its few bytes suggest."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_sizes_are_webp_upright_and_without_metadata(tmp_path: Path) -> None:
    made = make_picture(write_jpeg(tmp_path / "in.jpg"), tmp_path / "out")
    assert (made.width_px, made.height_px) == (400, 800)
    assert [(one.name, one.width_px, one.height_px) for one in made.files] == [
        ("w360.webp", 360, 720),
        ("w400.webp", 400, 800),
    ]
    assert made.colour == "#c73d1e" or made.colour.startswith("#c")
    for one in made.files:
        content = (made.out_dir / one.name).read_bytes()
        assert len(content) == one.bytes_total
        assert b"secret" not in content
        with Image.open(made.out_dir / one.name) as picture:
            assert picture.format == "WEBP"
            assert not picture.getexif()


def test_a_transparent_picture_stays_transparent(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 64), (10, 20, 30, 128)).save(tmp_path / "in.png")
    made = make_picture(tmp_path / "in.png", tmp_path / "out")
    with Image.open(made.out_dir / made.files[0].name) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize("side", [9_000, 30_000, 200_000])
def test_a_bomb_is_refused_by_its_header(side: int, tmp_path: Path) -> None:
    (tmp_path / "in.png").write_bytes(png_bomb(side, side))
    with pytest.raises(errors.TooLarge):
        make_picture(tmp_path / "in.png", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"GIF89a" + b"\x00" * 50, b"%PDF-1.7", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "in.jpg").write_bytes(content)
    with pytest.raises(errors.NotAPicture):
        make_picture(tmp_path / "in.jpg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_truncated_picture_is_corrupt(tmp_path: Path) -> None:
    content = write_jpeg(tmp_path / "in.jpg").read_bytes()
    (tmp_path / "in.jpg").write_bytes(content[: len(content) // 2])
    with pytest.raises(errors.CorruptMedia):
        make_picture(tmp_path / "in.jpg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_limits(tmp_path: Path) -> None:
    source = write_jpeg(tmp_path / "in.jpg")
    with pytest.raises(errors.TooManyBytes):
        make_picture(source, tmp_path / "out", limits=PictureLimits(bytes_max=10))
    with pytest.raises(errors.NotAPicture):
        make_picture(source, tmp_path / "out", limits=PictureLimits(side_min_px=500))
    assert not (tmp_path / "out").exists()
