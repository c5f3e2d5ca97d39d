"""What was logged but not applied, because a process died in between; and what may be forgotten."""

import logging
from typing import Final

from xingqu.interest.services.channels import SAMPLES
from xingqu.interest.services.observe import DAY_MS, apply_events, event_update
from xingqu.interest.storage import snapshots, state_store
from xingqu.interest.stores.ports import ActorGone
from xingqu.kit import clock
from xingqu.signals.contracts import LoggedBatch
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import drop_old_segments, open_log

log = logging.getLogger(__name__)
SIGNAL_RETENTION_DAYS: Final = 180
SERVED_RETENTION_DAYS: Final = 90
SAMPLE_RETENTION_DAYS: Final = 14
EVENT_ID_DAYS: Final = 4  # twice the age at which an event is still taken
IDLE_DAYS: Final = 730  # what was learned of somebody who did nothing for so long is forgotten
_FORGET_AT_ONCE: Final = 20_000
_LOOKED_AT_ONCE: Final = 5_000


def apply_unapplied() -> int:
    """Apply batches of finished segments that no state has seen; returns how many events. Safe to repeat and to race."""
    store, signal_log = state_store(), open_log(name="signals")
    positions = store.applied()
    finished = signal_log.recover(positions)
    return sum(_apply(batch) for batch in read_batches(positions=positions, segments=set(finished)))


def _apply(batch: LoggedBatch) -> int:
    store, served, events = state_store(), snapshots().get(), batch.events
    if not events:  # its key was erased: only move past it
        store.mark_applied({batch.position.segment: batch.position.end})
        return 0
    try:
        applied = store.apply(
            event_update(batch.slot, batch.received_at_ms, events, batch.position),
            lambda state, fresh: apply_events(state, [events[i] for i in fresh], served, batch.received_at_ms),
        )
    except ActorGone:
        return 0
    if applied:
        log.info("recovered %s events of segment %016x", len(applied), batch.position.segment)
    return len(applied)


def forget_old() -> None:
    """Drop segments past their retention, positions of dropped segments, old event ids, and actors long idle."""
    now_ms, store = clock.now_ms(), state_store()
    drop_old_segments(name="signals", now_ms=now_ms, retention_days=SIGNAL_RETENTION_DAYS)
    drop_old_segments(name="served", now_ms=now_ms, retention_days=SERVED_RETENTION_DAYS)
    drop_old_segments(name=SAMPLES, now_ms=now_ms, retention_days=SAMPLE_RETENTION_DAYS)
    existing = set(open_log(name="signals").segments())
    gone = [segment for segment in store.applied() if segment not in existing]
    if gone:
        store.forget_segments(gone)
    store.forget_events(now_ms // DAY_MS - EVENT_ID_DAYS, limit=_FORGET_AT_ONCE)
    gone_count = store.forget_idle(now_ms - IDLE_DAYS * DAY_MS, limit=_LOOKED_AT_ONCE)
    if gone_count:
        log.info("%s actors idle for %s days were forgotten", gone_count, IDLE_DAYS)
