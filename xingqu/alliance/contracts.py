"""What other rooms and the API may know of the alliance."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RuleView:
    """The platform's part of commissions and service fees, and the limits of a plan's commission, in basis points.

    A cut counts from the `cut_wait_days`-th midnight on, 0 at once; a list names `max_named_creators` at most.
    """

    platform_bp: int
    min_commission_bp: int
    max_commission_bp: int
    effective_from: datetime | None
    cut_wait_days: int = 1
    max_named_creators: int = 200
