"""What trainings read of the signal log, and of the states of those who appear in it.

Whose data was deleted, and who switched personalisation off, is not in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.learn.next_train import Visits
from xingqu.engine.learn.taste_train import Answers
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, grade_signals
from xingqu.engine.state.user import UserState
from xingqu.interest.domain.answers import answers_in
from xingqu.interest.domain.training import Task
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.storage import PARAMS, state_store
from xingqu.interest.stores.snapshots import ServedSnapshot
from xingqu.signals.contracts import LoggedBatch
from xingqu.signals.selectors import read_batches

BATCHES_AT_ONCE = 500
I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Told:
    """Signals of the log about known items, in its order: whose, about which row, how strong, when, and whether new."""

    person: I64
    row: I64
    strength: NDArray[np.float64]
    at_ms: I64
    fresh: NDArray[np.bool_]


def read_visits(task: Task, *, goes_on: bool) -> Visits:
    """What people took to, in order, with what the models that serve do not know marked fresh.

    `goes_on`: only what is fresh is read from the log; who appears there comes with what their state remembers of before.
    """
    told = _read(task, goes_on=goes_on)
    liked = told.strength >= PARAMS.learn.covisit_minimum_strength
    person, row, at_ms, new = told.person[liked], told.row[liked], told.at_ms[liked], told.fresh[liked]
    parts = []
    order = np.lexsort((at_ms, person))
    for own in np.split(order, np.flatnonzero(np.diff(person[order])) + 1) if order.size else []:
        state = state_store().read_slot(int(person[own[0]]))
        if not state.personalised:
            continue
        rows, times, fresh = row[own], at_ms[own], new[own]
        if goes_on:
            before_rows, before_ms = _remembered(state, task.snapshot, until_ms=int(times[0]))
            rows, times = np.concatenate([before_rows, rows]), np.concatenate([before_ms, times])
            fresh = np.concatenate([np.zeros(before_rows.size, np.bool_), fresh])
        once = np.append(True, rows[1:] != rows[:-1])  # several signs of liking one item in a row are one visit
        parts.append((rows[once], times[once], fresh[once]))
    parts.sort(key=lambda part: int(part[1][-1]))
    return Visits(
        Sequences.of([rows for rows, _, _ in parts]),
        np.concatenate([np.empty(0, np.int64), *(times for _, times, _ in parts)]),
        np.concatenate([np.empty(0, np.bool_), *(fresh for _, _, fresh in parts)]),
    )


def read_answers(task: Task) -> tuple[Answers, int]:
    """(All answers that the log still holds, the place from which on the models that serve do not know them)."""
    served = ServedSnapshot.of(task.snapshot)
    items, newest_from, count = served.items, -1, 0
    people: list[I64] = [np.empty(0, np.int64)]
    rows: list[I64] = [np.empty(0, np.int64)]
    positives: list[NDArray[np.bool_]] = [np.empty(0, np.bool_)]
    allowed: dict[int, bool] = {}
    for batch in _batches(task, {}):
        if batch.slot not in allowed:
            allowed[batch.slot] = state_store().read_slot(batch.slot).personalised
        if not allowed[batch.slot]:
            continue
        if newest_from < 0 and batch.position.end > task.positions.get(batch.position.segment, 0):
            newest_from = count
        told = to_engine(batch.events, item_of_product=served.item_showing)
        ids, positive, _ = answers_in(np.full(len(batch.events), batch.slot, dtype=np.int64), told, items, PARAMS)
        people.append(np.full(ids.size, batch.slot, dtype=np.int64))
        rows.append(items.rows_of(ids).astype(np.int64))
        positives.append(positive)
        count += ids.size
    answers = Answers(np.concatenate(people), np.concatenate(rows), np.concatenate(positives))
    return answers, newest_from if newest_from >= 0 else count


def _read(task: Task, *, goes_on: bool) -> Told:
    served = ServedSnapshot.of(task.snapshot)
    found = [_graded([], task, served)]
    waiting: list[LoggedBatch] = []
    for batch in _batches(task, task.positions if goes_on else {}):
        waiting.append(batch)
        if len(waiting) >= BATCHES_AT_ONCE:
            found.append(_graded(waiting, task, served))
            waiting = []
    found.append(_graded(waiting, task, served))
    return Told(**{f.name: np.concatenate([getattr(part, f.name) for part in found]) for f in fields(Told)})


def _batches(task: Task, positions: Mapping[int, int]) -> Iterator[LoggedBatch]:
    """Beyond `positions` and up to where the task ends: what comes meanwhile is for the training after."""
    for batch in read_batches(positions=positions, segments=set(task.until)):
        if batch.events and batch.position.end <= task.until[batch.position.segment]:
            yield batch


def _graded(batches: Sequence[LoggedBatch], task: Task, served: ServedSnapshot) -> Told:
    told = to_engine([event for batch in batches for event in batch.events], item_of_product=served.item_showing)
    counts = [len(batch.events) for batch in batches]
    slots = np.array([batch.slot for batch in batches], dtype=np.int64)
    new = [batch.position.end > task.positions.get(batch.position.segment, 0) for batch in batches]
    rows = served.items.rows_of(told.item_id)
    strength = grade_signals(told, rows, served.items, PARAMS.signals)
    known = rows >= 0
    return Told(
        person=np.repeat(slots, counts)[known],
        row=rows[known].astype(np.int64),
        strength=strength[known],
        at_ms=told.at_ms[known].astype(np.int64),
        fresh=np.repeat(np.array(new, dtype=np.bool_), counts)[known],
    )


def _remembered(state: UserState, snapshot: ItemSnapshot, *, until_ms: int) -> tuple[I64, I64]:
    """(rows, times) of what the state's ring holds of before `until_ms`, of what was liked."""
    ring = state.events
    rows = snapshot.rows_of(ring.item_id)
    none, no_tag = np.zeros(len(ring), np.int64), np.full(len(ring), -1, np.int32)
    batch = SignalBatch(ring.kind, ring.item_id, ring.value, ring.at_ms, none, no_tag)
    strength = grade_signals(batch, rows, snapshot, PARAMS.signals)
    chosen = (rows >= 0) & (ring.at_ms < until_ms) & (strength >= PARAMS.learn.covisit_minimum_strength)
    return rows[chosen].astype(np.int64), ring.at_ms[chosen].astype(np.int64)
