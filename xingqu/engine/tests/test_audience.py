"""Audiences of new items, on people with planted tastes: as a posterior, in the taste model, and in the reserved slot."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.coldstart.audience import Audiences
from xingqu.engine.coldstart.whom import STRONGEST_TILT, weigh_audience
from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.taste import TasteModel
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import NOW_MS, look
from xingqu.engine.view import Request, build_view

GROUPS, SIZE = 4, 80
NEW = SIZE  # the row of an item nobody has met, without tags


def _tastes(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    tastes = rng.normal(size=(600, 8))
    return tastes, 1 / (1 + np.exp(-(-3.0 + 1.5 * tastes[:, 2])))


def _start() -> Audiences:
    start = Audiences.none(8).with_new(
        np.array([9, 4]), np.array([0.5, 0.0]), np.zeros((2, 8), np.float32), (1.0, 0.25)
    )
    assert start.item_id.tolist() == [4, 9]
    assert start.mean[:, 0].tolist() == [0.0, 0.5]
    return start


def test_the_planted_direction_is_found_and_the_other_item_is_left_alone() -> None:
    rng = np.random.default_rng(2)
    tastes, chance = _tastes(rng)
    people = np.column_stack([np.zeros(600), tastes])
    start = _start()
    told = start.learned(np.zeros(600, np.int64), people, rng.random(600) < chance, np.full(600, -2.5), np.zeros(600))
    assert told.mean[0, 1:].argmax() == 2
    best = np.argsort(-tastes @ told.mean[0, 1:])[:60]
    assert chance[best].mean() > 3 * chance.mean()
    assert (np.diagonal(told.covariance[0]) < np.diagonal(start.covariance[0])).all()
    assert np.linalg.eigvalsh(told.covariance[0]).min() > 0
    np.testing.assert_array_equal(told.mean[1], start.mean[1])
    np.testing.assert_array_equal(start.mean[0], _start().mean[0])


def test_room_is_made_once_and_audiences_travel() -> None:
    start = _start()
    again = start.with_new(np.array([4, 7, 7]), np.ones(3), np.ones((3, 8), np.float32), (1.0, 0.25))
    assert again.item_id.tolist() == [4, 7, 9]
    assert again.mean[:, 0].tolist() == [0.0, 1.0, 0.5]
    assert again.places(np.array([9, 8, 4])).tolist() == [2, -1, 0]
    back = Audiences.from_arrays(again.to_arrays())
    assert all((a == b).all() for a, b in zip(back.to_arrays().values(), again.to_arrays().values(), strict=True))
    assert again.select(again.item_id != 7).item_id.tolist() == [4, 9]


@pytest.fixture(scope="module")
def model() -> TasteModel:
    """Four groups of people and items; row NEW was never met."""
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(120), 15)
    item = rng.integers(0, SIZE // GROUPS, person.size) * GROUPS + person % GROUPS + 1
    ids = np.arange(1, SIZE + 2)
    tags = ItemTags(ids, np.minimum(np.arange(SIZE + 2), SIZE), ((ids[:-1] - 1) % GROUPS + 1).astype(np.int32))
    return train_taste(person=person, item_id=item, items=tags)


def _fan_of(model: TasteModel, group: int) -> np.ndarray:
    rows = np.arange(24)
    return model.person(rows, rows % GROUPS == group).mean


def _asked(model: TasteModel, *, known: bool) -> TasteModel:
    """Sixty people of each group answer the new item: it is for group 2."""
    for turn in range(60):
        who = np.array([_fan_of(model, group) for group in range(GROUPS)])
        answers = np.array([False, False, turn % 4 != 0, False])
        rows, told = np.full(GROUPS, NEW), np.zeros(GROUPS)
        model = model.learned(rows, answers, told, told + 0.5, who if known else None)
    return model


def test_the_taste_model_learns_the_vector_of_what_it_never_met(model: TasteModel) -> None:
    assert not model.met[NEW]
    assert model.met[:SIZE].any()
    after = _asked(model, known=True)
    rows = np.arange(24)
    odds = [after.log_odds(after.person(rows, rows % GROUPS == group))[NEW] for group in range(GROUPS)]
    assert np.argmax(odds) == 2
    assert odds[2] > max(odds[:2] + odds[3:]) + 1.0
    # what was trained stays where it is, and so do the inputs, also after a journey
    np.testing.assert_array_equal(after.vectors[:SIZE], model.vectors[:SIZE])
    np.testing.assert_array_equal(after.inputs, model.inputs)
    back = TasteModel.from_arrays(after.to_arrays())
    np.testing.assert_array_equal(back.inputs, model.inputs)
    np.testing.assert_array_equal(back.vectors, after.vectors)
    assert after.exposure[NEW] == 4 * 60
    assert len(_asked(model, known=False).audiences) == 0


def test_a_model_from_before_audiences_is_read(model: TasteModel) -> None:
    arrays = {name: array for name, array in model.to_arrays().items() if not name.startswith("audience-")}
    del arrays["met"]
    arrays["settings"] = arrays["settings"][:-1]
    back = TasteModel.from_arrays(arrays)
    np.testing.assert_array_equal(back.met, model.met)
    assert back.params == model.params
    assert len(back.audiences) == 0


def test_a_catalogue_without_the_item_forgets_its_audience(model: TasteModel) -> None:
    after = _asked(model, known=True)
    ids = np.arange(1, SIZE + 1)
    gone = after.aligned(ItemTags.of(ids, {}))
    assert len(gone.audiences) == 0
    assert gone.inputs.shape[0] == SIZE
    longer = after.aligned(ItemTags.of(np.arange(1, SIZE + 4), {}))
    assert longer.audiences.item_id.tolist() == [NEW + 1]
    assert longer.met[NEW:].tolist() == [False, False, False]


def _snapshot(model: TasteModel) -> ItemSnapshot:
    ids = model.item_id
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=ids,
        creator_id=ids,
        tag_indptr=np.zeros(ids.size + 1, np.int64),
        tag_ids=np.empty(0, np.int32),
        duration_ms=np.full(ids.size, 12_000),
        models=Models(taste=model),
    )


def test_a_reserved_slot_leans_to_who_is_likely_of_the_audience(model: TasteModel) -> None:
    params = EngineParams()
    snapshot = _snapshot(_asked(model, known=True))
    rows = np.array([0, NEW], dtype=np.int32)
    deviation, owed = np.array([0.3, 0.3]), np.array([0.5, 0.5])
    found, fans = [], np.arange(24)
    for group in (2, 3):
        state = UserState.empty()
        look(state, snapshot, fans + 1, np.where(fans % GROUPS == group, 12_000, 300), NOW_MS)
        view = build_view(snapshot, state, Request(size=1, now_ms=NOW_MS + 10**6), params)
        found.append(weigh_audience(view, rows, deviation, owed))
    (_, fan), (_, other) = found
    assert fan[1] > 2 * other[1]
    assert 0.5 / STRONGEST_TILT <= other[1] < fan[1] <= 0.5 * STRONGEST_TILT
    for doubts, debts in found:  # the model was trained on row 0: nothing changes there
        assert (doubts[0], debts[0]) == (0.3, 0.5)
        assert 0 < doubts[1] != 0.3
    stranger = build_view(snapshot, UserState.empty(), Request(size=1, now_ms=NOW_MS + 10**6), params)
    doubts, debts = weigh_audience(stranger, rows, deviation, owed)
    assert debts == pytest.approx([0.5, 0.5])
    bare = build_view(replace(snapshot, models=Models()), UserState.empty(), Request(size=1, now_ms=NOW_MS), params)
    assert weigh_audience(bare, rows, deviation, owed)[1].tolist() == [0.5, 0.5]
