"""Why an item is there, in interest tags."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import NO_HORIZON, NO_TAG, Feature, Head, Horizon
from xingqu.engine.view import View

REASONS_PER_ITEM = 3
FAINTEST = 0.01


def explain(view: View, rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int8]]:
    """Tag ids, weights and horizons, each (m, 3), strongest first.

    The weight of a tag is what it adds to the log-odds of watching before the squeeze; the horizon is the one
    that adds most. Empty places hold NO_TAG, 0 and NO_HORIZON.
    """
    tags = np.full((rows.size, REASONS_PER_ITEM), NO_TAG, dtype=np.int32)
    weights = np.zeros((rows.size, REASONS_PER_ITEM), dtype=np.float32)
    horizons = np.full((rows.size, REASONS_PER_ITEM), NO_HORIZON, dtype=np.int8)
    if not view.personalised or not view.tag_rows.size:
        return tags, weights, horizons
    snapshot, index = view.snapshot, view.snapshot.index
    watch = view.params.scorer.heads[Head.WATCH].vector()
    pull = np.array([watch[Feature.INTEREST_INSTANT + horizon] for horizon in Horizon], dtype=np.float32)
    for i, row in enumerate(rows):
        links = slice(snapshot.tag_indptr[row], snapshot.tag_indptr[row + 1])
        compact = index.tag_rows[links]
        by_horizon = view.tags_dense[compact, : len(Horizon)] * pull * index.tag_vectors[links, None]
        total = by_horizon.sum(axis=1)
        order = np.argsort(-total, kind="stable")[:REASONS_PER_ITEM]
        order = order[total[order] > FAINTEST]
        tags[i, : order.size] = index.tags[compact[order]]
        weights[i, : order.size] = total[order]
        horizons[i, : order.size] = np.argmax(by_horizon[order], axis=1)
    return tags, weights, horizons
