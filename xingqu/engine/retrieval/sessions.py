"""Sessions: what people went on to who visited the same things lately, weighed with what the sequence model says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.next_item import SequenceView, look
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.state.near import near_sequence, score_rows
from xingqu.engine.view import View


def retrieve(view: View, limit: int) -> Candidates:
    """``score`` is the likelihood as a share of the likeliest one's, (0, 1]; without a sequence model the votes' share."""
    models, params = view.snapshot.models, view.params.sessions
    if models.next_item is None or limit <= 0:
        return Candidates.none()
    recent = recent_visits(view)
    if not recent.size:
        return Candidates.none()
    if models.sequence is None:
        rows, votes = models.next_item.sessions.neighbours(recent, params)
        odds = np.log(np.maximum(votes, np.float32(1e-30)))
    else:
        rows, odds = models.next_item.rank(recent, _sequence_view(view, recent), params)
    kept = view.eligible[rows]
    found = best(rows[kept], odds[kept], limit)
    if not len(found):
        return found
    return Candidates.certain(found.rows, np.exp(found.score - found.score[0]).astype(np.float32))


def _sequence_view(view: View, recent: NDArray[np.int32]) -> SequenceView:
    """As ``look``; in a large catalogue over what the vector points to only, seen or not."""
    model, width = view.snapshot.models.sequence, view.params.sessions.candidates
    assert model is not None
    vector = model.encode(recent)
    rows = near_sequence(view.snapshot, vector, None, width, view.params.near)
    if rows is None:
        return look(model, recent, width)
    found = best(rows, score_rows(model.targets, rows, vector), width)
    return SequenceView(model.targets, vector, found.rows, found.score)


def recent_visits(view: View) -> NDArray[np.int32]:
    """Rows of what the person visited and did not turn from, oldest first; a return to an item counts again.

    Several signals about one item in a row are one visit. A seed item stands alone.
    """
    if view.seed_row >= 0:
        return np.array([view.seed_row], dtype=np.int32)
    ring, (rows, strength) = view.state.events, view.ring_told
    if not view.personalised or not (rows >= 0).any():
        return np.empty(0, np.int32)
    liked = np.flatnonzero((rows >= 0) & (strength > 0))
    liked = liked[np.argsort(ring.at_ms[liked], kind="stable")]
    visited = rows[liked]
    first = np.append(True, visited[1:] != visited[:-1])[: visited.size]
    visit = np.cumsum(first) - 1
    total = np.bincount(visit, weights=strength[liked], minlength=0)
    visits: NDArray[np.int32] = visited[first][total >= view.params.retrieval.covisit_minimum_strength]
    return visits
