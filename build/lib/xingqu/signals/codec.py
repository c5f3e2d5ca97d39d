"""Bytes of a batch in the log: a version byte, the time of receipt, then fixed fields and two short texts an event."""

import struct
from collections.abc import Sequence

from xingqu.engine.columns import Signal
from xingqu.signals.contracts import REASONS, SURFACES, SignalEvent

VERSION = 1
_HEAD = struct.Struct("<BQH")  # version, received at (ms), number of events
_EVENT = struct.Struct("<16sBBBhQQQQiqBH")
_REASON_CODE = {name: code for code, name in enumerate(REASONS)}
_SURFACE_CODE = {name: code for code, name in enumerate(SURFACES)}


class CodecError(ValueError):
    """The bytes are not a batch of a version this code reads."""


def encode_batch(*, received_at_ms: int, events: Sequence[SignalEvent]) -> bytes:
    """Bytes of checked events received together. Raises struct.error when a field exceeds its range."""
    parts = [_HEAD.pack(VERSION, received_at_ms, len(events))]
    for event in events:
        request_id, query = event.request_id.encode(), event.query.encode()
        parts.append(
            _EVENT.pack(
                event.event_id,
                event.kind,
                _REASON_CODE[event.reason],
                _SURFACE_CODE[event.surface],
                event.position,
                event.occurred_at_ms,
                event.content_id,
                event.product_id,
                event.creator_id,
                event.tag_id,
                event.value,
                len(request_id),
                len(query),
            )
        )
        parts += (request_id, query)
    return b"".join(parts)


def decode_batch(data: bytes) -> tuple[int, list[SignalEvent]]:
    """(received at in ms, events). Raises CodecError for anything `encode_batch` did not make."""
    try:
        version, received_at_ms, count = _HEAD.unpack_from(data)
        if version != VERSION:
            raise CodecError(f"batch version {version} is unknown; this code reads {VERSION}")
        offset, events = _HEAD.size, []
        for _ in range(count):
            fields = _EVENT.unpack_from(data, offset)
            middle = offset + _EVENT.size + fields[11]
            end = middle + fields[12]
            if end > len(data):
                raise CodecError("the batch ends inside an event")
            events.append(_event(fields, data[middle - fields[11] : middle], data[middle:end]))
            offset = end
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise CodecError(str(error)) from error
    if offset != len(data):
        raise CodecError(f"{len(data) - offset} bytes follow the last event")
    return received_at_ms, events


def _event(fields: tuple[int | bytes, ...], request_id: bytes, query: bytes) -> SignalEvent:
    event_id, kind, reason, surface, position, at_ms, content, product, creator, tag, value, _, _ = fields
    try:
        signal = Signal(int(kind))
    except ValueError as error:
        raise CodecError(str(error)) from error
    return SignalEvent(
        event_id=bytes(event_id) if isinstance(event_id, bytes) else b"",
        kind=signal,
        occurred_at_ms=int(at_ms),
        content_id=int(content),
        product_id=int(product),
        creator_id=int(creator),
        tag_id=int(tag),
        value=int(value),
        position=int(position),
        reason=REASONS[int(reason)],
        surface=SURFACES[int(surface)],
        request_id=request_id.decode(),
        query=query.decode(),
    )
