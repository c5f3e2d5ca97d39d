"""Answers for the shared taste model: what people made of the items they were shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.learn.taste import Person, TasteModel
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.evidence import answers_of, positives_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.engine.state.user import UserState

# item ids, taken to or not, vault slots of who answered
Answers = tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]
ReadState = Callable[[int], UserState]


def answers_in(people: NDArray[np.int64], told: SignalBatch, items: ItemSnapshot, params: EngineParams) -> Answers:
    """One answer for each person and item of the batch. An impression alone is none yet: its look is still to come."""
    rows = items.rows_of(told.item_id)
    said = (rows >= 0) & (told.kind != Signal.IMPRESSION) & (told.kind != Signal.SEARCH)
    found: list[Answers] = [(np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.int64))]
    for person in np.unique(people[said]):
        distinct, positive = positives_of(told, np.where(said & (people == person), rows, -1), items, params)
        found.append((items.item_id[distinct], positive, np.full(distinct.size, person, dtype=np.int64)))
    ids, positives, slots = zip(*found, strict=True)
    return np.concatenate(ids), np.concatenate(positives), np.concatenate(slots)


def told_of(
    models: Models, items: ItemSnapshot, answers: Sequence[Answers], read_state: ReadState, params: EngineParams
) -> Models:
    """The models after these answers.

    Everyone counts as a stranger, but for items that the vectors were not trained on: whom they are for is learned from who
    answers, so those people's states are read.
    """
    model = models.taste
    if model is None or not answers:
        return models
    ids, positive, slots = (np.concatenate(parts) for parts in zip(*answers, strict=True))
    rows = items.rows_of(ids)
    known = rows >= 0
    rows, positive, slots = rows[known], positive[known], slots[known]
    variance = model.params.readiness_deviation**2 + np.square(model.vectors[rows]).sum(axis=1)
    people = np.full((rows.size, 1 + model.vectors.shape[1]), np.nan)
    for slot in np.unique(slots[~model.met[rows]]):
        people[slots == slot] = _known_by_trained(model, items, read_state(int(slot)), params).mean
    return replace(models, taste=model.learned(rows, positive, np.zeros(rows.size), variance, people))


def _known_by_trained(model: TasteModel, items: ItemSnapshot, state: UserState, params: EngineParams) -> Person:
    """The person by what they made of the items that the vectors were trained on: not by the answers being learned."""
    rows, positive = answers_of(state, items, params)
    trained = model.met[rows]
    return model.person(rows[trained], positive[trained])
