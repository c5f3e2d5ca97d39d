"""Interest tag x feature tag: items that carry the tags the person cares for, rare tags counting more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import accumulate
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.view import View


def retrieve(view: View, limit: int) -> Candidates:
    """The tag-frequency, inverse-document-frequency inner product over the strongest tags' posting lists."""
    if limit <= 0:
        return Candidates.none()
    keys, weights = _seed_keys(view) if view.seed_row >= 0 else _interest_keys(view)
    if not keys.size:
        return Candidates.none()
    index = view.snapshot.index
    rows, scores = accumulate(
        index.posting_indptr,
        index.posting_rows,
        index.posting_vectors,
        keys,
        weights,
        view.eligible,
        view.params.snapshot.postings_per_tag,
    )
    return best(rows, scores, limit)


def _interest_keys(view: View) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The strongest tags overall and the strongest of each horizon, positive ones only."""
    params = view.params.retrieval
    # what a tag can contribute: how much the person cares, times how much the tag tells
    pull = np.maximum(view.tag_intensity, 0.0) * view.snapshot.index.idf[view.tag_rows][:, None]
    overall = pull @ np.asarray(view.params.state.shares)
    chosen = [np.argsort(-overall, kind="stable")[: params.interest_tags_keys]]
    for horizon in range(pull.shape[1]):
        chosen.append(np.argsort(-pull[:, horizon], kind="stable")[: params.interest_tags_keys_per_horizon])
    picked = np.unique(np.concatenate(chosen))
    picked = picked[overall[picked] > 0]
    weight = view.tag_intensity[picked] @ np.asarray(view.params.state.shares)
    return view.tag_rows[picked], np.maximum(weight, 0.0).astype(np.float32)


def _seed_keys(view: View) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    snapshot = view.snapshot
    links = slice(snapshot.tag_indptr[view.seed_row], snapshot.tag_indptr[view.seed_row + 1])
    return snapshot.index.tag_rows[links].copy(), snapshot.index.tag_vectors[links].copy()
