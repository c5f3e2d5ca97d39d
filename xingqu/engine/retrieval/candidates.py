"""What a channel returns, and picking the best of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, I32, I64, njit


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
        keep = strongest(rows, score, limit)
        rows, score = rows[keep], score[keep]
    order = np.lexsort((rows, -score))
    return Candidates.certain(rows[order], score[order])


@njit(cache=True, nogil=True)
def strongest(rows: I32, score: F32, limit: int) -> I64:
    """Places of the ``limit`` highest scores, of equals those of the lowest rows; in no order. There must be as many.

    A heap of the best so far, the least of them first: of many thousand few ever enter it.
    """
    kept = np.empty(limit, dtype=np.int64)
    for size in range(limit):
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if not _less(rows, score, size, kept[above]):
                break
            kept[at] = kept[above]
            at = above
        kept[at] = size
    for place in range(limit, score.size):
        if limit == 0 or not _less(rows, score, kept[0], place):
            continue
        at, child = 0, 1
        while child < limit:
            if child + 1 < limit and _less(rows, score, kept[child + 1], kept[child]):
                child += 1
            if not _less(rows, score, kept[child], place):
                break
            kept[at] = kept[child]
            at, child = child, 2 * child + 1
        kept[at] = place
    return kept


@njit(cache=True, nogil=True)
def _less(rows: I32, score: F32, one: int, other: int) -> bool:
    return bool(score[one] < score[other] or (score[one] == score[other] and rows[one] > rows[other]))


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
