"""Facts of settlement."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CustodyPaid:
    """A payment into custody came and is in the books. `reference` is the matter that it is kept for."""

    reference: str
    move_no: str
    amount_minor: int
    at: datetime
