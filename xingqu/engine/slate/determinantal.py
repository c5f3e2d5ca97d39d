"""Diversity by a determinantal point process, greedily (Chen, Zhang and Zhou, NeurIPS 2018).

The next item is the one that adds most to the volume spanned by quality and likeness: log of the determinant of
``diag(quality) . likeness . diag(quality)``. With an incremental Cholesky factor one step costs items times places, and what
is left of an item (``left``, the squared distance to the space of all above) is known at every step, so that the rules of
spacing may forbid any item at any step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Surface
from xingqu.engine.kernels import F32, I32, I64, gather_rows, njit
from xingqu.engine.view import View

F64 = NDArray[np.float64]
LEAST_LEFT = 1e-6


class Determinantal:
    """Lowers the value of what lies in the space of the items above: ``value * left ** sharpness``."""

    def __init__(self, view: View, rows: NDArray[np.int32], places: int) -> None:
        self._params, index = view.params.diversity, view.snapshot.index
        self._count = rows.size
        self._idle = view.request.surface == Surface.SIMILAR
        # what stands above the page is in the space as well
        self._rows = np.concatenate([rows, view.recent_rows]).astype(np.int32)
        self._place = {int(row): place for place, row in enumerate(self._rows)}
        self._tags = gather_rows(self._rows, view.snapshot.tag_indptr, index.tag_rows, index.tag_vectors)
        self._groups = index.category_index[self._rows]
        self._factor = np.zeros((self._rows.size, places + view.recent_rows.size), dtype=np.float64)
        self._left = np.ones(self._rows.size, dtype=np.float64)
        self._depth = 0
        self._scratch = np.zeros(index.tags.size, dtype=np.float32)
        for row in view.recent_rows:
            self.push(int(row))

    def push(self, row: int) -> None:
        """``row`` now stands above."""
        place = self._place[row]
        if self._left[place] <= LEAST_LEFT or self._idle:
            return
        condition(
            *self._tags,
            self._groups,
            self._scratch,
            self._factor,
            self._left,
            self._depth,
            place,
            self._params.same_category,
            self._params.likeness,
        )
        self._depth += 1

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        """The value that is left."""
        if self._idle or not self._depth:
            return value
        kept = np.maximum(self._left[: self._count], LEAST_LEFT) ** self._params.sharpness
        adjusted: NDArray[np.float32] = (value - np.abs(value) * (1 - kept)).astype(np.float32)
        return adjusted


@njit(cache=True, nogil=True)
def condition(
    indptr: I64,
    tags: I32,
    weights: F32,
    groups: I32,
    scratch: F32,
    factor: F64,
    left: F64,
    depth: int,
    place: int,
    same_group: float,
    likeness: float,
) -> None:
    """Put ``place`` into the space: write column ``depth`` of ``factor`` and take its squares off ``left``, in place.

    Two items are alike by the cosine of their tags and by being of one group (a mean of both: two kernels, so that the
    mean is one); the likeness of different items is ``likeness`` times that. ``scratch`` is 0 before and after.
    """
    for position in range(indptr[place], indptr[place + 1]):
        scratch[tags[position]] = weights[position]
    length = np.sqrt(left[place])
    for i in range(left.size):
        total = 0.0
        for position in range(indptr[i], indptr[i + 1]):
            total += weights[position] * scratch[tags[position]]
        alike = (1.0 - same_group) * total
        if groups[i] == groups[place]:
            alike += same_group
        alike = 1.0 if i == place else likeness * alike
        for k in range(depth):
            alike -= factor[i, k] * factor[place, k]
        factor[i, depth] = alike / length
        left[i] = max(left[i] - factor[i, depth] * factor[i, depth], 0.0)
    for position in range(indptr[place], indptr[place + 1]):
        scratch[tags[position]] = 0.0
