"""RTMP's chunk stream (Adobe's "Real-Time Messaging Protocol", 1.0, §5): messages cut into chunks, and put together again."""

import asyncio
from dataclasses import dataclass

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGE, WINDOW_SIZE, PEER_BANDWIDTH = 1, 2, 3, 5, 6
USER_CONTROL, AUDIO, VIDEO, DATA_AMF3, COMMAND_AMF3, DATA, COMMAND = 4, 8, 9, 15, 17, 18, 20
MESSAGE_MAX_BYTES = 8 * 1024 * 1024
CHUNK_MAX_BYTES = 1024 * 1024
STREAMS_MAX = 64
OUT_CHUNK_BYTES = 4096
LATE = 0xFFFFFF  # a time stamp that does not fit stands after the header


class BadChunk(ValueError):
    """Bytes that are no RTMP."""


@dataclass(slots=True)
class Message:
    """A whole message; `timestamp_ms` counts from a moment of the sender's choice and wraps at 32 bits."""

    kind: int
    stream_id: int
    timestamp_ms: int
    body: bytes


@dataclass(slots=True)
class _Stream:
    timestamp_ms: int = 0
    step_ms: int = 0
    length: int = 0
    kind: int = 0
    stream_id: int = 0
    is_late: bool = False
    body: bytearray | None = None


class ChunkReader:
    """Reads messages off a connection. `received_bytes` is for acknowledgements."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._streams: dict[int, _Stream] = {}
        self._chunk_bytes = 128
        self.received_bytes = 0

    async def message(self) -> Message:
        """The next whole message; set chunk size and abort are obeyed here. Raises BadChunk, IncompleteReadError."""
        while True:
            message = await self._chunk()
            if message is None:
                continue
            if message.kind == SET_CHUNK_SIZE:
                size = int.from_bytes(message.body[:4], "big") & 0x7FFFFFFF
                if not 1 <= size <= CHUNK_MAX_BYTES:
                    raise BadChunk(f"chunk size {size}")
                self._chunk_bytes = size
            elif message.kind == ABORT:
                self._streams.pop(int.from_bytes(message.body[:4], "big"), None)
            else:
                return message

    async def _read(self, count: int) -> bytes:
        self.received_bytes += count
        return await self._reader.readexactly(count)

    async def _number(self, count: int) -> int:
        return int.from_bytes(await self._read(count), "big")

    async def _chunk(self) -> Message | None:
        first = await self._number(1)
        form, channel = first >> 6, first & 63
        if channel == 0:
            channel = 64 + await self._number(1)
        elif channel == 1:
            low, high = await self._read(2)
            channel = 64 + low + 256 * high
        stream = self._streams.get(channel)
        if stream is None:
            if form == 3 or len(self._streams) >= STREAMS_MAX:
                raise BadChunk("a chunk without a beginning, or too many chunk streams")
            stream = self._streams[channel] = _Stream()
        await self._header(stream, form)
        assert stream.body is not None
        count = min(self._chunk_bytes, stream.length - len(stream.body))
        stream.body += await self._read(count)
        if len(stream.body) < stream.length:
            return None
        body, stream.body = bytes(stream.body), None
        return Message(stream.kind, stream.stream_id, stream.timestamp_ms, body)

    async def _header(self, stream: _Stream, form: int) -> None:
        goes_on = stream.body is not None
        if form < 3:
            stamp = await self._number(3)
            if form < 2:
                stream.length = await self._number(3)
                stream.kind = await self._number(1)
                if stream.length > MESSAGE_MAX_BYTES:
                    raise BadChunk(f"a message of {stream.length} bytes")
            if form == 0:
                stream.stream_id = int.from_bytes(await self._read(4), "little")
            stream.is_late = stamp == LATE
            stamp = await self._number(4) if stream.is_late else stamp
            stream.step_ms = 0 if form == 0 else stamp
            stream.timestamp_ms = stamp if form == 0 else (stream.timestamp_ms + stamp) & 0xFFFFFFFF
            stream.body = bytearray()
            return
        if stream.is_late:
            await self._number(4)
        if not goes_on:
            stream.timestamp_ms = (stream.timestamp_ms + stream.step_ms) & 0xFFFFFFFF
            stream.body = bytearray()


def write_message(kind: int, body: bytes, *, channel: int = 3, stream_id: int = 0) -> bytes:
    """A message in chunks of `OUT_CHUNK_BYTES`, at time 0."""
    header = bytes([channel]) + b"\0\0\0" + len(body).to_bytes(3, "big") + bytes([kind])
    parts = [header + stream_id.to_bytes(4, "little") + body[:OUT_CHUNK_BYTES]]
    for start in range(OUT_CHUNK_BYTES, len(body), OUT_CHUNK_BYTES):
        parts.append(bytes([0xC0 | channel]) + body[start : start + OUT_CHUNK_BYTES])
    return b"".join(parts)
