"""Exploration: latent demand. Tags that keep company with the person's own but that they have not met yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import accumulate
from xingqu.engine.retrieval.candidates import Candidates, best_and_drawn
from xingqu.engine.view import View

POSTINGS_PER_TAG = 200
NEIGHBOUR_TAGS = 16


def retrieve(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    """Items of neighbouring tags; for someone not known (or who wishes not to be), items drawn uniformly."""
    if limit <= 0:
        return Candidates.none()
    tags, weights = neighbouring_tags(view)
    if not tags.size:
        return _uniform(view, rng, limit)
    index = view.snapshot.index
    rows, scores = accumulate(
        index.posting_indptr,
        index.posting_rows,
        index.posting_vectors,
        tags,
        weights,
        view.eligible,
        POSTINGS_PER_TAG,
    )
    near = best_and_drawn(rows, scores, limit * 3 // 4, rng)
    far = _uniform(view, rng, limit - len(near))
    # an item found both ways keeps the chance of the way it is credited to
    new = ~np.isin(far.rows, near.rows)
    return Candidates(
        np.concatenate([near.rows, far.rows[new]]),
        np.concatenate([near.score, far.score[new]]),
        np.concatenate([near.inclusion, far.inclusion[new]]),
    )


def neighbouring_tags(view: View) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Compact tags close to the strongest interests and not yet known, closest first, with weights."""
    params, index = view.params.retrieval, view.snapshot.index
    strength = np.maximum(view.tag_intensity, 0.0) @ np.asarray(view.params.state.shares)
    order = np.argsort(-strength, kind="stable")[: params.exploration_sources]
    order = order[strength[order] > 0]
    if not order.size:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    unknown = np.ones(index.tags.size, dtype=np.bool_)
    known = np.abs(view.tag_intensity).max(axis=1) >= params.exploration_known_intensity
    unknown[view.tag_rows[known]] = False
    tags, weights = accumulate(
        index.neighbour_indptr,
        index.neighbour_tags,
        index.neighbour_weights,
        view.tag_rows[order],
        strength[order].astype(np.float32),
        unknown,
        view.params.snapshot.neighbours_per_tag,
    )
    closest = np.argsort(-weights, kind="stable")[:NEIGHBOUR_TAGS]
    return tags[closest], weights[closest]


def _uniform(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    size = len(view.snapshot)
    eligible_count = view.eligible.count
    if not eligible_count or limit <= 0:
        return Candidates.none()
    if eligible_count <= limit:
        rows = view.eligible.rows()
    elif eligible_count * 4 < size:
        rows = rng.choice(view.eligible.rows(), size=limit, replace=False)
    else:
        drawn = rng.integers(size, size=limit * 6)
        _, first = np.unique(drawn, return_index=True)
        drawn = drawn[np.sort(first)]
        rows = drawn[view.eligible[drawn]][:limit].astype(np.int32)
    chance = np.full(rows.size, rows.size / eligible_count, dtype=np.float32)
    return Candidates(rows, np.zeros(rows.size, dtype=np.float32), chance)
