"""Views, counted from the log of signals by the worker.

How long each look lasted is counted by seconds beside it (`WatchedSecond`), for the curve of retention.

A view is one look at a content that lasted at least `VIEW_FROM_MS`: long enough that the client doesn't call it a skip. Looking
again later counts again, as plays do elsewhere; an erased person's looks stay in the sums.

How far the log has been read is kept in the transaction that counts, so a crash neither loses nor repeats a view. A client
that got no answer sends its batch once more, and when a process died in between both copies may stand in the log (the state
takes the second for a duplicate): for as long as that can happen the ids of counted looks are remembered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from xingqu.content.models import CountedLook, ViewPosition
from xingqu.content.services.reactions import add_views, add_watched
from xingqu.engine.columns import Signal
from xingqu.kit import clock
from xingqu.kit.transactions import hold_names
from xingqu.signals.contracts import LoggedBatch, SignalEvent
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log

VIEW_FROM_MS: Final = 2_500
LOOKS_REMEMBERED_MS: Final = 15 * 60_000  # recovery applies what a dead process logged within seconds
WATCHED_MOST_S: Final = 600  # longer counts here
_BATCHES_AT_ONCE: Final = 500
_IDS_AT_ONCE: Final = 500


def count_views() -> int:
    """Count the views that the log has got since the last call; returns how many. Safe to repeat and to race."""
    positions = dict(ViewPosition.objects.values_list("segment", "end"))
    waiting: list[LoggedBatch] = []
    counted = 0
    for batch in read_batches(positions=positions.copy()):
        waiting.append(batch)
        if len(waiting) >= _BATCHES_AT_ONCE:
            counted += _count(waiting, positions)
            waiting = []
    counted += _count(waiting, positions)
    _forget(positions)
    return counted


@transaction.atomic
def _count(batches: Sequence[LoggedBatch], positions: dict[int, int]) -> int:
    """Count these batches and move `positions` past them; nothing when another process has done so meanwhile."""
    hold_names("content.views")
    ends = {batch.position.segment: batch.position.end for batch in batches}
    if not ends or not _is_ours(ends, positions):
        return 0
    looks = {
        event.event_id: (event, batch.received_at_ms) for batch in batches for event in batch.events if is_look(event)
    }
    for event_id in _known(list(looks)):
        del looks[event_id]
    CountedLook.objects.bulk_create(
        [CountedLook(event_id=event_id, received_at_ms=at_ms) for event_id, (_, at_ms) in looks.items()],
        batch_size=_IDS_AT_ONCE,
    )
    seen = [event for event, _ in looks.values() if is_view(event)]
    add_views(views=Counter(event.content_id for event in seen))
    add_watched(
        watched=Counter((event.content_id, min(event.value // 1000, WATCHED_MOST_S)) for event, _ in looks.values())
    )
    for segment, end in ends.items():
        ViewPosition.objects.update_or_create(segment=segment, defaults={"end": end})
    positions.update(ends)
    return len(seen)


def is_look(event: SignalEvent) -> bool:
    """Whether this signal tells how long a content was looked at; leaving soon is told besides, and counts no second time."""
    return event.kind == Signal.DWELL and event.content_id > 0


def is_view(event: SignalEvent) -> bool:
    """Whether this signal is a look that counts."""
    return event.kind == Signal.DWELL and event.content_id > 0 and event.value >= VIEW_FROM_MS


def _is_ours(ends: Mapping[int, int], positions: Mapping[int, int]) -> bool:
    stored = dict(ViewPosition.objects.filter(segment__in=ends).values_list("segment", "end"))
    return all(stored.get(segment, 0) == positions.get(segment, 0) for segment in ends)


def _known(event_ids: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(event_ids), _IDS_AT_ONCE):
        some = event_ids[start : start + _IDS_AT_ONCE]
        found.update(bytes(pk) for pk in CountedLook.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _forget(positions: Mapping[int, int]) -> None:
    """Drop what no later batch can repeat, and positions in segments that the log no longer has."""
    CountedLook.objects.filter(received_at_ms__lt=clock.now_ms() - LOOKS_REMEMBERED_MS).delete()
    gone = set(positions) - set(open_log(name="signals").segments())
    if gone:
        ViewPosition.objects.filter(segment__in=gone).delete()
