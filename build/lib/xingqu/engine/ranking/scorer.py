"""Probabilities of each outcome of an impression: one logistic head an outcome, over the features.

The bias of a head is the item's own smoothed log-odds, so that for someone unknown the prediction is the
item's posterior rate, and a person's evidence moves it in log-odds. A product outcome of an item without
product has probability 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import logistic_heads
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.features import build_features
from xingqu.engine.view import View


def predict(
    view: View, rows: NDArray[np.int32], covisit: NDArray[np.float32], following: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """(m, len(Head)) probabilities; a row's prediction does not depend on the other rows.

    ``covisit`` and ``following``: scores of the channels COVISIT and SEQUENCE, 0 where they did not bring a row.
    """
    features = build_features(view, rows, covisit, following)
    return score_features(features, biases(view, rows), view.params.scorer)


def biases(view: View, rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """(m, len(Head)) log-odds of each item whoever looks: its smoothed counters, or what a taste model has learned."""
    bias = view.snapshot.index.prior_logit[rows]
    model = view.snapshot.models.taste
    if model is not None:
        bias[:, view.params.scorer.taste_head] = model.bias[rows]
    return bias


def score_features(
    features: NDArray[np.float32], prior_logit: NDArray[np.float32], params: ScorerParams
) -> NDArray[np.float32]:
    """(m, len(Head)): each row summed on its own; a matrix product may round differently with the rows' number."""
    return logistic_heads(features, params.matrix, prior_logit, params.probability_floor, params.probability_ceiling)
