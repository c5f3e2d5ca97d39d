"""Tunable numbers of matching."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AudienceParams:
    """Who belongs to an audience, and what may be told of one."""

    affinity_least: float = 0.05  # for a creator, from which a person belongs to the creator's audience
    followed_affinity: float = 0.5  # of somebody who follows, at least
    felt: float = 0.2  # an interest this strong is one that a person has
    group_least: int = 20  # people: nothing at all is told of fewer
    shared_least: int = 5  # people who share an interest, for it to be told
    tags_most: int = 300
    categories_most: int = 60


@dataclass(frozen=True)
class FitParams:
    """How interests become expected sales."""

    smoothing: float = 0.02  # affinity added to both sides of a lift: what few share says little
    exponent: float = 1.0  # of the lift in the expected conversion
    lift_limit: float = 6.0  # a lift lies between this and its inverse
    price_spread: float = 0.7  # of log prices, added to the spread of what the audience pays
    price_limit: float = 2.0
    prior_views: float = (
        400.0  # an offer with fewer views is mostly expected to do as others of its price, until learned
    )
    prior_conversion: float = 0.002  # orders a view where nothing was sold yet
    price_slope: float = 0.5  # a dearer product is bought less often: price to the power of minus this
