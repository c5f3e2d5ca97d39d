"""Probabilities of each outcome of an impression.

The hand-set scorer is one logistic head an outcome, over the features. The bias of a head is the item's own smoothed
log-odds, so that for someone unknown the prediction is the item's posterior rate, and a person's evidence moves it in
log-odds. A product outcome of an item without product has probability 0. Where the snapshot carries a learned ranking it
corrects these log-odds, and where it carries a residual that is added to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import logistic_heads
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.features import build_features
from xingqu.engine.ranking.kernels import add_residuals, linear_logits, to_probabilities
from xingqu.engine.ranking.ranker import PARENT, surface_code
from xingqu.engine.ranking.residual import RESIDUAL_HEADS
from xingqu.engine.view import View

if TYPE_CHECKING:
    from xingqu.engine.models import Models

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ranked:
    """(m, len(Feature)) features and (m, len(Head)) biases that rows were ranked by, and what was predicted from them."""

    features: F32
    prior_logit: F32
    predictions: F32

    def of(self, places: list[int]) -> Ranked:
        """The rows at ``places``."""
        return Ranked(self.features[places], self.prior_logit[places], self.predictions[places])


def predict(view: View, rows: NDArray[np.int32], covisit: F32, following: F32 | None = None) -> F32:
    """(m, len(Head)) probabilities; a row's prediction does not depend on the other rows.

    ``covisit`` and ``following``: scores of the channels COVISIT and SEQUENCE, 0 where they did not bring a row.
    """
    return rank_rows(view, rows, covisit, following).predictions


def rank_rows(view: View, rows: NDArray[np.int32], covisit: F32, following: F32 | None = None) -> Ranked:
    """``predict`` with what it was predicted from."""
    features, prior = build_features(view, rows, covisit, following), biases(view, rows)
    params, models = view.params.scorer, view.snapshot.models
    # a residual corrects the base it learned on, and no other
    residual = models.residual if params.use_residual and (params.use_model or models.ranker is None) else None
    if residual is None and (models.ranker is None or not params.use_model):
        return Ranked(features, prior, score_features(features, prior, params))
    logits = base_logits(features, prior, surface_code(view.request.surface), models, params)
    if residual is not None:
        logits = add_residuals(logits, residual.offsets(view.snapshot, rows, features), RESIDUAL_HEADS, PARENT)
    predictions = to_probabilities(logits, params.probability_floor, params.probability_ceiling)
    return Ranked(features, prior, predictions)


def biases(view: View, rows: NDArray[np.int32]) -> F32:
    """(m, len(Head)) log-odds of each item whoever looks: its smoothed counters, or what a taste model has learned."""
    bias = view.snapshot.index.prior_logit[rows]
    model = view.snapshot.models.taste
    if model is not None:
        bias[:, view.params.scorer.taste_head] = model.bias[rows]
    return bias


def base_logits(
    features: F32, prior_logit: F32, surface: NDArray[np.integer] | int, models: Models, params: ScorerParams
) -> F32:
    """(m, len(Head)) log-odds before the residual. ``surface``: codes of ``ranking.ranker``."""
    logits = linear_logits(features, params.matrix, prior_logit)
    if models.ranker is None or not params.use_model:
        return logits
    return models.ranker.logits(features, logits, surface, calibrated=params.use_calibration)


def score_features(features: F32, prior_logit: F32, params: ScorerParams) -> F32:
    """(m, len(Head)): each row summed on its own; a matrix product may round differently with the rows' number."""
    return logistic_heads(features, params.matrix, prior_logit, params.probability_floor, params.probability_ceiling)
