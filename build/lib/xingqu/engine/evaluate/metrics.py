"""Ranking metrics. Ties and numbers that are none count against us: a constant score earns nothing.

A rank counts from 1 and is the worst the target can have among equals: 1 + the number of others that do not score
strictly less. Metrics take ranks, one a test case, so that they can be averaged and cut as one likes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MISSED = np.iinfo(np.int64).max


def pessimistic_rank(scores: ArrayLike, target: int) -> int:
    """Rank of ``scores[target]`` among all ``scores`` (n,). NaN of another counts above, NaN of the target is last."""
    values = np.asarray(scores)
    below = np.count_nonzero(values < values[target])
    return int(values.size - below)


def pessimistic_ranks(scores: ArrayLike, targets: ArrayLike) -> NDArray[np.int64]:
    """Ranks (b,) of the columns ``targets`` (b,) in their rows of ``scores`` (b, n)."""
    values = np.asarray(scores)
    wanted = np.asarray(targets, dtype=np.int64)
    own = np.take_along_axis(values, wanted[:, None], axis=1)
    ranks: NDArray[np.int64] = values.shape[1] - (values < own).sum(axis=1, dtype=np.int64)
    return ranks


def list_ranks(lists: ArrayLike, targets: ArrayLike) -> NDArray[np.int64]:
    """Ranks (b,) of ``targets`` (b,) in recommended ``lists`` (b, k), best first; ``MISSED`` where not listed.

    An id listed twice is found at its last place.
    """
    listed, wanted = np.asarray(lists), np.asarray(targets)
    found = listed == wanted[:, None]
    width = listed.shape[1]
    last = width - np.argmax(found[:, ::-1], axis=1) if width else np.zeros(wanted.size, dtype=np.int64)
    ranks: NDArray[np.int64] = np.where(found.any(axis=1), last, MISSED)
    return ranks


def hit_rate(ranks: ArrayLike, k: int) -> float:
    """Share of targets within the first ``k``: Recall@k for one target a case; "P@k" of the session literature."""
    return float(np.mean(np.asarray(ranks) <= k)) if np.size(ranks) else 0.0


def precision(ranks: ArrayLike, k: int) -> float:
    """Share of the ``k`` places that hold the target, for one target a case."""
    return hit_rate(ranks, k) / k


def mrr(ranks: ArrayLike, k: int) -> float:
    """Mean reciprocal rank, 0 beyond ``k``."""
    values = np.asarray(ranks, dtype=np.float64)
    return float(np.mean(np.where(values <= k, 1.0 / values, 0.0))) if values.size else 0.0


def ndcg(ranks: ArrayLike, k: int) -> float:
    """Normalised discounted cumulative gain for one target a case: 1 / log2(rank + 1), 0 beyond ``k``."""
    values = np.asarray(ranks, dtype=np.float64)
    return float(np.mean(np.where(values <= k, 1.0 / np.log2(values + 1.0), 0.0))) if values.size else 0.0


def gini(exposure: ArrayLike) -> float:
    """Inequality of a not negative ``exposure`` (n,), those with none included: 0 even, near 1 all on one.

    Raises ValueError for a negative or not finite exposure.
    """
    values = np.sort(np.asarray(exposure, dtype=np.float64))
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("exposure must be finite and not negative")
    total = values.sum()
    if not total:
        return 0.0
    place = np.arange(1, values.size + 1)
    return float(2.0 * (place * values).sum() / (values.size * total) - (values.size + 1) / values.size)


def summarise(ranks: ArrayLike, cuts: tuple[int, ...] = (10, 20)) -> dict[str, float]:
    """``HR@k``, ``NDCG@k`` and ``MRR@k`` for each of ``cuts``."""
    metrics = {"HR": hit_rate, "NDCG": ndcg, "MRR": mrr}
    return {f"{name}@{k}": metric(ranks, k) for k in cuts for name, metric in metrics.items()}
