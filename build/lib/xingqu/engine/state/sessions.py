"""Sessions: what people visited one after the other, in the order of time, indexed by item.

The neighbours of a session under way are past sessions that share items with it (V-SkNN and VSTAN: Ludewig and
Jannach 2018; Garg et al. 2019): shared items weigh by rareness and by how late they came, past sessions by their
age and length, their items by the distance to what is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.params import SessionParams
from xingqu.engine.session_kernels import describe, index_places, nearest, nearest_lists
from xingqu.engine.state.index import seal

LATELY_SHARE = 0.16  # of the whole log: how old a visit is when it counts half as one of lately
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SessionIndex:
    """``s`` sessions, oldest first, of ``e`` visits to ``n`` items."""

    indptr: I64  # (s + 1,)
    rows: I32  # (e,) items, in the order of visit
    session_of: I32  # (e,)
    item_indptr: I64  # (n + 1,)
    places: I64  # (e,) where an item stands in ``rows``, oldest first
    idf: F32  # (n,)
    lately: F32  # (n,) visits, faded by age

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        return int(self.indptr.size - 1)

    @classmethod
    def build(cls, indptr: NDArray[np.integer], rows: NDArray[np.integer], items: int) -> SessionIndex:
        """Index sessions ``rows[indptr[s]:indptr[s + 1]]``, oldest first, of items 0..``items`` - 1.

        Raises ValueError when ``indptr`` is no pointer into ``rows`` or a row is outside the catalogue.
        """
        pointer, visited = np.asarray(indptr, dtype=np.int64), np.asarray(rows, dtype=np.int32)
        if pointer.size < 1 or pointer[0] != 0 or pointer[-1] != visited.size or (np.diff(pointer) < 0).any():
            raise ValueError("indptr is not a pointer into rows")
        if visited.size and (visited.min() < 0 or visited.max() >= items):
            raise ValueError("rows names an item that does not exist")
        session_of = np.repeat(np.arange(pointer.size - 1, dtype=np.int32), np.diff(pointer))
        item_indptr, places = index_places(visited, items)
        visits = np.maximum(np.diff(item_indptr), 1)
        idf = np.log1p(max(pointer.size - 1, 1) / visits).astype(np.float32)
        age = (pointer.size - 2 - session_of) / max(1.0, LATELY_SHARE * (pointer.size - 1))
        lately = np.bincount(visited, weights=np.exp2(-age), minlength=items).astype(np.float32)
        return cls(pointer, visited, session_of, item_indptr, places, idf, lately)

    def neighbours(self, recent: I32, params: SessionParams) -> tuple[I32, F32]:
        """(rows, votes) of what the sessions most like ``recent`` (newest last) went on to; in no order."""
        if not len(self) or not recent.size:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        window = np.ascontiguousarray(recent[-params.recent_items :], dtype=np.int32)
        found: tuple[I32, F32] = nearest(window, *self._arguments(params))
        return found

    def neighbours_of_all(
        self, starts: I64, stops: I64, history: I32, width: int, params: SessionParams
    ) -> tuple[I32, F32, F32]:
        """The ``width`` best for each ``history[starts[b]:stops[b]]``: rows (-1: none), votes, sum of all votes."""
        begin = np.maximum(starts, stops - params.recent_items)
        found: tuple[I32, F32, F32] = nearest_lists(begin, stops, history, width, *self._arguments(params))
        return found

    def evidence(
        self, candidates: I32, recent: I32, found: I32, votes: F32, params: SessionParams
    ) -> tuple[F32, float]:
        """What speaks for each of ``candidates`` as the next after ``recent``; columns as ``session_kernels.describe``."""
        half_life = max(1.0, params.half_life_share / 2 * len(self))
        window = np.ascontiguousarray(recent[-params.recent_items :], dtype=np.int32)
        told: tuple[F32, float] = describe(
            candidates,
            window,
            found,
            votes,
            self.indptr,
            self.rows,
            self.session_of,
            self.item_indptr,
            self.places,
            self.lately,
            params.transitions,
            half_life,
        )
        return told

    def _arguments(self, params: SessionParams) -> tuple[Any, ...]:
        return (
            self.indptr,
            self.rows,
            self.session_of,
            self.item_indptr,
            self.places,
            self.idf,
            params.newest_sessions,
            params.kept_sessions,
            params.item_decay,
            max(1.0, params.half_life_share * len(self)),
            params.place_decay,
            params.backward,
            params.length_power,
        )
