"""Co-visit: what others went on to after what this person liked lately."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import accumulate
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.view import View

NEIGHBOURS_PER_SEED = 64


def retrieve(view: View, limit: int) -> Candidates:
    snapshot = view.snapshot
    if not snapshot.covisit_rows.size:
        return Candidates.none()
    if view.seed_row >= 0:
        keys, weights = np.array([view.seed_row], dtype=np.int32), np.ones(1, dtype=np.float32)
    else:
        keys, weights = _liked_rows(view)
    if not keys.size:
        return Candidates.none()
    rows, scores = accumulate(
        snapshot.covisit_indptr,
        snapshot.covisit_rows,
        snapshot.covisit_weights,
        keys,
        weights,
        view.eligible,
        NEIGHBOURS_PER_SEED,
    )
    return best(rows, scores, limit)


def _liked_rows(view: View) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows of the ring's items by faded strength, strongest first; disliked ones are left out."""
    ring, (rows, strength) = view.state.events, view.ring_told
    if not view.personalised or not (rows >= 0).any():
        return np.empty(0, np.int32), np.empty(0, np.float32)
    params = view.params.retrieval
    age_ms = np.maximum(view.now_ms - ring.at_ms, 0)
    strength = strength * np.exp2(-age_ms / params.covisit_half_life_ms)
    unique, group = np.unique(rows, return_inverse=True)
    total = np.bincount(group, weights=strength)
    liked = np.flatnonzero((unique >= 0) & (total >= params.covisit_minimum_strength))
    liked = liked[np.argsort(-total[liked], kind="stable")][: params.covisit_seeds]
    weights = (total[liked] / (1.0 + total[liked])).astype(np.float32)
    return unique[liked].astype(np.int32), weights
