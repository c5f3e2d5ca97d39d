"""Fresh pool: items in a traffic pool, and new ones that few have been shown yet where there are no pools.

Each gets its chance whatever its numbers say."""

from __future__ import annotations

import numpy as np

from xingqu.engine.coldstart.params import Stage
from xingqu.engine.columns import Counter
from xingqu.engine.kernels import match_rows
from xingqu.engine.retrieval.candidates import Candidates, best_and_drawn
from xingqu.engine.view import View

WINDOW_ROWS = 1_024


def retrieve(view: View, rng: np.random.Generator, limit: int) -> Candidates:
    """Half those closest to the person's interests or owed most exposures, half drawn uniformly, with the probability of the draw.

    A pool larger than ``WINDOW_ROWS`` is read through a window at a random place, which every item is in
    with the same probability.
    """
    snapshot, params = view.snapshot, view.params.retrieval
    index = snapshot.index
    oldest_ms = view.now_ms - params.fresh_window_ms
    size = int(np.searchsorted(index.newest_negated_ms, -oldest_ms, side="right"))
    rows = index.newest[:size]
    inclusion = 1.0
    if size > WINDOW_ROWS:
        start = int(rng.integers(size))
        rows = np.take(rows, np.arange(start, start + WINDOW_ROWS), mode="wrap")
        inclusion = WINDOW_ROWS / size
    stage = snapshot.pool_stage[rows]
    few = (stage == Stage.NONE) & (snapshot.counters[rows, Counter.IMPRESSIONS] < params.fresh_impressions)
    pooled = (stage >= Stage.ENTRY) & (stage <= Stage.BREAKOUT)
    rows = rows[view.eligible[rows] & (few | pooled)]
    match = match_rows(rows, snapshot.tag_indptr, index.tag_rows, index.tag_vectors, view.tags_overall)
    return best_and_drawn(rows, match[:, 0] + snapshot.pool_owed[rows], limit, rng, inclusion)
