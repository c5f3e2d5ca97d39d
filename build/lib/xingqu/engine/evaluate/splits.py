"""Splits without leaks, over sequences stored one after the other: ``rows`` of person ``u`` are
``rows[indptr[u]:indptr[u + 1]]``, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Sequences:
    """``u`` people's items in order of time. Rows count from 0 within one catalogue."""

    indptr: NDArray[np.int64]  # (u + 1,)
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, lists: Iterable[ArrayLike]) -> Sequences:
        parts = [np.asarray(part, dtype=np.int32) for part in lists]
        indptr = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum([part.size for part in parts], out=indptr[1:])
        return cls(indptr, np.concatenate(parts) if parts else np.empty(0, np.int32))

    def __len__(self) -> int:
        return int(self.indptr.size - 1)

    def __getitem__(self, person: int) -> NDArray[np.int32]:
        return self.rows[self.indptr[person] : self.indptr[person + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.indptr)

    def without_last(self, count: int) -> Sequences:
        """Each sequence less its last ``count`` items (none where there are not more)."""
        kept = np.maximum(self.lengths - count, 0)
        place = np.arange(self.rows.size) - np.repeat(self.indptr[:-1], self.lengths)
        indptr = np.zeros_like(self.indptr)
        np.cumsum(kept, out=indptr[1:])
        return Sequences(indptr, self.rows[place < np.repeat(kept, self.lengths)])

    def select(self, people: NDArray[np.integer]) -> Sequences:
        return Sequences.of([self[int(person)] for person in people])


@dataclass(frozen=True, eq=False)
class NextItem:
    """Test cases: what came before, and the one item that came next."""

    history: Sequences
    target: NDArray[np.int32]

    def __len__(self) -> int:
        return int(self.target.size)


def leave_one_out(sequences: Sequences, last: int = 1, minimum_history: int = 1) -> NextItem:
    """The ``last``-but-first item of each sequence as target (1: the last), all before it as history.

    People with fewer than ``minimum_history`` items before the target are left out.
    """
    people = np.flatnonzero(sequences.lengths >= last + minimum_history)
    target = sequences.rows[sequences.indptr[people + 1] - last]
    return NextItem(sequences.without_last(last).select(people), target)
