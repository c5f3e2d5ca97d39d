"""When and how often somebody buys again, from how often and how lately they did.

``BuyerModel`` is the BG/NBD model of Fader, Hardie and Lee ("Counting your customers" the easy way, Marketing Science
2005): while alive a buyer buys at a rate of their own (gamma distributed over buyers), and after each purchase may stop
for good (a probability of their own, beta distributed). Covariates known at the first order multiply the rate (Fader and
Hardie, 2007). ``Correction`` then learns, on an earlier cut of the same history, where such predictions are off.

All times in one unit (weeks in the literature); ``x`` repeat purchases, the last at ``t_x`` after the first, which was
``T`` ago.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.learn.simplex import minimise

F64 = NDArray[np.float64]
_SERIES_TERMS = 2_000
_RIDGE = 1.0  # on the correction's slopes, per standard deviation


@dataclass(frozen=True, eq=False)
class Histories:
    """One row a buyer. ``covariates`` (n, k): what was known at the first order, standardised by the caller."""

    repeats: F64
    last: F64
    age: F64
    covariates: F64

    @classmethod
    def of(cls, repeats: ArrayLike, last: ArrayLike, age: ArrayLike, covariates: ArrayLike | None = None) -> Histories:
        """Raises ValueError when lengths differ or a last purchase lies before the first or in the future."""
        x, t_x, big_t = (np.asarray(column, dtype=np.float64) for column in (repeats, last, age))
        told = np.zeros((x.size, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
        if not x.size == t_x.size == big_t.size == told.shape[0]:
            raise ValueError("histories differ in length")
        if (x < 0).any() or (t_x < 0).any() or (t_x > big_t).any() or ((x == 0) & (t_x > 0)).any():
            raise ValueError("a purchase lies outside of its history")
        return cls(x, t_x, big_t, told)

    def __len__(self) -> int:
        return int(self.repeats.size)


@dataclass(frozen=True, eq=False)
class BuyerModel:
    """``r``, ``alpha``: the gamma distribution of rates; ``a``, ``b``: the beta distribution of stopping."""

    r: float
    alpha: float
    a: float
    b: float
    slopes: tuple[float, ...] = ()  # of the log rate, per covariate

    @classmethod
    def fit(cls, histories: Histories) -> BuyerModel:
        """Greatest likelihood."""
        count = histories.covariates.shape[1]

        def loss(place: F64) -> float:
            if np.abs(place[:4]).max() > 12:
                return math.inf
            return -cls._at(place).log_likelihood(histories) / max(1, len(histories))

        start = np.concatenate([np.log([0.3, 5.0, 0.8, 2.5]), np.zeros(count)])
        place, _ = minimise(loss, start)
        return cls._at(place)

    @classmethod
    def _at(cls, place: F64) -> BuyerModel:
        r, alpha, a, b = (float(value) for value in np.exp(place[:4]))
        return cls(r, alpha, a, b, tuple(float(slope) for slope in place[4:]))

    def log_likelihood(self, histories: Histories) -> float:
        """Of all rows together; formula (6) of the paper."""
        scale = self._scale(histories)
        return float(_log_likelihood(histories.repeats, histories.last, histories.age, scale, self.r, self.a, self.b))

    def alive(self, histories: Histories) -> F64:
        """Probability that each buyer has not stopped."""
        scale = self._scale(histories)
        x = histories.repeats
        stopped = self.a / (self.b + np.maximum(x, 1.0) - 1.0)
        stopped = stopped * ((scale + histories.age) / (scale + histories.last)) ** (self.r + x)
        result: F64 = 1.0 / (1.0 + np.where(x > 0, stopped, 0.0))
        return result

    def expected(self, histories: Histories, ahead: float) -> F64:
        """Expected purchases of each buyer in the next ``ahead``; formula (10) of the paper."""
        scale, x = self._scale(histories), histories.repeats
        until = scale + histories.age
        upper = self.a + self.b + x - 1.0
        series = _hypergeometric(self.r + x, self.b + x, upper, ahead / (until + ahead))
        grown = 1.0 - (until / (until + ahead)) ** (self.r + x) * series
        result: F64 = upper / (self.a - 1.0) * grown * self.alive(histories)
        return result

    def _scale(self, histories: Histories) -> F64:
        """``alpha`` of each buyer: the rate is gamma(r, alpha)."""
        told = histories.covariates[:, : len(self.slopes)] @ np.asarray(self.slopes, dtype=np.float64)
        scale: F64 = self.alpha * np.exp(-told) + np.zeros(len(histories))
        return scale


@dataclass(frozen=True, eq=False)
class Correction:
    """A Poisson regression of what came on what was expected and on features of the history; log link."""

    weights: F64  # (1 + k,), the constant first
    mean: F64
    spread: F64

    @classmethod
    def fit(cls, expected: F64, features: F64, came: F64) -> Correction:
        """Newton's method with a ridge; ``expected`` enters as an offset, so that no feature means no correction."""
        mean, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
        design = np.column_stack([np.ones(came.size), (features - mean) / spread])
        offset = np.log(np.maximum(expected, 1e-6))
        ridge = np.diag([1e-9] + [_RIDGE] * features.shape[1])
        weights = np.zeros(design.shape[1])
        for _ in range(30):
            rate = np.exp(np.clip(offset + design @ weights, -12, 6))
            slope = design.T @ (rate - came) + ridge @ weights
            curvature = (design * rate[:, None]).T @ design + ridge
            change = np.linalg.solve(curvature, slope)
            weights = weights - np.clip(change, -1.0, 1.0)
            if np.abs(change).max() < 1e-8:
                break
        return cls(weights, mean, spread)

    def apply(self, expected: F64, features: F64, *, keep_total: bool = True) -> F64:
        """Corrected expected purchases.

        With ``keep_total`` it says who, not how many: one earlier period cannot tell the level from the season.
        """
        shift = self.weights[0] + (features - self.mean) / self.spread @ self.weights[1:]
        result: F64 = expected * np.exp(np.clip(shift, -4.0, 4.0))
        if keep_total and result.sum() > 0:
            result *= expected.sum() / result.sum()
        return result


@njit(cache=True, nogil=True)
def _log_likelihood(x: F64, t_x: F64, age: F64, scale: F64, r: float, a: float, b: float) -> float:
    total = 0.0
    constant = math.lgamma(a + b) - math.lgamma(b) - math.lgamma(r)
    for i in range(x.size):
        n = x[i]
        common = math.lgamma(r + n) + r * math.log(scale[i]) + constant
        common += math.lgamma(b + n) - math.lgamma(a + b + n)
        still = -(r + n) * math.log(scale[i] + age[i])
        if n > 0:
            gone = math.log(a) - math.log(b + n - 1.0) - (r + n) * math.log(scale[i] + t_x[i])
            high = max(still, gone)
            still = high + math.log(math.exp(still - high) + math.exp(gone - high))
        total += common + still
    return total


@njit(cache=True, nogil=True)
def _hypergeometric(a: F64, b: F64, c: F64, z: F64) -> F64:
    """Gauss's series 2F1(a, b; c; z) for 0 <= z < 1."""
    result = np.ones(a.size)
    for i in range(a.size):
        term = 1.0
        for k in range(_SERIES_TERMS):
            term *= (a[i] + k) * (b[i] + k) / ((c[i] + k) * (k + 1.0)) * z[i]
            result[i] += term
            if abs(term) < 1e-13 * abs(result[i]):
                break
    return result
