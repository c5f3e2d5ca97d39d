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
    ring = state.events
    if not state.personalised or not len(ring) or not len(snapshot):
        return np.empty(0, np.int32), np.empty(0, np.bool_)
    rows = snapshot.rows_of(ring.item_id)
    size = len(ring)
    batch = SignalBatch(
        ring.kind, ring.item_id, ring.value, ring.at_ms, np.zeros(size, np.int64), np.full(size, -1, np.int32)
    )
    return positives_of(batch, rows, snapshot, params)


def positives_of(
    batch: SignalBatch, rows: NDArray[np.int32], snapshot: ItemSnapshot, params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """(distinct known rows of the batch, whether their signals together reach a positive answer)."""
    known = rows >= 0
    strength = grade_signals(batch, rows, snapshot, params.signals)[known]
    distinct, group = np.unique(rows[known], return_inverse=True)
    total = np.bincount(group, weights=strength, minlength=distinct.size)
    return distinct, total >= params.learn.positive_strength
