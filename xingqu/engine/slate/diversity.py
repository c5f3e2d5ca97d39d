"""Diversity: greedy marginal relevance over tag vectors.

As in maximal marginal relevance (Carbonell and Goldstein, 1998) the next item is the one whose value, less what
the items above already give, is highest; as in a determinantal process (Kulesza and Taskar, 2012) the discounts
of several similar items multiply instead of only the closest one counting.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Surface
from xingqu.engine.kernels import gather_rows, similarity_discounts
from xingqu.engine.slate.determinantal import Determinantal
from xingqu.engine.view import View


class Page(Protocol):
    """What every method of diversity can do."""

    def push(self, row: int) -> None:
        """``row`` now stands above."""

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        """The value of each candidate after what stands above."""


def make_diversity(view: View, rows: NDArray[np.int32], places: int) -> Page:
    """As ``DiversityParams.method`` says. Raises ValueError for a method that does not exist."""
    method = view.params.diversity.method
    if method == "determinantal":
        return Determinantal(view, rows, places)
    if method == "marginal":
        return Diversity(view, rows)
    if method == "none":
        return Indifferent()
    raise ValueError(f"no such method of diversity: {method}")


class Indifferent:
    """No diversity."""

    def push(self, row: int) -> None:
        """Nothing changes."""

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        return value


class Diversity:
    """Lowers the value of what resembles the last few items chosen, in proportion to that value."""

    def __init__(self, view: View, rows: NDArray[np.int32]) -> None:
        self._view = view
        index = view.snapshot.index
        self._candidates = gather_rows(rows, view.snapshot.tag_indptr, index.tag_rows, index.tag_vectors)
        self._categories = index.category_index[rows]
        self._scratch = np.zeros(index.tags.size, dtype=np.float32)
        self._kept: deque[NDArray[np.float32]] = deque(maxlen=view.params.diversity.memory)
        for row in view.recent_rows:
            self.push(int(row))

    def push(self, row: int) -> None:
        """``row`` now stands above."""
        snapshot, index = self._view.snapshot, self._view.snapshot.index
        links = slice(snapshot.tag_indptr[row], snapshot.tag_indptr[row + 1])
        tags = index.tag_rows[links]
        self._scratch[tags] = index.tag_vectors[links]
        kept = similarity_discounts(
            *self._candidates,
            self._categories,
            self._scratch,
            int(index.category_index[row]),
            self._view.params.diversity.same_category,
            self._view.params.diversity.penalty,
        )
        self._scratch[tags] = 0.0
        self._kept.append(kept)

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        """``value`` times the product of ``1 - penalty * similarity`` over the items remembered.

        Each further item of a kind counts for less: a topic is served often, never without end. Who asks for
        similar items gets them.
        """
        if not self._kept or self._view.request.surface == Surface.SIMILAR:
            return value
        kept = np.multiply.reduce(list(self._kept))
        adjusted: NDArray[np.float32] = (value - np.abs(value) * (1 - kept)).astype(np.float32)
        return adjusted
