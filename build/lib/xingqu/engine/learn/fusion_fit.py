"""The weights of ``ranking.fusion``, by maximum likelihood on held-out next items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.metrics import ndcg
from xingqu.engine.evaluate.splits import NextItem
from xingqu.engine.ranking.fusion import Fusion, FusionParams, NextFeature, next_features
from xingqu.engine.state.items import ItemSnapshot

NEWTON_STEPS = 12
SHARPEN_ROUNDS = 3
SHARPEN_AT = 20  # places of the ranking that count
SHARPEN_FACTORS = (0.0, 0.4, 0.6, 0.75, 0.88, 1.14, 1.33, 1.7, 2.5)
RIDGE = 1e-3  # on standardised features, a case


def fit_fusion(
    snapshot: ItemSnapshot,
    held_out: NextItem,
    *,
    seed: int,
    cases: int = 3_000,
    others: int = 400,
    params: FusionParams | None = None,
) -> Fusion:
    """Weights under which the held-out items are likeliest among the items a person has not met.

    Models of ``snapshot`` must not have seen the targets. At most ``cases`` are used. Each target competes with the
    ``others`` that any one source ranks highest and as many drawn uniformly: weights are decided near the top, and the drawn
    ones keep scores honest further down.
    """
    settings = params or FusionParams()
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(held_out))[:cases])
    sets = [_competition(snapshot, held_out, int(case), settings, rng, others) for case in chosen]
    if not sets:
        return Fusion(np.eye(len(NextFeature), dtype=np.float32)[NextFeature.SEQUENCE], settings)
    spread = np.maximum(np.std(np.concatenate(sets), axis=0, dtype=np.float64), 1e-9)
    width = max(part.shape[0] for part in sets)
    features = np.zeros((len(sets), width, len(NextFeature)), dtype=np.float32)
    absent = np.ones((len(sets), width), dtype=np.bool_)
    for number, part in enumerate(sets):
        features[number, : part.shape[0]] = part / spread
        absent[number, : part.shape[0]] = False
    weights = _sharpen(features, absent, _newton(features, absent))
    return Fusion((weights / spread).astype(np.float32), settings)


def _competition(
    snapshot: ItemSnapshot, held_out: NextItem, case: int, params: FusionParams, rng: np.random.Generator, others: int
) -> NDArray[np.float32]:
    """(m, f): the target's features first, then its rivals'."""
    history, target = held_out.history[case], int(held_out.target[case])
    features = next_features(snapshot, history, params)
    allowed = np.ones(len(snapshot), dtype=np.bool_)
    allowed[history] = False
    allowed[target] = False
    rivals = [rng.integers(0, len(snapshot), others)]
    count = min(others, len(snapshot) - 1)
    for column in range(features.shape[1]):
        rivals.append(np.argpartition(-features[:, column], count)[:count])
    rows = np.unique(np.concatenate(rivals))
    picked: NDArray[np.float32] = features[np.concatenate([[target], rows[allowed[rows]]])]
    return picked


def _newton(features: NDArray[np.float32], absent: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Maximum of the conditional logit's likelihood; the first of each set was chosen. Concave: halved steps suffice."""
    weights = np.zeros(features.shape[2])
    best = _likelihood(features, absent, weights)[0]
    for _ in range(NEWTON_STEPS):
        _, gradient, curvature = _likelihood(features, absent, weights)
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > 1e-5:
            reached = _likelihood(features, absent, weights + step)[0]
            if reached >= best:
                weights, best = weights + step, reached
                break
            step /= 2
        else:
            break
    return weights


def _sharpen(
    features: NDArray[np.float32], absent: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights near the likeliest that put more targets near the top: likelihood cares as much for those far down."""
    best_weights, logits = weights.copy(), features @ weights.astype(np.float32)
    logits[absent] = -np.inf
    best = ndcg((logits >= logits[:, :1]).sum(axis=1), SHARPEN_AT)
    for _ in range(SHARPEN_ROUNDS):
        for column in range(weights.size):
            here = best_weights[column]
            for factor in SHARPEN_FACTORS:
                moved = logits + np.float32(here * (factor - 1.0)) * features[:, :, column]
                moved[absent] = -np.inf
                quality = ndcg((moved >= moved[:, :1]).sum(axis=1), SHARPEN_AT)
                if quality > best:
                    best, best_weights[column] = quality, here * factor
            logits += np.float32(best_weights[column] - here) * features[:, :, column]
            logits[absent] = -np.inf
    return best_weights


def _likelihood(
    features: NDArray[np.float32], absent: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Mean log-likelihood less the ridge, its gradient, and minus its second derivative."""
    logits = features @ weights.astype(np.float32)
    logits[absent] = -np.inf
    logits -= logits.max(axis=1, keepdims=True)
    chance = np.exp(logits)
    total = chance.sum(axis=1, keepdims=True)
    chance /= total
    mean = np.einsum("bm,bmf->bf", chance, features)
    value = float((logits[:, 0] - np.log(total[:, 0])).mean() - RIDGE * weights @ weights / 2)
    gradient = (features[:, 0] - mean).mean(axis=0, dtype=np.float64) - RIDGE * weights
    flat = features.reshape(-1, features.shape[2])
    second = (flat * chance.reshape(-1, 1)).T @ flat / features.shape[0] - mean.T @ mean / features.shape[0]
    return value, gradient, second.astype(np.float64) + RIDGE * np.eye(weights.size)
