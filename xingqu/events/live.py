"""Facts of live rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LivePlanChanged:
    """What was planned came about or became something else. `what` is started, moved or called_off."""

    room_id: int
    what: str
