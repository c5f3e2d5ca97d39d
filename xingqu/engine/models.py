"""Learned models that serve with a snapshot: aligned to its rows, swapped together with it.

A model is trained elsewhere, travels as a dictionary of arrays, and is laid over the rows of a snapshot by ``aligned``:
items it never met get what can be said from their tags, items that are gone are dropped. Snapshot and models are one
object, so that a request never sees the one without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, Self

from numpy.typing import NDArray

from xingqu.engine.learn.clusters import ClusterModel
from xingqu.engine.learn.content import ContentVectors
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import NextItemModel
from xingqu.engine.learn.replenish import DueModel
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.learn.taste import TasteModel
from xingqu.engine.learn.transitions import Transitions
from xingqu.engine.ranking.fusion import Fusion
from xingqu.engine.ranking.ranker import RankerModel
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.state.near import Near


class Model(Protocol):
    """What every field of ``Models`` can do."""

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything ``from_arrays`` needs."""

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""

    def aligned(self, items: ItemTags) -> Self:
        """The same model over the rows of ``items``."""


@dataclass(frozen=True, eq=False)
class Models:
    """The models of one snapshot; None where there is none and the engine does without."""

    sequence: SequenceModel | None = None
    taste: TasteModel | None = None
    next_item: NextItemModel | None = None
    transitions: Transitions | None = None
    fusion: Fusion | None = None
    clusters: ClusterModel | None = None
    ranker: RankerModel | None = None
    residual: ResidualModel | None = None
    due: DueModel | None = None
    content: ContentVectors | None = None
    near: Near | None = None

    def present(self) -> dict[str, Model]:
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: model for name, model in named.items() if model is not None}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays of all models, named ``model.array``."""
        return {
            f"{name}.{key}": array for name, model in self.present().items() for key, array in model.to_arrays().items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Models:
        """Inverse of ``to_arrays``. Raises KeyError for a model that this release does not know."""
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            model, _, key = name.partition(".")
            parts.setdefault(model, {})[key] = array
        return cls(**{name: KINDS[name].from_arrays(part) for name, part in parts.items()})  # type: ignore[arg-type]

    def aligned(self, items: ItemTags) -> Models:
        """Every model over the rows of ``items``; ``self`` is not changed."""
        laid: dict[str, Any] = {name: model.aligned(items) for name, model in self.present().items()}
        return replace(self, **laid)


KINDS: dict[str, type[Model]] = {
    "sequence": SequenceModel,
    "taste": TasteModel,
    "next_item": NextItemModel,
    "transitions": Transitions,
    "fusion": Fusion,
    "clusters": ClusterModel,
    "ranker": RankerModel,
    "residual": ResidualModel,
    "due": DueModel,
    "content": ContentVectors,
    "near": Near,
}
