"""AMF0, the notation of RTMP's commands (Adobe's "Action Message Format AMF0")."""

import struct
from typing import Any

DEPTH_MAX = 8
ITEMS_MAX = 1_000


class BadAmf(ValueError):
    """Bytes that are no AMF0."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise BadAmf("cut off")
        self.at += count
        return piece

    def text(self, length_bytes: int) -> str:
        return self.take(int.from_bytes(self.take(length_bytes), "big")).decode("utf-8", "replace")

    def value(self, depth: int = 0) -> Any:
        if depth > DEPTH_MAX:
            raise BadAmf("nested too deep")
        kind = self.take(1)[0]
        if kind == 0x00:
            return struct.unpack(">d", self.take(8))[0]
        if kind == 0x01:
            return self.take(1) != b"\x00"
        if kind == 0x02:
            return self.text(2)
        if kind in (0x05, 0x06):
            return None
        return self._compound(kind, depth)

    def _compound(self, kind: int, depth: int) -> Any:
        if kind == 0x03:
            return self._pairs(depth)
        if kind == 0x08:
            self.take(4)
            return self._pairs(depth)
        if kind == 0x0A:
            count = int.from_bytes(self.take(4), "big")
            if count > ITEMS_MAX:
                raise BadAmf("too many items")
            return [self.value(depth + 1) for _ in range(count)]
        if kind == 0x0B:
            return struct.unpack(">dh", self.take(10))[0]
        if kind == 0x0C:
            return self.text(4)
        raise BadAmf(f"unknown kind {kind:#x}")

    def _pairs(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(ITEMS_MAX):
            name = self.text(2)
            if not name and self.data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return found
            found[name] = self.value(depth + 1)
        raise BadAmf("too many items")


def decode(data: bytes) -> list[Any]:
    """All values of a message. Raises BadAmf."""
    reader, found = _Reader(data), []
    while reader.at < len(data):
        found.append(reader.value())
        if len(found) > ITEMS_MAX:
            raise BadAmf("too many items")
    return found


def encode(*values: Any) -> bytes:
    """Numbers, booleans, texts, None and flat or nested dictionaries."""
    return b"".join(_encode(value) for value in values)


def _encode(value: Any) -> bytes:
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01\x01" if value else b"\x01\x00"
    if isinstance(value, (int, float)):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        raw = value.encode()
        return b"\x02" + len(raw).to_bytes(2, "big") + raw
    pairs = b"".join(len(k.encode()).to_bytes(2, "big") + k.encode() + _encode(v) for k, v in value.items())
    return b"\x03" + pairs + b"\x00\x00\x09"
