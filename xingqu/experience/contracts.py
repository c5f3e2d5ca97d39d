"""What other rooms may know of creators' reputation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reputation:
    """`score` 0 to 100, None with too few orders; `level` from 0; `credit` 0 to 100."""

    score: float | None
    level: int
    credit: int | None
