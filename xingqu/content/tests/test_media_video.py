"""Uploaded videos: what is accepted becomes HLS, what is not is refused with its reason and leaves
nothing.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from xingqu.content.media import errors, ffmpeg
from xingqu.content.media.ffmpeg import make_renditions
from xingqu.content.media.playlists import read_codecs
from xingqu.content.media.probe import VideoLimits, probe_video, sniff_container
from xingqu.content.media.process import ToolLimits, find_ffmpeg
from xingqu.content.media.whole import copy_recording


def run_ffmpeg(*arguments: str) -> None:
    subprocess.run([find_ffmpeg(), "-y", "-loglevel", "error", *arguments], check=True)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small real videos made once for this module."""
    folder = tmp_path_factory.mktemp("samples")
    picture = ["-f", "lavfi", "-i", "testsrc2=s=144x256:r=15:d=2.4"]
    sound = ["-f", "lavfi", "-i", "sine=d=2.4"]
    h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    run_ffmpeg(*picture, *sound, *h264, "-c:a", "aac", "-movflags", "+faststart", f"{folder}/good.mp4")
    run_ffmpeg(*picture, "-c:v", "libvpx", "-deadline", "realtime", f"{folder}/silent.webm")
    run_ffmpeg(*sound, "-c:a", "aac", f"{folder}/sound.mp4")
    run_ffmpeg(*picture, "-c:v", "mjpeg", f"{folder}/motion-jpeg.avi")
    run_ffmpeg("-display_rotation", "90", "-i", f"{folder}/good.mp4", "-c", "copy", f"{folder}/turned.mp4")
    return folder


def test_a_video_becomes_hls_with_short_first_segment_poster_and_previews(samples: Path, tmp_path: Path) -> None:
    told: list[float] = []
    made = make_renditions(samples / "good.mp4", tmp_path / "out", on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert abs(made.duration_ms - 2400) <= 150
    assert (made.width_px, made.height_px, made.has_audio) == (144, 256, True)
    assert [(one.name, one.width_px, one.height_px) for one in made.renditions] == [("360p", 144, 256)]
    master = (made.out_dir / made.master).read_text()
    assert "RESOLUTION=144x256" in master
    assert re.search(r'CODECS="avc1\.64[0-9a-f]{4},mp4a\.40\.2"', master)
    assert "360p/index.m3u8" in master
    playlist = (made.out_dir / "360p/index.m3u8").read_text()
    assert re.findall(r"#EXTINF:([0-9.]+)", playlist)[0] == "1.000000"
    assert playlist.rstrip().endswith("#EXT-X-ENDLIST")
    assert (made.out_dir / made.poster).read_bytes()[8:12] == b"WEBP"
    assert len(made.previews) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_large_enough_source_gets_two_renditions_and_is_copied_when_it_already_fits(tmp_path: Path) -> None:
    source = tmp_path / "fit.mp4"
    run_ffmpeg(
        *("-f", "lavfi", "-i", "color=c=teal:s=720x1280:r=10:d=3", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-pix_fmt", "yuv420p", "-g", "10", str(source)),
    )
    made = make_renditions(source, tmp_path / "out")
    assert [(one.name, one.width_px, one.height_px, one.copied) for one in made.renditions] == [
        ("720p", 720, 1280, True),
        ("360p", 360, 640, False),
    ]
    assert made.renditions[0].codecs.startswith("avc1.")
    assert "mp4a" not in made.renditions[0].codecs
    assert all(one.bandwidth_bps >= one.average_bandwidth_bps for one in made.renditions)


def boxes(path: Path) -> list[str]:
    """Types of an MP4's top boxes, in their order."""
    content, at, found = path.read_bytes(), 0, []
    while at < len(content):
        found.append(content[at + 4 : at + 8].decode())
        at += int.from_bytes(content[at : at + 4], "big")
    return found


def test_a_short_light_clip_is_also_one_file_with_its_index_in_front(samples: Path, tmp_path: Path) -> None:
    made = make_renditions(samples / "good.mp4", tmp_path / "out")
    assert made.single == "clip.mp4"
    found = boxes(made.out_dir / made.single)
    assert found.index("moov") < found.index("mdat")
    single, best = probe_video(made.out_dir / made.single), made.renditions[0]
    assert (single.video_codec, single.audio_codec) == ("h264", "aac")
    assert (single.width_px, single.height_px) == (best.width_px, best.height_px)
    assert abs(single.duration_ms - made.duration_ms) <= 100
    assert abs(single.bytes_total - best.bytes_total) < 6_000  # the same streams, in another wrapping


def test_a_long_or_heavy_video_is_played_from_its_playlist_only(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("SINGLE_DURATION_MAX_MS", "SINGLE_BIT_RATE_MAX_BPS"):
        with monkeypatch.context() as context:
            context.setattr(ffmpeg, limit, 1_000)
            made = make_renditions(samples / "good.mp4", tmp_path / limit)
        assert made.single == ""
        assert not (made.out_dir / "clip.mp4").exists()


def test_a_turned_phone_video_is_upright(samples: Path, tmp_path: Path) -> None:
    made = make_renditions(samples / "turned.mp4", tmp_path / "out")
    assert (made.width_px, made.height_px) == (256, 144)
    assert (made.renditions[0].width_px, made.renditions[0].height_px) == (256, 144)


def test_webm_without_sound(samples: Path) -> None:
    probe = probe_video(samples / "silent.webm")
    assert (probe.container, probe.video_codec, probe.audio_codec) == ("matroska", "vp8", None)
    assert abs(probe.duration_ms - 2400) <= 150


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n" * 4
CONCAT = b"ffconcat version 1.0\nfile '/etc/passwd'\nfile 'concat:/etc/passwd'\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("short.mp4", b"\x00\x00"),
        ("page.mp4", b"<!doctype html><html><script>alert(1)</script></html>"),
        ("playlist.mp4", PLAYLIST),
        ("concat.mp4", CONCAT),
        ("picture.mp4", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("heif.mp4", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64),
        ("archive.mp4", b"PK\x03\x04" + b"\x00" * 64),
    ],
)
def test_what_is_no_video_is_refused_by_its_first_bytes(name: str, content: bytes, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(errors.NotAVideo):
        make_renditions(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("inner", [PLAYLIST, CONCAT, b"\xff" * 5000, b"\x00" * 5000])
@pytest.mark.parametrize("head", [b"\x00\x00\x00\x18ftypisom" + b"\x00" * 12, b"\x1aE\xdf\xa3" + b"\x00" * 20])
def test_a_forged_header_before_something_else_is_corrupt(head: bytes, inner: bytes, tmp_path: Path) -> None:
    source = tmp_path / "forged.mp4"
    source.write_bytes(head + inner)
    with pytest.raises((errors.CorruptMedia, errors.NoVideoStream)):
        make_renditions(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_truncated_video_is_refused(share: float, samples: Path, tmp_path: Path) -> None:
    content = (samples / "good.mp4").read_bytes()
    source = tmp_path / "cut.mp4"
    source.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(errors.CorruptMedia):
        make_renditions(source, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["cut.mp4"]


def test_sound_alone_has_no_video_stream(samples: Path) -> None:
    with pytest.raises(errors.NoVideoStream):
        probe_video(samples / "sound.mp4")


def test_an_unsupported_codec_is_named(samples: Path) -> None:
    with pytest.raises(errors.UnsupportedCodec, match="mjpeg"):
        probe_video(samples / "motion-jpeg.avi")


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (VideoLimits(duration_max_ms=1000), errors.TooLong),
        (VideoLimits(duration_min_ms=9000), errors.TooShort),
        (VideoLimits(side_max_px=200), errors.TooLarge),
        (VideoLimits(frame_max_px=1000), errors.TooLarge),
        (VideoLimits(bytes_max=100), errors.TooManyBytes),
    ],
)
def test_limits(limits: VideoLimits, refusal: type[errors.MediaError], samples: Path, tmp_path: Path) -> None:
    with pytest.raises(refusal):
        make_renditions(samples / "good.mp4", tmp_path / "out", limits=limits)
    assert list(tmp_path.iterdir()) == []


def test_cancel_and_timeout_kill_the_child_and_leave_nothing(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.MediaCancelled):
        make_renditions(samples / "good.mp4", tmp_path / "out", should_cancel=lambda: True)
    hurried = VideoLimits(tool=ToolLimits(timeout_s=0.0))
    with pytest.raises(errors.MediaTimeout):
        make_renditions(samples / "good.mp4", tmp_path / "out", limits=hurried)
    assert list(tmp_path.iterdir()) == []


def test_sniffing() -> None:
    assert sniff_container(b"\x00\x00\x00\x20ftypisom" + b"\x00" * 8) == "mov"
    assert sniff_container(b"RIFF\x00\x00\x00\x00AVI LIST") == "avi"
    assert sniff_container(b"RIFF\x00\x00\x00\x00WEBPVP8 ") is None
    assert sniff_container((b"G" + b"\x00" * 187) * 4) == "mpegts"
    assert sniff_container(b"G" * 10 + b"\x00" * 800) is None


def test_codecs_come_from_the_initialisation_segment() -> None:
    segment = b"....avcC\x01\x64\x00\x1f\xff"
    assert read_codecs(segment, has_audio=True) == "avc1.64001f,mp4a.40.2"
    assert read_codecs(segment, has_audio=False) == "avc1.64001f"
    with pytest.raises(errors.CorruptMedia):
        read_codecs(b"nothing", has_audio=True)


def test_a_recording_is_copied_into_one_rendition(tmp_path: Path) -> None:
    source = tmp_path / "show.mp4"
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=144x256:r=50:d=8", "-f", "lavfi", "-i", "sine=d=8"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", str(source)),
    )
    made = copy_recording(source, tmp_path / "out", limits=VideoLimits(duration_max_ms=60_000))
    [one] = made.renditions
    assert (one.name, one.width_px, one.height_px, one.copied, made.single) == ("whole", 144, 256, True, "")
    playlist = (made.out_dir / "whole/index.m3u8").read_text()
    assert [float(length) for length in re.findall(r"#EXTINF:([0-9.]+)", playlist)] == [6.0, 2.0]
    assert "whole/index.m3u8" in (made.out_dir / made.master).read_text()
    assert (made.out_dir / made.poster).read_bytes()[8:12] == b"WEBP"
    assert len(made.previews) == 5
    assert sorted(path.name for path in made.out_dir.iterdir() if path.suffix == ".png") == []
    with pytest.raises(errors.TooLong):
        copy_recording(source, tmp_path / "long", limits=VideoLimits(duration_max_ms=5_000))
    assert not (tmp_path / "long").exists()


def test_a_recording_of_another_codec_is_refused(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.CorruptMedia):
        copy_recording(samples / "silent.webm", tmp_path / "out")
    assert not (tmp_path / "out").exists()
