"""Settlement periods (账期): days from receipt to settlement by shop score, each rule from a day of its own on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

MAX_SCORE = 100
MAX_DAYS = 180


@dataclass(frozen=True, slots=True)
class Tier:
    """Shops with at least this score are settled so many days after receipt."""

    min_score: int
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule in effect. `unrated_days` is for shops without a score."""

    tiers: tuple[Tier, ...]
    unrated_days: int
    min_withdrawal_minor: int

    def days_for(self, score: int | None) -> int:
        """Days from receipt to settlement: of the highest tier that the score reaches, else as for shops without one."""
        reached = [tier for tier in self.tiers if score is not None and score >= tier.min_score]
        return max(reached, key=lambda tier: tier.min_score).days if reached else self.unrated_days


def due_at(terms: Terms, *, score: int | None, received_at: datetime) -> datetime:
    """When the money of an order becomes the merchant's if nothing holds it."""
    return received_at + timedelta(days=terms.days_for(score))


def check_tiers(tiers: Sequence[Tier]) -> str | None:
    """What is wrong with tiers: None when nothing is. A better score must not wait longer."""
    ordered = sorted(tiers, key=lambda tier: tier.min_score)
    if len({tier.min_score for tier in tiers}) != len(tiers):
        return "each score once"
    if any(low.days < high.days for low, high in pairwise(ordered)):
        return "a higher score waits no longer than a lower one"
    return None
