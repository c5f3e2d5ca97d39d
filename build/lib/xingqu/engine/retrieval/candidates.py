"""What a channel returns, and picking the best of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Candidates:
    """``rows`` without repetition; ``inclusion`` is the probability with which the channel drew each row."""

    rows: NDArray[np.int32]
    score: NDArray[np.float32]
    inclusion: NDArray[np.float32]

    @classmethod
    def none(cls) -> Candidates:
        return cls(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))

    @classmethod
    def certain(cls, rows: NDArray[np.int32], score: NDArray[np.float32]) -> Candidates:
        return cls(rows, score, np.ones(rows.size, dtype=np.float32))

    def __len__(self) -> int:
        return int(self.rows.size)


def best(rows: NDArray[np.int32], score: NDArray[np.float32], limit: int) -> Candidates:
    """The ``limit`` best, in descending order of score; ties in order of row."""
    if rows.size > limit:
        keep = np.argpartition(-score, limit - 1)[:limit]
        rows, score = rows[keep], score[keep]
    order = np.lexsort((rows, -score))
    return Candidates.certain(rows[order], score[order])


def best_and_drawn(
    rows: NDArray[np.int32],
    score: NDArray[np.float32],
    limit: int,
    rng: np.random.Generator,
    inclusion: float = 1.0,
) -> Candidates:
    """Half of ``limit`` the best with a positive score, the rest drawn uniformly from what is left.

    ``inclusion`` is the probability with which each of ``rows`` came to be considered at all.
    """
    if rows.size <= limit:
        return Candidates(rows, score, np.full(rows.size, inclusion, np.float32))
    half = min(limit // 2, int(np.count_nonzero(score > 0)))
    order = np.argpartition(-score, half)
    top, rest = order[:half], np.sort(order[half:])
    drawn = rest[rng.choice(rest.size, size=limit - half, replace=False, shuffle=False)]
    picked = np.concatenate([top, drawn])
    chance = np.full(limit, inclusion, dtype=np.float32)
    chance[half:] *= (limit - half) / rest.size
    return Candidates(rows[picked], score[picked], chance)
