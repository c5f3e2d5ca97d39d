"""Whether a text praises: a linear model over letters in sequence, learned from texts with stars. Pure, numpy only.

Features are the distinct runs of one to three letters, hashed, and what the lexicon says of the whole. Each is weighed by how much
more often praise has it than blame (the log-count ratio of naive Bayes), and a logistic regression learns on top of that
(Wang and Manning, 2012, "Baselines and Bigrams"). Without texts to learn from the lexicon alone decides.
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
SMOOTHING: Final = 1.0
RIDGE: Final = 0.5  # on the sum over texts
ROUNDS: Final = 60
LEXICON_SLOPE: Final = 0.9
_PRIMES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """A weight a bucket and the intercept."""

    weights: Floats
    intercept: float

    def probability(self, text: str) -> float:
        """That a text praises, 0 to 1."""
        margin = float(self.weights[features(text)].sum()) + self.intercept
        return float(1 / (1 + np.exp(-np.clip(margin, -30, 30))))

    def pack(self) -> bytes:
        """For the database; half precision is plenty."""
        body = np.append(self.weights, np.float32(self.intercept)).astype(np.float16)
        return zlib.compress(body.tobytes(), 6)


def unpack(packed: bytes) -> Model:
    """A model of :meth:`Model.pack`."""
    values = np.frombuffer(zlib.decompress(packed), dtype=np.float16).astype(np.float32)
    return Model(values[:-1], float(values[-1]))


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
    weight = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean())).astype(np.float64)
    ratios = _ratios(columns, labels[owners])
    # Texts differ in length: a feature of a long one says less.
    scale = (1 / np.sqrt(np.bincount(owners, minlength=len(rows)))) ** 0.5
    values = (ratios[columns] * scale[owners]).astype(np.float64)
    learned, intercept = _descend(columns, owners, values, labels.astype(np.float64), weight)
    mean_scale = float(scale.mean())
    return Model((learned * ratios * mean_scale).astype(np.float32), intercept)


def _ratios(columns: NDArray[np.int64], praised: NDArray[np.bool_]) -> NDArray[np.float64]:
    up = np.bincount(columns[praised], minlength=SIZE) + SMOOTHING
    down = np.bincount(columns[~praised], minlength=SIZE) + SMOOTHING
    ratios = np.log(up / up.sum()) - np.log(down / down.sum())
    seen = np.bincount(columns, minlength=SIZE) > 0
    return np.where(seen, ratios, 0.0)


def _descend(
    columns: NDArray[np.int64],
    owners: NDArray[np.int64],
    values: NDArray[np.float64],
    labels: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Accelerated gradient descent on the logistic loss with a ridge; the step is from a bound of the curvature."""
    size, count = SIZE, len(labels)
    norms = np.bincount(owners, weights=values**2, minlength=count)
    step = 1.0 / (0.25 * float((norms * weight).sum()) / 8 + RIDGE)
    point = np.zeros(size)
    ahead, intercept, momentum = point, 0.0, 1.0
    for _ in range(ROUNDS):
        margins = np.bincount(owners, weights=values * ahead[columns], minlength=count) + intercept
        errors = (1 / (1 + np.exp(-np.clip(margins, -30, 30))) - labels) * weight
        gradient = np.bincount(columns, weights=values * errors[owners], minlength=size) + RIDGE * ahead
        following = ahead - step * gradient
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        if float(gradient @ (following - point)) > 0:  # going uphill: start the momentum anew
            grown, momentum = 1.0, 1.0
        ahead = following + (momentum - 1) / grown * (following - point)
        point, momentum = following, grown
        intercept -= 2.0 * float(errors.sum()) / float(weight.sum())
    return point, intercept
