"""Commerce load: how much expected margin weighs in a page's value, moved so that commerce holds its share.

The load is the dual variable of the constraint "this share of impressions sells something", found by dual ascent (as
for the budgets of Balseiro, Lu and Mirrokni, 2020) with a proportional part, so that a burst is met at once. A second
dual variable belongs to "satisfaction does not fall below its floor" and is taken off the load: the floor goes before
the target. Anti-windup: an integral doesn't grow while the load stands at a bound or the floor holds it down, so that
nothing has to be unlearned afterwards.

Newcomers are a constraint of their own, with a load of their own: of them hardly anybody is expected to buy, so that a load which
holds the share among those who are known would leave them with hardly anything that sells, or with too much.

A positive load rewards margin, in proportion to it; a negative one is a toll on every item that sells, whatever it
earns, for it would be absurd to prefer what earns least: the load itself, and a share of the item's value, without which
the toll would be nothing to somebody whose every product is expected to sell. Both meet at 0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head


@dataclass(frozen=True)
class CommerceParams:
    """Shares are of impressions; satisfaction is watched impressions less ``turned_away_weight`` refused ones."""

    target_share: float = 0.25
    satisfaction_floor: float = 0.15
    floor_guard: float = 0.02  # the load is held down from this far above the floor, for rates are estimates
    turned_away_weight: float = 4.0
    load_minimum: float = -1.5  # takes 1.5 and four fifths of the value: reserved slots still show what sells
    load_maximum: float = 3.0
    proportional_gain: float = 3.0  # load per unit of share that is missing, over the memory
    integral_gain: float = 8.0  # the same, per ``memory_impressions`` of evidence
    largest_step: float = 0.25  # of that, however much is told at once: pages on their way know nothing of it yet
    floor_gain: float = 12.0  # load taken away per unit of satisfaction missing and memory of evidence
    floor_release: float = 0.35  # share of the floor's hold given back per memory while satisfaction is above it
    memory_impressions: float = 300.0  # evidence older than this counts for a third
    newcomer_events: int = 100  # who has done less, some three pages' worth, is a newcomer and has a load of their own
    margin_share: float = 0.05  # of the price, what a sale earns
    half_margin_minor: float = 0.5  # expected margin of an impression that is half as good as the best possible


@dataclass(frozen=True)
class CommerceState:
    """What the controller remembers; the caller keeps it. ``load`` is what pages are to be valued with."""

    load: float = 0.0
    integral: float = 0.0
    floor_hold: float = 0.0
    share: float = -1.0  # smoothed; negative: nothing observed yet
    satisfaction: float = -1.0

    def as_dict(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, float]) -> CommerceState:
        """Inverse of ``as_dict``. Raises TypeError for a field that is none, ValueError for what is no finite number."""
        state = cls(**{name: float(value) for name, value in values.items()})
        if not all(np.isfinite(value) for value in state.as_dict().values()):
            raise ValueError("a commerce state holds finite numbers")
        return state


@dataclass(frozen=True)
class Evidence:
    """Counts since the last update."""

    impressions: float
    commerce: float
    watched: float
    turned_away: float = 0.0


def update_load(state: CommerceState, evidence: Evidence, params: CommerceParams) -> CommerceState:
    """One step of the controller; without impressions the state stays as it is."""
    if evidence.impressions <= 0:
        return state
    weight = 1.0 - np.exp(-evidence.impressions / params.memory_impressions)
    # before anything was observed both are taken to be as they should: ten impressions must not set off an alarm
    share = _smoothed(
        state.share if state.share >= 0 else params.target_share, evidence.commerce / evidence.impressions, weight
    )
    satisfied = (evidence.watched - params.turned_away_weight * evidence.turned_away) / evidence.impressions
    satisfaction = _smoothed(state.satisfaction if state.share >= 0 else _aim(params), satisfied, weight)
    hold = _floor_hold(state.floor_hold, satisfaction, weight, params)
    # the ascent goes by what is new; the smoothed share would tell of the same page again and again
    missing = params.target_share - evidence.commerce / evidence.impressions
    integral = state.integral + params.integral_gain * min(weight, params.largest_step) * missing
    wished = integral + params.proportional_gain * (params.target_share - share) - hold
    load = float(np.clip(wished, params.load_minimum, params.load_maximum))
    saturated = wished != load and (wished > load) == (missing > 0)
    if saturated or (hold > 0 and missing > 0):
        integral = state.integral
        wished = integral + params.proportional_gain * (params.target_share - share) - hold
        load = float(np.clip(wished, params.load_minimum, params.load_maximum))
    return replace(
        state, load=load, integral=float(integral), floor_hold=hold, share=share, satisfaction=float(satisfaction)
    )


def commerce_term(
    predictions: NDArray[np.float32],
    price_minor: NDArray[np.int64],
    sells: NDArray[np.bool_],
    load: float,
    params: CommerceParams,
    value: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(m,) to add to each candidate's ``value``, from (m, len(Head)) probabilities; 0 for what sells nothing.

    Expected margin saturates: one costly item, however likely, is worth at most ``load``. A toll keeps the order of what sells.
    """
    if load == 0.0:
        return np.zeros(sells.size, dtype=np.float32)
    expected = predictions[:, Head.ORDER].astype(np.float64) * price_minor * params.margin_share
    reward = load * expected / (expected + params.half_margin_minor)
    toll = load + np.expm1(min(load, 0.0)) * np.maximum(value, 0.0)
    term: NDArray[np.float32] = np.where(sells, reward if load > 0 else toll, 0.0).astype(np.float32)
    return term


def _smoothed(before: float, new: float, weight: float) -> float:
    return float(before + weight * (new - before))


def _aim(params: CommerceParams) -> float:
    return params.satisfaction_floor + params.floor_guard


def _floor_hold(before: float, satisfaction: float, weight: float, params: CommerceParams) -> float:
    missing = _aim(params) - satisfaction
    if missing > 0:
        room = params.load_maximum - params.load_minimum
        return float(min(before + params.floor_gain * weight * missing, room))
    return float(before * (1.0 - params.floor_release * weight)) if before > 1e-4 else 0.0
