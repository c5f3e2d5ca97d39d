"""Whether a text praises: a linear model over letters in sequence, learned from texts with stars. Pure, numpy only.

Features are the distinct runs of one to three letters, hashed, weighed by how rare they are, a text's together of length one; beside
them stands what the lexicon says of the whole. A logistic regression with a ridge learns their weights by L-BFGS. Without texts to
learn from the lexicon alone decides.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xingqu.review.domain.opinions import polarity_of

BITS: Final = 18
BUCKETS: Final = 1 << BITS
LEXICON_FEATURES: Final = 5  # much blame, blame, nothing, praise, much praise
SIZE: Final = BUCKETS + LEXICON_FEATURES
LEXICON_WEIGHT: Final = 3.0  # of the lexicon's feature beside those of letters, before a text is scaled
RIDGE: Final = 0.1  # on the sum over texts
ROUNDS: Final = 40
MEMORY: Final = 8
ENOUGH: Final = 1e-4  # of the first gradient's length
LEXICON_SLOPE: Final = 0.9
_PRIMES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """A weight and a rarity a bucket, and the intercept."""

    weights: Floats
    rarity: Floats
    intercept: float

    def probability(self, text: str) -> float:
        """That a text praises, 0 to 1."""
        found = features(text)
        rarity = self.rarity[found]
        length = float(np.sqrt((rarity * rarity).sum()))
        margin = float((self.weights[found] * rarity).sum()) / max(length, 1e-6) + self.intercept
        return float(1 / (1 + np.exp(-np.clip(margin, -30, 30))))

    def pack(self) -> bytes:
        """For the database; half precision is plenty."""
        body = np.concatenate([self.weights, self.rarity, [np.float32(self.intercept)]]).astype(np.float16)
        return zlib.compress(body.tobytes(), 6)


def unpack(packed: bytes) -> Model:
    """A model of :meth:`Model.pack`."""
    values = np.frombuffer(zlib.decompress(packed), dtype=np.float16).astype(np.float32)
    return Model(values[:SIZE], values[SIZE : 2 * SIZE], float(values[-1]))


def lexicon_probability(text: str) -> float:
    """That a text praises, by its opinion words alone."""
    return float(1 / (1 + np.exp(-LEXICON_SLOPE * np.clip(polarity_of(text), -6, 6))))


def features(text: str) -> NDArray[np.int64]:
    """Buckets of a text, ascending, each once."""
    letters = np.frombuffer(text.lower().encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64) + np.uint64(
        1
    )
    runs = []
    mixed = np.zeros(len(letters), dtype=np.uint64)
    for length in range(1, min(3, len(letters)) + 1):
        kept = len(letters) - length + 1
        mixed = mixed[:kept] * _PRIMES[0] + letters[length - 1 :] * _PRIMES[length - 1]
        runs.append((mixed ^ (mixed >> np.uint64(29))) * _PRIMES[1] >> np.uint64(64 - BITS))
    lexicon = np.uint64(BUCKETS + int(np.clip(polarity_of(text), -2, 2)) + 2)
    return np.unique(np.concatenate([*runs, np.array([lexicon], dtype=np.uint64)])).astype(np.int64)


def learn(texts: Sequence[str], praises: Sequence[bool]) -> Model:
    """Learn from texts of both kinds; the rarer kind weighs as much as the other. Raises ValueError without both."""
    labels = np.asarray(praises, dtype=bool)
    if labels.all() or not labels.any():
        raise ValueError("texts of both kinds are needed")
    rows = [features(text) for text in texts]
    columns = np.concatenate(rows)
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    rarity = np.log((1 + len(rows)) / (1 + np.bincount(columns, minlength=SIZE))) + 1
    rarity[BUCKETS:] = LEXICON_WEIGHT
    lengths = np.sqrt(np.bincount(owners, weights=rarity[columns] ** 2, minlength=len(rows)))
    batch = _Batch(
        columns,
        owners,
        rarity[columns] / lengths[owners],
        np.where(labels, 1.0, -1.0),
        np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean())),
    )
    learned = _minimum(batch)
    return Model(learned[:-1].astype(np.float32), rarity.astype(np.float32), float(learned[-1]))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts as rows of a sparse matrix: which bucket, whose text, what value; and each text's sign and weight."""

    columns: NDArray[np.int64]
    owners: NDArray[np.int64]
    values: NDArray[np.float64]
    signs: NDArray[np.float64]
    weight: NDArray[np.float64]

    def loss(self, point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The weighed logistic loss with a ridge on all but the intercept (the last), and its gradient."""
        count = len(self.signs)
        margins = np.bincount(self.owners, weights=self.values * point[self.columns], minlength=count) + point[-1]
        scores = self.signs * margins
        value = float((self.weight * np.logaddexp(0, -scores)).sum() + RIDGE / 2 * (point[:-1] @ point[:-1]))
        errors = -self.weight * self.signs / (1 + np.exp(np.clip(scores, -30, 30)))
        gradient = np.empty_like(point)
        gradient[:-1] = np.bincount(self.columns, weights=self.values * errors[self.owners], minlength=SIZE)
        gradient[:-1] += RIDGE * point[:-1]
        gradient[-1] = errors.sum()
        return value, gradient


def _minimum(batch: _Batch) -> NDArray[np.float64]:
    """L-BFGS with backtracking (Nocedal and Wright, 2006, algorithm 7.5)."""
    point = np.zeros(SIZE + 1)
    value, gradient = batch.loss(point)
    enough = ENOUGH * float(np.linalg.norm(gradient))
    past: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(ROUNDS):
        direction = -_scaled(gradient, past)
        slope, step = float(gradient @ direction), 1.0
        if not past:
            step = 1 / max(float(np.linalg.norm(gradient)), 1.0)
        following = point + step * direction
        found, steeper = batch.loss(following)
        while found > value + 1e-4 * step * slope and step > 1e-8:
            step /= 2
            following = point + step * direction
            found, steeper = batch.loss(following)
        moved, turned = following - point, steeper - gradient
        if float(moved @ turned) > 1e-12:
            past = [*past[-MEMORY + 1 :], (moved, turned)]
        point, value, gradient = following, found, steeper
        if float(np.linalg.norm(gradient)) < enough:
            break
    return point


def _scaled(
    gradient: NDArray[np.float64], past: list[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> NDArray[np.float64]:
    """The gradient times the inverse curvature that the last moves tell of."""
    rest, factors = gradient.copy(), []
    for moved, turned in reversed(past):
        factor = float(moved @ rest) / float(moved @ turned)
        factors.append(factor)
        rest -= factor * turned
    if past:
        moved, turned = past[-1]
        rest *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), factor in zip(past, reversed(factors), strict=True):
        rest += (factor - float(turned @ rest) / float(moved @ turned)) * moved
    return rest
