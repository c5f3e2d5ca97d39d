"""What an item is about, as a vector of its text: how an item that nobody has met is found (``retrieval.content``).

The vectors come from a sentence encoder, made once a text by whoever publishes items; nothing here encodes. They are
projected to ``DIM`` dimensions by a fixed orthogonal matrix, which keeps cosines to a few hundredths (Johnson and
Lindenstrauss), and kept in a byte a dimension: 128 MB for a million items. Cells of neighbouring items (k-means, an inverted
file: Jégou et al., 2011) bound what a request reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.cluster_fit import k_means
from xingqu.engine.learn.clusters import nearest_centre, postings, unit_rows
from xingqu.engine.learn.item_tags import ItemTags

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
DIM = 128
SCALE = 127.0
CELLS_MOST = 1_024
FIT_ITEMS, FIT_TURNS = 20_000, 6
SEED = 128


@dataclass(frozen=True, eq=False)
class ContentVectors:
    """``n`` items, ``c`` cells. An item without a text has a vector of 0, hash 0 and cell -1."""

    item_id: I64  # (n,) ascending
    vectors: NDArray[np.int8]  # (n, DIM), of length ``SCALE``
    text_hash: NDArray[np.uint64]  # (n,) of the text a vector was made of: made anew when the text changes
    item_cell: I32  # (n,)
    centres: F32  # (c, DIM) of unit length
    indptr: I64  # (c + 1,)
    rows: I32  # items by cell

    def __post_init__(self) -> None:
        for column in fields(self):
            getattr(self, column.name).setflags(write=False)

    @classmethod
    def empty(cls, item_id: I64) -> ContentVectors:
        size = item_id.size
        return cls(
            item_id=item_id,
            vectors=np.zeros((size, DIM), dtype=np.int8),
            text_hash=np.zeros(size, dtype=np.uint64),
            item_cell=np.full(size, -1, dtype=np.int32),
            centres=np.zeros((0, DIM), dtype=np.float32),
            indptr=np.zeros(1, dtype=np.int64),
            rows=np.empty(0, np.int32),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {column.name: getattr(self, column.name) for column in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ContentVectors:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        return cls(**{column.name: arrays[column.name] for column in fields(cls)})

    def aligned(self, items: ItemTags) -> ContentVectors:
        """The same vectors over the rows of ``items``; an item new to the model has none until its text is told."""
        if np.array_equal(items.item_id, self.item_id):
            return self
        laid = ContentVectors.empty(items.item_id)
        if not self.item_id.size:
            return laid
        place = np.minimum(np.searchsorted(self.item_id, items.item_id), self.item_id.size - 1)
        known = self.item_id[place] == items.item_id
        vectors, text_hash, cell = laid.vectors.copy(), laid.text_hash.copy(), laid.item_cell.copy()
        vectors[known], text_hash[known] = self.vectors[place[known]], self.text_hash[place[known]]
        cell[known] = self.item_cell[place[known]]
        lists = postings(cell, self.centres.shape[0])
        return replace(laid, vectors=vectors, text_hash=text_hash, item_cell=cell, centres=self.centres, **lists)

    def with_texts(self, item_ids: I64, encoded: F32, text_hash: NDArray[np.uint64]) -> ContentVectors:
        """With vectors (m, any) of an encoder for known items. Cells are found anew when twice as many would be right."""
        rows = np.searchsorted(self.item_id, item_ids)
        vectors, hashes, cell = self.vectors.copy(), self.text_hash.copy(), self.item_cell.copy()
        projected = unit_rows(encoded.astype(np.float32) @ projection(encoded.shape[1]))
        vectors[rows], hashes[rows] = np.rint(projected * SCALE).astype(np.int8), text_hash
        told = np.flatnonzero(hashes)
        wanted = int(np.clip(round(np.sqrt(told.size) / 2), 1, CELLS_MOST))
        centres = self.centres
        if wanted >= 2 * centres.shape[0]:
            rng = np.random.default_rng(SEED)
            sample = np.sort(rng.permutation(told)[:FIT_ITEMS])
            centres = k_means(unit_rows(vectors[sample].astype(np.float32)), wanted, None, FIT_TURNS, rng)
            cell[told] = nearest_centre(vectors[told].astype(np.float32), centres, -np.inf)
        else:
            cell[rows] = nearest_centre(projected, centres)
        lists = postings(cell, centres.shape[0])
        return replace(self, vectors=vectors, text_hash=hashes, item_cell=cell, centres=centres, **lists)

    def lacking(self, texts: Mapping[int, str]) -> list[int]:
        """Ids of known items whose text is not the one their vector was made of; empty texts are none."""
        ids = np.array([pk for pk, text in texts.items() if text.strip()], dtype=np.int64)
        place = np.minimum(np.searchsorted(self.item_id, ids), max(self.item_id.size - 1, 0))
        known = self.item_id[place] == ids if self.item_id.size else np.zeros(ids.size, np.bool_)
        return [
            int(pk)
            for pk, at in zip(ids[known], place[known], strict=True)
            if self.text_hash[at] != hash_of(texts[int(pk)])
        ]


def hash_of(text: str) -> np.uint64:
    """Of a text, never 0."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") | 1)


def hashes_of(texts: Sequence[str]) -> NDArray[np.uint64]:
    return np.array([hash_of(text) for text in texts], dtype=np.uint64)


@cache
def projection(width: int) -> F32:
    """(width, DIM) with orthogonal columns, the same everywhere and always."""
    normal = np.random.default_rng(SEED).standard_normal((width, max(width, DIM)))
    basis, _ = np.linalg.qr(normal)
    matrix: F32 = np.ascontiguousarray(basis[:, :DIM], dtype=np.float32)
    return matrix
