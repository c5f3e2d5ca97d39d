"""The file in which states move from one store to another of the same site.

States stay sealed with the keys of the home folder, names stay hashed: who is deleted later cannot be read in the file either.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

from xingqu.interest.stores.ports import StoredActor

MAGIC: Final = b"XQSTA01\n"
_HEAD = struct.Struct("<16sHIi")  # name, number of slots, number of events, bytes of the state (-1: none)
_EVENT = struct.Struct("<I16sH")
_POSITION = struct.Struct("<QQ")
_END = struct.Struct("<QI")  # actors, positions
_ACTOR, _LAST = b"a", b"."


class TransferFormatError(ValueError):
    """The file is not an export of states, or not a whole one."""


def write_file(path: Path, actors: Iterable[StoredActor], applied: Mapping[int, int]) -> int:
    """Write a new file, readable by its owner only; returns how many actors. Raises FileExistsError."""
    count = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        put = _Summed(file.write)
        put(MAGIC)
        for actor in actors:
            put(_ACTOR + _bytes_of(actor))
            count += 1
        put(_LAST + _END.pack(count, len(applied)))
        for segment, end in sorted(applied.items()):
            put(_POSITION.pack(segment, end))
        file.write(put.sum.digest())
    return count


def check_file(path: Path) -> dict[int, int]:
    """Read a file to its end; returns the positions in the log. Raises TransferFormatError."""
    positions: dict[int, int] = {}
    for _ in read_file(path, positions):
        pass
    return positions


def read_file(path: Path, positions: dict[int, int]) -> Iterator[StoredActor]:
    """Actor by actor; `positions` is filled at the end. Raises TransferFormatError, at the end for a wrong checksum."""
    with path.open("rb") as file:
        get = _Reader(file)
        if get(len(MAGIC)) != MAGIC:
            raise TransferFormatError(f"{path} is not an export of states")
        count = 0
        while (kind := get(1)) == _ACTOR:
            yield _actor(get)
            count += 1
        expected, places = _END.unpack(get(_END.size))
        if kind != _LAST or count != expected:
            raise TransferFormatError(f"{path} is damaged")
        for _ in range(places):
            segment, end = _POSITION.unpack(get(_POSITION.size))
            positions[segment] = end
        digest = get.sum.digest()
        if file.read() != digest:
            raise TransferFormatError(f"{path} is damaged")


def digest_of(actors: Iterable[StoredActor]) -> tuple[int, int]:
    """How many actors, and a sum over all that is kept of them which does not depend on their order."""
    count, total = 0, 0
    for actor in actors:
        count += 1
        total += int.from_bytes(blake2b(_bytes_of(actor), digest_size=16).digest())
    return count, total % 2**128


def _bytes_of(actor: StoredActor) -> bytes:
    sealed = actor.sealed if actor.sealed is not None else b""
    size = len(sealed) if actor.sealed is not None else -1
    head = _HEAD.pack(actor.name, len(actor.slots), len(actor.events), size)
    slots = struct.pack(f"<{len(actor.slots)}I", *actor.slots)
    return head + slots + sealed + b"".join(_EVENT.pack(*event) for event in actor.events)


def _actor(get: Callable[[int], bytes]) -> StoredActor:
    name, slot_count, event_count, size = _HEAD.unpack(get(_HEAD.size))
    slots = struct.unpack(f"<{slot_count}I", get(4 * slot_count))
    sealed = get(size) if size >= 0 else None
    events = tuple(_EVENT.iter_unpack(get(_EVENT.size * event_count)))
    return StoredActor(name, slots, sealed, events)


class _Summed:
    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self.sum = blake2b()
        self._write = write

    def __call__(self, data: bytes) -> None:
        self.sum.update(data)
        self._write(data)


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self.sum = blake2b()
        self._file = file

    def __call__(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) != size:
            raise TransferFormatError("the file ends too early")
        self.sum.update(data)
        return data
