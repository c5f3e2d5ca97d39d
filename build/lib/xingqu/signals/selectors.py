"""Reads of signals: the log, batch by batch."""

import logging
from collections.abc import Collection, Iterator, Mapping

from xingqu.signals.codec import CodecError, decode_batch
from xingqu.signals.contracts import LoggedBatch, SignalEvent
from xingqu.signals.storage import open_log, unseal_record

log = logging.getLogger(__name__)


def read_batches(
    *, positions: Mapping[int, int], segments: Collection[int] | None = None, slots: Collection[int] | None = None
) -> Iterator[LoggedBatch]:
    """Batches beyond `positions` (segment -> offset), oldest segment first.

    `segments` and `slots`, when given, choose the segments to read and the actors whose batches are wanted.

    A batch whose key was erased comes without events, so that a reader's position still moves past it.
    """
    for position, record in open_log(name="signals").read(positions, segments=segments):
        if slots is not None and int.from_bytes(record[:4], "little") not in slots:
            continue
        slot, data = unseal_record(record=record)
        received_at_ms = 0
        events: list[SignalEvent] = []
        if data is not None:
            try:
                received_at_ms, events = decode_batch(data)
            except CodecError:
                log.exception("segment %016x at %s: a record that cannot be read", position.segment, position.start)
        yield LoggedBatch(position=position, slot=slot, received_at_ms=received_at_ms, events=tuple(events))
