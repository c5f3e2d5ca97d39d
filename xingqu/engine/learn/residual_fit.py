"""A residual from the log played again in its order, and whether it would have helped: each row judged before it is learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head
from xingqu.engine.learn.calibration import log_loss
from xingqu.engine.learn.impressions import Impressions
from xingqu.engine.models import Models
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.kernels import add_residuals, to_probabilities
from xingqu.engine.ranking.ranker import PARENT
from xingqu.engine.ranking.residual import RESIDUAL_HEADS, ResidualModel
from xingqu.engine.ranking.scorer import base_logits
from xingqu.engine.state.items import ItemSnapshot

STEP_ROWS = 500
JUDGED_SHARE = 0.3  # the newest rows; before, the residual is still finding its feet
F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Replayed:
    """``before`` and ``after`` (heads,): log-losses of the newest ``judged`` rows without and with the residual."""

    model: ResidualModel
    judged: int
    before: NDArray[np.float64]
    after: NDArray[np.float64]

    @property
    def helps(self) -> bool:
        """Whether the losses of its heads, each as a share of what it was, fell on the whole."""
        before, after = self.before[RESIDUAL_HEADS], self.after[RESIDUAL_HEADS]
        told = before > 0
        return bool(told.any() and (after[told] / before[told]).mean() < 1.0)


def base_of(rows: Impressions, models: Models, scorer: ScorerParams) -> F32:
    """(n, heads) log-odds before the residual, each row at the place where it stood."""
    surface = rows.surface.astype(np.int64)
    base = base_logits(rows.features, rows.prior_logit, surface, models, scorer)
    if models.ranker is None or not scorer.use_model:
        return base
    return base + models.ranker.placed(surface, rows.position)


def replay(
    rows: Impressions,
    labels: NDArray[np.bool_],
    snapshot: ItemSnapshot,
    models: Models,
    scorer: ScorerParams,
    *,
    start: ResidualModel,
) -> Replayed:
    """``start`` after all rows of items that the snapshot knows, oldest first."""
    row = snapshot.rows_of(rows.item_id)
    order = np.argsort(rows.at_ms, kind="stable")
    order = order[row[order] >= 0]
    base, model = base_of(rows, models, scorer), start
    judged = order[int(order.size * (1 - JUDGED_SHARE)) :]
    predicted = np.zeros((len(rows), len(Head)), dtype=np.float32)
    for first in range(0, order.size, STEP_ROWS):
        step = order[first : first + STEP_ROWS]
        features = rows.features[step]
        moved = add_residuals(base[step], model.offsets(snapshot, row[step], features), RESIDUAL_HEADS, PARENT)
        predicted[step] = to_probabilities(moved, 0.0, 1.0)
        model = model.learned(snapshot, row[step], features, base[step], labels[step])
    plain = to_probabilities(base[judged], 0.0, 1.0)
    losses = np.zeros((2, len(Head)))
    for head in RESIDUAL_HEADS:
        may = np.isfinite(base[judged, head])
        if may.any():
            truth = labels[judged][may, head]
            for side, p in enumerate((plain[may, head], predicted[judged][may, head])):
                losses[side, head] = log_loss(p, truth).mean()
    return Replayed(model, judged.size, losses[0], losses[1])
