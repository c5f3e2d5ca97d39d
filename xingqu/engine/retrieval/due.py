"""Due: what a person is about to need again, by when they bought of its category (``learn.replenish``).

The one channel that may bring back what was seen: who is due for coffee wants the coffee they know. What was looked at
within ``DueParams.seen_again_days`` stays away all the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.replenish import DAY_MS
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.retrieval.clusters import take_from_groups
from xingqu.engine.view import View

KNOWN_BONUS = 0.5  # added to the score of what the person has seen before: of a category, first what they know


def retrieve(view: View, limit: int) -> Candidates:
    """Products of the categories that are due, the most due first; ``score`` up to 1.5."""
    if limit <= 0 or not view.personalised or not view.due.places.size:
        return Candidates.none()
    params, index = view.params.due, view.snapshot.index
    order = np.argsort(-view.due.values, kind="stable")[: params.categories]
    order = order[view.due.values[order] >= params.least_due]
    category, chance = view.due.places[order].astype(np.int32), view.due.values[order].astype(np.float32)
    if not category.size:
        return Candidates.none()
    known = known_products(view)
    known = known[np.isin(index.category_index[known], category)]
    quota = np.maximum(np.ceil(limit * chance / chance.sum()), 2).astype(np.int64)
    rows, source, rank = take_from_groups(
        index.category_indptr, index.category_rows, category, quota, view.eligible.bits
    )
    score = chance[source] / np.sqrt(1.0 + rank).astype(np.float32)
    by_category = np.argsort(category)
    due_known = chance[by_category][np.searchsorted(category[by_category], index.category_index[known])]
    new = ~np.isin(rows, known)
    return best(
        np.concatenate([known, rows[new]]),
        np.concatenate([due_known + np.float32(KNOWN_BONUS), score[new]]).astype(np.float32),
        limit,
    )


def known_products(view: View) -> NDArray[np.int32]:
    """Rows that sell something, were seen long enough ago, and may be shown."""
    seen = view.state.seen
    long_ago = seen.at_s <= (view.now_ms - view.params.due.seen_again_days * DAY_MS) / 1000
    rows = view.snapshot.rows_of(seen.ids[long_ago])
    rows = rows[rows >= 0]
    sells = view.snapshot.product_id[rows] != 0
    known: NDArray[np.int32] = rows[sells & view.repeatable[rows]]
    return known
