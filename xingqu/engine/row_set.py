"""Sets of rows as bits, and sparse columns: what a request lays over a large catalogue without touching all of it.

A page may look at any row, but looks at a few thousand. A byte a row for what may be shown, and sums as long as the
catalogue, cost more than all the rest once there are a million; a bit a row is copied in microseconds and stays in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import I32, Bool, clear_bits, read_bits, set_bits

Bits = NDArray[np.uint8]


def pack(members: Bool) -> Bits:
    """A bit a row, the lowest first."""
    return np.packbits(members, bitorder="little")


@dataclass(eq=False)
class RowSet:
    """Rows out of 0..``size`` - 1. ``members[rows]`` tells which of ``rows`` are in it, as an array of bool would."""

    bits: Bits
    size: int
    count: int  # of members

    @classmethod
    def of(cls, members: Bool) -> RowSet:
        return cls(pack(members), int(members.size), int(np.count_nonzero(members)))

    @classmethod
    def none(cls, size: int) -> RowSet:
        return cls(np.zeros((size + 7) // 8, dtype=np.uint8), size, 0)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, rows: Any) -> Any:
        """Membership of ``rows``, an integer or an array of integers. Raises IndexError outside 0..size - 1."""
        asked = np.asarray(rows)
        flat = asked.reshape(-1).astype(np.int32)
        if flat.size and (flat.min() < 0 or flat.max() >= self.size):
            raise IndexError("no such row")
        return read_bits(self.bits, flat).reshape(asked.shape)[()]

    def copy(self) -> RowSet:
        return RowSet(self.bits.copy(), self.size, self.count)

    def discard(self, rows: I32) -> None:
        """Take ``rows`` out; a negative one is none."""
        self.count -= int(clear_bits(self.bits, _sealed(rows)))

    def include(self, rows: I32) -> None:
        """Put ``rows`` in; a negative one is none."""
        self.count += int(set_bits(self.bits, _sealed(rows)))

    def rows(self) -> I32:
        """All members, ascending; reads every bit."""
        members = np.unpackbits(self.bits, count=self.size, bitorder="little").view(np.bool_)
        return np.flatnonzero(members).astype(np.int32)


def _sealed(rows: I32) -> I32:
    """Read-only, as the arrays of a snapshot are: compiled functions tell such arrays from others."""
    sealed = rows.view()
    sealed.setflags(write=False)
    return sealed


@dataclass(frozen=True, eq=False)
class SparseColumn:
    """A column that is 0 but for a few places; ``column[places]`` reads it as an array would be read."""

    places: NDArray[np.int64]  # ascending, distinct
    values: NDArray[Any]

    def __getitem__(self, places: Any) -> Any:
        asked = np.asarray(places)
        if not self.places.size:
            return np.zeros(asked.shape, dtype=self.values.dtype)[()]
        found = np.minimum(np.searchsorted(self.places, asked), self.places.size - 1)
        return np.where(self.places[found] == asked, self.values[found], self.values.dtype.type(0))[()]
