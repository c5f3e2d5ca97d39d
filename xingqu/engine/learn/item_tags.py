"""What a model may know of an item it was not trained on: its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import sum_rows


@dataclass(frozen=True, eq=False)
class ItemTags:
    """``n`` items by row, with their tags."""

    item_id: NDArray[np.int64]  # (n,) ascending
    tag_indptr: NDArray[np.int64]  # (n + 1,)
    tag_ids: NDArray[np.int32]

    @classmethod
    def of(cls, item_id: NDArray[np.int64], tags: Mapping[int, list[int]]) -> ItemTags:
        """From tags by item id; an item that is not among them has none."""
        found = [sorted(set(tags.get(int(item), ()))) for item in item_id]
        indptr = np.zeros(item_id.size + 1, dtype=np.int64)
        np.cumsum([len(part) for part in found], out=indptr[1:])
        return cls(item_id, indptr, np.array([tag for part in found for tag in part], dtype=np.int32))


def compact_tags(items: ItemTags, tag_id: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(item row, place in ``tag_id``) of every link whose tag is known."""
    row_of_link = np.repeat(np.arange(items.item_id.size), np.diff(items.tag_indptr))
    if not tag_id.size:
        return row_of_link[:0], row_of_link[:0]
    place = np.minimum(np.searchsorted(tag_id, items.tag_ids), tag_id.size - 1)
    known = tag_id[place] == items.tag_ids
    return row_of_link[known], place[known]


def mean_of_tags(items: ItemTags, tag_id: NDArray[np.int32], tag_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, d): the mean vector of each item's known tags, 0 where it has none."""
    rows, places = compact_tags(items, tag_id)
    vectors = tag_vectors.view()
    vectors.setflags(write=False)  # as a model leaves them: compiled functions tell such arrays from others
    sums = sum_rows(rows, places, vectors, items.item_id.size)
    counts = np.bincount(rows, minlength=items.item_id.size)
    mean: NDArray[np.float32] = sums / np.maximum(counts, 1).astype(np.float32)[:, None]
    return mean
