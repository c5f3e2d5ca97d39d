"""Writes of signals: the durable log and the keys that seal it."""

import logging
from collections.abc import Sequence
from typing import Any

from xingqu.signals import checks
from xingqu.signals.codec import encode_batch
from xingqu.signals.contracts import CheckedBatch, LogPosition, SignalEvent
from xingqu.signals.storage import open_log, open_vault, seal_record, unseal_record
from xingqu.signals.touches import open_touch, seal_touch
from xingqu.vault import Vault

__all__ = [
    "Vault",
    "append_batch",
    "check_batch",
    "drop_old_segments",
    "open_log",
    "open_touch",
    "open_vault",
    "seal_record",
    "seal_touch",
    "unseal_record",
]
log = logging.getLogger(__name__)


def check_batch(*, raw_events: Sequence[Any], sent_at_ms: int, now_ms: int) -> CheckedBatch:
    """The typed check of a client's batch, see `checks`. Raises ClockSkew."""
    return checks.check_batch(raw_events=raw_events, sent_at_ms=sent_at_ms, now_ms=now_ms)


def append_batch(*, slot: int, received_at_ms: int, events: Sequence[SignalEvent]) -> LogPosition:
    """Seal the events with the actor's key and append them as one record; durable when this returns.

    Raises KeyError when the actor's key was erased meanwhile, OSError when the disk refuses.
    """
    record = seal_record(slot=slot, data=encode_batch(received_at_ms=received_at_ms, events=events))
    return open_log(name="signals").append(record)


def drop_old_segments(*, name: str, now_ms: int, retention_days: int) -> int:
    """Delete segments of the log `name` that are older than its retention; returns how many."""
    dropped = open_log(name=name).drop_before(now_ms - retention_days * 86_400_000)
    if dropped:
        log.info("%s: dropped %s segments older than %s days", name, len(dropped), retention_days)
    return len(dropped)
