"""Fatigue: what is shown again and again and nothing comes of it sinks, and rises again with time.

Refusing something is a signal and lowers interests; scrolling past it in silence is not, and would be repeated for ever. So
impressions without an answer are counted over the recent events, by item, by creator and by category, faded by age; an answer
takes some of them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.row_set import SparseColumn

if TYPE_CHECKING:
    from xingqu.engine.view import View

MINUTE_MS = 60_000


@dataclass(frozen=True)
class FatigueParams:
    """Share of value that goes: ``1 - 1 / (1 + weight * tired)`` of each kind; all weights 0: none."""

    half_life_ms: int = 8 * 60 * MINUTE_MS
    item: float = 0.5
    creator: float = 0.15
    category: float = 0.04
    free_creator: float = 1.0  # impressions without an answer that are nobody's fault
    free_category: float = 4.0
    answer: float = 2.0  # impressions that one answer takes back
    answered_strength: float = 0.3

    @property
    def off(self) -> bool:
        return self.item == 0 and self.creator == 0 and self.category == 0


def freshness_of(view: View, rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """(m,) the share of each row's value that is left, in (0, 1]."""
    params, index = view.params.fatigue, view.snapshot.index
    left = np.ones(rows.size, dtype=np.float64)
    ring, (ring_rows, strength) = view.state.events, view.ring_told
    shown = (ring_rows >= 0) & (ring.kind == Signal.IMPRESSION)
    if params.off or not view.personalised or not shown.any():
        return left.astype(np.float32)
    known = ring_rows >= 0
    distinct, group = np.unique(ring_rows[known], return_inverse=True)
    total = np.bincount(group, weights=strength[known], minlength=distinct.size)
    answered = total >= params.answered_strength
    faded = np.exp2(-np.maximum(view.now_ms - ring.at_ms[known], 0) / params.half_life_ms)
    looks = np.bincount(group, weights=faded * shown[known], minlength=distinct.size)
    tired = np.where(answered, -params.answer * looks, looks)
    left /= 1.0 + params.item * np.maximum(SparseColumn(distinct.astype(np.int64), tired)[rows], 0.0)
    creator = _by(index.creator_index[distinct], tired, params.free_creator)
    left /= 1.0 + params.creator * creator[index.creator_index[rows]]
    category = _by(index.category_index[distinct], tired, params.free_category)
    left /= 1.0 + params.category * category[index.category_index[rows]]
    return left.astype(np.float32)


def tire(view: View, rows: NDArray[np.int32], value: NDArray[np.float32]) -> NDArray[np.float32]:
    """``value`` less what fatigue takes of it."""
    tired: NDArray[np.float32] = (value - np.abs(value) * (1.0 - freshness_of(view, rows))).astype(np.float32)
    return tired


def _by(key: NDArray[np.int32], tired: NDArray[np.float64], free: float) -> SparseColumn:
    """What is left of the sum by ``key`` beyond what is free."""
    distinct, group = np.unique(key, return_inverse=True)
    total = np.bincount(group, weights=tired, minlength=distinct.size)
    return SparseColumn(distinct.astype(np.int64), np.maximum(total - free, 0.0))
