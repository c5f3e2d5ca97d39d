"""Whom a reserved slot shows a new item: by what the item may be to this person, and what is still to be learned of that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.view import View

STRONGEST_TILT = 4.0  # times more, or less, that a debt counts for somebody likely, or hardly, to be of the audience

F64 = NDArray[np.float64]


def weigh_audience(
    view: View, rows: NDArray[np.int32], deviation: NDArray[np.floating], owed: NDArray[np.floating]
) -> tuple[F64, F64]:
    """(posterior deviations of the items' values for this person, what they are owed by this person's slots).

    ``deviation`` and ``owed`` (m,) are what is said of everybody, and stay where the taste model was trained on the item or
    there is none. Elsewhere the deviation is that of the audience's posterior for this person, so that a draw finds the few
    an item is for; and debts are rather paid by people who are likely to take to the item.
    """
    doubts, debts = np.array(deviation, dtype=np.float64), np.array(owed, dtype=np.float64)
    model, person = view.snapshot.models.taste, view.person
    new = np.flatnonzero(~model.met[rows]) if model is not None else np.empty(0, np.int64)
    if model is None or person is None or not new.size:
        return doubts, debts
    members = rows[new]
    bias = model.bias[members].astype(np.float64)
    offset, _ = model.offsets(person, members)
    chance, usual = _rate(bias + offset), _rate(bias)
    weight = abs(view.params.value.weight[view.params.scorer.taste_head])
    doubts[new] = weight * chance * (1.0 - chance) * model.deviations(person, members)
    debts[new] *= np.clip(chance / usual, 1.0 / STRONGEST_TILT, STRONGEST_TILT)
    return doubts, debts


def _rate(log_odds: F64) -> F64:
    rate: F64 = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))
    return rate
