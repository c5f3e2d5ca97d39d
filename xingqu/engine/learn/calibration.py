"""Probabilities that mean what they say: isotonic regression on held-out impressions, and how far off they were."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

CORNERS: Final = 12  # of a calibration line
LEAST_HITS: Final = 20  # below so many there is nothing to calibrate by
PRIOR_WEIGHT: Final = 6.0  # impressions of each bin that vouch for the probability as it was predicted
F32 = NDArray[np.float32]


def fit_calibration(logits: NDArray[np.floating], labels: NDArray[np.bool_]) -> tuple[F32, F32] | None:
    """Corners (``CORNERS``,) of a monotone line from log-odds to calibrated log-odds; None where it would not help.

    It helps when the lines found on either half of the rows lower the other half's loss. The rows are in no order that
    matters.
    """
    even = np.arange(labels.size) % 2 == 0
    before = after = 0.0
    for half in (even, ~even):
        line = _fit_line(logits[half], labels[half])
        if line is None:
            return None
        x, y = logits[~half].astype(np.float64), labels[~half]
        before += float(log_loss(_logistic(x), y).sum())
        after += float(log_loss(_logistic(np.interp(x, *line)), y).sum())
    return _fit_line(logits, labels) if after < before else None


def _fit_line(logits: NDArray[np.floating], labels: NDArray[np.bool_]) -> tuple[F32, F32] | None:
    """None with too few hits.

    Bins of equal numbers of hits and of misses, their rates shrunk towards what was predicted, made monotone by pooling
    adjacent violators (Zadrozny and Elkan 2002), then joined by a line in log-odds: unlike steps, a line keeps the order
    of any two.
    """
    hits = int(labels.sum())
    if min(hits, labels.size - hits) < LEAST_HITS:
        return None
    order = np.argsort(logits, kind="stable")
    x, y = logits[order].astype(np.float64), labels[order].astype(np.float64)
    edges = _edges(x, y, min(CORNERS, hits // 10))
    bins = edges.size
    group = np.searchsorted(edges, np.arange(x.size), side="right") - 1
    size = np.bincount(group, minlength=bins).astype(np.float64)
    predicted = np.bincount(group, weights=_logistic(x), minlength=bins) / size
    rate = (np.bincount(group, weights=y, minlength=bins) + PRIOR_WEIGHT * predicted) / (size + PRIOR_WEIGHT)
    rate = np.clip(pooled(rate, size + PRIOR_WEIGHT), 1e-7, 1 - 1e-7)
    knots, levels = _log_odds(predicted), _log_odds(rate)
    levels = levels + np.arange(bins) * 1e-4  # what was pooled stays in order
    more = np.arange(1, CORNERS - bins + 1)
    return (
        np.concatenate([knots, knots[-1] + more]).astype(np.float32),
        np.concatenate([levels, levels[-1] + more]).astype(np.float32),
    )


def pooled(rates: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest ascending sequence, by least squares: pool adjacent violators."""
    blocks: list[list[float]] = []
    for rate, weight in zip(rates.tolist(), weights.tolist(), strict=True):
        blocks.append([rate, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            rate_b, weight_b, count_b = blocks.pop()
            rate_a, weight_a, count_a = blocks[-1]
            total = weight_a + weight_b
            blocks[-1] = [(rate_a * weight_a + rate_b * weight_b) / total, total, count_a + count_b]
    return np.concatenate([np.full(int(count), rate) for rate, _, count in blocks])


def calibration_error(probability: NDArray[np.floating], labels: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Expected calibration error over bins of equal size: mean distance of what was predicted and what happened."""
    order = np.argsort(probability, kind="stable")
    gaps = [
        abs(float(probability[part].mean()) - float(labels[part].mean())) * part.size
        for part in np.array_split(order, min(bins, order.size))
    ]
    return sum(gaps) / max(1, probability.size)


def log_loss(probability: NDArray[np.floating], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(n,) minus the logarithm of the probability of what happened."""
    bounded = np.clip(probability.astype(np.float64), 1e-9, 1 - 1e-9)
    loss: NDArray[np.float64] = -np.where(labels, np.log(bounded), np.log1p(-bounded))
    return loss


def area_under_curve(scores: NDArray[np.floating], labels: NDArray[np.bool_]) -> float:
    """Chance that a hit is scored above a miss, ties counting half; 0.5 where one of the two is missing."""
    hits = int(labels.sum())
    if hits in (0, labels.size):
        return 0.5
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(sizes) - (sizes - 1) / 2
    return float((rank[group[labels]].sum() - hits * (hits + 1) / 2) / (hits * (labels.size - hits)))


def _edges(x: NDArray[np.float64], y: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """First place of each bin, by the share of hits and misses that lie below."""
    share = np.cumsum(y) / y.sum() + np.cumsum(1 - y) / (1 - y).sum()
    edges = np.searchsorted(share, np.linspace(0, 2, bins + 1)[:-1])
    edges[0] = 0
    return np.unique(edges).astype(np.int64)


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))


def _log_odds(p: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(p, 1e-9, 1 - 1e-9)
    return np.log(bounded / (1 - bounded))
