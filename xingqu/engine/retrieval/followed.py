"""Followed: the newest of the creators the person follows."""

from __future__ import annotations

import numpy as np

from xingqu.engine.kernels import take_eligible
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.view import View

PER_CREATOR = 20


def retrieve(view: View, limit: int) -> Candidates:
    index = view.snapshot.index
    creators = view.creator_followed.places
    if not creators.size:
        return Candidates.none()
    found = []
    for creator in creators:
        rows = index.creator_rows[index.creator_indptr[creator] : index.creator_indptr[creator + 1]]
        found.append(take_eligible(rows, view.eligible.bits, PER_CREATOR))
    rows = np.concatenate(found)
    age_ms = np.maximum(view.now_ms - view.snapshot.published_at_ms[rows], 0)
    freshness = np.exp2(-age_ms / view.params.retrieval.freshness_half_life_ms).astype(np.float32)
    return best(rows, freshness, limit)
