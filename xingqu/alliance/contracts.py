"""What other rooms and the API may know of the alliance."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RuleView:
    """The platform's part of commissions and service fees, and the limits of a plan's commission, in basis points."""

    platform_bp: int
    min_commission_bp: int
    max_commission_bp: int
    effective_from: datetime | None
