"""The downhill simplex of Nelder and Mead (1965): a minimum without gradients, for models of a few parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

F64 = NDArray[np.float64]


def minimise(
    function: Callable[[F64], float],
    start: ArrayLike,
    *,
    step: float = 0.4,
    tolerance: float = 1e-7,
    evaluations_maximum: int = 4_000,
    restarts: int = 2,
) -> tuple[F64, float]:
    """(where, least value found). A restart begins a fresh simplex at the best place: a collapsed one may be stuck."""
    best = np.asarray(start, dtype=np.float64)
    for attempt in range(restarts + 1):
        best = _descend(function, best, step / (1 + attempt), tolerance, evaluations_maximum)
    return best, function(best)


def _descend(function: Callable[[F64], float], start: F64, step: float, tolerance: float, limit: int) -> F64:
    corners = np.vstack([start, start + step * np.eye(start.size)])
    values = np.array([function(corner) for corner in corners])
    used = corners.shape[0]
    while used < limit:
        order = np.argsort(values, kind="stable")
        corners, values = corners[order], values[order]
        if values[-1] - values[0] <= tolerance * (1.0 + abs(values[0])):
            break
        used += _move(function, corners, values)
    result: F64 = corners[int(np.argmin(values))]
    return result


def _move(function: Callable[[F64], float], corners: F64, values: F64) -> int:
    """Replace the worst corner, or shrink towards the best; returns how often the function was asked."""
    centre = corners[:-1].mean(axis=0)
    away = centre - corners[-1]

    def probe(distance: float) -> tuple[Any, float]:
        place = centre + distance * away
        return place, function(place)

    place, value = probe(1.0)
    if value < values[0]:
        further, still_better = probe(2.0)
        corners[-1], values[-1] = (further, still_better) if still_better < value else (place, value)
        return 2
    if value < values[-2]:
        corners[-1], values[-1] = place, value
        return 1
    inner, inner_value = probe(0.5 if value < values[-1] else -0.5)
    if inner_value < min(value, values[-1]):
        corners[-1], values[-1] = inner, inner_value
        return 2
    corners[1:] = corners[0] + 0.5 * (corners[1:] - corners[0])
    values[1:] = [function(corner) for corner in corners[1:]]
    return 2 + values.size - 1
