"""Taste: how likely a person is to take to an item, learned from every answer as it comes.

The log-odds of a positive answer are the sum of what is known of the item and of the person::

    weights . inputs(item) + own(item) + readiness(person) + taste(person) . vector(item)

The item's part (``weights``, ``own``) is shared by everybody and is a Gaussian posterior updated by one Kalman step an
answer (the Laplace form of assumed-density filtering: Opper 1998; Glickman 1999; as in TrueSkill and adPredictor, Graepel
et al. 2010). ``inputs`` are the item's popularity in the log and the direction of its vector, so that what is learned about
one item is known about its kin, and the average taste of the people who come is learned with it. The person's part is
found anew at every request from the events in their state, by a few Newton steps on the logistic posterior with a
standard normal prior: nothing else is stored of a person, and a better vector of an item is at once a better person.
Uncertainty about the person is passed on, so that a stranger's answer says less about the item than a friend's.

An item that the vectors were not trained on stands where its tags place it, and may be for few people only: its vector is
learned as well, with its own part, from who answers how (``coldstart.audience``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.coldstart.audience import Audiences
from xingqu.engine.kernels import all_odds
from xingqu.engine.learn.item_tags import ItemTags, mean_of_tags
from xingqu.engine.learn.taste_kernels import learn_answers, person_posterior

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
_COLUMNS = ("item_id", "popularity", "vectors", "met", "tag_id", "tag_vectors", "own_mean", "own_variance", "exposure")
_SHARED = ("weight_mean", "weight_covariance")


@dataclass(frozen=True)
class TasteParams:
    """Prior deviations, in log-odds, of what is learned."""

    base_log_odds: float = -2.5  # of an average item and person, before any answer
    base_deviation: float = 1.0
    popularity_weight: float = 1.0  # log-odds for one deviation of log popularity
    popularity_deviation: float = 0.5
    direction_deviation: float = 0.3
    own_deviation: float = 0.7
    readiness_deviation: float = 1.0
    vector_length: float = 0.5  # root mean square of the items' vectors: the deviation of a taste for an item
    audience_deviation: float = 0.25  # of one number of the vector of an item that the vectors were not trained on


@dataclass(frozen=True, eq=False)
class Person:
    """What the events of one person say; for someone without any, the prior."""

    readiness: float
    taste: F32  # (k,)
    covariance: F64  # (1 + k, 1 + k) of readiness and taste together

    def __post_init__(self) -> None:
        self.taste.setflags(write=False)

    @property
    def mean(self) -> F64:
        """(1 + k,) readiness, then taste."""
        return np.concatenate([[self.readiness], self.taste])


@dataclass(frozen=True, eq=False)
class TasteModel:
    """``n`` items, ``t`` tags, vectors of ``k``; ``f`` inputs: 1, popularity, and the vector's direction.

    ``popularity`` is standardised, 0 where an item was never met. ``exposure`` counts how often an item was answered.
    ``audiences``: posteriors of those answered items that are not ``met``; their means stand in the columns as well.
    """

    item_id: NDArray[np.int64]  # (n,) ascending
    popularity: F32  # (n,)
    vectors: F32  # (n, k)
    met: NDArray[np.bool_]  # (n,) the vector was trained
    tag_id: NDArray[np.int32]  # (t,) ascending
    tag_vectors: F32  # (t, k): places an item that nobody has met
    own_mean: F32  # (n,) log-odds
    own_variance: F32  # (n,)
    exposure: F32  # (n,)
    weight_mean: F64  # (f,)
    weight_covariance: F64  # (f, f)
    audiences: Audiences
    params: TasteParams = field(default_factory=TasteParams)

    def __post_init__(self) -> None:
        for name in _COLUMNS + _SHARED:
            getattr(self, name).setflags(write=False)

    @classmethod
    def start(
        cls,
        *,
        items: ItemTags,
        popularity: ArrayLike,
        vectors: ArrayLike,
        tag_id: NDArray[np.int32],
        tag_vectors: ArrayLike,
        met: NDArray[np.bool_] | None = None,
        params: TasteParams | None = None,
    ) -> TasteModel:
        """Before any answer. ``vectors`` (n, k) are in the units in which a person's taste is standard normal.

        ``met``: which of them were trained; all of them where it is not told.
        """
        settings, size = params or TasteParams(), items.item_id.size
        placed = np.asarray(vectors, dtype=np.float32)
        variance = np.full(2 + placed.shape[1], settings.direction_deviation**2)
        variance[0], variance[1] = settings.base_deviation**2, settings.popularity_deviation**2
        mean = np.zeros(variance.size)
        mean[0], mean[1] = settings.base_log_odds, settings.popularity_weight
        return cls(
            item_id=items.item_id,
            popularity=np.asarray(popularity, dtype=np.float32),
            vectors=placed,
            met=np.ones(size, dtype=np.bool_) if met is None else met,
            tag_id=tag_id,
            tag_vectors=np.asarray(tag_vectors, dtype=np.float32),
            own_mean=np.zeros(size, dtype=np.float32),
            own_variance=np.full(size, settings.own_deviation**2, dtype=np.float32),
            exposure=np.zeros(size, dtype=np.float32),
            weight_mean=mean,
            weight_covariance=np.diag(variance),
            audiences=Audiences.none(placed.shape[1]),
            params=settings,
        )

    def __len__(self) -> int:
        return int(self.item_id.size)

    @cached_property
    def inputs(self) -> F32:
        """(n, f). The direction of what was placed, also where a vector was learned since."""
        placed = self.vectors
        if len(self.audiences):
            placed = placed.copy()
            placed[np.searchsorted(self.item_id, self.audiences.item_id)] = self.audiences.placed
        length = np.sqrt(np.square(placed).sum(axis=1, keepdims=True))
        direction = placed / np.maximum(length, np.float32(1e-9))
        ones = np.ones((len(self), 1), dtype=np.float32)
        stacked: F32 = np.ascontiguousarray(np.hstack([ones, self.popularity[:, None], direction]), dtype=np.float32)
        stacked.setflags(write=False)
        return stacked

    @cached_property
    def bias(self) -> F32:
        """(n,) log-odds of each item for a person of average readiness and taste."""
        weights = self.weight_mean.astype(np.float32)
        weights.setflags(write=False)  # compiled functions tell read-only arrays from others
        bias: F32 = all_odds(self.inputs, self.own_mean, weights)
        bias.setflags(write=False)
        return bias

    @cached_property
    def crowding(self) -> F32:
        """(n,) share of the items that are exposed less, ties counting half; 0 for the least exposed.

        Up to a factor the derivative of the exposures' Gini coefficient by an item's exposure.
        """
        _, group, count = np.unique(self.exposure, return_inverse=True, return_counts=True)
        middle = (np.cumsum(count) - count / 2) / max(1, len(self))
        crowding: F32 = (middle - middle[:1])[group].astype(np.float32)
        crowding.setflags(write=False)
        return crowding

    @cached_property
    def well_liked(self) -> float:
        """The log-odds that the best fifth of the items reach."""
        return float(np.quantile(self.bias, 0.8)) if len(self) else 0.0

    def person(self, rows: NDArray[np.integer], positive: NDArray[np.bool_]) -> Person:
        """The posterior after these answers, in any order. ``rows`` are distinct rows of the model."""
        mean, covariance = person_posterior(
            np.ascontiguousarray(self.vectors[rows]),
            self.bias[rows],
            np.asarray(positive, dtype=np.bool_),
            1.0 / self.params.readiness_deviation**2,
        )
        return Person(float(mean[0]), mean[1:].astype(np.float32), covariance)

    def log_odds(self, person: Person) -> F32:
        """(n,) for all items."""
        odds: F32 = all_odds(self.vectors, self.bias, person.taste)
        odds += np.float32(person.readiness)
        return odds

    def offsets(self, person: Person, rows: NDArray[np.integer]) -> tuple[F64, F64]:
        """Mean and variance (m,) of the person's part of the log-odds of these items."""
        direction = np.ones((rows.size, 1 + self.vectors.shape[1]))
        direction[:, 1:] = self.vectors[rows]
        mean = person.readiness + direction[:, 1:] @ person.taste.astype(np.float64)
        return mean, np.maximum(((direction @ person.covariance) * direction).sum(axis=1), 0.0)

    def deviations(self, person: Person, rows: NDArray[np.integer]) -> F64:
        """(m,) of the item's part of the log-odds for this person: how much there is left to learn of each item."""
        variance = self.own_variance[rows].astype(np.float64)
        new = np.flatnonzero(~self.met[rows])
        if new.size:
            direction = person.mean
            direction[0] = 1.0
            place = self.audiences.places(self.item_id[rows[new]])
            prior = self.params.own_deviation**2 + self.params.audience_deviation**2 * float(
                direction[1:] @ direction[1:]
            )
            told = self.audiences.covariance[place[place >= 0]]
            variance[new] = prior
            variance[new[place >= 0]] = (told @ direction) @ direction
        deviations: F64 = np.sqrt(np.maximum(variance, 0.0))
        return deviations

    def learned(
        self,
        rows: NDArray[np.integer],
        positive: NDArray[np.bool_],
        offset: ArrayLike,
        offset_variance: ArrayLike,
        people: ArrayLike | None = None,
    ) -> TasteModel:
        """The model after these answers; ``self`` is not changed.

        ``offset`` and its variance are the person's part at the time the item was shown (see ``offsets``); ``people``
        (m, 1 + k) their ``Person.mean``, NaN where it is not known, without which no audience is learned. Each answer is one
        step with the ones before it taken into account, so that their order matters a little. Raises ValueError when
        lengths differ, a row does not exist or an offset is not finite.
        """
        places = np.asarray(rows, dtype=np.int64)
        answers = np.asarray(positive, dtype=np.bool_)
        means, variances = np.asarray(offset, dtype=np.float64), np.asarray(offset_variance, dtype=np.float64)
        self._check(places, answers, means, variances)
        own_mean, own_variance = self.own_mean.copy(), self.own_variance.copy()
        weight_mean, weight_covariance = self.weight_mean.copy(), self.weight_covariance.copy()
        who = np.full((places.size, 1 + self.vectors.shape[1]), np.nan) if people is None else np.asarray(people)
        new = ~self.met[places] & np.isfinite(who).all(axis=1)
        old = ~new
        learn_answers(
            self.inputs,
            weight_mean,
            weight_covariance,
            own_mean,
            own_variance,
            places[old],
            answers[old],
            means[old],
            variances[old],
        )
        after = replace(
            self,
            own_mean=own_mean,
            own_variance=own_variance,
            exposure=self.exposure + np.bincount(places, minlength=len(self)).astype(np.float32),
            weight_mean=weight_mean,
            weight_covariance=weight_covariance,
        )
        # the inputs depend on popularity and on where vectors were placed only
        after.__dict__["inputs"] = self.inputs
        return after._with_audiences(places[new], answers[new], who[new], variances[new]) if new.any() else after

    def _with_audiences(
        self, rows: NDArray[np.int64], positive: NDArray[np.bool_], people: F64, variances: F64
    ) -> TasteModel:
        settings = self.params
        room = self.audiences.with_new(
            self.item_id[rows],
            self.own_mean[rows].astype(np.float64),
            self.vectors[rows],
            (settings.own_deviation, settings.audience_deviation),
        )
        base = self.inputs[rows].astype(np.float64) @ self.weight_mean
        told = room.learned(room.places(self.item_id[rows]), people, positive, base, variances)
        moved = np.unique(rows)
        place = told.places(self.item_id[moved])
        vectors, own_mean, own_variance = self.vectors.copy(), self.own_mean.copy(), self.own_variance.copy()
        vectors[moved], own_mean[moved] = told.mean[place, 1:], told.mean[place, 0]
        own_variance[moved] = told.covariance[place, 0, 0]
        after = replace(self, vectors=vectors, own_mean=own_mean, own_variance=own_variance, audiences=told)
        after.__dict__["inputs"] = self.inputs
        return after

    def _check(self, rows: NDArray[np.int64], positive: NDArray[np.bool_], offset: F64, variance: F64) -> None:
        if not rows.shape == positive.shape == offset.shape == variance.shape or rows.ndim != 1:
            raise ValueError("answers differ in length")
        if rows.size and (rows.min() < 0 or rows.max() >= len(self)):
            raise ValueError("an answer names a row that does not exist")
        if not np.isfinite(offset).all() or not np.isfinite(variance).all() or (variance < 0).any():
            raise ValueError("offsets must be finite and variances not negative")

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        plain: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in _COLUMNS + _SHARED}
        plain |= {f"audience-{name}": array for name, array in self.audiences.to_arrays().items()}
        settings = [getattr(self.params, name) for name in TasteParams.__dataclass_fields__]
        return plain | {"settings": np.array(settings)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TasteModel:
        """Inverse of ``to_arrays``; also reads a model from before audiences were learned. Raises KeyError when an array is
        missing."""
        params = TasteParams(*(float(number) for number in arrays["settings"]))
        if "met" not in arrays:
            arrays = dict(arrays) | {"met": arrays["popularity"] != 0}
        plain: dict[str, Any] = {name: arrays[name] for name in _COLUMNS + _SHARED}
        told = {name.removeprefix("audience-"): array for name, array in arrays.items() if name.startswith("audience-")}
        audiences = Audiences.from_arrays(told) if told else Audiences.none(plain["vectors"].shape[1])
        return cls(params=params, audiences=audiences, **plain)

    def aligned(self, items: ItemTags) -> TasteModel:
        """The same model over the rows of ``items``: who is new is placed by its tags and known by its kin only."""
        size = items.item_id.size
        if np.array_equal(items.item_id, self.item_id):
            return self
        vectors = mean_of_tags(items, self.tag_id, self.tag_vectors)
        fresh: dict[str, Any] = {
            "popularity": np.zeros(size, np.float32),
            "met": np.zeros(size, np.bool_),
            "own_mean": np.zeros(size, np.float32),
            "own_variance": np.full(size, self.params.own_deviation**2, np.float32),
            "exposure": np.zeros(size, np.float32),
        }
        if len(self):
            place = np.minimum(np.searchsorted(self.item_id, items.item_id), len(self) - 1)
            known = self.item_id[place] == items.item_id
            vectors[known] = self.vectors[place[known]]
            for name, column in fresh.items():
                column[known] = getattr(self, name)[place[known]]
        audiences = self.audiences.select(np.isin(self.audiences.item_id, items.item_id))
        return replace(self, item_id=items.item_id, vectors=vectors, audiences=audiences, **fresh)
