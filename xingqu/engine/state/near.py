"""Which vectors point where a person's does, in a catalogue too large to score whole: an inverted file of short codes.

Vectors are laid into lists around centres (k-means; an inverted file as in Jégou, Douze and Schmid 2011), each number of them as
one byte. A search reads the lists whose centres point where the person's vector does, one after the other as they lie in
memory, until it has read as many codes as it may. They only say which items are worth scoring; scores are always the
models' own. The lists travel among a snapshot's arrays, so that readers map them from the file and hold none of it, and
know items by id, so that they outlive the rows of one snapshot: a builder mends them, laying in what is new and has
changed, and builds them anew when too much has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import sum_rows
from xingqu.engine.state.near_kernels import row_products, scan_lists

if TYPE_CHECKING:
    from xingqu.engine.learn.item_tags import ItemTags
    from xingqu.engine.learn.taste import TasteModel
    from xingqu.engine.row_set import RowSet
    from xingqu.engine.state.items import ItemSnapshot

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
AT_ONCE = 4_096  # vectors compared with every centre in one product
LEARNED_FROM = 48  # vectors a centre is learned from, at most
HIGHEST = 127


@dataclass(frozen=True)
class NearParams:
    items: int = 50_000  # up to so many, every item is scored and there are no lists
    lists_per_root: float = 2.0  # lists, as a multiple of the root of the number of vectors
    rounds: int = 8  # of moving the centres
    read: int = 32_000  # codes that a search for the sequence model reads, at least
    taste_read: int = 12_000  # and one for taste, whose vectors have few numbers
    rebuild_share: float = 0.3  # of the vectors new, changed or gone, beyond which the lists are built anew
    sequence_tolerance: float = 0.01  # change of a unit vector that is let be
    taste_tolerance: float = 0.1  # change, in log-odds, that is let be


@dataclass(frozen=True, eq=False)
class VectorIndex:
    """``m`` vectors of ``d`` numbers, by item id, in ``c`` lists."""

    item_id: I64  # (m,) ascending
    mark: F32  # (m,) each vector's product with a fixed random one: tells whether it has changed
    centres: F32  # (c, d)
    step: F32  # (d,) what one unit of a code is worth
    indptr: I64  # (c + 1,) of the lists
    member: I32  # (m,) places in ``item_id``, list by list
    codes: NDArray[np.int8]  # (m, d) list by list
    rows: I32  # (m,) of the snapshot that the lists serve with, list by list; -1 where it has no such item

    def __post_init__(self) -> None:
        for item in fields(self):
            getattr(self, item.name).setflags(write=False)

    @classmethod
    def build(cls, item_id: I64, vectors: F32, params: NearParams) -> VectorIndex:
        """Lay ``vectors`` (m, d) into lists; the same ones always give the same lists. Rows are places in ``item_id``."""
        count = max(1, min(int(params.lists_per_root * np.sqrt(item_id.size)), item_id.size // 8))
        centres = learn_centres(vectors, count, params.rounds)
        longest = np.abs(vectors).max(axis=0, initial=0.0)
        step = (np.maximum(longest, 1e-9) / HIGHEST).astype(np.float32)
        codes = _coded(vectors, step)
        return cls._laid(item_id, marks_of(vectors), centres, step, closest(vectors, centres), codes)

    @classmethod
    def _laid(cls, item_id: I64, mark: F32, centres: F32, step: F32, home: I32, codes: NDArray[np.int8]) -> VectorIndex:
        """With ``home`` the list of each vector; ``codes`` in the order of ``item_id``."""
        member = np.argsort(home, kind="stable").astype(np.int32)
        indptr = np.zeros(centres.shape[0] + 1, dtype=np.int64)
        np.cumsum(np.bincount(home, minlength=centres.shape[0]), out=indptr[1:])
        return cls(item_id, mark, centres, step, indptr, member, codes[member], member.copy())

    def __len__(self) -> int:
        return int(self.item_id.size)

    def mended(self, item_id: I64, vectors: F32, params: NearParams, tolerance: float) -> VectorIndex:
        """The index of these vectors instead; ``self``, which readers may be using, is not changed."""
        mark = marks_of(vectors)
        place = np.minimum(np.searchsorted(self.item_id, item_id), len(self) - 1)
        known = self.item_id[place] == item_id
        told = ~known | (np.abs(self.mark[place] - mark) > tolerance)
        gone = len(self) - int(known.sum())
        if not gone and not told.any():
            return self
        if int(told.sum()) + gone > params.rebuild_share * len(self):
            return self.build(item_id, vectors, params)
        home, codes = self._by_item()
        home, codes = home[place], codes[place]
        home[told] = closest(vectors[told], self.centres)
        codes[told] = _coded(vectors[told], self.step)
        # what was let be keeps the mark it was laid in with, or many small changes would never count
        mark = np.where(told, mark, self.mark[place]).astype(np.float32)
        return self._laid(item_id, mark, self.centres, self.step, home, codes)

    def placed(self, item_id: I64) -> VectorIndex:
        """The same lists over the rows of a snapshot of these items; who is gone is passed over."""
        if not item_id.size or not len(self):
            return replace(self, rows=np.full(len(self), -1, dtype=np.int32))
        place = np.minimum(np.searchsorted(item_id, self.item_id), item_id.size - 1)
        rows = np.where(item_id[place] == self.item_id, place, -1).astype(np.int32)[self.member]
        return self if np.array_equal(rows, self.rows) else replace(self, rows=rows)

    def search(self, vector: F32, eligible: U8, limit: int, read: int) -> tuple[I32, F32]:
        """Twice ``limit`` rows of about those with the highest product with ``vector``, in no order, and about the products.

        Fewer only where there are not so many whose bit is set in ``eligible`` (no bits: every one), or ``limit`` and more
        where so many were found when ``read`` codes were read.
        """
        near = row_products(self.centres, np.arange(self.centres.shape[0], dtype=np.int32), vector)
        count = min(2 * limit, len(self))
        found: tuple[I32, F32] = scan_lists(
            np.argsort(-near),
            self.indptr,
            self.codes,
            self.rows,
            vector * self.step,
            eligible,
            min(limit, count),
            count,
            read,
        )
        return found

    def _by_item(self) -> tuple[I32, NDArray[np.int8]]:
        """List and code of each vector, in the order of ``item_id``."""
        home, codes = np.empty(len(self), dtype=np.int32), np.empty_like(self.codes)
        home[self.member] = np.repeat(np.arange(self.indptr.size - 1, dtype=np.int32), np.diff(self.indptr))
        codes[self.member] = self.codes
        return home, codes

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> VectorIndex:
        """Inverse of ``to_arrays``; the lists are used where they lie. Raises KeyError when one is missing."""
        return cls(**{f.name: arrays[f.name] for f in fields(cls)})


@dataclass(frozen=True, eq=False)
class Near:
    """The lists of a snapshot's models; None where there is no such model."""

    sequence: VectorIndex | None = None
    taste: VectorIndex | None = None

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {}
        for name in ("sequence", "taste"):
            index = getattr(self, name)
            if index is not None:
                arrays |= {f"{name}-{key}": array for key, array in index.to_arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Near:
        """Inverse of ``to_arrays``. Of an older release, which had graphs, nothing is kept: the next build makes lists.

        Raises KeyError when an array is missing.
        """
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            part, _, key = name.partition("-")
            parts.setdefault(part, {})[key] = array
        laid = [name for name in ("sequence", "taste") if name in parts and "graph" not in parts[name]]
        return cls(**{name: VectorIndex.from_arrays(parts[name]) for name in laid})

    def aligned(self, items: ItemTags) -> Near:
        """Items are known by id; what is new or has changed since is for ``with_near`` to mend."""
        sequence, taste = (None if i is None else i.placed(items.item_id) for i in (self.sequence, self.taste))
        return Near(sequence, taste)


def marks_of(vectors: F32) -> F32:
    """(m,) products with one random vector, the same for every call."""
    direction = np.random.default_rng(20_240_501).standard_normal((vectors.shape[1],), dtype=np.float32)
    marks: F32 = np.einsum("ij,j->i", vectors, direction)
    return marks


def closest(vectors: F32, centres: F32) -> I32:
    """(m,) the centre that each vector is closest to."""
    home = np.empty(vectors.shape[0], dtype=np.int32)
    half = np.einsum("ij,ij->i", centres, centres) / 2
    turned = np.ascontiguousarray(centres.T)
    for start in range(0, vectors.shape[0], AT_ONCE):
        part = slice(start, start + AT_ONCE)
        home[part] = (vectors[part] @ turned - half).argmax(axis=1)
    return home


def learn_centres(vectors: F32, count: int, rounds: int) -> F32:
    """(count, d) by k-means on a sample of the vectors; a centre that is nobody's begins again at one of them."""
    rng, size = np.random.default_rng(7), vectors.shape[0]
    sample = np.ascontiguousarray(vectors, dtype=np.float32).view()
    if size > LEARNED_FROM * count:
        sample = sample[np.sort(rng.choice(size, LEARNED_FROM * count, replace=False))]
    sample.setflags(write=False)  # compiled functions tell read-only arrays from others
    centres = sample[np.sort(rng.choice(sample.shape[0], count, replace=False))]
    every = np.arange(sample.shape[0], dtype=np.int64)
    for _ in range(rounds):
        home = closest(sample, centres).astype(np.int64)
        amount = np.bincount(home, minlength=count)
        centres = sum_rows(home, every, sample, count)
        centres /= np.maximum(amount, 1).astype(np.float32)[:, None]
        nobodys = np.flatnonzero(amount == 0)
        centres[nobodys] = sample[rng.choice(sample.shape[0], nobodys.size, replace=False)]
    return centres


def _coded(vectors: F32, step: F32) -> NDArray[np.int8]:
    codes = np.empty(vectors.shape, dtype=np.int8)
    for start in range(0, vectors.shape[0], AT_ONCE):
        part = slice(start, start + AT_ONCE)
        codes[part] = np.clip(np.rint(vectors[part] / step), -HIGHEST, HIGHEST)
    return codes


def with_near(snapshot: ItemSnapshot, params: NearParams | None = None) -> ItemSnapshot:
    """The snapshot with lists of its models' vectors, mended from those of the snapshot before, if its catalogue is large."""
    settings = params or NearParams()
    models = snapshot.models
    if len(snapshot) <= settings.items:
        return snapshot if models.near is None else replace(snapshot, models=replace(models, near=None))
    before, sequence, taste = models.near or Near(), None, None
    if models.sequence is not None:
        known = models.sequence.norms > 0
        ids, vectors = snapshot.item_id[known], models.sequence.targets[known]
        sequence = _brought_up(before.sequence, ids, vectors, settings, settings.sequence_tolerance)
    if models.taste is not None:
        vectors = _taste_vectors(models.taste)
        taste = _brought_up(before.taste, snapshot.item_id, vectors, settings, settings.taste_tolerance)
    sequence, taste = (None if index is None else index.placed(snapshot.item_id) for index in (sequence, taste))
    return replace(snapshot, models=replace(models, near=Near(sequence, taste)))


def near_sequence(
    snapshot: ItemSnapshot, vector: F32, eligible: RowSet | None, limit: int, params: NearParams
) -> I32 | None:
    """Rows that the sequence model's ``vector`` of a person points to; None where every row is to be scored."""
    near = snapshot.models.near
    if near is None or near.sequence is None or snapshot.models.sequence is None:
        return None
    return rows_near(near.sequence, vector, eligible, limit, params.read)


def near_taste(snapshot: ItemSnapshot, taste: F32, eligible: RowSet, limit: int, params: NearParams) -> I32 | None:
    """Rows that someone of this ``taste`` is most likely to take to; None where every row is to be scored."""
    near = snapshot.models.near
    if near is None or near.taste is None or snapshot.models.taste is None:
        return None
    return rows_near(near.taste, np.append(taste, np.float32(1)), eligible, limit, params.taste_read)


def rows_near(index: VectorIndex, vector: F32, eligible: RowSet | None, limit: int, read: int) -> I32:
    """``limit`` to twice as many eligible rows (None: any known one), in no order; fewer only where there are fewer."""
    bits = np.empty(0, dtype=np.uint8) if eligible is None else eligible.bits
    return index.search(vector, bits, limit, read)[0]


def score_rows(targets: F32, rows: I32, vector: F32) -> F32:
    """Products of the rows' vectors with ``vector``, each summed on its own: a matrix product may round differently."""
    scores: F32 = row_products(targets, rows, vector)
    return scores


def _brought_up(
    before: VectorIndex | None, item_id: I64, vectors: F32, params: NearParams, tolerance: float
) -> VectorIndex | None:
    if not item_id.size:
        return None
    if before is None or not len(before) or before.step.size != vectors.shape[1]:
        return VectorIndex.build(item_id, vectors, params)
    return before.mended(item_id, vectors, params, tolerance)


def _taste_vectors(model: TasteModel) -> F32:
    """(n, k + 1): each vector, and its item's log-odds above the average: its product with (taste, 1) are the log-odds."""
    bias = model.bias - np.float32(model.bias.mean(dtype=np.float64))
    return np.column_stack([model.vectors, bias]).astype(np.float32)
