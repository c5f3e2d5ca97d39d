"""The sequence model as it serves: a person's recent items to a vector, by numpy alone.

A causal transformer over items (SASRec: Kang and McAuley 2018) with gated residuals and gated feed-forward layers (LiGR,
as in eSASRec: Tikhonovich et al. 2025) and a learned bias for the distance between two places. An item's vector is its own
plus the mean of its tags', so that an item nobody has met is placed by its tags. ``learn.sequence_train`` makes it; both
do the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.item_tags import ItemTags, mean_of_tags
from xingqu.engine.learn.recurrent import RECURRENT_ARRAYS, read_session
from xingqu.engine.state.near_kernels import row_products

F32 = NDArray[np.float32]
EPSILON = np.float32(1e-6)
# weights are stored (from, to): a row vector is multiplied from the left; ``bias`` is (heads, distance in places)
LAYER_ARRAYS = ("norm_1", "query", "key", "value", "out", "gate_1", "bias", "norm_2", "up", "gate", "down", "gate_2")
_PLAIN = ("item_id", "item_own", "targets", "norms", "tag_id", "tag_vectors", "norm")


@dataclass(frozen=True, eq=False)
class SequenceModel:
    """``n`` items, ``t`` tags, vectors of ``d``."""

    item_id: NDArray[np.int64]  # (n,) ascending
    item_own: F32  # (n, d) what was learned for the item itself, 0 where it was not met
    targets: F32  # (n, d) own and tags' part together, of unit length: what a person's vector is matched with
    norms: F32  # (n,) the lengths that were taken off; 0 where nothing is known of an item
    tag_id: NDArray[np.int32]  # (t,) ascending
    tag_vectors: F32  # (t, d)
    norm: F32  # (d,)
    layers: tuple[Mapping[str, F32], ...]  # LAYER_ARRAYS each
    max_len: int
    scale: float  # a score is the cosine of two vectors times this
    recurrent: Mapping[str, F32] | None = None  # RECURRENT_ARRAYS: read by these instead of the layers

    @property
    def dim(self) -> int:
        return int(self.targets.shape[1])

    def __post_init__(self) -> None:
        for name in _PLAIN:
            getattr(self, name).setflags(write=False)

    def encode(self, rows: NDArray[np.integer]) -> F32:
        """Vector (d,) of someone who met ``rows``, oldest first; 0 for none. Only the last ``max_len`` count.

        One person at a time, so that the answer can't depend on who else asks.
        """
        recent = rows[max(0, rows.size - self.max_len) :]
        if not recent.size:
            return np.zeros(self.dim, dtype=np.float32)
        if self.recurrent is not None:
            return self._of_length(read_session(self.recurrent, self.targets[recent]))
        hidden = self.targets[recent] * (self.norms[recent] * np.float32(np.sqrt(self.dim)))[:, None]
        for turn, layer in enumerate(self.layers):
            # of what the last layer says only the last place is asked
            hidden = _apply_layer(layer, hidden, 1 if turn + 1 == len(self.layers) else recent.size)
        return self._of_length(_normed(hidden[-1], self.norm))

    def _of_length(self, last: F32) -> F32:
        vector: F32 = last / np.maximum(np.sqrt(np.square(last).sum()), EPSILON) * np.float32(self.scale)
        return vector

    def score(
        self, rows: NDArray[np.integer], among: NDArray[np.integer] | None = None, vector: F32 | None = None
    ) -> F32:
        """Scores of all items (n,), or of ``among``, as the next after ``rows``: log-odds up to a constant of the person.

        ``vector``: what ``encode`` gives for ``rows``, where it is known already.
        """
        vector = self.encode(rows) if vector is None else vector
        if among is None:
            whole: F32 = self.targets @ vector
            return whole
        # row by row: a matrix product may round differently with the number of rows
        some: F32 = row_products(self.targets, among.astype(np.int32), vector)
        return some

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in _PLAIN}
        for number, layer in enumerate(self.layers):
            arrays |= {f"layer{number}-{name}": layer[name] for name in LAYER_ARRAYS}
        for name in RECURRENT_ARRAYS if self.recurrent is not None else ():
            arrays[f"recurrent-{name}"] = self.recurrent[name]  # type: ignore[index]
        return arrays | {"shape": np.array([self.max_len, len(self.layers)]), "scale": np.array([self.scale])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> SequenceModel:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        max_len, depth = (int(number) for number in arrays["shape"])
        layers = tuple({name: arrays[f"layer{number}-{name}"] for name in LAYER_ARRAYS} for number in range(depth))
        plain: dict[str, Any] = {name: arrays[name] for name in _PLAIN}
        if f"recurrent-{RECURRENT_ARRAYS[0]}" in arrays:
            plain["recurrent"] = {name: arrays[f"recurrent-{name}"] for name in RECURRENT_ARRAYS}
        return cls(layers=layers, max_len=max_len, scale=float(arrays["scale"][0]), **plain)

    def aligned(self, items: ItemTags) -> SequenceModel:
        """The same model over the rows of ``items``: who is new gets the mean of its tags' vectors, who is gone is dropped."""
        own = np.zeros((items.item_id.size, self.dim), dtype=np.float32)
        if self.item_id.size:
            place = np.minimum(np.searchsorted(self.item_id, items.item_id), self.item_id.size - 1)
            known = self.item_id[place] == items.item_id
            own[known] = self.item_own[place[known]]
        vectors = own + mean_of_tags(items, self.tag_id, self.tag_vectors)
        targets, norms = split_norms(vectors)
        return replace(self, item_id=items.item_id, item_own=own, targets=targets, norms=norms)


def split_norms(vectors: F32) -> tuple[F32, F32]:
    """Unit vectors (n, d) and lengths (n,); 0 stays 0."""
    norms = np.sqrt(np.square(vectors).sum(axis=1))
    unit: F32 = vectors / np.maximum(norms, EPSILON)[:, None]
    return unit, norms


def _normed(hidden: F32, gain: F32) -> F32:
    mean_square = np.square(hidden).mean(axis=-1, keepdims=True)
    normed: F32 = hidden / np.sqrt(mean_square + EPSILON) * gain
    return normed


def _sigmoid(value: F32) -> F32:
    squeezed: F32 = np.float32(1) / (np.float32(1) + np.exp(-value))
    return squeezed


def _apply_layer(layer: Mapping[str, F32], hidden: F32, asked: int) -> F32:
    """(l, d) to (asked, d), the last places: attention to what came before, then the feed-forward part, each through a gate."""
    heads, length = layer["bias"].shape[0], hidden.shape[0]
    normed = _normed(hidden, layer["norm_1"])
    key, value = ((normed @ layer[name]).reshape(length, heads, -1).transpose(1, 0, 2) for name in ("key", "value"))
    hidden, normed = hidden[length - asked :], normed[length - asked :]
    query = (normed @ layer["query"]).reshape(asked, heads, -1).transpose(1, 0, 2)
    distance = np.subtract.outer(np.arange(length - asked, length), np.arange(length))
    logits = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
    logits += layer["bias"][:, np.maximum(distance, 0)]
    logits = np.where(distance >= 0, logits, -np.inf)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    attended = (weights @ value).transpose(1, 0, 2).reshape(asked, -1) @ layer["out"]
    hidden = hidden + attended * _sigmoid(normed @ layer["gate_1"])
    normed = _normed(hidden, layer["norm_2"])
    gate = normed @ layer["gate"]
    fed = (gate * _sigmoid(gate) * (normed @ layer["up"])) @ layer["down"]
    result: F32 = hidden + fed * _sigmoid(normed @ layer["gate_2"])
    return result
