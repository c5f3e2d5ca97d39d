"""Who a content reached, as groups: nobody can be told from it.

The people come from the newest part of the signal log, their interests from their state. What fewer than a handful share
is not told, and nothing at all of a small group.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np

from xingqu.engine.columns import Signal
from xingqu.engine.state.signals import grade_signals
from xingqu.engine.state.user import interests
from xingqu.interest.contracts import Audience, AudienceShare
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.models import ContentDay
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log

GROUP_LEAST: Final = 20  # people who saw it, and people who took to it: fewer are not told of
SHARED_LEAST: Final = 5  # people who share an interest, for it to be told
PEOPLE_MOST: Final = 2_000
BUDGET_S: Final = 1.5  # of processor time
FELT: Final = 0.15  # an interest this strong counts as one
SHOWN: Final = 12


def item_days(*, content_id: int, limit: int = 90) -> list[ContentDay]:
    """What became of a content day by day, oldest first; days without any exposure are absent."""
    return list(reversed(ContentDay.objects.filter(content_id=content_id).order_by("-day")[:limit]))


def item_audience(*, content_id: int) -> Audience:
    """Interests of those who took to a content lately, against those of all who saw it."""
    saw, took, since_ms = _people(content_id)
    enough = len(saw) >= GROUP_LEAST and len(took) >= GROUP_LEAST
    shares: list[AudienceShare] = []
    if enough:
        of_all, of_takers = Counter[int](), Counter[int]()
        for slot in saw:
            tags = _interests_of(slot)
            of_all.update(tags)
            if slot in took:
                of_takers.update(tags)
        shares = [
            AudienceShare(tag_id, count / len(took), of_all[tag_id] / len(saw))
            for tag_id, count in of_takers.items()
            if count >= SHARED_LEAST
        ]
        shares.sort(key=lambda one: (-(one.of_takers - one.of_all), one.tag_id))
    return Audience(
        saw=len(saw) if enough else None,
        took_to=len(took) if enough else None,
        group_least=GROUP_LEAST,
        since=clock.from_ms(since_ms) if since_ms else None,
        shares=tuple(shares[:SHOWN]),
    )


def _people(content_id: int) -> tuple[set[int], set[int], int]:
    """(slots of who saw it, of who took to it, since when) in the newest part of the log that is read in time."""
    saw, since_ms = set[int](), 0
    strength: defaultdict[int, float] = defaultdict(float)
    until_s = time.thread_time() + BUDGET_S
    for segment in reversed(open_log(name="signals").segments()):
        for number, batch in enumerate(read_batches(positions={}, segments=[segment])):
            if number % 512 == 511 and time.thread_time() > until_s:
                break
            events = [event for event in batch.events if event.content_id == content_id]
            since_ms = min(since_ms or batch.received_at_ms, batch.received_at_ms or since_ms)
            if events and (len(saw) < PEOPLE_MOST or batch.slot in saw):
                saw.add(batch.slot)
                strength[batch.slot] += _strength(events)
        if time.thread_time() > until_s:
            break
    took = {slot for slot, total in strength.items() if total >= PARAMS.learn.positive_strength}
    return saw, took, since_ms


def _strength(events: Iterable[SignalEvent]) -> float:
    items = snapshots().get().items
    told = to_engine(list(events), item_of_product=lambda _: 0)
    kept = told.kind != Signal.SEARCH
    return float(grade_signals(told, items.rows_of(told.item_id), items, PARAMS.signals)[kept].sum())


def _interests_of(slot: int) -> list[int]:
    state = state_store().read_slot(slot)
    if not state.personalised:
        return []
    found = interests(state, clock.now_ms(), PARAMS)
    return [int(tag_id) for tag_id in found["tag_id"][np.asarray(found["score"]) >= FELT]]
