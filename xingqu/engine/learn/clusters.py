"""Two-level clusters of items: what a person's interests are counted in for good (after Trinity: Yan et al., KDD 2024).

A fine cluster belongs to a coarse one. Fine clusters have ids that outlive the model: when items are clustered anew
(``learn.cluster_fit``), a new cluster inherits the id of the old one most of whose items it holds, and an id that
found no such heir is remembered with the cluster where most of its items went. So a count of last year still says
something today. A new item joins the cluster whose tags are nearest, until items are clustered anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.session_kernels import weigh_neighbours

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
TAG_DIM = 64
NEAREST_AT_ONCE = 20_000
FAINTEST_MATCH = 0.15  # cosine below which a new item belongs to no cluster


@dataclass(frozen=True)
class ClusterParams:
    """The numbers of clusters are upper bounds: a small catalogue has fewer."""

    coarse: int = 32
    fine_per_coarse: int = 16
    items_per_cluster: int = 24  # wanted on average in a fine cluster
    least_items: int = 48  # a catalogue of fewer is not clustered
    fit_items: int = 40_000  # centres are found on a sample of so many
    turns: int = 12
    neighbours: int = 8  # kept of each fine cluster
    inherit_share: float = 0.3  # of an old cluster's items that must stay together for its id to be handed on
    refit_growth: float = 0.2  # share of items that came or went since, after which items are clustered anew
    refit_after_ms: int = 86_400_000
    # the channel
    asked: int = 24  # clusters of a person that bring items, at most
    per_coarse: int = 3  # of them in one coarse cluster
    long_standing_days: int = 4  # days of liking after which an interest is wholly of long standing
    long_standing_gain: float = 1.0
    tail_gain: float = 1.0


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """``n`` items, ``k`` fine clusters, ``t`` tags, ``d`` dimensions of which the first ``TAG_DIM`` are the tags'."""

    item_id: I64  # (n,) ascending
    item_cluster: I32  # (n,) fine cluster, -1: none
    cluster_id: I64  # (k,) ascending; outlives the model
    parent: I32  # (k,) coarse cluster
    centres: F32  # (k, d) of unit length
    neighbour: I32  # (k, ClusterParams.neighbours) nearest other clusters, nearest first, -1: none
    nearness: F32  # (k, ClusterParams.neighbours)
    tag_id: I32  # (t,) ascending
    tag_idf: F32  # (t,)
    former_id: I64  # ids that found no heir, ascending
    former_heir: I32  # the cluster that most of its items went to
    indptr: I64  # (k + 1,)
    rows: I32  # items of a cluster, most promising first
    share: F32  # (k,) of all good outcomes, those on its items
    fitted: I64  # (3,) when [ms], over how many items, and next free id

    def __post_init__(self) -> None:
        for column in fields(self):
            getattr(self, column.name).setflags(write=False)

    def __len__(self) -> int:
        return int(self.cluster_id.size)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {column.name: getattr(self, column.name) for column in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ClusterModel:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        return cls(**{column.name: arrays[column.name] for column in fields(cls)})

    def aligned(self, items: ItemTags) -> ClusterModel:
        """The same clusters over the rows of ``items``; an item that is new to the model goes where its tags are."""
        if np.array_equal(items.item_id, self.item_id):
            return self
        cluster = np.full(items.item_id.size, -1, dtype=np.int32)
        place = np.minimum(np.searchsorted(self.item_id, items.item_id), max(self.item_id.size - 1, 0))
        known = self.item_id[place] == items.item_id if self.item_id.size else np.zeros(place.size, np.bool_)
        cluster[known] = self.item_cluster[place[known]]
        new = np.flatnonzero(~known)
        if new.size and len(self):
            vectors = tag_vectors_of(_only(items, new), self.tag_id, self.tag_idf)
            centres = unit_rows(self.centres[:, :TAG_DIM])
            cluster[new] = nearest_centre(vectors, centres, FAINTEST_MATCH)
        return replace(self, item_id=items.item_id, item_cluster=cluster, **postings(cluster, len(self)))

    def places(self, ids: I64) -> I64:
        """The cluster each id stands for today, -1 where it is forgotten."""
        found = _looked_up(self.cluster_id, ids)
        heir = _looked_up(self.former_id, ids)
        inherited = np.where(heir >= 0, self.former_heir[heir] if self.former_heir.size else -1, -1)
        return np.where(found >= 0, found, inherited)

    def ids_of_tag(self, tag_id: int, least: float = 0.5) -> I64:
        """Ids of the clusters that are mostly about a tag: what is to be forgotten together with it."""
        direction = tag_directions(np.array([tag_id], dtype=np.int64))[0]
        match = unit_rows(self.centres[:, :TAG_DIM]) @ (direction / np.linalg.norm(direction))
        about = self.cluster_id[match >= least]
        gone = self.former_id[np.isin(self.former_heir, np.flatnonzero(match >= least))]
        return np.concatenate([about, gone])


def tag_directions(tag_ids: NDArray[np.integer]) -> F32:
    """(t, TAG_DIM) of +-1: a direction for each tag, made of its id alone, so that no model has to be trained or kept.

    Two tags are orthogonal but for chance (Achlioptas, 2003).
    """
    column = np.arange(TAG_DIM, dtype=np.uint64)
    mixed = tag_ids.astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15) + column * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    directions: F32 = np.where(mixed >> np.uint64(63), np.float32(1), np.float32(-1))
    return directions


def tag_vectors_of(items: ItemTags, tag_id: I32, tag_idf: F32) -> F32:
    """(n, TAG_DIM) of unit length: the sum of each item's tags' directions, rare tags counting more; 0 without tags."""
    tags, place = np.unique(items.tag_ids, return_inverse=True)
    known = _looked_up(tag_id.astype(np.int64), tags.astype(np.int64))
    rarest = tag_idf.max(initial=1.0)
    idf = np.where(known >= 0, tag_idf[np.maximum(known, 0)] if tag_idf.size else rarest, rarest).astype(np.float32)
    sums = weigh_neighbours(items.tag_indptr, place.astype(np.int32), idf[place], tag_directions(tags))
    return unit_rows(sums)


def unit_rows(vectors: F32) -> F32:
    """Each row divided by its length; a row of 0 stays."""
    length = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
    unit: F32 = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return unit


def nearest_centre(vectors: F32, centres: F32, least: float = -2.0) -> I32:
    """(n,) place of the centre with the highest cosine, -1 where none reaches ``least``."""
    nearest = np.full(vectors.shape[0], -1, dtype=np.int32)
    for start in range(0, vectors.shape[0], NEAREST_AT_ONCE):
        match = vectors[start : start + NEAREST_AT_ONCE] @ centres.T
        best = match.argmax(axis=1)
        reached = match[np.arange(best.size), best] >= least
        nearest[start : start + NEAREST_AT_ONCE] = np.where(reached, best, -1)
    return nearest


def postings(cluster: I32, count: int, quality: F32 | None = None) -> dict[str, Any]:
    """``indptr`` and ``rows`` of a model: items by cluster, best ``quality`` first."""
    members = np.flatnonzero(cluster >= 0)
    order = np.lexsort((members if quality is None else -quality[members], cluster[members]))
    indptr = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(cluster[members], minlength=count), out=indptr[1:])
    return {"indptr": indptr, "rows": members[order].astype(np.int32)}


def _looked_up(ascending: I64, wanted: I64) -> I64:
    if not ascending.size:
        return np.full(wanted.size, -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(ascending, wanted), ascending.size - 1)
    return np.where(ascending[place] == wanted, place, -1)


def _only(items: ItemTags, rows: I64) -> ItemTags:
    lengths = np.diff(items.tag_indptr)[rows]
    indptr = np.zeros(rows.size + 1, dtype=np.int64)
    np.cumsum(lengths, out=indptr[1:])
    links = np.repeat(items.tag_indptr[rows] - indptr[:-1], lengths) + np.arange(int(indptr[-1]))
    return ItemTags(items.item_id[rows], indptr, items.tag_ids[links])
