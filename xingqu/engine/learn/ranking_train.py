"""All of the learned ranking from impressions: the network where it wins, and the residual where that helps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from xingqu.engine.columns import Head
from xingqu.engine.learn.impressions import Impressions, Outcomes
from xingqu.engine.learn.residual_fit import Replayed, replay
from xingqu.engine.models import Models
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.ranker import FIGURES, RankerModel
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.state.items import ItemSnapshot

LEAST_IMPRESSIONS: Final = 500  # below, there is nothing to judge by
MOST_IMPRESSIONS: Final = 400_000  # the newest


@dataclass(frozen=True, eq=False)
class RankingTrained:
    """``models`` with ranking and residual replaced, or taken out where they would not help.

    ``before`` and ``after``: relative information of what served and of what was found, on held-out impressions; ``before``
    is None without torch, for then nothing was trained that could be compared.
    """

    models: Models
    before: float | None
    after: float
    cases: int
    detail: dict[str, Any]

    @property
    def is_no_worse(self) -> bool:
        """Than what served."""
        return self.before is None or self.after >= self.before

    @property
    def is_nothing(self) -> bool:
        """Whether the hand-set scorer alone is to serve."""
        return self.models.ranker is None and self.models.residual is None


def train_ranking_models(
    rows: Impressions,
    outcomes: Outcomes,
    snapshot: ItemSnapshot,
    scorer: ScorerParams,
    *,
    now_ms: int,
    seed: int,
    budget_s: float,
) -> RankingTrained:
    """From what was on a screen and what followed. Equal arguments give equal models on one machine.

    Without torch the network stays as it is and only the residual is learned.
    """
    models, before, after = snapshot.models, None, 0.0
    detail: dict[str, Any] = {"impressions": len(rows)}
    if find_spec("torch"):
        # only now: serving must not load torch
        from xingqu.engine.learn.multitask_train import RankerConfig, quality_of, train_ranker

        config = RankerConfig(budget_s=budget_s)
        ranker = train_ranker(rows, outcomes, now_ms=now_ms, scorer=scorer, config=config, seed=seed)
        before, after = (
            quality_of(model, rows, outcomes, now_ms=now_ms, scorer=scorer, config=config)
            for model in (models.ranker, ranker)
        )
        detail["heads"] = figures_of(ranker)
        models = replace(models, ranker=ranker if ranker.adopted.any() else None)
    else:
        detail["skipped"] = "no_torch"
    told = replay(rows, outcomes.by(now_ms), snapshot, models, scorer, start=ResidualModel.empty(born_ms=now_ms))
    detail |= {"residual_helps": told.helps, "residual": _residual_figures(told)}
    models = replace(models, residual=told.model if told.helps else None)
    return RankingTrained(models, before, after, told.judged, detail)


def figures_of(ranker: RankerModel) -> dict[str, dict[str, float | bool]]:
    """By outcome what was found on held-out impressions, and whether the network predicts it."""
    return {
        head.name.lower(): {"adopted": bool(ranker.adopted[head])}
        | {name: round(float(figure), 6) for name, figure in zip(FIGURES, ranker.figures[head], strict=True)}
        for head in Head
    }


def newest(rows: Impressions) -> Impressions:
    """At most ``MOST_IMPRESSIONS`` of them."""
    return rows.select(np.argsort(rows.at_ms, kind="stable")[-MOST_IMPRESSIONS:])


def _residual_figures(told: Replayed) -> dict[str, list[float]]:
    """By outcome the log-loss without and with the residual."""
    return {
        head.name.lower(): [round(float(told.before[head]), 6), round(float(told.after[head]), 6)]
        for head in Head
        if told.before[head] > 0
    }
