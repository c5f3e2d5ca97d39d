"""What comes next in a session: neighbouring sessions, transitions, repetition and the sequence model, weighed together.

A conditional logit over a few hundred candidates: linear in the evidence, with weights that depend on the session, and a
small hidden layer. ``learn.next_item_train`` fits it on the end of the log, which the evidence has not seen; serving is
numpy and three compiled loops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.params import SessionParams
from xingqu.engine.state.sessions import SessionIndex

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
FEATURES = 13
CONTEXT = 6
RARE_VISITS = 5


@dataclass(frozen=True, eq=False)
class SequenceView:
    """What a sequence model says of a session: the person's vector, and the items that it puts first."""

    targets: F32  # (n, d) of all items
    vector: F32  # (d,)
    rows: I32  # (c,) the first
    scores: F32  # (c,) their products with the vector: log-odds up to a constant


@dataclass(frozen=True, eq=False)
class Evidence:
    """``m`` candidates of one session under way."""

    rows: I32  # (m,) ascending
    features: F32  # (m, FEATURES)
    context: F32  # (CONTEXT,)


@dataclass(frozen=True, eq=False)
class Blend:
    """Weights of the evidence; ``h`` hidden units."""

    mean: F32  # (FEATURES,)
    deviation: F32
    context_mean: F32  # (CONTEXT,)
    context_deviation: F32
    linear: F32  # (FEATURES,)
    by_context: F32  # (CONTEXT, FEATURES)
    inward: F32  # (FEATURES + CONTEXT, h)
    inward_bias: F32  # (h,)
    outward: F32  # (h,)

    def score(self, evidence: Evidence) -> F32:
        """Log-odds (m,) up to a constant of the session."""
        features = (evidence.features - self.mean) / self.deviation
        context = (evidence.context - self.context_mean) / self.context_deviation
        width = features.shape[1]
        hidden = features @ self.inward[:width] + (context @ self.inward[width:] + self.inward_bias)
        weights = (self.linear + context @ self.by_context).astype(np.float32)
        bent = np.maximum(hidden, np.float32(0)).astype(np.float32)
        scores: F32 = features @ weights + bent @ self.outward
        return scores


@dataclass(frozen=True, eq=False)
class NextItemModel:
    """The sessions of the log and the weights of their evidence."""

    item_id: NDArray[np.int64]  # (n,) ascending
    sessions: SessionIndex
    blend: Blend

    def rank(self, recent: I32, sequence: SequenceView, params: SessionParams) -> tuple[I32, F32]:
        """Candidates (rows, ascending) to come after ``recent`` (not empty, newest last) and their log-odds."""
        evidence = gather(self.sessions, recent, sequence, params)
        return evidence.rows, self.blend.score(evidence)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        weights = {f"blend-{f.name}": getattr(self.blend, f.name) for f in fields(Blend)}
        return weights | {"item_id": self.item_id, "indptr": self.sessions.indptr, "rows": self.sessions.rows}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> NextItemModel:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        blend = Blend(**{f.name: arrays[f"blend-{f.name}"] for f in fields(Blend)})
        item_id = arrays["item_id"]
        return cls(item_id, SessionIndex.build(arrays["indptr"], arrays["rows"], item_id.size), blend)

    def aligned(self, items: ItemTags) -> NextItemModel:
        """The same sessions over the rows of ``items``; visits to who is gone are dropped."""
        if np.array_equal(items.item_id, self.item_id):
            return self
        if not self.item_id.size or not items.item_id.size:
            empty = SessionIndex.build(np.zeros(1, np.int64), np.empty(0, np.int32), items.item_id.size)
            return NextItemModel(items.item_id, empty, self.blend)
        place = np.minimum(np.searchsorted(items.item_id, self.item_id), items.item_id.size - 1)
        moved = np.where(items.item_id[place] == self.item_id, place, -1)[self.sessions.rows]
        kept = moved >= 0
        pointer = np.zeros(len(self.sessions) + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.sessions.session_of[kept], minlength=len(self.sessions)), out=pointer[1:])
        return NextItemModel(items.item_id, SessionIndex.build(pointer, moved[kept], items.item_id.size), self.blend)


def gather(sessions: SessionIndex, recent: I32, sequence: SequenceView, params: SessionParams) -> Evidence:
    """The candidates after ``recent`` (not empty) and all that is known of them."""
    found, votes = sessions.neighbours(recent, params)
    limit = params.candidates
    near = found[np.argpartition(-votes, limit - 1)[:limit]] if found.size > limit else found
    rows = np.unique(np.concatenate([sequence.rows, near, recent[-params.recent_items :]])).astype(np.int32)
    told, went_on = sessions.evidence(rows, recent, found, votes, params)
    peak, total = _peak_and_total(sequence.scores)
    features = np.empty((rows.size, FEATURES), dtype=np.float32)
    features[:, 0] = sequence.targets[rows] @ sequence.vector - total
    features[:, 1:] = told
    last = recent[-1]
    visits = sessions.item_indptr[last + 1] - sessions.item_indptr[last]
    context = np.array(
        [
            np.log(recent.size),
            recent.size == 1,
            np.log(votes.sum() + 1e-6),
            np.exp(peak - total),
            np.log(went_on + 1.0),
            visits < RARE_VISITS,
        ],
        dtype=np.float32,
    )
    return Evidence(rows, features, context)


def _peak_and_total(scores: F32) -> tuple[float, float]:
    """The highest score and the logarithm of the sum of their exponentials; 0 for none."""
    if not scores.size:
        return 0.0, 0.0
    peak = float(scores.max())
    return peak, peak + float(np.log(np.exp(scores - peak).sum()))
