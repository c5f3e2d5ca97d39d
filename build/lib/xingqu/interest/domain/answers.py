"""Answers for the shared taste model: what people made of the items they were shown."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.evidence import positives_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch

Answers = tuple[NDArray[np.int64], NDArray[np.bool_]]  # item ids, taken to or not


def answers_in(people: NDArray[np.int64], told: SignalBatch, items: ItemSnapshot, params: EngineParams) -> Answers:
    """One answer for each person and item of the batch. An impression alone is none yet: its look is still to come."""
    rows = items.rows_of(told.item_id)
    said = (rows >= 0) & (told.kind != Signal.IMPRESSION) & (told.kind != Signal.SEARCH)
    found: list[Answers] = [(np.empty(0, np.int64), np.empty(0, np.bool_))]
    for person in np.unique(people[said]):
        distinct, positive = positives_of(told, np.where(said & (people == person), rows, -1), items, params)
        found.append((items.item_id[distinct], positive))
    return np.concatenate([ids for ids, _ in found]), np.concatenate([positive for _, positive in found])


def told_of(models: Models, items: ItemSnapshot, answers: Sequence[Answers]) -> Models:
    """The models after these answers. Everyone counts as a stranger: who they are is not known to the log's reader."""
    model = models.taste
    if model is None or not answers:
        return models
    ids = np.concatenate([part for part, _ in answers])
    positive = np.concatenate([part for _, part in answers])
    rows = items.rows_of(ids)
    known = rows >= 0
    rows, positive = rows[known], positive[known]
    variance = model.params.readiness_deviation**2 + np.square(model.vectors[rows]).sum(axis=1)
    return replace(models, taste=model.learned(rows, positive, np.zeros(rows.size), variance))
