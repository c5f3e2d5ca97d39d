"""What a training is given, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xingqu.engine.models import Model
from xingqu.engine.state.items import ItemSnapshot


@dataclass(frozen=True, eq=False)
class Task:
    """Learn from the log up to `until` for the items of `snapshot`.

    The models that serve know it up to `positions` (segment -> offset; empty when none serve). `anew`: learn from the
    whole log again, not on from what serves. `budget_s`: processor seconds of a model that is trained step by step.
    """

    snapshot: ItemSnapshot
    positions: Mapping[int, int]
    until: Mapping[int, int]
    anew: bool
    seed: int
    budget_s: float


@dataclass(frozen=True, eq=False)
class Trained:
    """New models by their names in `engine.models.Models` (None: what was there must go), and their quality on `cases` held
    out, which neither they nor those before had met; `before` is None where nothing served.

    `detail`: plain numbers, texts and truths for the book of trainings, among them "skipped", the reason why a part of
    the model could not be trained here.
    """

    models: Mapping[str, Model | None]
    metric: str
    cases: int
    before: float | None
    after: float
    people: int
    examples: int
    detail: Mapping[str, Any] = field(default_factory=dict)


class NothingToLearn(Exception):
    """There is too little to learn from; says why in a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
