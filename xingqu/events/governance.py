"""Facts of governance: what the platform stops an account from doing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CreatorRestricted:
    """A publishing account may not go live (`kind` live), or sell products of shops (selling), until a moment or for good."""

    restriction_id: int
    creator_id: int
    kind: str
    severity: str
    until: datetime | None
    at: datetime


@dataclass(frozen=True)
class CreatorFreed:
    """A restriction is over: by time, lifted, or void."""

    restriction_id: int
    creator_id: int
    kind: str
    at: datetime
