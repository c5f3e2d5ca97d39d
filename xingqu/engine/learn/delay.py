"""Orders that come late: which label an impression gets while its order may still be under way (ES-DFM, Yang et al. 2021).

A recent impression is used after a set elapsed time, as what it looks like then; an order that comes later is told as a
row of its own. Both are weighed so that in expectation they add up to the truth: by the probability of an order that is still to
come, and of a missing one that will stay missing. Both are learned from impressions old enough to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.impressions import DAY_MS, HOUR_MS

F64 = NDArray[np.float64]
LEAST_LATE: Final = 10  # late orders from which a model of them can be learned


@dataclass(frozen=True)
class DelayParams:
    elapsed_ms: int = 2 * HOUR_MS  # after so long a recent impression is used
    window_ms: int = 7 * DAY_MS  # after so long what did not happen will not happen
    ridge: float = 1.0


@dataclass(frozen=True, eq=False)
class DelayedRows:
    """``k`` rows to learn from: which impression, its label and weight; ``old`` ones know their label for good."""

    row: NDArray[np.int64]
    label: NDArray[np.bool_]
    weight: F64
    old: NDArray[np.bool_]


def delayed_rows(
    inputs: NDArray[np.floating],
    at_ms: NDArray[np.int64],
    order_at_ms: NDArray[np.int64],
    now_ms: int,
    params: DelayParams | None = None,
) -> DelayedRows:
    """Rows with which the rate of orders is learned without bias at ``now_ms``.

    ``inputs`` (n, d) describe the impressions; ``order_at_ms`` is far in the future where there was none. Nothing that
    happened after ``now_ms`` is looked at. With too few late orders to learn from only the old impressions are used.
    """
    params = params or DelayParams()
    ordered_ms = np.where(order_at_ms <= now_ms, order_at_ms, np.iinfo(np.int64).max)
    delay_ms = np.maximum(ordered_ms - at_ms, 0)
    ordered = ordered_ms <= now_ms
    within = ordered & (delay_ms <= params.window_ms)
    late = within & (delay_ms > params.elapsed_ms)
    age_ms = now_ms - at_ms
    old = np.flatnonzero(age_ms >= params.window_ms)
    whole = DelayedRows(old, within[old], np.ones(old.size), np.ones(old.size, dtype=np.bool_))
    if min(int(late[old].sum()), old.size) < LEAST_LATE:
        return whole
    early = within & ~late
    still_to_come = fit_logistic(inputs[old], late[old], ridge=params.ridge)
    open_rows = old[~early[old]]
    stays_missing = fit_logistic(inputs[open_rows], ~late[open_rows], ridge=params.ridge)
    fresh = np.flatnonzero((age_ms < params.window_ms) & (age_ms >= params.elapsed_ms))
    arrived = np.flatnonzero(late & (now_ms - ordered_ms < params.window_ms))
    share_late = np.concatenate([predict_logistic(still_to_come, inputs[rows]) for rows in (fresh, arrived)])
    row = np.concatenate([fresh, arrived])
    label = np.concatenate([early[fresh], np.ones(arrived.size, dtype=np.bool_)])
    stays = predict_logistic(stays_missing, inputs[row])
    weight = (1.0 + share_late) * np.where(label, 1.0, stays)
    return DelayedRows(
        np.concatenate([whole.row, row]),
        np.concatenate([whole.label, label]),
        np.concatenate([whole.weight, weight]),
        np.concatenate([whole.old, np.zeros(row.size, dtype=np.bool_)]),
    )


def fit_logistic(
    inputs: NDArray[np.floating], labels: NDArray[np.bool_], weight: F64 | None = None, *, ridge: float = 1.0
) -> F64:
    """Coefficients (d + 1,) of a logistic regression, the constant last and not shrunk; by Newton steps."""
    x = np.column_stack([inputs, np.ones(len(inputs))]).astype(np.float64)
    told = np.ones(len(x)) if weight is None else weight
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-9
    rate = np.clip(np.average(labels, weights=told), 1e-6, 1 - 1e-6)
    beta = np.zeros(x.shape[1])
    beta[-1] = np.log(rate / (1 - rate))
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (told * (labels - p)) - penalty * beta
        curvature = (x * (told * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        beta += step * min(1.0, 3.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-6:
            break
    return beta


def predict_logistic(beta: F64, inputs: NDArray[np.floating]) -> F64:
    """(n,) probabilities."""
    p: F64 = 1.0 / (1.0 + np.exp(-np.clip(inputs @ beta[:-1] + beta[-1], -30, 30)))
    return p
