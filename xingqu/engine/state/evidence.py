"""What a person's recent events say about items, as answers: taken to it or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, grade_signals
from xingqu.engine.state.user import UserState


def answers_of(
    state: UserState, snapshot: ItemSnapshot, params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """(distinct rows the ring tells of, whether the answer was positive); nothing when personalisation is off.

    An item shown that nothing good came of is an answer as well.
    """
    if not state.personalised or not len(state.events) or not len(snapshot):
        return np.empty(0, np.int32), np.empty(0, np.bool_)
    return answers_in(*told_by(state, snapshot, params), params)


def told_by(
    state: UserState, snapshot: ItemSnapshot, params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Of each event of the ring: the row it is about (-1: unknown) and how strongly it speaks."""
    ring = state.events
    rows, size = snapshot.rows_of(ring.item_id), len(ring)
    none, no_tag = np.zeros(size, np.int64), np.full(size, -1, np.int32)
    batch = SignalBatch(ring.kind, ring.item_id, ring.value, ring.at_ms, none, no_tag)
    return rows, grade_signals(batch, rows, snapshot, params.signals)


def positives_of(
    batch: SignalBatch, rows: NDArray[np.int32], snapshot: ItemSnapshot, params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """(distinct known rows of the batch, whether their signals together reach a positive answer)."""
    return answers_in(rows, grade_signals(batch, rows, snapshot, params.signals), params)


def answers_in(
    rows: NDArray[np.int32], strength: NDArray[np.float64], params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """(distinct known ``rows``, whether the events about each, of such ``strength``, together reach a positive answer)."""
    known = rows >= 0
    distinct, group = np.unique(rows[known], return_inverse=True)
    total = np.bincount(group, weights=strength[known], minlength=distinct.size)
    return distinct, total >= params.learn.positive_strength
