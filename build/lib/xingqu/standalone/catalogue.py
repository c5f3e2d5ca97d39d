"""The shop's items as columns in memory, in the order they came; the snapshot is built from a copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Kind

_COLUMNS: dict[str, Any] = {
    "item_id": np.int64,
    "creator_id": np.int64,
    "seller_id": np.int64,
    "category_id": np.int32,
    "product_id": np.int64,
    "price_minor": np.int64,
    "published_at_ms": np.int64,
    "duration_ms": np.int32,
    "kind": np.int8,
    "visible": np.bool_,
}
KINDS = {"video": Kind.VIDEO, "picture_post": Kind.PICTURE_POST}


@dataclass(frozen=True, slots=True)
class Row:
    """One item in numbers; ``values`` by the names of ``ItemSnapshot``'s columns."""

    number: int
    values: Mapping[str, int]
    tag_ids: NDArray[np.int32]
    tag_weights: NDArray[np.float32]


class Catalogue:
    """Not safe for several threads: its owner locks."""

    def __init__(self) -> None:
        self._columns = {name: np.zeros(1_024, dtype) for name, dtype in _COLUMNS.items()}
        self._tags: list[NDArray[np.int32]] = []
        self._weights: list[NDArray[np.float32]] = []
        self._place: dict[int, int] = {}  # item number -> place in the columns
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, number: int) -> bool:
        return number in self._place

    def put(self, row: Row) -> None:
        place = self._place.get(row.number)
        if place is None:
            place = self._free.pop() if self._free else self._grow()
            self._place[row.number] = place
        for name, column in self._columns.items():
            column[place] = row.number if name == "item_id" else row.values[name]
        self._tags[place], self._weights[place] = row.tag_ids, row.tag_weights

    def remove(self, number: int) -> None:
        place = self._place.pop(number, None)
        if place is not None:
            self._columns["item_id"][place] = 0
            self._tags[place], self._weights[place] = self._tags[place][:0], self._weights[place][:0]
            self._free.append(place)

    def columns(self) -> dict[str, NDArray[Any]]:
        """What ``ItemSnapshot.build`` takes, by ascending item id; copies."""
        ids = self._columns["item_id"][: len(self._tags)]
        order = np.argsort(ids, kind="stable")
        order = order[ids[order] > 0]
        arrays: dict[str, NDArray[Any]] = {name: column[order] for name, column in self._columns.items()}
        tags = [self._tags[place] for place in order]
        weights = [self._weights[place] for place in order]
        indptr = np.zeros(order.size + 1, dtype=np.int64)
        np.cumsum([part.size for part in tags], out=indptr[1:])
        arrays["tag_indptr"] = indptr
        arrays["tag_ids"] = np.concatenate(tags) if tags else np.empty(0, np.int32)
        arrays["tag_weights"] = np.concatenate(weights) if weights else np.empty(0, np.float32)
        return arrays

    def _grow(self) -> int:
        place = len(self._tags)
        self._tags.append(np.empty(0, np.int32))
        self._weights.append(np.empty(0, np.float32))
        if place >= self._columns["item_id"].size:
            self._columns = {name: np.concatenate([c, np.zeros_like(c)]) for name, c in self._columns.items()}
        return place
