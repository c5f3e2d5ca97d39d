"""Reserved slots: which positions are drawn at random, and the draw with its probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel, Surface
from xingqu.engine.slate.params import QuotaParams
from xingqu.engine.view import View


def reserve_positions(view: View, size: int, rng: np.random.Generator) -> dict[int, tuple[Channel, float]]:
    """Position -> (channel, probability that the position was given to it).

    A share of a page too small for a whole slot becomes a slot with that probability, so that pages of one
    item explore as much in the long run as pages of ten. Positions are spread over the page, never the first
    of a page of several.
    """
    if view.request.surface != Surface.FOR_YOU or size <= 0:
        return {}
    params = view.params.quota
    reserved: dict[int, tuple[Channel, float]] = {}
    wanted = ((Channel.FRESH, params.fresh_share), (Channel.EXPLORATION, _exploration_share(view, params)))
    for channel, share in wanted:
        whole, part = divmod(size * share, 1.0)
        slots = [1.0] * int(whole)
        if part > 1e-9 and rng.random() < part:
            slots.append(part)
        for chance in slots:
            free = [p for p in range(min(1, size - 1), size) if p not in reserved]
            if free:
                reserved[int(free[int(rng.integers(len(free)))])] = (channel, chance)
    return reserved


def _exploration_share(view: View, params: QuotaParams) -> float:
    """More for someone hardly known; it falls in a straight line to its normal value."""
    if not view.personalised:
        return params.exploration_share
    known = min(1.0, view.state.events_total / max(1, params.cold_events))
    return params.cold_exploration_share + known * (params.exploration_share - params.cold_exploration_share)


def draw_probabilities(score: NDArray[np.floating], params: QuotaParams) -> NDArray[np.float64]:
    """A softmax over standardised scores, mixed with the uniform distribution; every entry above 0.

    Thompson sampling would explore as well, but the probability of its draws has no closed form; this one's
    is exact, which off-policy evaluation needs.
    """
    values = np.asarray(score, dtype=np.float64)
    spread = values.std()
    weight = np.ones(values.size)
    if spread > 1e-9:
        standardised = np.clip((values - values.mean()) / spread, -4.0, 4.0)
        weight = np.exp((standardised - standardised.max()) * params.temperature)
    uniform = params.uniform_floor / values.size
    mixed = (1.0 - params.uniform_floor) * weight / weight.sum() + uniform
    probability: NDArray[np.float64] = mixed / mixed.sum()
    return probability


def draw(score: NDArray[np.floating], params: QuotaParams, rng: np.random.Generator) -> tuple[int, float]:
    """(position drawn, its probability)."""
    probability = draw_probabilities(score, params)
    position = min(int(np.searchsorted(np.cumsum(probability), rng.random())), probability.size - 1)
    return position, float(probability[position])
