"""Segment files and keys, on a real disk."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xingqu.signals.contracts import FIRST_RECORD
from xingqu.signals.segments import MAGIC, SegmentLog
from xingqu.vault import KEY_BYTES, Vault


@pytest.fixture
def log(tmp_path: Path) -> SegmentLog:
    return SegmentLog(tmp_path / "log")


def texts(log: SegmentLog, positions: dict[int, int] | None = None) -> list[bytes]:
    return [record for _, record in log.read(positions or {})]


def test_records_read_back_in_order_from_any_position(log: SegmentLog) -> None:
    places = [log.append(b"record %d" % i) for i in range(5)]
    assert texts(log) == [b"record %d" % i for i in range(5)]
    assert texts(log, {places[0].segment: places[2].end}) == [b"record 3", b"record 4"]
    assert log.read_one(places[3].segment, places[3].start) == b"record 3"
    assert log.read_one(places[3].segment, places[3].start + 1) is None
    assert log.read_one(99, 8) is None


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes=100)
    places = [log.append(bytes([i]) * 60) for i in range(5)]
    assert [place.segment for place in places] == sorted(place.segment for place in places)
    assert len(log.segments()) == 3
    assert texts(log) == [bytes([i]) * 60 for i in range(5)]


def test_segments_follow_each_other_though_the_clock_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SegmentLog(tmp_path, segment_bytes=100)
    seconds = iter([1_790_000_000.0] * 20 + [1_789_999_000.0] * 20)
    monkeypatch.setattr("xingqu.signals.segments.time.time", lambda: next(seconds))
    texts_in = [bytes([i]) * 100 for i in range(30)]
    places = [log.append(text) for text in texts_in]
    assert [place.segment for place in places] == sorted({place.segment for place in places})
    assert texts(log) == texts_in


def test_a_torn_tail_is_ignored_and_cut_once_the_writer_is_gone(log: SegmentLog) -> None:
    last = log.append(b"whole")
    path = log.folder / f"{last.segment:016x}.seg"
    with path.open("ab") as file:
        file.write(b"\x09\x00\x00\x00torn")
    assert texts(log) == [b"whole"]
    assert log.recover({}) == []  # its writer lives
    log.close()
    assert log.recover({}) == [last.segment]
    assert path.stat().st_size == last.end


def test_a_flipped_bit_ends_the_segment_there(log: SegmentLog) -> None:
    first, second = log.append(b"good record"), log.append(b"bad record")
    path = log.folder / f"{first.segment:016x}.seg"
    data = bytearray(path.read_bytes())
    data[second.start + 10] ^= 1
    path.write_bytes(data)
    assert texts(log) == [b"good record"]


def test_a_record_that_cannot_be_written_leaves_nothing(log: SegmentLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(b"before")
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:5]))
    with pytest.raises(OSError, match="in part"):
        log.append(b"does not fit")
    monkeypatch.undo()
    log.append(b"after")
    assert texts(log) == [b"before", b"after"]


def test_threads_share_a_log(log: SegmentLog) -> None:
    def write(name: int) -> None:
        for i in range(50):
            log.append(b"%d-%d" % (name, i))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts(log)) == sorted(b"%d-%d" % (name, i) for name in range(4) for i in range(50))


def test_old_segments_are_dropped_and_one_in_use_is_kept(log: SegmentLog) -> None:
    old = log.append(b"old").segment
    log.roll()
    new = log.append(b"new").segment
    for segment in (old, new):
        os.utime(log.folder / f"{segment:016x}.seg", (1000, 1000))
    assert log.drop_before(2_000_000) == [old]
    assert texts(log) == [b"new"]


def test_empty_and_oversize_records_are_refused(log: SegmentLog) -> None:
    for record in (b"", bytes((1 << 24) + 1)):
        with pytest.raises(ValueError, match="a record has"):
            log.append(record)
    assert log.segments() == []


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\nfrom xingqu.signals.segments import SegmentLog\n"
        "log = SegmentLog(pathlib.Path(sys.argv[1]), segment_bytes=4000)\ni = 0\n"
        "while True:\n    log.append(b'%08d' % i * 20); print(i, flush=True); i += 1\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(300)]
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout.read().split()]
    log = SegmentLog(tmp_path)
    assert len(log.recover({})) == len(log.segments())
    found = texts(log)
    assert found[: len(acknowledged)] == [b"%08d" % i * 20 for i in acknowledged]
    assert len(found) <= len(acknowledged) + 1


def test_only_the_right_key_opens_and_erasing_it_is_final(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys")
    one, two = vault.new_slot(), vault.new_slot()
    sealed = vault.seal(one, b"secret")
    assert vault.unseal(one, sealed) == b"secret"
    assert vault.unseal(two, sealed) is None
    assert vault.unseal(one, sealed[:-1]) is None
    assert vault.unseal(one, b"") is None
    vault.erase(one)
    assert vault.unseal(one, sealed) is None
    with pytest.raises(KeyError):
        vault.seal(one, b"again")
    assert vault.new_slot() == two + 1  # never used twice
    assert Vault(tmp_path / "keys").unseal(two, vault.seal(two, b"kept")) == b"kept"
    assert (tmp_path / "keys").read_bytes()[one * KEY_BYTES : two * KEY_BYTES] == bytes(KEY_BYTES)
    with pytest.raises(ValueError, match="own"):
        vault.erase(0)


def test_a_segment_begins_with_its_magic(log: SegmentLog) -> None:
    place = log.append(b"x")
    data = (log.folder / f"{place.segment:016x}.seg").read_bytes()
    assert data.startswith(MAGIC)
    assert place.start == len(MAGIC) == FIRST_RECORD
