"""The lists of near vectors find what scoring everything would, and never decide a score."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_model import LAYER_ARRAYS, SequenceModel, split_norms
from xingqu.engine.learn.taste import TasteModel
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.retrieval import sequence, sessions, taste
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import Near, NearParams, VectorIndex, marks_of, near_sequence, with_near
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue, look
from xingqu.engine.view import Request, View, build_view

F32 = NDArray[np.float32]
SIZE, DIM = 6_000, 24
NEAR = NearParams(items=1_000, read=1_500, taste_read=1_500)
LARGE = replace(PARAMS, near=NEAR)
EVERY = np.empty(0, dtype=np.uint8)  # no bits: every row may be found


def clustered(size: int, seed: int) -> F32:
    """Unit vectors around sixty centres."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(60, DIM))[rng.integers(0, 60, size)] + 0.7 * rng.normal(size=(size, DIM))
    return split_norms(vectors.astype(np.float32))[0]


def sequence_model(item_id: NDArray[np.int64], vectors: F32) -> SequenceModel:
    """A model without layers: a person is what they met last."""
    layer = {name: np.zeros((1, 1), np.float32) for name in LAYER_ARRAYS}
    assert set(layer) == set(LAYER_ARRAYS)
    return SequenceModel(
        item_id=item_id,
        item_own=vectors,
        targets=vectors,
        norms=np.ones(item_id.size, np.float32),
        tag_id=np.empty(0, np.int32),
        tag_vectors=np.empty((0, DIM), np.float32),
        norm=np.ones(DIM, np.float32),
        layers=(),
        max_len=20,
        scale=10.0,
    )


def taste_model(snapshot: ItemSnapshot, vectors: F32) -> TasteModel:
    rng = np.random.default_rng(8)
    return TasteModel.start(
        items=ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids),
        popularity=rng.normal(size=len(snapshot)),
        vectors=vectors * rng.gamma(3, 0.2, len(snapshot))[:, None],
        tag_id=np.empty(0, np.int32),
        tag_vectors=np.empty((0, DIM), np.float32),
    )


@pytest.fixture(scope="module")
def snapshot() -> ItemSnapshot:
    items, vectors = build_catalogue(SIZE), clustered(SIZE, 1)
    return replace(
        items, models=Models(sequence=sequence_model(items.item_id, vectors), taste=taste_model(items, vectors))
    )


def view_of(snapshot: ItemSnapshot, person: int, params: EngineParams = LARGE) -> View:
    state = UserState.empty()
    met = np.random.default_rng(person).integers(1, SIZE + 1, 12)
    look(state, snapshot, met, 30_000, NOW_MS - 900_000)
    return build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), params)


@pytest.mark.parametrize("channel", [sequence, taste])
def test_a_channel_finds_by_the_lists_nearly_all_it_finds_by_scoring_everything(
    snapshot: ItemSnapshot, channel: object
) -> None:
    listed, found, scores_alike = with_near(snapshot, NEAR), [], []
    assert listed.models.near is not None
    for person in range(40):
        exact = channel.retrieve(view_of(snapshot, person, PARAMS), 120)  # type: ignore[attr-defined]
        near = channel.retrieve(view_of(listed, person), 120)  # type: ignore[attr-defined]
        assert len(near) == len(exact) == 120
        found.append(np.isin(exact.rows, near.rows).mean())
        both = np.intersect1d(exact.rows, near.rows)
        of_exact = {int(row): float(score) for row, score in zip(exact.rows, exact.score, strict=True)}
        of_near = {int(row): float(score) for row, score in zip(near.rows, near.score, strict=True)}
        scores_alike.append([abs(of_exact[int(row)] - of_near[int(row)]) for row in both])
        assert view_of(listed, person).eligible[near.rows].all()
    assert np.mean(found) >= 0.97
    assert max(max(part) for part in scores_alike) < 1e-4


def test_sessions_look_through_the_lists(snapshot: ItemSnapshot) -> None:
    listed = with_near(snapshot, NEAR)
    recent = np.array([5, 900, 41], dtype=np.int32)
    exact = sessions._sequence_view(view_of(snapshot, 1), recent)
    near = sessions._sequence_view(view_of(listed, 1), recent)
    assert np.isin(exact.rows, near.rows).mean() >= 0.95
    assert near.rows.size == exact.rows.size
    np.testing.assert_allclose(near.scores, near.targets[near.rows] @ near.vector, rtol=1e-5)


def test_a_score_does_not_depend_on_what_else_is_found(snapshot: ItemSnapshot) -> None:
    listed = with_near(snapshot, NEAR)
    few, many = (sequence.retrieve(view_of(listed, 3), limit) for limit in (10, 200))
    by_row = dict(zip(many.rows.tolist(), many.score.tolist(), strict=True))
    assert [by_row[row] for row in few.rows.tolist()] == few.score.tolist()


def test_a_small_catalogue_has_no_lists(snapshot: ItemSnapshot) -> None:
    assert with_near(snapshot).models.near is None
    listed = with_near(snapshot, NEAR)
    assert with_near(listed, NearParams(items=SIZE)).models.near is None


def nearest(index: VectorIndex, vector: F32, count: int, read: int = 800) -> list[int]:
    """Ids that a search finds, the closest first."""
    rows, products = index.search(vector, EVERY, count // 2, read)
    return index.item_id[rows[np.argsort(-products, kind="stable")]].tolist()


def test_the_same_vectors_give_the_same_lists() -> None:
    ids, vectors = np.arange(1, 2_001), clustered(2_000, 4)
    one, two = (VectorIndex.build(ids, vectors, NearParams()) for _ in range(2))
    for name, array in one.to_arrays().items():
        assert np.array_equal(array, two.to_arrays()[name])


def test_every_vector_lies_in_the_list_of_its_centre() -> None:
    ids, vectors = np.arange(1, 2_001), clustered(2_000, 4)
    index = VectorIndex.build(ids, vectors, NearParams())
    assert np.array_equal(np.sort(index.member), np.arange(2_000))
    home = np.repeat(np.arange(index.indptr.size - 1), np.diff(index.indptr))
    distance = np.linalg.norm(vectors[index.member][:, None, :] - index.centres[None, :, :], axis=2)
    assert np.array_equal(home, distance.argmin(axis=1))
    np.testing.assert_allclose(index.codes * index.step, vectors[index.member], atol=index.step.max() * 0.51)


def test_reading_every_list_finds_the_best_by_the_codes() -> None:
    ids, vectors = np.arange(1, 2_001), clustered(2_000, 4)
    index, asked = VectorIndex.build(ids, vectors, NearParams()), clustered(1, 9)[0]
    rows, products = index.search(asked, EVERY, 60, 2_000)
    exact = np.empty(2_000, dtype=np.float32)
    exact[index.rows] = (index.codes * index.step) @ asked
    assert sorted(rows.tolist()) == sorted(np.argsort(-exact, kind="stable")[:120].tolist())
    np.testing.assert_allclose(products, exact[rows], atol=1e-5)


def test_lists_are_mended_and_readers_keep_the_old_ones() -> None:
    params, ids, vectors = NearParams(), np.arange(1, 2_001), clustered(2_100, 4)
    before = VectorIndex.build(ids, vectors[:2_000], params)
    assert before.mended(ids, vectors[:2_000], params, 0.01) is before
    changed = vectors.copy()
    changed[10] = vectors[500]
    kept = np.delete(np.arange(2_100), [20, 21])  # two are gone, a hundred are new, one has moved
    after = before.mended(kept + 1, changed[kept], params, 0.01)
    assert after.item_id.tolist() == (kept + 1).tolist()
    assert after.centres is before.centres
    assert {11, 501} <= set(nearest(after, changed[10], 60))
    assert not {21, 22} & set(nearest(after, vectors[20], 400))
    exact = kept[np.argsort(-(changed[kept] @ changed[2_050]), kind="stable")[:50]] + 1
    assert np.isin(exact, nearest(after, changed[2_050], 60)).mean() >= 0.95
    assert 21 in nearest(before, vectors[20], 10)
    np.testing.assert_allclose(after.mark, marks_of(changed[kept]), atol=1e-5)


def test_much_change_builds_anew() -> None:
    params, ids = NearParams(), np.arange(1, 1_001)
    before = VectorIndex.build(ids, clustered(1_000, 4), params)
    vectors = clustered(1_000, 5)
    after, anew = before.mended(ids, vectors, params, 0.01), VectorIndex.build(ids, vectors, params)
    assert np.array_equal(after.codes, anew.codes)
    assert np.array_equal(after.centres, anew.centres)


def test_lists_follow_their_items_to_other_rows() -> None:
    ids, vectors = np.arange(10, 2_010), clustered(2_000, 4)
    index = VectorIndex.build(ids, vectors, NearParams())
    others = np.delete(np.arange(1, 2_010), [500, 1_200])
    moved = index.placed(others)
    assert moved.placed(others) is moved
    rows, _ = moved.search(vectors[7], EVERY, 40, 2_000)
    assert (rows >= 0).all()
    assert not {501, 1_201} & set(others[rows].tolist())
    assert 17 in others[rows]
    gone = index.placed(np.empty(0, np.int64))
    assert gone.search(vectors[7], EVERY, 40, 2_000)[0].size == 0


def test_readers_map_the_lists_from_a_file(snapshot: ItemSnapshot, tmp_path: Path) -> None:
    near = with_near(snapshot, NEAR).models.near
    assert near is not None
    arrays = {}
    for name, array in near.to_arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
        arrays[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="c")
    again = Near.from_arrays(arrays)
    assert again.sequence is not None
    assert near.sequence is not None
    vector = clustered(1, 9)[0]
    assert nearest(again.sequence, vector, 90) == nearest(near.sequence, vector, 90)


def test_graphs_of_an_older_release_are_passed_over() -> None:
    graph = {name: np.zeros(4, np.uint8) for name in ("item_id", "mark", "graph", "expansion")}
    near = Near.from_arrays({"reach": np.zeros(1)} | {f"sequence-{name}": array for name, array in graph.items()})
    assert (near.sequence, near.taste) == (None, None)


def test_a_search_goes_on_until_enough_may_be_shown(snapshot: ItemSnapshot) -> None:
    listed = with_near(snapshot, NEAR)
    view, vector = view_of(listed, 2), clustered(1, 9)[0]
    model = listed.models.sequence
    assert model is not None
    first = np.argsort(-(model.targets @ vector), kind="stable")
    view.eligible.discard(first[:900].astype(np.int32))
    rows = near_sequence(listed, vector, view.eligible, 100, replace(NEAR, read=10))
    assert rows is not None
    assert rows.size >= 100
    assert view.eligible[rows].all()
    wide = near_sequence(listed, vector, view.eligible, 100, replace(NEAR, read=3_500))
    assert wide is not None
    assert np.isin(first[900:980], wide).mean() >= 0.9


def test_threads_ask_one_index() -> None:
    ids, vectors = np.arange(1, 2_001), clustered(2_000, 4)
    index = VectorIndex.build(ids, vectors, NearParams())
    expected = [nearest(index, vector, 30) for vector in vectors[:40]]
    found: list[list[list[int]]] = [[] for _ in range(4)]

    def ask(mine: list[list[int]]) -> None:
        mine.extend(nearest(index, vector, 30) for vector in vectors[:40])

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
