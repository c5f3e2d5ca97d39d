"""Who has what of a released slot fee. Pure.

    platform : agency : creator = p : (1 - p)·a : (1 - p)·(1 - a)

with the platform's rate p and the agency's a, rounded to minor units by largest remainder: the parts sum to the whole.
"""

from dataclasses import dataclass

from xingqu.kit.money import split_by_largest_remainder

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class FeeShares:
    """Rates of the moment a collaboration was agreed, in basis points: the platform's of the fee, the agency's of what is left."""

    platform_bp: int
    agency_id: int | None
    agency_bp: int


@dataclass(frozen=True, slots=True)
class FeeParts:
    """Minor units of a released amount; they sum to it."""

    creator_minor: int
    agency_minor: int
    platform_minor: int


def split_fee(amount_minor: int, shares: FeeShares) -> FeeParts:
    """Divide a released amount (>= 0); a part of rate 0 is 0."""
    left = WHOLE_BP - shares.platform_bp
    weights = (left * (WHOLE_BP - shares.agency_bp), left * shares.agency_bp, WHOLE_BP * shares.platform_bp)
    return FeeParts(*split_by_largest_remainder(amount_minor, weights))
