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
    pull = view.params.scorer.matrix[Head.WATCH, : Feature.INTEREST_LONG_TERM + 1]
    links, present = _links(snapshot.tag_indptr, rows)
    if not links.size:
        return tags, weights, horizons
    compact = index.tag_rows[links]
    by_horizon = view.tags_dense[compact, : len(Horizon)] * pull * index.tag_vectors[links][..., None]
    total = np.where(present, by_horizon.sum(axis=2), 0.0)
    order = np.argsort(-total, axis=1, kind="stable")[:, :REASONS_PER_ITEM]
    strongest = np.take_along_axis(total, order, axis=1)
    horizon = np.take_along_axis(by_horizon.argmax(axis=2), order, axis=1)
    told = strongest > FAINTEST
    width = order.shape[1]
    tags[:, :width] = np.where(told, index.tags[np.take_along_axis(compact, order, axis=1)], NO_TAG)
    weights[:, :width] = np.where(told, strongest, 0.0)
    horizons[:, :width] = np.where(told, horizon, NO_HORIZON)
    return tags, weights, horizons


def _links(indptr: NDArray[np.int64], rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Links of each row, (m, most tags of any), and which of these places hold one."""
    start = indptr[rows]
    length = indptr[rows + 1] - start
    offset = np.arange(int(length.max(initial=0)))
    present = offset < length[:, None]
    return np.where(present, start[:, None] + offset, 0), present
