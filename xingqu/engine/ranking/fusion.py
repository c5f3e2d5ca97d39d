"""One score for "what comes next" from several sources, with weights learned by playing the past.

Each source says how well an item follows what the person met lately; the score is their weighted sum, as in a conditional
logit (McFadden 1974), whose weights ``learn.fusion_fit`` finds on held-out next items. Every row is scored from its own
numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import accumulate, match_rows
from xingqu.engine.ranking.kernels import shares_at, tag_profile

if TYPE_CHECKING:
    from xingqu.engine.learn.item_tags import ItemTags
    from xingqu.engine.state.items import ItemSnapshot

F32 = NDArray[np.float32]
CANDIDATE_SEEDS = 12
CANDIDATES_A_KEY = 200
CANDIDATES_OF_TAGS = 1_500  # of those that share tags with the latest items, the ones that share most


class NextFeature(IntEnum):
    """Columns of the feature matrix of next items."""

    SEQUENCE = 0  # the sequence model's logit
    FOLLOWS = 1  # log of the faded share with which the item follows what the person met
    FOLLOWS_LATEST = 2  # the same for the latest item alone
    TAGS = 3  # cosine of the item's tags with the faded sum of those met
    POPULARITY = 4  # log of how often it was met


@dataclass(frozen=True)
class FusionParams:
    history: int = 50  # latest items that are asked
    recency: float = 0.7  # weight of one place earlier
    floor: float = 3e-2  # share added before the logarithm


@dataclass(frozen=True, eq=False)
class Fusion:
    """Weights (len(NextFeature),)."""

    weights: F32
    params: FusionParams = field(default_factory=FusionParams)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        params = self.params
        return {"weights": self.weights, "params": np.array([params.history, params.recency, params.floor])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Fusion:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        history, recency, floor = (float(number) for number in arrays["params"])
        return cls(arrays["weights"], FusionParams(int(history), recency, floor))

    def aligned(self, items: ItemTags) -> Fusion:
        """Weights do not depend on rows."""
        return self


def next_features(
    snapshot: ItemSnapshot,
    history: NDArray[np.integer],
    params: FusionParams,
    among: NDArray[np.int32] | None = None,
    vector: F32 | None = None,
) -> F32:
    """(m, len(NextFeature)) of the rows ``among`` (all of them if none are named) for someone who met ``history``.

    ``history`` are rows, oldest first. A feature is 0 where its model is not there. ``vector``: the sequence model's of
    ``history``, where the caller has it.
    """
    models, size = snapshot.models, len(snapshot)
    asked = np.arange(size, dtype=np.int32) if among is None else among
    features = np.zeros((asked.size, len(NextFeature)), dtype=np.float32)
    recent = history[max(0, history.size - params.history) :].astype(np.int32)
    weight = (params.recency ** np.arange(recent.size)[::-1]).astype(np.float32)
    if models.sequence is not None:
        told = None if recent.size < min(history.size, models.sequence.max_len) else vector
        features[:, NextFeature.SEQUENCE] = models.sequence.score(recent, among, told)
    if models.transitions is not None:
        table, floor = models.transitions, np.float32(params.floor)
        for column, part in ((NextFeature.FOLLOWS, slice(None)), (NextFeature.FOLLOWS_LATEST, slice(-1, None))):
            share = shares_at(table.indptr, table.rows, table.shares, recent[part], weight[part], asked)
            features[:, column] = np.log(share + floor) - np.log(floor)
        features[:, NextFeature.POPULARITY] = np.log1p(table.counts[asked])
    features[:, NextFeature.TAGS] = _tag_match(snapshot, recent, weight, asked)
    return features


def next_scores(snapshot: ItemSnapshot, history: NDArray[np.integer]) -> F32:
    """Scores (n,) of what may come next; by the sequence model alone where no fusion was learned."""
    models = snapshot.models
    if models.fusion is None:
        if models.sequence is None:
            return np.zeros(len(snapshot), dtype=np.float32)
        return models.sequence.score(history)
    return weigh(next_features(snapshot, history, models.fusion.params), models.fusion.weights)


def next_candidates(snapshot: ItemSnapshot, history: NDArray[np.integer], params: FusionParams) -> NDArray[np.int32]:
    """Rows (ascending) worth scoring in a catalogue too large to score whole: what follows the latest, and shares tags."""
    index, table = snapshot.index, snapshot.models.transitions
    recent = history[max(0, history.size - CANDIDATE_SEEDS) :].astype(np.int32)
    found = []
    if table is not None:
        weight = np.ones(recent.size, dtype=np.float32)
        found.append(accumulate(table.indptr, table.rows, table.shares, recent, weight, None, CANDIDATES_A_KEY)[0])
    links = [index.tag_rows[snapshot.tag_indptr[row] : snapshot.tag_indptr[row + 1]] for row in recent]
    tags = np.unique(np.concatenate(links)).astype(np.int32) if links else np.empty(0, np.int32)
    weight = np.ones(tags.size, dtype=np.float32)
    sharing, shared = accumulate(
        index.posting_indptr, index.posting_rows, index.posting_vectors, tags, weight, None, CANDIDATES_A_KEY
    )
    if sharing.size > CANDIDATES_OF_TAGS:
        sharing = sharing[np.argpartition(-shared, CANDIDATES_OF_TAGS)[:CANDIDATES_OF_TAGS]]
    return np.unique(np.concatenate([*found, sharing])).astype(np.int32)


def weigh(features: F32, weights: F32) -> F32:
    """(n,) weighted sums, column by column: a matrix product may round differently with the number of rows."""
    scores = np.zeros(features.shape[0], dtype=np.float32)
    for column in range(features.shape[1]):
        if weights[column]:
            scores += features[:, column] * weights[column]
    return scores


def _tag_match(snapshot: ItemSnapshot, recent: NDArray[np.int32], weight: F32, asked: NDArray[np.int32]) -> F32:
    """Cosine of each asked item's tags with the weighted sum of those of ``recent``; each row summed on its own."""
    index = snapshot.index
    profile = tag_profile(recent, weight, snapshot.tag_indptr, index.tag_rows, index.tag_vectors, index.tags.size)
    length = np.sqrt(np.square(profile).sum())
    if not length:
        return np.zeros(asked.size, dtype=np.float32)
    dense = (profile / length)[:, None]
    match: F32 = match_rows(asked, snapshot.tag_indptr, index.tag_rows, index.tag_vectors, dense)[:, 0]
    return match
