"""Facts of fulfilment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TrackingAdded:
    """Something happened to a package on its way."""

    order_no: str
    shop_id: int
    code: str
    at: datetime
