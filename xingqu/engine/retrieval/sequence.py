"""Sequence: what comes next after what this person liked lately, in that order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.ranking.fusion import next_candidates, next_features, next_scores, weigh
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.state.near import near_sequence, score_rows
from xingqu.engine.view import View


def retrieve(view: View, limit: int) -> Candidates:
    """The likeliest next items; ``score`` is the likelihood as a share of the likeliest one's, (0, 1]."""
    models = view.snapshot.models
    if models.sequence is None and models.fusion is None:
        return Candidates.none()
    history = liked_history(view)
    if not history.size:
        return Candidates.none()
    large = len(view.snapshot) > view.params.near.items
    vector = models.sequence.encode(history) if models.sequence is not None and large else None
    rows = _worth_scoring(view, history, vector, limit)
    if rows is None:
        rows = view.eligible.rows()
        scores = next_scores(view.snapshot, history)[rows]
    elif models.fusion is None:
        assert models.sequence is not None
        assert vector is not None
        scores = score_rows(models.sequence.targets, rows, vector)
    else:
        features = next_features(view.snapshot, history, models.fusion.params, rows, vector)
        scores = weigh(features, models.fusion.weights)
    found = best(rows, scores, limit)
    if not len(found):
        return found
    return Candidates.certain(found.rows, np.exp(found.score - found.score[0]).astype(np.float32))


def _worth_scoring(
    view: View, history: NDArray[np.int32], vector: NDArray[np.float32] | None, limit: int
) -> NDArray[np.int32] | None:
    """Eligible rows (ascending) of a catalogue too large to score whole; None where it is not.

    What the model's vector of the person points to, and with a fusion also what follows the latest items and shares tags.
    """
    snapshot, models = view.snapshot, view.snapshot.models
    if len(snapshot) <= view.params.near.items:
        return None
    found = []
    if vector is not None:
        near = near_sequence(snapshot, vector, view.eligible, limit, view.params.near)
        if near is None and models.fusion is None:
            return None
        found += [] if near is None else [near]
    if models.fusion is not None:
        follows = next_candidates(snapshot, history, models.fusion.params)
        found.append(follows[view.eligible[follows]])
    return np.unique(np.concatenate(found)).astype(np.int32)


def liked_history(view: View) -> NDArray[np.int32]:
    """Rows of the ring's liked items, each at the time it was last liked, oldest first; a seed item stands alone."""
    if view.seed_row >= 0:
        return np.array([view.seed_row], dtype=np.int32)
    ring, (rows, strength) = view.state.events, view.ring_told
    if not view.personalised or not (rows >= 0).any():
        return np.empty(0, np.int32)
    unique, group = np.unique(rows, return_inverse=True)
    last_ms = np.full(unique.size, np.iinfo(np.int64).min)
    told = strength > 0
    np.maximum.at(last_ms, group[told], ring.at_ms[told])
    total = np.bincount(group, weights=strength, minlength=unique.size)
    liked = np.flatnonzero((unique >= 0) & (total >= view.params.retrieval.covisit_minimum_strength))
    return unique[liked[np.lexsort((unique[liked], last_ms[liked]))]].astype(np.int32)
