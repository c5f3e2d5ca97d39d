"""Which pool item a reserved slot shows: what is owed, or Thompson sampling; the propensity is exact either way.

The probability with which Thompson sampling (1933) picks an item has no closed form. So the posteriors are sampled
``thompson_draws`` times, the shares in which each item came out best are mixed with the uniform distribution, and the
slot is drawn from that mixture: given the samples, which don't depend on any outcome, its probabilities are exact and
none is 0, which is all that inverse propensity weights need to be unbiased.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.coldstart.params import PoolParams

F64 = NDArray[np.float64]


def choice_probabilities(
    mean: NDArray[np.floating],
    deviation: NDArray[np.floating],
    owed: NDArray[np.floating],
    params: PoolParams,
    rng: np.random.Generator,
) -> F64:
    """Of ``m`` items with posterior values ``mean`` ± ``deviation``; they sum to 1."""
    size = mean.size
    samples = mean + deviation * rng.standard_normal((params.thompson_draws, size))
    wins = np.bincount(samples.argmax(axis=1), minlength=size) / params.thompson_draws
    mixed = (1.0 - params.uniform_floor) * wins + params.uniform_floor / size
    debt = float(owed.sum())
    if debt > 0:
        mixed = (1.0 - params.guarantee_share) * mixed + params.guarantee_share * owed / debt
    probability: F64 = np.asarray(mixed / mixed.sum(), dtype=np.float64)
    return probability


def draw_pool_item(
    mean: NDArray[np.floating],
    deviation: NDArray[np.floating],
    owed: NDArray[np.floating],
    params: PoolParams,
    rng: np.random.Generator,
) -> tuple[int, float]:
    """(which of the items, its probability)."""
    probability = choice_probabilities(mean, deviation, owed, params, rng)
    drawn = min(int(np.searchsorted(np.cumsum(probability), rng.random())), probability.size - 1)
    return drawn, float(probability[drawn])
