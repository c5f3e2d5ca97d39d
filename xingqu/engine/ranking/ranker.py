"""The learned ranking: one small network for all outcomes, which corrects the hand-set scorer.

A mixture of experts shared by all outcomes, with a gate for each (MMoE, Ma et al. 2018). What is sold goes through stages -
click, cart, order, return or repurchase - and each stage's probability is conditional on the one before, so that their
product is learned over the entire space of impressions (ESMM, Ma et al. 2018). The network's output is added to the
log-odds that the hand-set scorer gives each stage: with a network that says nothing the two agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Feature, Head, Surface
from xingqu.engine.ranking.kernels import calibrate_logits, chain_logits, mix_experts, to_stages

if TYPE_CHECKING:
    from xingqu.engine.learn.item_tags import ItemTags

F32 = NDArray[np.float32]
_PARENTS: Final = {
    Head.ADD_TO_CART: Head.PRODUCT_CLICK,
    Head.ORDER: Head.ADD_TO_CART,
    Head.RETURN: Head.ORDER,
    Head.REPURCHASE: Head.ORDER,
}
# (heads,) the outcome that each is conditional on, -1 where there is none; a parent stands before its children
PARENT: Final = np.array([_PARENTS.get(head, -1) for head in Head], dtype=np.int64)
# heads whose probability depends on where in the page an item stands; what follows a click does not
PLACED: Final = np.array([head not in _PARENTS for head in Head])
SURFACES: Final = (Surface.FOR_YOU, Surface.FOLLOWING, Surface.SIMILAR)
PLACES: Final = np.array([0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30])  # first position of each bucket
STAGE_SCALE: Final = 4.0
STAGE_LIMIT: Final = 12.0
# hand-set scorer and model side by side: mean log-loss, area under the curve, expected calibration error
FIGURES: Final = ("impressions", "hits", "loss_hand", "loss", "auc_hand", "auc", "ece_hand", "ece")
INPUTS: Final = len(Feature) + len(Head) + 1 + len(SURFACES)


def surface_code(surface: str) -> int:
    """Place of a surface among ``SURFACES``; one that is none of them counts as the first."""
    return SURFACES.index(Surface(surface)) if surface in SURFACES else 0


def place_bucket(position: NDArray[np.integer]) -> NDArray[np.int64]:
    """(m,) places of ``PLACES``; a position below 0 is unknown and counts as the first."""
    found: NDArray[np.int64] = np.searchsorted(PLACES, np.maximum(position, 0), side="right") - 1
    return found


def model_inputs(features: F32, stages: F32, surface: NDArray[np.integer] | int) -> F32:
    """(m, INPUTS): features, squeezed log-odds of the stages, whether something is sold, which surface."""
    count = features.shape[0]
    inputs = np.zeros((count, INPUTS), dtype=np.float32)
    width = len(Feature)
    inputs[:, :width] = features
    told = np.clip(stages, -STAGE_LIMIT, STAGE_LIMIT) / STAGE_SCALE
    sells = stages[:, Head.PRODUCT_CLICK] != -np.inf
    inputs[:, width : width + len(Head)] = np.where(stages == -np.inf, 0.0, told)
    inputs[:, width + len(Head)] = sells
    inputs[np.arange(count), width + len(Head) + 1 + np.asarray(surface)] = 1.0
    return inputs


@dataclass(frozen=True, eq=False)
class RankerModel:
    """``e`` experts of ``w`` units. ``adopted``: heads that won over the hand-set scorer; the others stay with it.

    ``place`` (heads, surfaces, buckets) is what a position adds to the log-odds; serving leaves it out, so that items are
    compared as if all stood in the average place. ``knots`` and ``levels`` (heads, k): calibration, a monotone line of
    log-odds. ``figures`` (heads, len(FIGURES)): what was found on held-out impressions.
    """

    inward: F32  # (INPUTS, e * w)
    inward_bias: F32
    gate: F32  # (INPUTS, heads * e)
    gate_bias: F32
    outward: F32  # (heads, w)
    outward_bias: F32
    linear: F32  # (INPUTS, heads)
    place: F32
    knots: F32
    levels: F32
    adopted: NDArray[np.bool_]
    figures: NDArray[np.float64]

    @classmethod
    def silent(cls, *, experts: int = 4, width: int = 16) -> RankerModel:
        """A network that says nothing, with every head adopted."""
        heads, knots = len(Head), np.tile(np.array([-8.0, 2.0], dtype=np.float32), (len(Head), 1))

        def zeros(*shape: int) -> F32:
            return np.zeros(shape, dtype=np.float32)

        return cls(
            inward=zeros(INPUTS, experts * width),
            inward_bias=zeros(experts * width),
            gate=zeros(INPUTS, heads * experts),
            gate_bias=zeros(heads * experts),
            outward=zeros(heads, width),
            outward_bias=zeros(heads),
            linear=zeros(INPUTS, heads),
            place=zeros(heads, len(SURFACES), len(PLACES)),
            knots=knots,
            levels=knots.copy(),
            adopted=np.ones(heads, dtype=np.bool_),
            figures=np.zeros((heads, len(FIGURES))),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"features": np.array(len(Feature))}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> RankerModel:
        """Inverse of ``to_arrays``; features that are newer than the model say nothing. Raises KeyError for a missing array.

        Raises ValueError for a model of other outcomes than this release knows.
        """
        parts = {f.name: arrays[f.name] for f in fields(cls)}
        if parts["adopted"].size != len(Head):
            raise ValueError(f"the model has {parts['adopted'].size} heads, this release {len(Head)}")
        known = int(arrays["features"])
        for name in ("inward", "gate", "linear"):
            new = np.zeros((len(Feature) - known, parts[name].shape[1]), dtype=np.float32)
            whole = np.concatenate([parts[name][:known], new, parts[name][known:]])
            parts[name] = np.ascontiguousarray(whole, dtype=np.float32)
        return cls(**parts)

    def aligned(self, items: ItemTags) -> RankerModel:
        """Weights do not depend on rows."""
        return self

    def logits(
        self, features: F32, scorer_logits: F32, surface: NDArray[np.integer] | int, *, calibrated: bool = True
    ) -> F32:
        """(m, heads) log-odds over all impressions, at no particular place; minus infinity where an outcome can't happen."""
        stages = to_stages(scorer_logits, PARENT)
        inputs = model_inputs(features, stages, surface)
        stages = stages + self.corrections(inputs)
        overall = chain_logits(stages, PARENT)
        if calibrated:
            overall = calibrate_logits(overall, self.knots, self.levels)
        chosen: F32 = np.where(self.adopted, overall, scorer_logits)
        return chosen

    def corrections(self, inputs: F32) -> F32:
        """(m, heads) what the network adds to the log-odds of each stage."""
        return mix_experts(
            inputs,
            self.inward,
            self.inward_bias,
            self.gate,
            self.gate_bias,
            self.outward,
            self.outward_bias,
            self.linear,
        )

    def placed(self, surface: NDArray[np.integer], position: NDArray[np.integer]) -> F32:
        """(m, heads) what the places add to the log-odds; for learning from what happened there, not for serving."""
        told: F32 = self.place[:, surface, place_bucket(position)].T
        return told
