"""Adapter of the log port: append-only segment files on disk, each written by exactly one process.

A segment begins with a magic text; each record is its length, its CRC-32 and its bytes. The writer holds an
exclusive `flock` for as long as it lives, so that anyone can tell a finished segment from one in use, and a crash
releases it. A record that was cut by a crash fails its length or checksum: readers stop there, `recover` cuts it off.
"""

import contextlib
import fcntl
import logging
import os
import secrets
import struct
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from zlib import crc32

from xingqu.signals.contracts import LogPosition

log = logging.getLogger(__name__)
MAGIC = b"XQSEG01\n"
MAX_RECORD_BYTES = 1 << 24
SUFFIX = ".seg"
_FRAME = struct.Struct("<II")
_READ_BYTES = 1 << 20


class SegmentLog:
    """The log port over one folder. Thread-safe; a forked child begins a segment of its own."""

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20, sync: bool = True) -> None:
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._sync = sync
        self._lock = threading.Lock()
        self._fd = -1
        self._pid = 0
        self._segment = 0
        self._end = 0
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, record: bytes) -> LogPosition:
        """Write one record and wait until it is on the disk. Raises OSError, after which nothing of it remains."""
        if not 0 < len(record) <= MAX_RECORD_BYTES:
            raise ValueError(f"a record has 1..{MAX_RECORD_BYTES} bytes, not {len(record)}")
        frame = _FRAME.pack(len(record), crc32(record)) + record
        with self._lock:
            self._ready()
            start = self._end
            try:
                if os.write(self._fd, frame) != len(frame):
                    raise OSError("the record was written only in part: is the disk full?")
                if self._sync:
                    os.fdatasync(self._fd)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._fd, start)
                self._close()  # after a failed fsync the kernel may have dropped pages: never trust this file's tail
                raise
            self._end = start + len(frame)
            return LogPosition(self._segment, start, self._end)

    def roll(self) -> None:
        with self._lock:
            self._close()

    def read(
        self, positions: Mapping[int, int], *, segments: Collection[int] | None = None
    ) -> Iterator[tuple[LogPosition, bytes]]:
        for segment in self.segments():
            if segments is not None and segment not in segments:
                continue
            start = max(positions.get(segment, 0), len(MAGIC))
            try:
                yield from _read_segment(self._path(segment), segment, start)
            except FileNotFoundError:
                continue  # dropped by retention meanwhile

    def read_one(self, segment: int, start: int) -> bytes | None:
        try:
            with self._path(segment).open("rb") as file:
                file.seek(start)
                return _read_frame(file.read(_FRAME.size), file.read)
        except (OSError, OverflowError, ValueError):
            return None

    def recover(self, positions: Mapping[int, int]) -> list[int]:
        finished = []
        for segment in self.segments():
            with contextlib.suppress(FileNotFoundError, BlockingIOError), _locked(self._path(segment)) as fd:
                size = os.fstat(fd).st_size
                end = max(positions.get(segment, 0), len(MAGIC))
                if size > end:
                    for position, _ in _read_segment(self._path(segment), segment, end):
                        end = position.end
                if size > end:
                    log.warning("segment %016x: cut %s bytes of a torn tail", segment, size - end)
                    os.ftruncate(fd, end)
                    os.fdatasync(fd)
                finished.append(segment)
        return finished

    def drop_before(self, cutoff_ms: int) -> list[int]:
        dropped = []
        for segment in self.segments():
            path = self._path(segment)
            with contextlib.suppress(FileNotFoundError, BlockingIOError), _locked(path) as fd:
                if os.fstat(fd).st_mtime * 1000 < cutoff_ms:
                    path.unlink()
                    dropped.append(segment)
        return dropped

    def segments(self) -> list[int]:
        """Numbers of all segments, in the order they were begun."""
        names = [entry.name for entry in os.scandir(self.folder) if entry.name.endswith(SUFFIX)]
        return sorted(int(name.removesuffix(SUFFIX), 16) for name in names)

    def close(self) -> None:
        self.roll()

    def _path(self, segment: int) -> Path:
        return self.folder / f"{segment:016x}{SUFFIX}"

    def _ready(self) -> None:
        if self._pid != os.getpid():  # a forked child shares the parent's file and lock: leave both alone
            self._fd, self._pid, self._segment = -1, os.getpid(), 0
        if self._fd >= 0 and self._end >= self._segment_bytes:
            self._close()
        if self._fd < 0:
            self._begin()

    def _begin(self) -> None:
        # 42 bits of milliseconds sort segments by their beginning, 22 random bits keep processes apart. One's own follow each
        # other also within a millisecond, or when the clock is set back.
        segment = max((int(time.time() * 1000) << 22) | secrets.randbits(22), self._segment + 1)
        fd = os.open(self._path(segment), os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX)
        os.write(fd, MAGIC)
        if self._sync:
            os.fdatasync(fd)
            folder = os.open(self.folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self._fd, self._segment, self._end = fd, segment, len(MAGIC)

    def _close(self) -> None:
        if self._fd >= 0 and self._pid == os.getpid():
            os.close(self._fd)
        self._fd = -1


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Hold a finished segment. Raises BlockingIOError while its writer lives."""
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield fd
    finally:
        os.close(fd)


def _read_segment(path: Path, segment: int, start: int) -> Iterator[tuple[LogPosition, bytes]]:
    with path.open("rb", buffering=_READ_BYTES) as file:
        if file.read(len(MAGIC)) != MAGIC:
            return
        file.seek(start)
        while True:
            record = _read_frame(file.read(_FRAME.size), file.read)
            if record is None:
                return
            end = start + _FRAME.size + len(record)
            yield LogPosition(segment, start, end), record
            start = end


def _read_frame(head: bytes, read: Callable[[int], bytes]) -> bytes | None:
    if len(head) < _FRAME.size:
        return None
    length, checksum = _FRAME.unpack(head)
    if not 0 < length <= MAX_RECORD_BYTES:
        return None
    record = read(length)
    return record if len(record) == length and crc32(record) == checksum else None
