"""Whom a new item is for, learned from its first exposures: a posterior over the tastes it appeals to.

The log-odds that a person takes to the item are linear in the person's taste, with a Gaussian posterior of weights that
takes one Kalman step an answer (the Laplace form of assumed-density filtering: Opper 1998). A reserved slot draws by it
(Thompson sampling: Agrawal and Goyal, 2013, for the linear case; ``coldstart.whom``), so that a small audience is looked for
where it may be and not given up after the first refusals of everybody else. Its means are the item's own part and vector in
the taste model (``learn.taste``), so that everything else that serves knows as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Audiences:
    """Posteriors of ``y`` items by ascending id: each item's own log-odds and its vector of ``k``, together.

    ``placed`` is the vector that the item's tags gave it, before any answer.
    """

    item_id: I64  # (y,)
    mean: F64  # (y, 1 + k)
    covariance: F64  # (y, 1 + k, 1 + k)
    placed: NDArray[np.float32]  # (y, k)

    @classmethod
    def none(cls, dimensions: int) -> Audiences:
        size = 1 + dimensions
        return cls(
            np.empty(0, np.int64),
            np.empty((0, size)),
            np.empty((0, size, size)),
            np.empty((0, dimensions), np.float32),
        )

    def __len__(self) -> int:
        return int(self.item_id.size)

    def places(self, item_id: I64) -> I64:
        """(m,) where each item stands, -1 where it does not."""
        if not len(self):
            return np.full(item_id.size, -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.item_id, item_id), len(self) - 1)
        return np.where(self.item_id[place] == item_id, place, -1)

    def with_new(
        self, item_id: I64, own: F64, placed: NDArray[np.float32], deviations: tuple[float, float]
    ) -> Audiences:
        """Room for items that have none yet, at their prior: ``own`` (m,) and ``placed`` (m, k) with these deviations."""
        fresh, first = np.unique(item_id, return_index=True)
        first = first[~np.isin(fresh, self.item_id)]
        size = 1 + self.placed.shape[1]
        variance = np.full(size, deviations[1] ** 2)
        variance[0] = deviations[0] ** 2
        mean = np.column_stack([own[first], placed[first]])
        joined = np.concatenate([self.item_id, item_id[first]])
        order = np.argsort(joined, kind="stable")
        return Audiences(
            joined[order],
            np.concatenate([self.mean, mean])[order],
            np.concatenate([self.covariance, np.tile(np.diag(variance), (first.size, 1, 1))])[order],
            np.concatenate([self.placed, placed[first]])[order],
        )

    def learned(self, place: I64, people: F64, positive: NDArray[np.bool_], base: F64, noise: F64) -> Audiences:
        """After answers of ``people`` (m, 1 + k), the readiness first, on the items at ``place``; ``self`` is not changed.

        ``base`` (m,): what is known of the log-odds whoever is asked; ``noise``: the variance of what is not.
        """
        mean, covariance = self.mean.copy(), self.covariance.copy()
        for at, person, answer, known, doubt in zip(place, people, positive, base, noise, strict=True):
            direction = person.copy()
            direction[0] = 1.0
            mean[at], covariance[at] = learned_step(
                mean[at], covariance[at], direction, bool(answer), float(known + person[0]), float(doubt)
            )
        return Audiences(self.item_id, mean, covariance, self.placed)

    def select(self, kept: NDArray[np.bool_]) -> Audiences:
        return Audiences(**{f.name: getattr(self, f.name)[kept] for f in fields(self)})

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Audiences:
        """Inverse of ``to_arrays``. Raises KeyError when one is missing."""
        return cls(**{f.name: arrays[f.name] for f in fields(cls)})


def learned_step(
    mean: F64, covariance: F64, direction: F64, positive: bool, offset: float = 0.0, noise: float = 0.0
) -> tuple[F64, F64]:
    """Mean and covariance after one answer whose log-odds are ``offset + direction . weights``, give or take ``noise``."""
    spread = covariance @ direction
    variance = float(direction @ spread) + noise
    chance = 1.0 / (1.0 + np.exp(-np.clip(offset + float(direction @ mean), -30.0, 30.0)))
    curvature = max(float(chance * (1.0 - chance)), 1e-6)
    gain = spread / (1.0 + curvature * variance)
    return mean + gain * (float(positive) - chance), covariance - curvature * np.outer(gain, spread)
