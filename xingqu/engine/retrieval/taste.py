"""Taste: the items that a person is most likely to take to, of all of them, by the learned model."""

from __future__ import annotations

import numpy as np

from xingqu.engine.kernels import taste_odds
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.slate.value import worth_of
from xingqu.engine.state.near import near_taste
from xingqu.engine.view import View

SHORTLIST = 4_096
NEAREST = 200


def retrieve(view: View, limit: int) -> Candidates:
    """The best by what a look is worth: its probability, in units of one watch, with bonus and price of the slate.

    One pass over all vectors, so that nothing is out of reach because of how it is indexed, and bonus and price are
    weighed for the ``SHORTLIST`` most likely; where the catalogue is too large for that, for the ``NEAREST`` and more by the lists of
    ``state.near``.
    """
    model = view.snapshot.models.taste
    if model is None or view.person is None or limit <= 0:
        return Candidates.none()
    rows = near_taste(view.snapshot, view.person.taste, view.eligible, NEAREST, view.params.near)
    if rows is None:
        rows = view.eligible.rows()
        odds = model.log_odds(view.person)[rows]
    else:
        rows = np.sort(rows)
        odds = model.bias[rows] + taste_odds(model.vectors, rows, view.person.taste, view.person.readiness)
    if rows.size > SHORTLIST:
        likely = np.sort(np.argpartition(-odds, SHORTLIST)[:SHORTLIST])
        rows, odds = rows[likely], odds[likely]
    chance = np.float32(1) / (np.float32(1) + np.exp(-odds))
    weight = np.float32(view.params.value.weight[view.params.scorer.taste_head])
    return best(rows, worth_of(view, rows, weight * chance), limit)
