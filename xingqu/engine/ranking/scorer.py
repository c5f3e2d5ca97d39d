"""Probabilities of each outcome of an impression: one logistic head an outcome, over the features.

The bias of a head is the item's own smoothed log-odds, so that for someone unknown the prediction is the
item's posterior rate, and a person's evidence moves it in log-odds. A product outcome of an item without
product has probability 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Feature
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.features import build_features
from xingqu.engine.view import View


def predict(view: View, rows: NDArray[np.int32], covisit: NDArray[np.float32]) -> NDArray[np.float32]:
    """(m, len(Head)) probabilities; a row's prediction does not depend on the other rows."""
    features = build_features(view, rows, covisit)
    return score_features(features, view.snapshot.index.prior_logit[rows], view.params.scorer)


def score_features(
    features: NDArray[np.float32], prior_logit: NDArray[np.float32], params: ScorerParams
) -> NDArray[np.float32]:
    weights = params.matrix
    logits = prior_logit.astype(np.float32)
    # one feature after the other: a matrix product may round differently with the number of rows
    for feature in Feature:
        logits += features[:, feature, None] * weights[None, :, feature]
    with np.errstate(over="ignore"):
        probability = 1.0 / (1.0 + np.exp(-logits))
    bounded: NDArray[np.float32] = np.clip(probability, params.probability_floor, params.probability_ceiling).astype(
        np.float32
    )
    bounded[np.isneginf(prior_logit)] = 0.0
    return bounded
