"""What recommending brought, by what was held out by lot. Pure.

Every pair that the data brought together counts in the arm it was drawn into, seen or not, so that nothing but the lot
distinguishes the arms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xingqu.engine.coldstart.pools import wilson_bounds

NORMAL_95 = 1.96
DRAWS = 2_000
LEAST = 10  # pairs in each arm, for an interval to be told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair within the days that are counted."""

    creator_id: int
    taken: int  # products taken up
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """Of one arm. `rate`: pairs of which something was taken up, with the ends of Wilson's 95 % interval."""

    pairs: int
    taken_pairs: int
    rate: float | None
    low: float | None
    high: float | None
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Shown less held out, with the ends of a 95 % interval; None where an arm is too small to say."""

    value: float | None
    low: float | None
    high: float | None


def arm_figures(outcomes: Sequence[Outcome]) -> ArmFigures:
    """Sums and the share that took something up."""
    pairs, taken = len(outcomes), sum(one.taken > 0 for one in outcomes)
    low, high = wilson_bounds(taken, pairs, NORMAL_95)
    return ArmFigures(
        pairs=pairs,
        taken_pairs=taken,
        rate=taken / pairs if pairs else None,
        low=low if pairs else None,
        high=high if pairs else None,
        orders=sum(one.orders for one in outcomes),
        amount_minor=sum(one.amount_minor for one in outcomes),
    )


def rate_difference(shown: ArmFigures, held_out: ArmFigures) -> Difference:
    """Of the shares that took something up: Newcombe's interval (1998, method 10), of the two by Wilson."""
    if shown.rate is None or held_out.rate is None or min(shown.pairs, held_out.pairs) < LEAST:
        return Difference(None, None, None)
    value = shown.rate - held_out.rate
    low = value - float(np.hypot(shown.rate - shown.low, held_out.high - held_out.rate))  # type: ignore[operator]
    high = value + float(np.hypot(shown.high - shown.rate, held_out.rate - held_out.low))  # type: ignore[operator]
    return Difference(value, low, high)


def amount_difference(shown: Sequence[Outcome], held_out: Sequence[Outcome], *, seed: int = 7) -> Difference:
    """Of the sales a pair, in minor units: a bootstrap over creators, whose pairs go together."""
    if min(len(shown), len(held_out)) < LEAST:
        return Difference(None, None, None)
    rng = np.random.default_rng(seed)
    first, second = _by_creator(shown), _by_creator(held_out)
    drawn = _means(first, rng) - _means(second, rng)
    value = first[:, 0].sum() / first[:, 1].sum() - second[:, 0].sum() / second[:, 1].sum()
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Difference(float(value), float(low), float(high))


def _by_creator(outcomes: Sequence[Outcome]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(creators, 2): sales and pairs."""
    creators, group = np.unique([one.creator_id for one in outcomes], return_inverse=True)
    amounts = np.bincount(group, [float(one.amount_minor) for one in outcomes], minlength=creators.size)
    return np.stack([amounts, np.bincount(group, minlength=creators.size).astype(np.float64)], axis=1)


def _means(
    rows: np.ndarray[tuple[int, int], np.dtype[np.float64]], rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    chosen = rng.integers(0, rows.shape[0], (DRAWS, rows.shape[0]))
    sums = rows[chosen].sum(axis=1)
    means: np.ndarray[tuple[int], np.dtype[np.float64]] = sums[:, 0] / sums[:, 1]
    return means
