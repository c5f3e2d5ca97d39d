"""The taste model: what it learns, what it refuses, and that it serves like everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import Channel, Feature, Head
from xingqu.engine.evaluate.closed_loop import ClosedLoop, LoopParams, figures_of, gini
from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.taste import TasteModel
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams, ValueParams
from xingqu.engine.ranking.scorer import predict
from xingqu.engine.retrieval import taste
from xingqu.engine.state.evidence import answers_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, set_personalised
from xingqu.engine.tests.world import NOW_MS, build_catalogue, items_of, look, page
from xingqu.engine.view import Request, build_view

SIZE = 200
GROUPS = 4


def liked_pairs(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """120 people, each of one of four groups, who like items of their group: id % 4."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(120), 15)
    item = rng.integers(0, SIZE // GROUPS, person.size) * GROUPS + person % GROUPS + 1
    return person, item


def tags_of(size: int = SIZE) -> ItemTags:
    item_id = np.arange(1, size + 1)
    return ItemTags(item_id, np.arange(size + 1), ((item_id - 1) % GROUPS + 1).astype(np.int32))


@pytest.fixture(scope="module")
def model() -> TasteModel:
    person, item = liked_pairs()
    return train_taste(person=person, item_id=item, items=tags_of())


@pytest.fixture(scope="module")
def snapshot(model: TasteModel) -> ItemSnapshot:
    tags = tags_of()
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=tags.item_id,
        creator_id=tags.item_id,
        tag_indptr=tags.tag_indptr,
        tag_ids=tags.tag_ids,
        duration_ms=np.full(SIZE, 12_000),
        models=Models(taste=model),
    )


def group_odds(model: TasteModel, odds: np.ndarray) -> np.ndarray:
    return np.array([odds[(model.item_id - 1) % GROUPS == group].mean() for group in range(GROUPS)])


def test_answers_on_a_few_items_of_a_kind_raise_the_kind(model: TasteModel) -> None:
    rows = np.array([0, 4, 8, 1, 2, 3])
    person = model.person(rows, np.array([True, True, True, False, False, False]))
    odds = group_odds(model, model.log_odds(person) - model.bias)
    assert odds.argmax() == 0
    assert odds[0] > odds[1:].max() + 0.3


def test_a_person_is_the_same_whatever_the_order_of_answers(model: TasteModel) -> None:
    rng = np.random.default_rng(3)
    rows, positive = rng.permutation(SIZE)[:40], rng.random(40) < 0.4
    order = rng.permutation(40)
    one, other = model.person(rows, positive), model.person(rows[order], positive[order])
    np.testing.assert_allclose(one.taste, other.taste, atol=1e-5)
    assert one.readiness == pytest.approx(other.readiness, abs=1e-6)


def test_nobody_is_the_prior(model: TasteModel) -> None:
    person = model.person(np.empty(0, np.int64), np.empty(0, np.bool_))
    assert person.readiness == 0.0
    assert not person.taste.any()
    np.testing.assert_allclose(person.covariance, np.eye(1 + model.vectors.shape[1]))
    np.testing.assert_array_equal(model.log_odds(person), model.bias)


def test_learning_moves_the_item_and_its_kin_and_leaves_the_old_model(model: TasteModel) -> None:
    before = {name: array.copy() for name, array in model.to_arrays().items()}
    rows = np.repeat([0, 4, 8], 20)
    after = model.learned(rows, np.ones(60, np.bool_), np.zeros(60), np.zeros(60))
    moved = after.bias - model.bias
    assert moved[[0, 4, 8]].min() > 1.0
    kin = moved[(model.item_id - 1) % GROUPS == 0]
    others = moved[(model.item_id - 1) % GROUPS != 0]
    assert kin.mean() > others.mean() + 0.2
    assert (after.own_variance[[0, 4, 8]] < model.own_variance[[0, 4, 8]]).all()
    assert after.exposure[0] == 20
    assert after.exposure.sum() == 60
    for name, array in model.to_arrays().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_stranger_says_less_about_an_item_than_a_friend(model: TasteModel) -> None:
    yes, row, zero = np.array([True]), np.array([5]), np.zeros(1)
    friend = model.learned(row, yes, zero, zero).own_mean[5]
    stranger = model.learned(row, yes, zero, np.array([4.0])).own_mean[5]
    assert 0 < stranger < friend


def test_two_batches_are_one(model: TasteModel) -> None:
    rng = np.random.default_rng(5)
    rows, positive = rng.integers(0, SIZE, 30), rng.random(30) < 0.3
    offset, variance = rng.normal(0, 0.5, 30), rng.random(30)
    once = model.learned(rows, positive, offset, variance)
    first = model.learned(rows[:11], positive[:11], offset[:11], variance[:11])
    twice = first.learned(rows[11:], positive[11:], offset[11:], variance[11:])
    for name, array in once.to_arrays().items():
        np.testing.assert_allclose(array, twice.to_arrays()[name], atol=1e-6, err_msg=name)


@settings(max_examples=25, deadline=None)
@given(
    data=st.lists(
        st.tuples(st.integers(0, SIZE - 1), st.booleans(), st.floats(-50, 50), st.floats(0, 100)), max_size=200
    )
)
def test_whatever_comes_it_stays_finite_and_bounded(model: TasteModel, data: list[Any]) -> None:
    rows, positive, offset, variance = (np.array([answer[part] for answer in data]) for part in range(4))
    after = model.learned(rows.astype(np.int64), positive.astype(np.bool_), offset, variance)
    assert np.isfinite(after.bias).all()
    assert (after.own_variance > 0).all()
    assert (after.own_variance <= model.own_variance).all()
    assert np.linalg.eigvalsh(after.weight_covariance).min() > 0
    distinct, first = np.unique(rows.astype(np.int64), return_index=True)
    person = after.person(distinct, positive.astype(np.bool_)[first])
    assert np.isfinite(person.taste).all()
    assert abs(person.readiness) < 12
    assert np.linalg.eigvalsh(person.covariance).min() > 0


@pytest.mark.parametrize(
    ("rows", "offset", "variance"),
    [
        ([SIZE], [0.0], [0.0]),
        ([-1], [0.0], [0.0]),
        ([0], [np.nan], [0.0]),
        ([0], [0.0], [-1.0]),
        ([0, 1], [0.0], [0.0]),
    ],
)
def test_answers_that_cannot_be_are_refused(model: TasteModel, rows: Any, offset: Any, variance: Any) -> None:
    before = model.own_mean.copy()
    with pytest.raises(ValueError, match=r"answer|offsets"):
        model.learned(np.array(rows), np.ones(1, np.bool_), np.array(offset), np.array(variance))
    np.testing.assert_array_equal(model.own_mean, before)


def test_arrays_make_the_same_model(model: TasteModel) -> None:
    again = TasteModel.from_arrays(model.to_arrays())
    assert again.params == model.params
    np.testing.assert_array_equal(again.bias, model.bias)


def test_an_item_nobody_has_met_is_placed_by_its_tags(model: TasteModel) -> None:
    longer = model.aligned(tags_of(SIZE + 4))
    assert len(longer) == SIZE + 4
    np.testing.assert_array_equal(longer.vectors[:SIZE], model.vectors)
    person = model.person(np.array([0, 4, 8, 1]), np.array([True, True, True, False]))
    odds = longer.vectors[SIZE:] @ person.taste
    assert odds.argmax() == 0  # item 201 is of the first group
    assert longer.own_variance[SIZE] == pytest.approx(model.params.own_deviation**2)
    shorter = longer.aligned(tags_of(10))
    np.testing.assert_array_equal(shorter.own_mean, model.own_mean[:10])


def test_a_score_does_not_depend_on_its_neighbours(snapshot: ItemSnapshot) -> None:
    state = UserState.empty()
    look(state, snapshot, [1, 5, 9, 2, 3], [15_000, 15_000, 15_000, 0, 0], NOW_MS)
    view = build_view(snapshot, state, Request(size=5, now_ms=NOW_MS + 100_000), EngineParams())
    rows = np.arange(SIZE, dtype=np.int32)
    whole = predict(view, rows, np.zeros(SIZE, np.float32))
    for chosen in (rows[::-1], rows[17:18], rows[::7]):
        part = predict(view, np.ascontiguousarray(chosen), np.zeros(chosen.size, np.float32))
        np.testing.assert_array_equal(part, whole[chosen])


def test_the_next_page_follows_what_was_taken_to(snapshot: ItemSnapshot) -> None:
    state = UserState.empty()
    look(state, snapshot, [1, 5, 9, 2, 3, 4], [15_000] * 3 + [0] * 3, NOW_MS)
    rows, positive = answers_of(state, snapshot, EngineParams())
    assert rows.tolist() == [0, 1, 2, 3, 4, 8]
    assert positive.tolist() == [True, False, False, False, True, True]
    slate = page(snapshot, state, now_ms=NOW_MS + 100_000)
    view = build_view(snapshot, state, Request(size=10, now_ms=NOW_MS + 100_000), EngineParams())
    assert (taste.retrieve(view, 10).rows % GROUPS == 0).mean() >= 0.6
    assert ((slate.item_id - 1) % GROUPS == 0).mean() >= 0.6
    again = page(snapshot, state, now_ms=NOW_MS + 100_000)
    np.testing.assert_array_equal(slate.item_id, again.item_id)
    np.testing.assert_array_equal(slate.score, again.score)


def test_without_personalisation_nothing_is_made_of_the_person(snapshot: ItemSnapshot) -> None:
    state = UserState.empty()
    look(state, snapshot, [1, 5, 9, 2], [15_000] * 3 + [0], NOW_MS)
    set_personalised(state, False)
    view = build_view(snapshot, state, Request(size=5, now_ms=NOW_MS + 100_000), EngineParams())
    assert view.person is not None
    assert not view.person.taste.any()
    assert view.person.readiness == 0.0


def test_the_price_of_exposure_and_the_bonus_of_the_tail_change_what_is_found(snapshot: ItemSnapshot) -> None:
    model = snapshot.models.taste
    assert model is not None
    crowded = model.learned(np.repeat(np.arange(10), 50), np.arange(500) % 2 == 0, np.zeros(500), np.zeros(500))
    served = replace(snapshot, models=Models(taste=crowded))
    request = Request(size=5, now_ms=NOW_MS)

    def found(**value: float) -> set[int]:
        params = EngineParams(value=ValueParams(**value))  # type: ignore[arg-type]
        view = build_view(served, UserState.empty(), request, params)
        return set(taste.retrieve(view, 10).rows.tolist())

    assert found() == set(range(10))
    assert not found(exposure_price=0.5) & set(range(10))
    assert found(tail_bonus=1_000.0).isdisjoint(np.flatnonzero(crowded.bias > crowded.well_liked + 1.0).tolist())


def test_a_snapshot_without_a_model_serves_as_before() -> None:
    snapshot, state = build_catalogue(), UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 5), 15_000, NOW_MS)
    slate = page(snapshot, state, now_ms=NOW_MS + 100_000)
    assert Channel.TASTE not in slate.channel.tolist()
    view = build_view(snapshot, state, Request(size=5, now_ms=NOW_MS), EngineParams())
    assert view.person is None
    rows = np.arange(5, dtype=np.int32)
    np.testing.assert_array_equal(predict(view, rows, np.zeros(5, np.float32)).shape, (5, len(Head)))
    assert EngineParams().scorer.matrix.shape == (len(Head), len(Feature))


def test_the_closed_loop_learns_serves_nothing_twice_and_repeats_itself(snapshot: ItemSnapshot) -> None:
    truth = np.zeros((24, SIZE), dtype=np.bool_)
    for person in range(24):
        truth[person, person % GROUPS :: GROUPS] = True
    loop = LoopParams(rounds=12, answers_per_update=10, rounds_per_rebuild=4)
    one, other = (ClosedLoop(snapshot, truth, EngineParams(), loop, seed=1).play() for _ in range(2))
    np.testing.assert_array_equal(one.rows, other.rows)
    assert all(np.unique(rows).size == 12 for rows in one.rows)
    figures = figures_of(one, truth, np.arange(SIZE) % GROUPS)
    assert one.hits[:, 6:].mean() > 0.5
    assert figures["positives"] == one.hits.sum(axis=1).mean()
    assert figures["interests"] == 1.0


def test_gini() -> None:
    assert gini(np.array([3, 3, 3])) == pytest.approx(0.0)
    assert gini(np.array([0, 0, 9])) == pytest.approx(2 / 3)
    assert gini(np.zeros(3, np.int64)) == 0.0
