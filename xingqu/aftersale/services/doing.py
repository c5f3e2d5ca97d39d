"""Who does something to a case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xingqu.aftersale.domain.states import Side
from xingqu.kit import clock


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, when, and what they say. `side` None is the clock or the platform's machinery."""

    side: Side | None
    person_id: int | None = None
    text: str = ""
    picture_ids: Sequence[int] = ()
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=clock.now)
