"""Clusters: what a person always comes back to, by a histogram that forgets nothing (after Trinity: Yan et al., KDD 2024).

Three kinds of interest that recent behaviour hides are given their share: one of many (each coarse cluster may bring a few
fine ones and no more), one of the long tail (a cluster that is rare among all people counts for more once they returned to
it), and one of long standing (what was liked on several days, however long ago).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import njit
from xingqu.engine.retrieval.candidates import Candidates
from xingqu.engine.view import Profile, View

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
SHOWN_PRIOR = 4.0  # impressions taken off the strength of how much of a cluster was liked
LIFT_DOUBLINGS = 6.0  # doublings of a cluster's share, of all people's to the person's, that count as wholly tail


def retrieve(view: View, limit: int) -> Candidates:
    """The most promising unseen items of the person's own clusters; ``score`` is the cluster's weight, less by rank."""
    model, profile = view.snapshot.models.clusters, view.clusters
    if model is None or profile is None or limit <= 0:
        return Candidates.none()
    weight = weigh_clusters(view, profile)
    chosen = _several_of_each(profile.place, weight, model.parent, view.params.clusters.per_coarse)
    chosen = chosen[: view.params.clusters.asked]
    if not chosen.size:
        return Candidates.none()
    share = weight[chosen] / weight[chosen].sum()
    quota = np.maximum(np.ceil(share * limit), 2).astype(np.int64)
    rows, source, rank = take_from_groups(
        model.indptr, model.rows, profile.place[chosen].astype(np.int32), quota, view.eligible.bits
    )
    score = (weight[chosen][source] / weight[chosen[0]] / np.sqrt(1.0 + rank)).astype(np.float32)
    order = np.lexsort((rows, -score))[:limit]
    return Candidates.certain(rows[order], score[order])


def weigh_clusters(view: View, profile: Profile) -> NDArray[np.float64]:
    """(p,) how much each of the person's clusters calls for items; 0 where nothing was liked."""
    params, model = view.params.clusters, view.snapshot.models.clusters
    assert model is not None
    rate = profile.liked / (profile.liked + profile.shown + SHOWN_PRIOR)
    returning = np.minimum(profile.days, params.long_standing_days) / params.long_standing_days
    own = profile.liked / max(float(profile.liked.sum()), 1e-9)
    lift = np.log2(np.maximum(own / np.maximum(model.share[profile.place], 1e-9), 1.0)) / LIFT_DOUBLINGS
    tail = np.where(profile.days >= 2, np.minimum(lift, 1.0), 0.0)
    weight: NDArray[np.float64] = np.log1p(profile.liked) * np.sqrt(rate)
    return weight * (1.0 + params.long_standing_gain * returning + params.tail_gain * tail)


def _several_of_each(place: I64, weight: NDArray[np.float64], parent: I32, per_coarse: int) -> I64:
    """Places in the profile, heaviest first, at most ``per_coarse`` of a coarse cluster."""
    order = np.lexsort((place, -weight))
    order = order[weight[order] > 0]
    group = parent[place[order]]
    by_group = np.argsort(group, kind="stable")
    rank = np.empty(order.size, dtype=np.int64)
    rank[by_group] = np.arange(order.size) - np.searchsorted(group[by_group], group[by_group])
    few: I64 = order[rank < per_coarse]
    return few


@njit(cache=True, nogil=True)
def take_from_groups(
    indptr: I64, rows: I32, groups: I32, quota: I64, eligible: NDArray[np.uint8]
) -> tuple[I32, I32, I32]:
    """The first ``quota`` rows of each of ``groups`` whose bit is set in ``eligible``.

    Returns rows, which of the groups each is of, and how many of it came before.
    """
    total = 0
    for g in range(groups.size):
        total += min(quota[g], indptr[groups[g] + 1] - indptr[groups[g]])
    taken, source = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    rank = np.empty(total, dtype=np.int32)
    count = 0
    for g in range(groups.size):
        found = 0
        for position in range(indptr[groups[g]], indptr[groups[g] + 1]):
            if found == quota[g]:
                break
            row = rows[position]
            if (eligible[row >> 3] >> (row & 7)) & 1:
                taken[count], source[count], rank[count] = row, g, found
                found += 1
                count += 1
    return taken[:count].copy(), source[:count].copy(), rank[:count].copy()
