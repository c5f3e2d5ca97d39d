"""Which items stand near each other in many people's sequences: the graph over which item vectors are smoothed.

An item met a few times borrows from those it was met with (LightGCN: He et al. 2020; the global graph of GCE-GNN: Wang et
al. 2020), and a model learns in a fraction of the epochs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.session_kernels import weigh_neighbours

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Adjacency:
    """A CSR matrix over items."""

    indptr: NDArray[np.int64]  # (n + 1,)
    columns: NDArray[np.int32]
    weights: F32

    def __matmul__(self, dense: F32) -> F32:
        product: F32 = weigh_neighbours(self.indptr, self.columns, self.weights, np.ascontiguousarray(dense))
        return product


@dataclass(frozen=True, eq=False)
class ItemGraph:
    """``forward`` means over an item's neighbours (its rows sum to 1, or 0 without any); ``backward`` is its transpose."""

    forward: Adjacency
    backward: Adjacency

    @classmethod
    def of(cls, sequences: Sequences, items: int, neighbours: int, window: int = 3) -> ItemGraph:
        """The ``neighbours`` nearest of each item by the cosine of visits within ``window`` places of each other."""
        person = np.repeat(np.arange(len(sequences)), sequences.lengths)
        first, second, weight = [], [], []
        for distance in range(1, window + 1):
            early, late = sequences.rows[:-distance], sequences.rows[distance:]
            near = (person[:-distance] == person[distance:]) & (early != late)
            first.append(np.minimum(early, late)[near])
            second.append(np.maximum(early, late)[near])
            weight.append(np.full(int(near.sum()), 1.0 / distance))
        pair = np.concatenate(first).astype(np.int64) * items + np.concatenate(second)
        unique, place = np.unique(pair, return_inverse=True)
        total = np.bincount(place, weights=np.concatenate(weight), minlength=unique.size)
        low, high = unique // max(items, 1), unique % max(items, 1)
        source, target = np.concatenate([low, high]), np.concatenate([high, low])
        total = np.concatenate([total, total])
        visits = np.bincount(source, weights=total, minlength=items)
        cosine = total / np.sqrt(visits[source] * visits[target])
        order = np.lexsort((target, -cosine, source))
        source, target, cosine = source[order], target[order], cosine[order]
        kept = np.arange(source.size) - np.searchsorted(source, source) < neighbours
        source, target, cosine = source[kept], target[kept], cosine[kept]
        share = cosine / np.bincount(source, weights=cosine, minlength=items)[source]
        return cls(_csr(source, target, share, items), _csr(target, source, share, items))


def _csr(
    source: NDArray[np.integer], target: NDArray[np.integer], weight: NDArray[np.float64], items: int
) -> Adjacency:
    order = np.argsort(source, kind="stable")
    indptr = np.zeros(items + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=items), out=indptr[1:])
    return Adjacency(indptr, target[order].astype(np.int32), weight[order].astype(np.float32))
