"""What people went on to: how often one item follows another, near and far, as shares of all that follows.

A directed co-visit table (Markov transitions with a reach: Rendle et al. 2010; Ludewig and Jannach 2018 on why it is hard to
beat). One pass of sorting; no parameters are fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.learn.item_tags import ItemTags

_ARRAYS = ("item_id", "indptr", "rows", "shares", "counts")


@dataclass(frozen=True)
class TransitionParams:
    reach: int = 10  # places ahead that count
    fade: float = 0.7  # weight of one place further
    backward: float = 0.0  # weight of the way back
    shrinkage: float = 10.0  # visits added to every item: what followed once is not a rule
    neighbours: int = 200  # kept an item


@dataclass(frozen=True, eq=False)
class Transitions:
    """``n`` items; row ``i`` of the table: what follows it, most often first."""

    item_id: NDArray[np.int64]  # (n,) ascending
    indptr: NDArray[np.int64]  # (n + 1,)
    rows: NDArray[np.int32]
    shares: NDArray[np.float32]
    counts: NDArray[np.float32]  # (n,) how often each item was met

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            getattr(self, name).setflags(write=False)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in _ARRAYS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Transitions:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        return cls(**{name: arrays[name] for name in _ARRAYS})

    def aligned(self, items: ItemTags) -> Transitions:
        """The same table over the rows of ``items``: new items have no neighbours, gone ones are dropped."""
        size = items.item_id.size
        if not self.item_id.size:
            return replace(
                self, item_id=items.item_id, indptr=np.zeros(size + 1, np.int64), counts=np.zeros(size, np.float32)
            )
        place = np.minimum(np.searchsorted(items.item_id, self.item_id), max(size - 1, 0))
        kept = items.item_id[place] == self.item_id if size else np.zeros(self.item_id.size, dtype=np.bool_)
        new_row = np.where(kept, place, -1)
        source = new_row[np.repeat(np.arange(self.item_id.size), np.diff(self.indptr))]
        target = new_row[self.rows]
        stays = (source >= 0) & (target >= 0)
        # both lists of ids ascend, so the order of the links needs no sorting
        indptr = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(source[stays], minlength=size), out=indptr[1:])
        counts = np.zeros(size, dtype=np.float32)
        counts[place[kept]] = self.counts[kept]
        return Transitions(items.item_id, indptr, target[stays].astype(np.int32), self.shares[stays], counts)


def learn_transitions(
    sequences: Sequences,
    item_id: NDArray[np.int64],
    params: TransitionParams,
    *,
    start: Transitions | None = None,
    fresh: NDArray[np.bool_] | None = None,
) -> Transitions:
    """Count ``sequences``, whose rows are rows of ``item_id``. A long sequence weighs less a pair than a short one.

    ``start`` (aligned to ``item_id``) is counted on from, by visits that are ``fresh`` (one truth each row of ``sequences``;
    all of them if left out); what stands before a fresh visit is only what it followed. An item with more neighbours than
    are kept has lost the rarest of what was counted before.
    """
    size, rows, lengths = item_id.size, sequences.rows.astype(np.int64), sequences.lengths
    counted = np.ones(rows.size, dtype=np.bool_) if fresh is None else fresh
    person = np.repeat(np.arange(len(sequences)), lengths)
    weight = (1.0 / np.log2(np.maximum(lengths, 1) + 1.0))[person]
    keys, weights = [np.empty(0, np.int64)], [np.empty(0, np.float64)]
    if start is not None:
        keys.append(np.repeat(np.arange(size), np.diff(start.indptr)) * size + start.rows)
        weights.append(_amounts(start, params))
    for distance in range(1, params.reach + 1):
        together = (person[distance:] == person[:-distance]) & (rows[distance:] != rows[:-distance])
        together &= counted[distance:]
        early, late = rows[:-distance][together], rows[distance:][together]
        amount = weight[distance:][together] * params.fade ** (distance - 1)
        keys.append(early * size + late)
        weights.append(amount)
        if params.backward:
            keys.append(late * size + early)
            weights.append(amount * params.backward)
    pairs, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    amounts = np.bincount(inverse, weights=np.concatenate(weights), minlength=pairs.size)
    source, target = pairs // max(size, 1), pairs % max(size, 1)
    total = np.bincount(source, weights=amounts, minlength=size)
    share = amounts / (total[source] + params.shrinkage)
    order = np.lexsort((target, -share, source))
    source, target, share = source[order], target[order], share[order]
    near = np.arange(source.size) - np.searchsorted(source, source) < params.neighbours
    indptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(source[near], minlength=size), out=indptr[1:])
    counts = np.bincount(rows[counted], minlength=size).astype(np.float32)
    if start is not None:
        counts += start.counts
    return Transitions(item_id, indptr, target[near].astype(np.int32), share[near].astype(np.float32), counts)


def _amounts(table: Transitions, params: TransitionParams) -> NDArray[np.float64]:
    """What each share of ``table`` was counted from: with the total T, the shares of an item sum to T / (T + shrinkage)."""
    source = np.repeat(np.arange(table.indptr.size - 1), np.diff(table.indptr))
    together = np.bincount(source, weights=table.shares, minlength=table.indptr.size - 1)
    total = params.shrinkage * together / np.maximum(1.0 - together, 1e-6)
    amounts: NDArray[np.float64] = table.shares * (total[source] + params.shrinkage)
    return amounts
