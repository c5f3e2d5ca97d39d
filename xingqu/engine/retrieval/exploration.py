"""Exploration: latent demand. What keeps company with the person's interests but that they have not met yet.

From the strongest interests two ways lead to their neighbours: tags that stand on the same items, and clusters that hold
similar items or that people went on to (``learn.cluster_fit``). A quarter comes from anywhere, so that no interest is out of
reach for want of a neighbour. What is drawn is drawn with a known probability.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import accumulate
from xingqu.engine.retrieval.candidates import Candidates, best_and_drawn
from xingqu.engine.retrieval.clusters import take_from_groups, weigh_clusters
from xingqu.engine.view import View

POSTINGS_PER_TAG = 200
NEIGHBOUR_TAGS = 16
NEIGHBOUR_CLUSTERS = 16
ITEMS_PER_CLUSTER = 24


def retrieve(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    """Items of neighbouring tags and clusters; for someone not known (or who wishes not to be), items drawn uniformly."""
    if limit <= 0:
        return Candidates.none()
    near = limit * 3 // 4
    clusters = _of_clusters(view, rng, near // 2)
    found = _joined(clusters, _of_tags(view, rng, near - len(clusters)))
    return _joined(found, _uniform(view, rng, limit - len(found)))


def _joined(first: Candidates, second: Candidates) -> Candidates:
    """Both; an item found both ways keeps the chance of the first."""
    if not len(first) or not len(second):
        return first if len(first) else second
    new = ~np.isin(second.rows, first.rows)
    return Candidates(
        np.concatenate([first.rows, second.rows[new]]),
        np.concatenate([first.score, second.score[new]]),
        np.concatenate([first.inclusion, second.inclusion[new]]),
    )


def _of_tags(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    tags, weights = neighbouring_tags(view)
    if not tags.size:
        return Candidates.none()
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
    return best_and_drawn(rows, scores, limit, rng)


def _of_clusters(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    clusters, weights = neighbouring_clusters(view)
    model = view.snapshot.models.clusters
    if model is None or not clusters.size:
        return Candidates.none()
    quota = np.full(clusters.size, ITEMS_PER_CLUSTER, dtype=np.int64)
    rows, source, rank = take_from_groups(model.indptr, model.rows, clusters, quota, view.eligible.bits)
    score = (weights[source] / np.sqrt(1.0 + rank)).astype(np.float32)
    return best_and_drawn(rows, score, limit, rng)


def neighbouring_clusters(view: View) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Clusters next to the person's strongest that they have hardly been shown and never liked, closest first, with weights."""
    model, profile, params = view.snapshot.models.clusters, view.clusters, view.params.retrieval
    if model is None or profile is None:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    strength = weigh_clusters(view, profile)
    strongest = np.argsort(-strength, kind="stable")[: params.exploration_sources]
    strongest = strongest[strength[strongest] > 0]
    met = (profile.liked > 0) | (profile.shown >= params.exploration_met_impressions)
    beside = model.neighbour[profile.place[strongest]]
    pull = strength[strongest, None] * model.nearness[profile.place[strongest]]
    unknown = (beside >= 0) & ~np.isin(beside, profile.place[met])
    clusters, group = np.unique(beside[unknown], return_inverse=True)
    weights = np.bincount(group, weights=pull[unknown], minlength=clusters.size)
    closest = np.argsort(-weights, kind="stable")[:NEIGHBOUR_CLUSTERS]
    closest = closest[weights[closest] > 0]
    return clusters[closest].astype(np.int32), weights[closest].astype(np.float32)


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
