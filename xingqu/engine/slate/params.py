"""How a page is put together from what is worth most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DiversityParams:
    """Over tag vectors. ``method``: "marginal" (greedy marginal relevance), "determinantal" (a point process) or "none"."""

    method: str = "marginal"
    pool: int = 128
    penalty: float = 0.26  # share of the value lost to one identical item above
    memory: int = 6  # how many of the items above still count
    same_category: float = 0.15  # similarity granted for the category alone
    likeness: float = 0.7  # determinantal: of two items with the same tags and category
    sharpness: float = 0.5  # determinantal: 1 values an item in proportion to the volume it adds


@dataclass(frozen=True)
class SpacingParams:
    """At most one item of the same creator, seller, or with a product anchor, in this many in a row; and shares of a page."""

    creator_gap: int = 2
    seller_gap: int = 2
    commerce_gap: int = 3
    creator_share: float = 0.3  # of a page, for one creator at most; rounded up
    seller_share: float = 0.3
    # when fewer than this share of what may be shown has no product, commerce spacing cannot be kept up
    content_scarce_share: float = 0.2


@dataclass(frozen=True)
class QuotaParams:
    """Reserved slots, drawn at random with a logged probability."""

    fresh_share: float = 0.1
    exploration_share: float = 0.1
    cold_exploration_share: float = 0.2
    cold_events: int = 30  # the exploration share falls to its normal value over so many events
    uniform_floor: float = 0.25  # share of a draw that is uniform over its pool
    temperature: float = 0.35  # of the rest, over standardised scores
    repeat_share: float = 0.2  # of what was seen, the oldest part that may come back when nothing new is left
    optimism: float = 1.0  # posterior deviations added to a fresh item's value
