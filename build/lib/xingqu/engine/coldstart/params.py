"""Every number of the traffic pools."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

HOUR_MS = 3_600_000


class Stage(IntEnum):
    """Where an item stands. The three pools come first; ``stage - 1`` is the pool's level."""

    NONE = 0  # never was in a pool
    ENTRY = 1
    GROWTH = 2
    BREAKOUT = 3
    GRADUATED = 4  # through every gate: ranked on its own numbers
    UNPROVEN = 5  # its exposures were used up, neither good nor poor for certain: ranked, without reserved exposures
    DEMOTED = 6  # poor for certain: no reserved exposures


class Why(IntEnum):
    """The reason of the last move, or what an item waits for."""

    ENTERED = 0
    GATHERING = 1  # too few exposures to judge
    PROVEN = 2  # lower confidence bound at or above the benchmark
    POOR = 3  # upper confidence bound below the part of the benchmark that is tolerated
    USED_UP = 4  # the budget of exposures is spent, neither is certain


@dataclass(frozen=True)
class PoolLevel:
    """One pool. ``exposures`` are guaranteed within ``within_ms`` and are the budget; a benchmark is a share of what
    the house's established items reach."""

    exposures: int
    within_ms: int
    judged_from: int  # impressions before the first judgement
    benchmark_share: float


@dataclass(frozen=True)
class PoolParams:
    levels: tuple[PoolLevel, ...] = (
        PoolLevel(exposures=100, within_ms=6 * HOUR_MS, judged_from=30, benchmark_share=0.85),
        PoolLevel(exposures=500, within_ms=24 * HOUR_MS, judged_from=120, benchmark_share=0.95),
        PoolLevel(exposures=2_000, within_ms=72 * HOUR_MS, judged_from=500, benchmark_share=1.05),
    )
    confidence_z: float = 1.64  # each bound fails in one case of twenty
    tolerated_share: float = 0.6  # of the benchmark: who certainly stays below is demoted
    front_loading: float = 0.8  # the schedule ends at this part of the time, so that the guarantee has room
    budget_overrun: float = 1.5  # times the budget after which nothing more is waited for
    enter_within_ms: int = 72 * HOUR_MS  # of publication; older items are not new
    prior_quality: float = 0.3  # where the house has too few impressions to set a benchmark
    prior_impressions: float = 500.0
    guarantee_share: float = 0.6  # of a reserved slot's draw goes by what is owed, the rest by Thompson sampling
    thompson_draws: int = 64
    uniform_floor: float = 0.1
