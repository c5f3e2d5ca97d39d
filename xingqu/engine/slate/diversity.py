"""Diversity: greedy maximal marginal relevance (Carbonell and Goldstein, 1998) over tag vectors."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import gather_rows, raise_closest
from xingqu.engine.view import View


class Diversity:
    """Lowers the value of what resembles the last few items chosen, in proportion to that value."""

    def __init__(self, view: View, rows: NDArray[np.int32]) -> None:
        self._view = view
        index = view.snapshot.index
        self._candidates = gather_rows(rows, view.snapshot.tag_indptr, index.tag_rows, index.tag_vectors)
        self._categories = index.category_index[rows]
        self._scratch = np.zeros(index.tags.size, dtype=np.float32)
        self._similar: deque[NDArray[np.float32]] = deque(maxlen=view.params.diversity.memory)
        for row in view.recent_rows:
            self.push(int(row))

    def push(self, row: int) -> None:
        """``row`` now stands above."""
        snapshot, index = self._view.snapshot, self._view.snapshot.index
        links = slice(snapshot.tag_indptr[row], snapshot.tag_indptr[row + 1])
        tags = index.tag_rows[links]
        similar = np.zeros(self._categories.size, dtype=np.float32)
        self._scratch[tags] = index.tag_vectors[links]
        raise_closest(
            similar,
            *self._candidates,
            self._categories,
            self._scratch,
            int(index.category_index[row]),
            self._view.params.diversity.same_category,
        )
        self._scratch[tags] = 0.0
        self._similar.append(similar)

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        """``value`` less the penalty for the closest of the items remembered."""
        if not self._similar:
            return value
        closest = np.maximum.reduce(list(self._similar))
        adjusted: NDArray[np.float32] = value - self._view.params.diversity.penalty * np.abs(value) * closest
        return adjusted
