"""Transitions, the fusion of sources, and the channel that serves them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from xingqu.engine.columns import Channel, Counter, Signal
from xingqu.engine.evaluate.splits import Sequences, leave_one_out
from xingqu.engine.learn.fusion_fit import fit_fusion
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.transitions import TransitionParams, Transitions, learn_transitions
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.fusion import Fusion, FusionParams, NextFeature, next_candidates, next_features, next_scores
from xingqu.engine.recommend import Request
from xingqu.engine.retrieval import sequence
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import NearParams
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue, page
from xingqu.engine.view import View, build_view

SIZE = 60


def people_of(count: int, seed: int) -> Sequences:
    """From item ``i`` people go on to ``i + 1`` mostly, else anywhere; and never back."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        row, met = int(rng.integers(SIZE)), [-1]
        while len(met) < 6:
            if row not in met:
                met.append(row)
            row = (met[-1] + 1) % SIZE if rng.random() < 0.7 else int(rng.integers(SIZE))
        found.append(met[1:])
    return Sequences.of(found)


def snapshot_with(models: Models, **replace: Any) -> ItemSnapshot:
    return build_catalogue(SIZE, models=models, **replace)


def ids() -> np.ndarray:
    return np.arange(1, SIZE + 1)


def test_transitions_count_what_follows_near_and_far() -> None:
    people = Sequences.of([[0, 1, 2], [0, 1], [3]])
    table = learn_transitions(people, np.array([10, 20, 30, 40]), TransitionParams(reach=2, fade=0.5, shrinkage=1.0))
    assert table.indptr.tolist() == [0, 2, 3, 3, 3]
    assert table.rows.tolist() == [1, 2, 2]
    short, long = 1 / np.log2(3), 1 / np.log2(4)
    total = short + long + 0.5 * long
    assert table.shares == pytest.approx([(short + long) / (total + 1), 0.5 * long / (total + 1), long / (long + 1)])
    assert table.counts.tolist() == [2, 2, 1, 1]


def test_transitions_follow_the_rows_and_come_back_from_arrays() -> None:
    table = learn_transitions(people_of(50, 1), ids(), TransitionParams(neighbours=5))
    assert np.diff(table.indptr).max() == 5
    again = Transitions.from_arrays(table.to_arrays())
    # item 3 is gone, 999 is new
    wanted = np.append(np.delete(ids(), 2), 999)
    laid = again.aligned(ItemTags.of(wanted, {}))
    for new_row, item in enumerate(wanted[:-1]):
        old = slice(table.indptr[item - 1], table.indptr[item])
        kept = table.rows[old] != 2
        here = slice(laid.indptr[new_row], laid.indptr[new_row + 1])
        assert wanted[laid.rows[here]].tolist() == (table.rows[old][kept] + 1).tolist()
        assert np.array_equal(laid.shares[here], table.shares[old][kept])
    assert laid.indptr[-1] == laid.indptr[-2]
    assert laid.aligned(ItemTags.of(np.empty(0, np.int64), {})).indptr.tolist() == [0]


def test_a_fit_finds_the_source_that_tells() -> None:
    people = people_of(600, 2)
    table = learn_transitions(people.without_last(1), ids(), TransitionParams())
    snapshot = snapshot_with(Models(transitions=table))
    held_out = leave_one_out(people)
    fusion = fit_fusion(snapshot, held_out, seed=0, cases=300)
    assert fusion.weights[NextFeature.FOLLOWS] + fusion.weights[NextFeature.FOLLOWS_LATEST] > 0.3
    served = snapshot_with(Models(transitions=table, fusion=fusion))
    told = [next_scores(served, held_out.history[case]).argmax() == held_out.target[case] for case in range(300)]
    assert np.mean(told) > 0.5
    assert np.array_equal(fusion.weights, fit_fusion(snapshot, held_out, seed=0, cases=300).weights)
    empty = fit_fusion(snapshot, leave_one_out(Sequences.of([])), seed=0)
    assert empty.weights[NextFeature.SEQUENCE] == 1.0


def test_a_row_is_scored_from_its_own_numbers() -> None:
    table = learn_transitions(people_of(200, 3), ids(), TransitionParams())
    fusion = Fusion(np.array([1.0, 0.7, 0.2, 1.1, 0.01], dtype=np.float32))
    whole = snapshot_with(Models(transitions=table, fusion=fusion))
    history = np.array([4, 5, 6])
    features = next_features(whole, history, FusionParams())
    scores = next_scores(whole, history)
    for row in range(SIZE):
        own = np.float32(0)
        for weight, value in zip(fusion.weights, features[row], strict=True):
            own += value * weight
        assert scores[row] == own
    again = Fusion.from_arrays(fusion.to_arrays())
    assert np.array_equal(again.weights, fusion.weights)
    assert again.params == fusion.params


def viewed(snapshot: ItemSnapshot, liked: list[int], params: EngineParams = PARAMS) -> View:
    state = UserState.empty()
    for turn, item in enumerate(liked):
        batch = SignalBatch.of(kind=[int(Signal.LIKE)], item_id=[item], at_ms=[NOW_MS - 60_000 * (len(liked) - turn)])
        apply_signals(state, batch, snapshot, params)
    return build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), params)


def chain() -> Models:
    """After item ``i`` comes ``i + 1``, always."""
    follows = Sequences.of([[row, (row + 1) % SIZE] for row in range(SIZE)] * 30)
    table = learn_transitions(follows, ids(), TransitionParams())
    return Models(transitions=table, fusion=Fusion(np.array([0, 1, 1, 0, 0], dtype=np.float32)))


def test_the_channel_brings_what_comes_next() -> None:
    snapshot = snapshot_with(chain())
    view = viewed(snapshot, [5, 30])
    assert sequence.liked_history(view).tolist() == [4, 29]
    found = sequence.retrieve(view, 5)
    assert snapshot.item_id[found.rows[:2]].tolist() == [31, 6]
    assert found.score[0] == 1.0
    assert (np.diff(found.score) <= 0).all()
    # liked again, the older becomes the latest
    assert sequence.liked_history(viewed(snapshot, [5, 30, 5])).tolist() == [29, 4]


def test_a_large_catalogue_is_scored_in_part_and_alike() -> None:
    snapshot = snapshot_with(chain())
    view = viewed(snapshot, [5, 30])
    whole = sequence.retrieve(view, 5)
    rows = next_candidates(snapshot, sequence.liked_history(view), FusionParams())
    assert {5, 30} <= set(rows.tolist())
    part = sequence.retrieve(replace(view, params=replace(view.params, near=NearParams(items=0))), 5)
    assert part.rows[:2].tolist() == whole.rows[:2].tolist()
    assert np.array_equal(part.score[:2], whole.score[:2])


def test_without_models_or_wish_the_channel_is_silent() -> None:
    assert len(sequence.retrieve(viewed(snapshot_with(Models()), [5, 30]), 5)) == 0
    snapshot = snapshot_with(chain())
    assert len(sequence.retrieve(viewed(snapshot, []), 5)) == 0
    state = UserState.empty()
    apply_signals(state, SignalBatch.of(kind=[5], item_id=[5], at_ms=[NOW_MS]), snapshot, PARAMS)
    state.personalised = False
    view = build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), PARAMS)
    assert len(sequence.retrieve(view, 5)) == 0


def test_a_page_is_led_by_what_comes_next() -> None:
    models = chain()
    with_models, without = snapshot_with(models, counters=np.zeros((SIZE, len(Counter)))), snapshot_with(Models())
    state = UserState.empty()
    apply_signals(state, SignalBatch.of(kind=[5], item_id=[30], at_ms=[NOW_MS - 1_000]), with_models, PARAMS)
    slate = page(with_models, state)
    place = slate.item_id.tolist().index(31)
    assert slate.channel[place] == Channel.SEQUENCE
    assert Channel.SEQUENCE not in page(without, state).channel
