"""What is fast in a large catalogue says the same as what is plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xingqu.engine.columns import Flag, Surface
from xingqu.engine.kernels import accumulate
from xingqu.engine.ranking.kernels import shares_at
from xingqu.engine.retrieval.candidates import best
from xingqu.engine.row_set import RowSet, SparseColumn
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, block_creator, block_tag
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue, look, topic_tag
from xingqu.engine.view import Request, build_view

SEEDS = st.integers(0, 2**32 - 1)


def plain_sums(
    indptr: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    keys: NDArray[np.int32],
    key_weights: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    per_key: int,
) -> dict[int, float]:
    sums: dict[int, np.float32] = {}
    for key, key_weight in zip(keys, key_weights, strict=True):
        for position in range(indptr[key], min(indptr[key + 1], indptr[key] + per_key)):
            column = int(columns[position])
            if eligible[column]:
                sums[column] = np.float32(sums.get(column, np.float32(0)) + key_weight * weights[position])
    return {column: float(total) for column, total in sums.items()}


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_sums_are_those_of_a_plain_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, size, per_key = int(rng.integers(1, 30)), int(rng.integers(1, 2_000)), int(rng.integers(1, 40))
    indptr = np.append(0, np.cumsum(rng.integers(0, 50, rows)))
    columns = rng.integers(0, size, indptr[-1]).astype(np.int32)
    weights = rng.random(columns.size).astype(np.float32)
    keys = rng.integers(0, rows, rng.integers(0, 12)).astype(np.int32)
    key_weights = rng.random(keys.size).astype(np.float32)
    eligible = rng.random(size) < rng.random()
    expected = plain_sums(indptr, columns, weights, keys, key_weights, eligible, per_key)
    for given_as in (eligible, RowSet.of(eligible)):
        found, sums = accumulate(indptr, columns, weights, keys, key_weights, given_as, per_key)
        assert dict(zip(found.tolist(), sums.tolist(), strict=True)) == expected
        assert found.tolist() == list(expected)  # in order of first touch
    everything = plain_sums(indptr, columns, weights, keys, key_weights, np.ones(size, np.bool_), per_key)
    found, _ = accumulate(indptr, columns, weights, keys, key_weights, None, per_key)
    assert found.tolist() == list(everything)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_set_of_rows_is_a_column_of_bool(seed: int) -> None:
    rng = np.random.default_rng(seed)
    members = rng.random(int(rng.integers(1, 300))) < 0.5
    rows = RowSet.of(members)
    for _ in range(4):
        changed = rng.integers(-1, members.size, 20).astype(np.int32)
        put = bool(rng.random() < 0.5)
        (rows.include if put else rows.discard)(changed)
        members[changed[changed >= 0]] = put
        assert rows.count == members.sum()
        assert rows.rows().tolist() == np.flatnonzero(members).tolist()
    asked = rng.integers(0, members.size, (3, 5))
    assert rows[asked].tolist() == members[asked].tolist()
    assert bool(rows[0]) == bool(members[0])


def test_a_copy_is_a_set_of_its_own_and_no_row_outside_is_asked_for() -> None:
    rows = RowSet.of(np.ones(9, np.bool_))
    other = rows.copy()
    other.discard(np.array([8], dtype=np.int32))
    assert (rows.count, other.count, len(rows)) == (9, 8, 9)
    for outside in (9, -1):
        with pytest.raises(IndexError):
            rows[np.array([0, outside])]
    assert RowSet.none(9).rows().tolist() == []


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_sparse_column_reads_as_the_dense_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dense = np.where(rng.random(50) < rng.random(), rng.random(50), 0).astype(np.float32)
    places = np.flatnonzero(dense)
    sparse, asked = SparseColumn(places, dense[places]), rng.integers(0, 50, 80)
    assert sparse[asked].tolist() == dense[asked].tolist()
    assert sparse[asked].dtype == np.float32


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, reach=st.sampled_from([10, 1_000, 2**40, 2**62]))
def test_rows_are_those_of_a_binary_search(seed: int, reach: int) -> None:
    rng = np.random.default_rng(seed)
    ids = np.unique(rng.integers(1, reach, int(rng.integers(1, 400))))
    if rng.random() < 0.3:
        ids = np.unique(np.append(ids, 2**62))  # one far away from the others
    snapshot = ItemSnapshot.build(
        version=1, built_at_ms=0, item_id=ids, creator_id=ids, tag_indptr=np.zeros(ids.size + 1), tag_ids=[]
    )
    wanted = np.concatenate([ids, rng.integers(-5, reach + 5, 100), [0, -(2**62), 2**62]])
    position = np.minimum(np.searchsorted(ids, wanted), ids.size - 1)
    assert snapshot.rows_of(wanted).tolist() == np.where(ids[position] == wanted, position, -1).tolist()


def test_what_may_be_shown_is_what_the_plain_masks_say() -> None:
    size = 600
    snapshot = build_catalogue(size, visible=np.random.default_rng(2).random(size) < 0.9)
    state = UserState.empty()
    look(state, snapshot, np.arange(20, 90), 9_000, NOW_MS - 90_000)
    state.hidden.add(np.array([7, 8, 9_999]), np.full(3, NOW_MS), 100)
    block_tag(state, topic_tag(4))
    block_creator(state, int(snapshot.creator_id[100]))
    followed = int(snapshot.creator_id[200])
    state.creators.set_flag(followed, Flag.FOLLOWED, True)
    excluded = np.array([3, 4, 5, 77_777])
    links = np.repeat(np.arange(size), np.diff(snapshot.tag_indptr))
    may = snapshot.visible & ~np.isin(snapshot.item_id, [3, 4, 5, 7, 8])
    may[links[snapshot.tag_ids == topic_tag(4)]] = False
    may &= snapshot.creator_id != snapshot.creator_id[100]
    unseen = ~np.isin(snapshot.item_id, state.seen.ids)
    of_followed = snapshot.creator_id == followed
    seed = snapshot.item_id != 300
    for surface, repeatable, eligible in (
        (Surface.FOR_YOU, may, may & unseen),
        (Surface.FOLLOWING, may & of_followed, may & of_followed & unseen),
        (Surface.SIMILAR, may & seed, may & seed),
    ):
        request = Request(size=5, now_ms=NOW_MS, exclude_item_ids=excluded, surface=surface, seed_item_id=300)
        view = build_view(snapshot, state, request, PARAMS)
        assert view.repeatable.rows().tolist() == np.flatnonzero(repeatable).tolist()
        assert view.eligible.rows().tolist() == np.flatnonzero(eligible).tolist()
        assert view.eligible.count == eligible.sum()


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS, kinds=st.sampled_from([2, 5, 1_000]))
def test_the_best_are_the_first_of_all_in_order(seed: int, kinds: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(0, 200))
    rows = rng.permutation(1_000)[:size].astype(np.int32)
    score = rng.integers(0, kinds, size).astype(np.float32)
    for limit in (0, 1, 7, 60, 200):
        order = np.lexsort((rows, -score))[:limit]
        found = best(rows, score, limit)
        assert found.rows.tolist() == rows[order].tolist()
        assert found.score.tolist() == score[order].tolist()


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_shares_at_some_columns_are_those_of_accumulating_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items, links = 60, rng.integers(0, 9, 60)
    indptr = np.concatenate([[0], np.cumsum(links)]).astype(np.int64)
    columns = np.concatenate([rng.permutation(items)[:n] for n in links]).astype(np.int32)
    weights = rng.random(columns.size, dtype=np.float32)
    keys, key_weights = rng.permutation(items)[:12].astype(np.int32), rng.random(12, dtype=np.float32)
    asked = np.sort(rng.permutation(items)[: int(rng.integers(0, 40))]).astype(np.int32)
    rows, sums = accumulate(indptr, columns, weights, keys, key_weights, None, items)
    expected = dict(zip(rows.tolist(), sums.tolist(), strict=True))
    told = shares_at(indptr, columns, weights, keys, key_weights, asked)
    assert told.tolist() == [expected.get(int(row), 0.0) for row in asked]
