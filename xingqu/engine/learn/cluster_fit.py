"""Clustering the items of a snapshot, and keeping the clusters' ids, neighbours and shares up to date.

Spherical k-means (Dhillon and Modha, 2001) on two levels, over what stands of an item's tags, its text and its place in
people's histories, side by side. Called by whoever builds snapshots, never by a request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Counter
from xingqu.engine.learn.clusters import (
    ClusterModel,
    ClusterParams,
    nearest_centre,
    postings,
    tag_vectors_of,
    unit_rows,
)
from xingqu.engine.learn.item_tags import ItemTags

if TYPE_CHECKING:
    from xingqu.engine.state.items import ItemSnapshot

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
COVISIT_LINKS = 2_000_000  # read for which clusters keep company; an even sample of more
BLOCK_WEIGHT = {"tags": 1.0, "text": 1.0, "behaviour": 1.0}
SEED = 20_260


@dataclass(frozen=True, eq=False)
class _Levels:
    """``centres`` (k, d) of the fine clusters, and the coarse one each belongs to."""

    centres: F32
    parent: I32


def with_clusters(snapshot: ItemSnapshot, params: ClusterParams | None = None) -> ItemSnapshot:
    """The snapshot with clusters that fit it: those it carries, brought up to date, or new ones when they are due.

    Within a cluster the most promising items then come first, and shares and neighbours follow what people did.
    """
    settings = params or ClusterParams()
    model = snapshot.models.clusters
    if is_due(model, snapshot, settings):
        model = fit_clusters(snapshot, settings, before=model)
    if model is None:
        return snapshot
    model = replace(
        model,
        **postings(model.item_cluster, len(model), snapshot.index.quality),
        **_shares(model, snapshot),
        **_neighbours(model, snapshot, settings),
    )
    return replace(snapshot, models=replace(snapshot.models, clusters=model))


def is_due(model: ClusterModel | None, snapshot: ItemSnapshot, params: ClusterParams) -> bool:
    """Whether items are to be clustered anew: never yet, long ago, many came or went, or another kind of vector stands."""
    size = len(snapshot)
    if size < params.least_items:
        return False
    if model is None or not len(model):
        return True
    fitted_at_ms, fitted_items = int(model.fitted[0]), int(model.fitted[1])
    unplaced = np.count_nonzero(model.item_cluster < 0) > params.refit_growth * size + params.least_items
    grown = abs(size - fitted_items) > params.refit_growth * fitted_items
    other_basis = model.centres.shape[1] != sum(block.shape[1] for block in _blocks(snapshot, np.arange(0)).values())
    old = snapshot.built_at_ms - fitted_at_ms > params.refit_after_ms
    return bool(unplaced or grown or other_basis or old)


def fit_clusters(snapshot: ItemSnapshot, params: ClusterParams, *, before: ClusterModel | None = None) -> ClusterModel:
    """Cluster all items. Ids go on from ``before``; equal arguments give equal clusters."""
    rng, size = np.random.default_rng(SEED), len(snapshot)
    tag_id, tag_idf = snapshot.index.tags, snapshot.index.idf
    sample = np.sort(rng.permutation(size)[: params.fit_items])
    vectors = _basis(snapshot, sample)
    told = np.square(vectors).sum(axis=1) > 0
    wanted = int(np.clip(told.sum() // params.items_per_cluster, 1, params.coarse * params.fine_per_coarse))
    start = before.centres if before is not None and before.centres.shape[1] == vectors.shape[1] else None
    levels = _two_levels(vectors[told], wanted, start, params, rng)
    cluster = np.full(size, -1, dtype=np.int32)
    for part in np.array_split(np.arange(size), max(1, size // 50_000)):
        whole = _basis(snapshot, part)
        cluster[part] = np.where(np.square(whole).sum(axis=1) > 0, nearest_centre(whole, levels.centres), np.int32(-1))
    used, cluster = _without_empty(cluster, levels.centres.shape[0])
    heirs = inherited(before, snapshot.item_id, cluster, used.size, params)
    order = np.argsort(heirs["cluster_id"])
    rank = np.empty(order.size + 1, dtype=np.int32)
    rank[order], rank[-1] = np.arange(order.size), -1
    cluster = rank[cluster]
    return ClusterModel(
        item_id=snapshot.item_id,
        item_cluster=cluster,
        cluster_id=heirs["cluster_id"][order],
        parent=np.unique(levels.parent[used][order], return_inverse=True)[1].astype(np.int32),
        centres=levels.centres[used][order],
        neighbour=np.full((order.size, params.neighbours), -1, dtype=np.int32),
        nearness=np.zeros((order.size, params.neighbours), dtype=np.float32),
        tag_id=tag_id,
        tag_idf=tag_idf,
        former_id=heirs["former_id"],
        former_heir=rank[heirs["former_heir"]],
        share=np.zeros(order.size, dtype=np.float32),
        fitted=np.array([snapshot.built_at_ms, size, heirs["next_id"]], dtype=np.int64),
        **postings(cluster, order.size),
    )


def inherited(
    before: ClusterModel | None, item_id: I64, cluster: I32, count: int, params: ClusterParams
) -> dict[str, Any]:
    """Ids for ``count`` new clusters, and where the items of the old ones went.

    ``cluster_id`` (count,); ``former_id`` (ascending) with ``former_heir``; ``next_id``. An old id goes to the new
    cluster that holds most of its items, if that is ``inherit_share`` of them, and to one cluster only.
    """
    if before is None:
        ids = np.arange(1, count + 1, dtype=np.int64)
        return {"cluster_id": ids, "former_id": ids[:0], "former_heir": np.empty(0, np.int32), "next_id": count + 1}
    place = np.minimum(np.searchsorted(before.item_id, item_id), before.item_id.size - 1)
    both = (before.item_id[place] == item_id) & (cluster >= 0)
    old, new = before.item_cluster[place[both]].astype(np.int64), cluster[both].astype(np.int64)
    pair, overlap = np.unique((old * count + new)[old >= 0], return_counts=True)
    old_of, new_of = pair // max(count, 1), pair % max(count, 1)
    total = np.bincount(old_of, weights=overlap, minlength=len(before))
    ids, next_id = np.full(count, -1, dtype=np.int64), int(before.fitted[2])
    heir = np.full(len(before), -1, dtype=np.int32)
    handed = np.zeros(len(before), dtype=np.bool_)
    for i in np.lexsort((new_of, old_of, -overlap)):
        a, b = old_of[i], new_of[i]
        if heir[a] < 0:
            heir[a] = b
        if ids[b] < 0 and not handed[a] and overlap[i] >= params.inherit_share * total[a]:
            ids[b], handed[a], heir[a] = before.cluster_id[a], True, b
    fresh = ids < 0
    ids[fresh] = next_id + np.arange(int(fresh.sum()))
    moved = np.where(before.former_heir >= 0, heir[before.former_heir] if heir.size else -1, -1)
    former = np.concatenate([before.former_id, before.cluster_id[~handed]])
    former_heir = np.concatenate([moved, heir[~handed]]).astype(np.int32)
    kept = np.argsort(former, kind="stable")
    kept = kept[former_heir[kept] >= 0]
    return {
        "cluster_id": ids,
        "former_id": former[kept],
        "former_heir": former_heir[kept],
        "next_id": next_id + int(fresh.sum()),
    }


def _blocks(snapshot: ItemSnapshot, rows: I64) -> dict[str, F32]:
    """What stands of the items ``rows``, each part of unit length (or 0), by name."""
    indptr = snapshot.tag_indptr
    lengths = (indptr[1:] - indptr[:-1])[rows]
    pointer = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    links = np.repeat(indptr[rows] - pointer[:-1], lengths) + np.arange(int(pointer[-1]))
    tags = ItemTags(snapshot.item_id[rows], pointer, snapshot.tag_ids[links])
    blocks = {"tags": tag_vectors_of(tags, snapshot.index.tags, snapshot.index.idf)}
    models = snapshot.models
    if models.content is not None and models.content.centres.shape[0]:
        blocks["text"] = unit_rows(models.content.vectors[rows].astype(np.float32))
    if models.sequence is not None:
        blocks["behaviour"] = unit_rows(models.sequence.targets[rows])
    elif models.taste is not None:
        blocks["behaviour"] = unit_rows(models.taste.vectors[rows])
    return blocks


def _basis(snapshot: ItemSnapshot, rows: I64) -> F32:
    """(m, d) of unit length, the tags' ``TAG_DIM`` first; 0 where nothing is known."""
    return unit_rows(np.hstack([block * BLOCK_WEIGHT[name] for name, block in _blocks(snapshot, rows).items()]))


def _two_levels(
    vectors: F32, wanted: int, start: F32 | None, params: ClusterParams, rng: np.random.Generator
) -> _Levels:
    """First the coarse clusters, then each of them divided in proportion to its items."""
    coarse_count = int(np.clip(round(np.sqrt(2 * wanted)), 1, params.coarse))
    coarse = k_means(vectors, coarse_count, None, params.turns, rng)
    member = nearest_centre(vectors, coarse)
    belongs = nearest_centre(start, coarse) if start is not None else np.empty(0, np.int32)
    centres, parents = [], []
    for group in range(coarse.shape[0]):
        own = vectors[member == group]
        count = int(np.clip(round(wanted * own.shape[0] / max(1, vectors.shape[0])), 1, params.fine_per_coarse))
        warm = None if start is None else start[belongs == group][:count]
        fine = k_means(own, count, warm, params.turns, rng)
        centres.append(fine)
        parents.append(np.full(fine.shape[0], group, dtype=np.int32))
    return _Levels(np.concatenate(centres), np.concatenate(parents))


def k_means(vectors: F32, count: int, start: F32 | None, turns: int, rng: np.random.Generator) -> F32:
    """At most ``count`` centres of unit length. A centre that loses all its items moves to the item least well placed."""
    count = min(count, vectors.shape[0])
    if count == 0:
        return np.empty((0, vectors.shape[1]), dtype=np.float32)
    centres = _spread_start(vectors, count, start, rng)
    for _ in range(turns):
        match = vectors @ centres.T
        member = match.argmax(axis=1)
        fit = match[np.arange(member.size), member]
        order = np.argsort(member, kind="stable")
        sums = np.zeros_like(centres)
        held, first = np.unique(member[order], return_index=True)
        sums[held] = np.add.reduceat(vectors[order], first, axis=0)
        empty = np.setdiff1d(np.arange(count), held)
        sums[empty] = vectors[np.argsort(fit, kind="stable")[: empty.size]]
        moved = unit_rows(sums)
        if np.abs(moved - centres).max() < 1e-4:
            break
        centres = moved
    return centres


def _spread_start(vectors: F32, count: int, start: F32 | None, rng: np.random.Generator) -> F32:
    """Centres to begin with: those of ``start``, then items drawn by how far they are from all so far (k-means++)."""
    centres = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    given = 0 if start is None else min(count, start.shape[0])
    closest = np.full(vectors.shape[0], -1.0, dtype=np.float32)
    for place in range(count):
        if place < given:
            centres[place] = start[place]  # type: ignore[index]
        else:
            far = np.maximum(1.0 - closest, 0.0).astype(np.float64) + 1e-9
            drawn = int(np.searchsorted(np.cumsum(far), rng.random() * far.sum()))
            centres[place] = vectors[min(drawn, vectors.shape[0] - 1)]
        closest = np.maximum(closest, vectors @ centres[place])
    return centres


def _without_empty(cluster: I32, count: int) -> tuple[I64, I32]:
    """(clusters that hold an item, the clusters numbered by those)."""
    used = np.unique(cluster[cluster >= 0]).astype(np.int64)
    rank = np.full(count + 1, -1, dtype=np.int32)
    rank[used] = np.arange(used.size)
    return used, rank[cluster]


def _shares(model: ClusterModel, snapshot: ItemSnapshot) -> dict[str, Any]:
    """Which part of all that was watched lies in each cluster, a little of it given to every item."""
    placed = model.item_cluster >= 0
    watched = snapshot.counters[placed, Counter.WATCHES] + 1.0
    total = np.bincount(model.item_cluster[placed], weights=watched, minlength=len(model))
    return {"share": (total / max(float(total.sum()), 1.0)).astype(np.float32)}


def _neighbours(model: ClusterModel, snapshot: ItemSnapshot, params: ClusterParams) -> dict[str, Any]:
    """Clusters close by what they hold, and by what people went on to: two cosines added."""
    count = len(model)
    nearness = model.centres @ model.centres.T + _company(model, snapshot)
    np.fill_diagonal(nearness, -np.inf)
    width = min(params.neighbours, count - 1)
    neighbour = np.full((count, params.neighbours), -1, dtype=np.int32)
    weight = np.zeros((count, params.neighbours), dtype=np.float32)
    if width > 0:
        nearest = np.argsort(-nearness, axis=1, kind="stable")[:, :width]
        neighbour[:, :width] = nearest
        weight[:, :width] = np.maximum(np.take_along_axis(nearness, nearest, axis=1), 0.0)
    return {"neighbour": neighbour, "nearness": weight}


def _company(model: ClusterModel, snapshot: ItemSnapshot) -> NDArray[np.float64]:
    """(k, k) cosine of two clusters' co-visits; 0 on both sides of a cluster nobody left."""
    count, links = len(model), snapshot.covisit_rows.size
    if not links:
        return np.zeros((count, count))
    picked = np.arange(0, links, links // COVISIT_LINKS + 1)
    source_row = np.searchsorted(snapshot.covisit_indptr, picked, side="right") - 1
    source, target = model.item_cluster[source_row], model.item_cluster[snapshot.covisit_rows[picked]]
    known = (source >= 0) & (target >= 0)
    pair = source[known].astype(np.int64) * count + target[known]
    weights = snapshot.covisit_weights[picked][known]
    table = np.bincount(pair, weights=weights, minlength=count * count).reshape(count, count)
    table = table + table.T
    whole = np.sqrt(np.maximum(table.sum(axis=1), 1e-9))
    together: NDArray[np.float64] = table / whole[:, None] / whole[None, :]
    return together
