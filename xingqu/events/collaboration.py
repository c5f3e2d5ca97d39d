"""Facts of samples and collaborations. Reputation is computed from them by whoever scores creators."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SampleChanged:
    """A step of a sample was taken. `state` is the one it led to; `reason` why an aborted one ended."""

    sample_no: str
    shop_id: int
    creator_id: int
    product_id: int
    kind: str
    state: str
    step: str
    reason: str
    waiting_for: str
    due_at: datetime | None
    at: datetime


@dataclass(frozen=True)
class CollaborationChanged:
    """A step of a collaboration was taken. `by_side`: merchant, creator, platform, or empty for the clock."""

    collab_no: str
    shop_id: int
    creator_id: int
    state: str
    step: str
    by_side: str
    waiting_for: str
    due_at: datetime | None
    at: datetime
