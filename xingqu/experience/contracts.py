"""What other rooms may know of creators' reputation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reputation:
    """`score` 0 to 100, None with too few orders; `level` from 0; `credit` 0 to 100.

    `kept_rate`: of `promises` (samples and collaborations that came to their end) the share that was kept (履约率), None of none.
    """

    score: float | None
    level: int
    credit: int | None
    kept_rate: float | None = None
    promises: int = 0
