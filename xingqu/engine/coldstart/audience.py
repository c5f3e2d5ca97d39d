"""Whom a new item is for, learned from its first exposures: a posterior over the tastes it appeals to.

The log-odds that a person takes to the item are linear in the person's taste, with a Gaussian posterior of weights that
takes one Kalman step an answer (the Laplace form of assumed-density filtering: Opper 1998). Thompson sampling (Agrawal and
Goyal, 2013, for the linear case) offers the item to the person for whom a draw of the weights is best, so that a small
audience is looked for where it may be and not given up after the first refusals of everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class AudienceParams:
    base_log_odds: float = -2.5  # before any answer
    base_deviation: float = 1.0
    taste_deviation: float = 0.25  # of one weight: about one unit of log-odds over sixteen


@dataclass(frozen=True, eq=False)
class Audience:
    """``mean`` (1 + k,), the constant first, and its ``covariance``."""

    mean: F64
    covariance: F64

    @classmethod
    def unknown(cls, dimensions: int, params: AudienceParams | None = None) -> Audience:
        """Before any answer; tastes are of ``dimensions`` and about standard normal."""
        settings = params or AudienceParams()
        mean = np.zeros(1 + dimensions)
        mean[0] = settings.base_log_odds
        variance = np.full(1 + dimensions, settings.taste_deviation**2)
        variance[0] = settings.base_deviation**2
        return cls(mean, np.diag(variance))

    def learned(self, taste: F64, positive: bool) -> Audience:
        """After one answer of a person of this ``taste`` (k,); ``self`` is not changed."""
        direction = np.concatenate([[1.0], taste])
        spread = self.covariance @ direction
        variance = float(direction @ spread)
        chance = 1.0 / (1.0 + np.exp(-float(direction @ self.mean)))
        curvature = max(chance * (1.0 - chance), 1e-6)
        gain = spread / (1.0 + curvature * variance)
        return Audience(
            self.mean + gain * (float(positive) - chance),
            self.covariance - curvature * np.outer(gain, spread),
        )

    def log_odds(self, tastes: F64) -> F64:
        """(m,) of people of these ``tastes`` (m, k)."""
        odds: F64 = self.mean[0] + tastes @ self.mean[1:]
        return odds

    def sampled_log_odds(self, tastes: F64, rng: np.random.Generator) -> F64:
        """The same under one draw of the weights."""
        root = np.linalg.cholesky(self.covariance + 1e-9 * np.eye(self.mean.size))
        weights = self.mean + root @ rng.standard_normal(self.mean.size)
        odds: F64 = weights[0] + tastes @ weights[1:]
        return odds
