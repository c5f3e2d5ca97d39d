"""Which vectors point where a person's does, in a catalogue too large to score whole: usearch's graph of near neighbours.

The graph (hierarchical navigable small worlds: Malkov and Yashunin 2018) only says which items are worth scoring; scores are
always the models' own. It travels as one array of bytes among a snapshot's arrays, so that readers map it from the file and
hold none of it, and knows items by id, so that it outlives the rows of one snapshot: a builder mends it, adding what is new
and moving what has changed, and builds it anew when too much has.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from usearch import index as _usearch

if TYPE_CHECKING:
    from xingqu.engine.learn.item_tags import ItemTags
    from xingqu.engine.learn.taste import TasteModel
    from xingqu.engine.row_set import RowSet
    from xingqu.engine.state.items import ItemSnapshot

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
usearch: Any = _usearch  # its annotations are not those of its compiled half
WIDEST = 4_096  # vectors asked for at once, at most


@dataclass(frozen=True)
class NearParams:
    items: int = 50_000  # up to so many, every item is scored and there is no graph
    connectivity: int = 16  # edges of a vector
    expansion_add: int = 64  # candidates weighed when a vector is added
    expansion_search: int = 256  # and when neighbours are searched
    threads: int = 1  # that build it; with one the same vectors always give the same graph
    rebuild_share: float = 0.3  # of the vectors changed or gone, beyond which the graph is built anew
    sequence_tolerance: float = 0.01  # change of a unit vector that is let be
    taste_tolerance: float = 0.1  # change, in log-odds, that is let be


@dataclass(frozen=True, eq=False)
class VectorIndex:
    """``m`` vectors of one length (up to rounding), by item id."""

    item_id: I64  # (m,) ascending
    mark: F32  # (m,) each vector's product with a fixed random one: tells whether it has changed
    graph: NDArray[np.uint8]
    expansion: int
    _asking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def build(cls, item_id: I64, vectors: F32, params: NearParams) -> VectorIndex:
        """Index ``vectors`` (m, d); half precision is enough to find them."""
        index = usearch.Index(
            ndim=vectors.shape[1],
            metric=usearch.MetricKind.IP,
            dtype=usearch.ScalarKind.F16,
            connectivity=params.connectivity,
            expansion_add=params.expansion_add,
        )
        index.add(item_id, vectors, threads=params.threads)
        return cls._of(index, item_id, marks_of(vectors), params)

    @classmethod
    def _of(cls, index: Any, item_id: I64, mark: F32, params: NearParams) -> VectorIndex:
        graph = np.frombuffer(index.save(), dtype=np.uint8)
        return cls(item_id, mark, graph, params.expansion_search)

    def __len__(self) -> int:
        return int(self.item_id.size)

    def mended(self, item_id: I64, vectors: F32, params: NearParams, tolerance: float) -> VectorIndex:
        """The index of these vectors instead; ``self``, which readers may be using, is not changed."""
        mark = marks_of(vectors)
        place = np.minimum(np.searchsorted(self.item_id, item_id), len(self) - 1)
        known = self.item_id[place] == item_id
        moved = known & (np.abs(self.mark[place] - mark) > tolerance)
        gone = self.item_id[~np.isin(self.item_id, item_id, assume_unique=True)]
        told = moved | ~known
        if not gone.size and not told.any():
            return self
        if int(moved.sum()) + gone.size > params.rebuild_share * len(self):
            return self.build(item_id, vectors, params)
        index = usearch.Index.restore(bytearray(self.graph.data))
        for key in (*gone.tolist(), *item_id[moved].tolist()):
            index.remove(key)
        index.expansion_add = params.expansion_add
        index.add(item_id[told], vectors[told], threads=params.threads)
        # what was let be keeps the mark it was added with, or many small changes would never count
        mark = np.where(told, mark, self.mark[place]).astype(np.float32)
        return self._of(index, item_id, mark, params)

    def search(self, vector: F32, count: int) -> I64:
        """Ids of about the ``count`` vectors with the highest product with ``vector``, highest first."""
        with self._asking:  # a graph has room for one search at a time
            index = self._opened
            index.expansion_search = max(self.expansion, count)
            found: I64 = index.search(vector, min(count, len(self))).keys.astype(np.int64)
        return found

    @cached_property
    def _opened(self) -> Any:
        return usearch.Index.restore(self.graph.data, view=True)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        expansion = np.array([self.expansion])
        return {"item_id": self.item_id, "mark": self.mark, "graph": self.graph, "expansion": expansion}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> VectorIndex:
        """Inverse of ``to_arrays``; the bytes of the graph are used where they lie. Raises KeyError when one is missing."""
        return cls(arrays["item_id"], arrays["mark"], arrays["graph"], int(arrays["expansion"][0]))


@dataclass(frozen=True, eq=False)
class Near:
    """The graphs of a snapshot's models; None where there is no such model."""

    sequence: VectorIndex | None = None
    taste: VectorIndex | None = None
    taste_reach: float = 0.0  # length that every indexed vector of the taste model is filled up to

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {"reach": np.array([self.taste_reach])}
        for name in ("sequence", "taste"):
            index = getattr(self, name)
            if index is not None:
                arrays |= {f"{name}-{key}": array for key, array in index.to_arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Near:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            part, _, key = name.partition("-")
            parts.setdefault(part, {})[key] = array
        found = {name: VectorIndex.from_arrays(parts[name]) for name in ("sequence", "taste") if name in parts}
        return cls(taste_reach=float(arrays["reach"][0]), **found)

    def aligned(self, items: ItemTags) -> Near:
        """Items are known by id; what has changed since is for ``with_near`` to mend."""
        return self


def marks_of(vectors: F32) -> F32:
    """(m,) products with one random vector, the same for every call."""
    direction = np.random.default_rng(20_240_501).standard_normal((vectors.shape[1],), dtype=np.float32)
    marks: F32 = np.einsum("ij,j->i", vectors, direction)
    return marks


def with_near(snapshot: ItemSnapshot, params: NearParams | None = None) -> ItemSnapshot:
    """The snapshot with graphs of its models' vectors, mended from those of the snapshot before, if its catalogue is large."""
    settings = params or NearParams()
    models = snapshot.models
    if len(snapshot) <= settings.items:
        return snapshot if models.near is None else replace(snapshot, models=replace(models, near=None))
    before = models.near or Near()
    sequence, taste, reach = None, None, before.taste_reach
    if models.sequence is not None:
        known = models.sequence.norms > 0
        ids, vectors = snapshot.item_id[known], models.sequence.targets[known]
        sequence = _brought_up(before.sequence, ids, vectors, settings, settings.sequence_tolerance)
    if models.taste is not None:
        vectors, reach = _taste_vectors(models.taste, reach)
        taste = _brought_up(before.taste, snapshot.item_id, vectors, settings, settings.taste_tolerance)
    return replace(snapshot, models=replace(models, near=Near(sequence, taste, reach)))


def near_sequence(snapshot: ItemSnapshot, vector: F32, eligible: RowSet | None, limit: int) -> I32 | None:
    """Rows that the sequence model's ``vector`` of a person points to; None where every row is to be scored."""
    near = snapshot.models.near
    if near is None or near.sequence is None or snapshot.models.sequence is None:
        return None
    return rows_near(snapshot, near.sequence, vector, eligible, limit)


def near_taste(snapshot: ItemSnapshot, taste: F32, eligible: RowSet, limit: int) -> I32 | None:
    """Rows that someone of this ``taste`` is most likely to take to; None where every row is to be scored."""
    near = snapshot.models.near
    if near is None or near.taste is None or snapshot.models.taste is None:
        return None
    asked = np.concatenate([taste, np.array([1.0, 0.0], dtype=np.float32)])
    return rows_near(snapshot, near.taste, asked, eligible, limit)


def rows_near(snapshot: ItemSnapshot, index: VectorIndex, vector: F32, eligible: RowSet | None, limit: int) -> I32:
    """About ``limit`` or more eligible rows (None: any known one), the closest first; wider searches while too few are."""
    count = 2 * limit
    while True:
        rows = snapshot.rows_of(index.search(vector, count))
        rows = rows[rows >= 0]
        if eligible is not None:
            rows = rows[eligible[rows]]
        if rows.size >= limit or count >= min(WIDEST, len(index)):
            return rows
        count = min(2 * count, WIDEST)


def score_rows(targets: F32, rows: I32, vector: F32) -> F32:
    """Products of the rows' vectors with ``vector``, each summed on its own: a matrix product may round differently."""
    scores: F32 = np.einsum("ij,j->i", targets[rows], vector)
    return scores


def _brought_up(
    before: VectorIndex | None, item_id: I64, vectors: F32, params: NearParams, tolerance: float
) -> VectorIndex | None:
    if not item_id.size:
        return None
    if before is None or not len(before):
        return VectorIndex.build(item_id, vectors, params)
    return before.mended(item_id, vectors, params, tolerance)


def _taste_vectors(model: TasteModel, reach: float) -> tuple[F32, float]:
    """(n, k + 2): each vector, its item's log-odds above the average, and what fills it up to the length ``reach``.

    Of vectors of one length those with the highest product are the nearest (Bachrach et al. 2014). A model that has
    outgrown the length gets a longer one.
    """
    bias = model.bias - np.float32(model.bias.mean(dtype=np.float64))
    square = np.einsum("ij,ij->i", model.vectors, model.vectors) + bias * bias
    longest = float(np.sqrt(square.max(initial=1e-6)))
    if longest > reach:
        reach = 1.25 * longest
    filling = np.sqrt(np.maximum(np.float32(reach) ** 2 - square, 0.0))
    return np.column_stack([model.vectors, bias, filling]).astype(np.float32), reach
