"""What the ranking gets wrong right now: sparse weights that learn from each impression, on top of the base's log-odds.

FTRL-proximal (McMahan et al. 2013) over hashed crosses of the item, its creator, category and tags with whether the person
is drawn to it or away from it. The sums of squared gradients fade, so that a weight that has been right for long can still
change within some dozen impressions. A ridge keeps crosses that were hardly met at nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Feature, Head
from xingqu.engine.ranking.kernels import cross_keys, learn_crosses, sum_crosses

if TYPE_CHECKING:
    from xingqu.engine.learn.item_tags import ItemTags
    from xingqu.engine.state.items import ItemSnapshot

F32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
# Outcomes common enough to learn from one impression after the other; what follows a click moves with the click. Learned
# for what is as rare as "not interested", it predicted worse.
RESIDUAL_HEADS: Final = np.array([Head.WATCH, Head.COMPLETION, Head.LIKE, Head.PRODUCT_CLICK], dtype=np.int64)


@dataclass(frozen=True)
class ResidualParams:
    slots: int = 1 << 16  # a power of two
    rate: float = 0.06
    beta: float = 1.0
    ridge: float = 2.0
    memory: float = 0.995  # of the squared gradients, kept at each step
    threshold: float = 0.1  # of an interest, from which the person counts as drawn to the item or away


@dataclass(frozen=True, eq=False)
class ResidualModel:
    """``z``, ``n`` and the weights that follow from them, (slots, heads) each. ``impressions``: learned from so far.

    Immutable for those who serve: ``learned`` gives a new one over arrays of its own.
    """

    z: F32
    n: F32
    weights: F32
    impressions: int = 0
    born_ms: int = 0  # when the base it corrects was trained: it says nothing about any other
    params: ResidualParams = field(default_factory=ResidualParams)

    @classmethod
    def empty(cls, params: ResidualParams | None = None, *, born_ms: int = 0) -> ResidualModel:
        params = params or ResidualParams()
        z, n, weights = np.zeros((3, params.slots, RESIDUAL_HEADS.size), dtype=np.float32)
        return cls(z, n, weights, 0, born_ms, params)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        params = self.params
        told = [params.slots, params.rate, params.beta, params.ridge, params.memory, params.threshold]
        return {
            "z": self.z,
            "n": self.n,
            "weights": self.weights,
            "counts": np.array([self.impressions, self.born_ms]),
            "params": np.array(told),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ResidualModel:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        slots, *rest = (float(number) for number in arrays["params"])
        params = ResidualParams(int(slots), *rest)
        impressions, born_ms = (int(count) for count in arrays["counts"])
        return cls(arrays["z"], arrays["n"], arrays["weights"], impressions, born_ms, params)

    def aligned(self, items: ItemTags) -> ResidualModel:
        """Crosses are hashed from ids and do not depend on rows."""
        return self

    def offsets(self, snapshot: ItemSnapshot, rows: NDArray[np.int32], features: F32) -> F32:
        """(m, RESIDUAL_HEADS) to add to the log-odds of rows that were scored with ``features``."""
        return sum_crosses(self._keys(snapshot, rows, features), self.weights)

    def learned(
        self, snapshot: ItemSnapshot, rows: NDArray[np.int32], features: F32, base: F32, labels: Bool
    ) -> ResidualModel:
        """The model after these impressions, in this order; this one is not changed.

        ``base`` (m, heads): the log-odds without the residual at the place where the item stood; minus infinity where an
        outcome cannot happen. ``labels`` (m, heads): what came of it.
        """
        z, n, weights = self.z.copy(), self.n.copy(), self.weights.copy()
        params, own = self.params, np.ascontiguousarray(base[:, RESIDUAL_HEADS])
        keys = self._keys(snapshot, rows, features)
        hits = np.ascontiguousarray(labels[:, RESIDUAL_HEADS])
        learn_crosses(
            keys, own, hits, np.isfinite(own), z, n, weights, params.rate, params.beta, params.ridge, params.memory
        )
        return ResidualModel(z, n, weights, self.impressions + rows.size, self.born_ms, params)

    def _keys(self, snapshot: ItemSnapshot, rows: NDArray[np.int32], features: F32) -> NDArray[np.int32]:
        return cross_keys(
            rows.astype(np.int32),
            snapshot.item_id,
            snapshot.creator_id,
            snapshot.category_id,
            snapshot.tag_indptr,
            snapshot.tag_ids,
            np.ascontiguousarray(features[:, Feature.INTEREST_INSTANT : Feature.INTEREST_LONG_TERM + 1]),
            self.params.threshold,
            self.params.slots - 1,
        )
