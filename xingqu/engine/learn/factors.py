"""Vectors of items from who liked what: alternating least squares over positives alone.

Every pair that is not a positive counts as a weak zero (Hu, Koren and Volinsky 2008), with the frequency-scaled
regularisation of Rendle et al. (2022). The vectors come out in the units in which the people of the log have a standard
normal taste, so that they can serve as the prior of people to come; an item without a single positive is placed by its
tags, as the mean of their vectors, shrunk where few items carry a tag.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.learn.item_tags import ItemTags, mean_of_tags
from xingqu.engine.learn.taste import TasteModel, TasteParams

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class FactorParams:
    dim: int = 16
    rounds: int = 12
    zero_weight: float = 0.1
    regularisation: float = 0.003
    tag_shrinkage: float = 3.0  # items without direction added to each tag
    seed: int = 0


def train_taste(
    *,
    person: ArrayLike,
    item_id: ArrayLike,
    items: ItemTags,
    params: FactorParams | None = None,
    taste: TasteParams | None = None,
) -> TasteModel:
    """A model over ``items`` from positives: ``person[j]`` liked ``item_id[j]``; any integers, repeats count once.

    Positives on items that are not in ``items`` are left out.
    """
    settings, priors = params or FactorParams(), taste or TasteParams()
    place = np.searchsorted(items.item_id, np.asarray(item_id, dtype=np.int64))
    place = np.minimum(place, max(0, items.item_id.size - 1))
    known = items.item_id[place] == np.asarray(item_id, dtype=np.int64) if items.item_id.size else place < 0
    _, who = np.unique(np.asarray(person)[known], return_inverse=True)
    pairs = np.unique(np.column_stack([who, place[known]]), axis=0) if known.any() else np.empty((0, 2), np.int64)
    met = np.unique(pairs[:, 1])
    vectors = np.zeros((items.item_id.size, settings.dim))
    if met.size:
        vectors[met] = item_factors(pairs[:, 0], np.searchsorted(met, pairs[:, 1]), settings)
        length = np.sqrt(np.square(vectors[met]).sum(axis=1).mean())
        vectors *= priors.vector_length / max(length, 1e-12)
    tag_id, tag_vectors = _tag_vectors(items, vectors, met, settings.tag_shrinkage)
    trained = np.zeros(items.item_id.size, dtype=np.bool_)
    trained[met] = True
    vectors[~trained] = mean_of_tags(items, tag_id, tag_vectors)[~trained]
    return TasteModel.start(
        items=items,
        popularity=_standardised(np.bincount(pairs[:, 1], minlength=items.item_id.size), met),
        vectors=vectors,
        tag_id=tag_id,
        tag_vectors=tag_vectors,
        met=trained,
        params=priors,
    )


def item_factors(person: NDArray[np.int64], item: NDArray[np.int64], params: FactorParams) -> F64:
    """(items, dim) from positive pairs of compact numbers; whitened by the covariance of the people's factors."""
    rng = np.random.default_rng(params.seed)
    people, count = int(person.max()) + 1, int(item.max()) + 1
    start = 0.1 / np.sqrt(params.dim)
    of_item = rng.normal(0.0, start, (count, params.dim))
    of_person = np.zeros((people, params.dim))
    for _ in range(params.rounds):
        of_person = _solve_side(person, item, people, of_item, params)
        of_item = _solve_side(item, person, count, of_person, params)
    covariance = np.atleast_2d(np.cov(of_person.T)) if people > 1 else np.eye(params.dim)
    scale = np.trace(covariance) / params.dim
    root: F64 = np.linalg.cholesky(covariance + (1e-6 * scale + 1e-12) * np.eye(params.dim))
    whitened: F64 = of_item @ root
    return whitened


def _solve_side(
    mine: NDArray[np.int64], other: NDArray[np.int64], count: int, factors: F64, params: FactorParams
) -> F64:
    """The least-squares factors (count, dim) of one side, given the other's."""
    order = np.argsort(mine, kind="stable")
    others = other[order]
    bounds = np.searchsorted(mine[order], np.arange(count + 1))
    zeros = params.zero_weight * factors.T @ factors
    solved = np.zeros((count, params.dim))
    unit = np.eye(params.dim)
    for row in range(count):
        liked = factors[others[bounds[row] : bounds[row + 1]]]
        if liked.shape[0]:
            weight = params.regularisation * (liked.shape[0] + params.zero_weight * factors.shape[0])
            solved[row] = np.linalg.solve(zeros + liked.T @ liked + weight * unit, liked.sum(axis=0))
    return solved


def _standardised(count: NDArray[np.int64], met: NDArray[np.int64]) -> NDArray[np.float32]:
    """Log popularity in deviations over the items met; 0, not "unpopular", for the others."""
    result = np.zeros(count.size, dtype=np.float32)
    if met.size:
        logs = np.log1p(count[met])
        result[met] = (logs - logs.mean()) / max(float(logs.std()), 1e-6)
    return result


def _tag_vectors(
    items: ItemTags, vectors: F64, met: NDArray[np.int64], shrinkage: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """(tags, their vectors): the shrunk mean over the items met that carry the tag."""
    tag_id, compact = np.unique(items.tag_ids, return_inverse=True)
    row_of_link = np.repeat(np.arange(items.item_id.size), np.diff(items.tag_indptr))
    counted = np.isin(row_of_link, met)
    sums = np.zeros((tag_id.size, vectors.shape[1]))
    np.add.at(sums, compact[counted], vectors[row_of_link[counted]])
    carriers = np.bincount(compact[counted], minlength=tag_id.size)
    mean: NDArray[np.float32] = (sums / (carriers + shrinkage)[:, None]).astype(np.float32)
    return tag_id.astype(np.int32), mean
