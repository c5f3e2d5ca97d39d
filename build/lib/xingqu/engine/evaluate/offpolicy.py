"""What another policy would have earned, estimated from what was served: IPS, SNIPS and doubly robust.

``m`` logged decisions, each an item drawn with a known probability (``propensity``) and what came of it (``reward``);
``target`` is the probability with which the policy in question would have drawn the same item in the same place.

- IPS: mean of ``w * reward`` with ``w = target / propensity`` (Horvitz and Thompson 1952). Unbiased where every item that the
  target may draw had a positive propensity; noisy when weights are large.
- SNIPS: ``sum(w * reward) / sum(w)`` (Swaminathan and Joachims 2015). Slightly biased, consistent, far less noisy; does not
  change when a constant is added to all rewards.
- DR: the model's expectation under the target plus the weighted residual of what was logged (Dudik, Langford and Li 2011).
  Unbiased when either the propensities or the model are right.

Weights may be clipped at ``clip``; a clipped estimate is biased towards zero weight on the rare actions, so the share that
was clipped stands in the result. The effective sample size is Kish's: ``sum(w)² / sum(w²)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.params import QuotaParams
from xingqu.engine.slate.quota import draw_probabilities

F64 = NDArray[np.float64]


class DecisionError(ValueError):
    """The logged decisions can't be used; the message names the column."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """``m`` logged draws; all arrays ``m`` long. Make one with ``of``.

    ``predicted``: a model's expected reward of the item that was drawn; ``predicted_target``: the model's expected reward
    of a draw by the target policy in the same place. Both or neither.
    """

    propensity: F64  # in (0, 1]
    target: F64  # in [0, 1]
    reward: F64
    predicted: F64 | None = None
    predicted_target: F64 | None = None

    @classmethod
    def of(
        cls,
        *,
        propensity: ArrayLike,
        target: ArrayLike,
        reward: ArrayLike,
        predicted: ArrayLike | None = None,
        predicted_target: ArrayLike | None = None,
    ) -> Decisions:
        """Raises DecisionError when lengths differ, a number is not finite or a probability is none."""
        columns: dict[str, F64] = {}
        given = {
            "propensity": propensity,
            "target": target,
            "reward": reward,
            "predicted": predicted,
            "predicted_target": predicted_target,
        }
        if (predicted is None) != (predicted_target is None):
            raise DecisionError("predicted and predicted_target go together")
        for name, column in given.items():
            if column is None:
                continue
            values = np.asarray(column, dtype=np.float64)
            if values.ndim != 1 or values.shape != np.shape(propensity):
                raise DecisionError(f"{name} has shape {values.shape}, expected {np.shape(propensity)}")
            if not np.isfinite(values).all():
                raise DecisionError(f"{name} must be finite")
            columns[name] = values
        if ((columns["propensity"] <= 0) | (columns["propensity"] > 1)).any():
            raise DecisionError("propensity must lie in (0, 1]")
        if ((columns["target"] < 0) | (columns["target"] > 1)).any():
            raise DecisionError("target must lie in [0, 1]")
        return cls(**columns)

    def __len__(self) -> int:
        return int(self.propensity.size)


@dataclass(frozen=True)
class Estimate:
    """A mean reward per decision with its confidence interval."""

    method: str
    value: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class Evaluation:
    """What was served, what the target would have earned, and how far the estimate can be trusted."""

    decisions: int
    logged: Estimate  # mean reward of what was served
    ips: Estimate
    snips: Estimate
    doubly_robust: Estimate | None  # None without a model's predictions
    effective_sample_size: float
    largest_weight: float  # before clipping
    mean_weight: float  # before clipping; near 1 when propensities and support are right
    clip: float | None
    clipped_share: float

    def estimates(self) -> tuple[Estimate, ...]:
        found = (self.logged, self.ips, self.snips, self.doubly_robust)
        return tuple(estimate for estimate in found if estimate is not None)


def evaluate_policy(decisions: Decisions, *, clip: float | None = None, confidence: float = 0.95) -> Evaluation:
    """All estimates of the target's mean reward, with normal confidence intervals.

    The interval of SNIPS is by the delta method, those of the others by the variance of their terms. ``clip``: the largest
    weight. Raises DecisionError for no decisions, a clip that is not positive or a confidence outside (0, 1).
    """
    count = len(decisions)
    if count < 2:
        raise DecisionError("at least two decisions are needed")
    if clip is not None and not clip > 0:
        raise DecisionError("clip must be positive")
    if not 0 < confidence < 1:
        raise DecisionError("confidence must lie in (0, 1)")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    raw = decisions.target / decisions.propensity
    weight = raw if clip is None else np.minimum(raw, clip)
    total, squares = float(weight.sum()), float((weight**2).sum())
    robust = None
    if decisions.predicted is not None and decisions.predicted_target is not None:
        terms = decisions.predicted_target + weight * (decisions.reward - decisions.predicted)
        robust = _mean("dr", terms, z)
    return Evaluation(
        decisions=count,
        logged=_mean("logged", decisions.reward, z),
        ips=_mean("ips", weight * decisions.reward, z),
        snips=_ratio(weight, decisions.reward, z),
        doubly_robust=robust,
        effective_sample_size=total**2 / squares if squares > 0 else 0.0,
        largest_weight=float(raw.max()),
        mean_weight=float(raw.mean()),
        clip=clip,
        clipped_share=0.0 if clip is None else float((raw > clip).mean()),
    )


def _mean(method: str, terms: F64, z: float) -> Estimate:
    value = float(terms.mean())
    error = float(terms.std(ddof=1) / np.sqrt(terms.size))
    return Estimate(method, value, value - z * error, value + z * error, error)


def _ratio(weight: F64, reward: F64, z: float) -> Estimate:
    total = float(weight.sum())
    if total <= 0:  # the target never does what was logged: nothing can be said
        return Estimate("snips", float("nan"), float("nan"), float("nan"), float("nan"))
    value = float((weight * reward).sum() / total)
    error = float(np.sqrt((weight**2 * (reward - value) ** 2).sum()) / total)
    return Estimate("snips", value, value - z * error, value + z * error, error)


def fit_reward(features: ArrayLike, reward: ArrayLike, *, ridge: float = 1.0, folds: int = 5, seed: int = 0) -> F64:
    """Cross-fitted ridge prediction of ``reward`` (m,) from ``features`` (m, f): each fold by a model of the others.

    For ``Decisions.predicted``: a model that has seen a decision's own reward would bias DR (Chernozhukov et al. 2018).
    """
    x = np.asarray(features, dtype=np.float64)
    y = np.asarray(reward, dtype=np.float64)
    fold = np.random.default_rng(seed).permutation(y.size) % max(2, folds)
    predicted = np.zeros(y.size)
    for part in range(max(2, folds)):
        held = fold == part
        predicted[held] = predict_reward(fit_ridge(x[~held], y[~held], ridge=ridge), x[held])
    return predicted


def fit_ridge(x: F64, y: F64, *, ridge: float) -> F64:
    """Coefficients (f + 1,), the intercept last and not shrunk."""
    design = np.column_stack([x, np.ones(y.size)])
    penalty = np.eye(design.shape[1]) * ridge
    penalty[-1, -1] = 1e-9
    return np.asarray(np.linalg.solve(design.T @ design + penalty, design.T @ y), dtype=np.float64)


def predict_reward(coefficients: F64, x: F64) -> F64:
    result: F64 = x @ coefficients[:-1] + coefficients[-1]
    return result


def target_of_draw(
    scores: NDArray[np.floating], picked: int, *, logged: QuotaParams, target: QuotaParams
) -> tuple[float, float, F64]:
    """(probability of the logged draw, that under ``target``, all probabilities under ``target``) of one reserved slot.

    ``scores`` (k,): what the pool's entries were worth; ``picked``: the place in it that was drawn.
    """
    before, after = draw_probabilities(scores, logged), draw_probabilities(scores, target)
    return float(before[picked]), float(after[picked]), after
