"""Streaming counters and co-visits, and the snapshot that is built from them."""

import numpy as np
import pytest

from xingqu.engine.columns import Counter, Signal
from xingqu.engine.learn.counters import ItemCounters
from xingqu.engine.learn.covisit import CovisitCounts, pairs_of
from xingqu.engine.learn.stream import StreamLearner
from xingqu.engine.state.items import ItemSnapshot, SnapshotError
from xingqu.engine.state.signals import SignalBatch
from xingqu.engine.tests.world import DAY_MS, DURATION_MS, NOW_MS, PARAMS, build_catalogue

CATALOGUE = build_catalogue(200)
LEARN = PARAMS.learn


def batch_of(*events: tuple[Signal, int, float, int]) -> SignalBatch:
    kind, item_id, value, at_ms = zip(*events, strict=True)
    return SignalBatch.of(kind=kind, item_id=item_id, value=value, at_ms=at_ms)


def test_counters_count_each_outcome_once() -> None:
    counters = ItemCounters.empty()
    counters.observe(
        batch_of(
            (Signal.IMPRESSION, 5, 0, NOW_MS),
            (Signal.IMPRESSION, 5, 0, NOW_MS),
            (Signal.DWELL, 5, DURATION_MS, NOW_MS),
            (Signal.DWELL, 5, 500, NOW_MS),
            (Signal.COMPLETION, 5, 3, NOW_MS),
            (Signal.LIKE, 5, 0, NOW_MS),
            (Signal.UNLIKE, 7, 0, NOW_MS),
            (Signal.ORDER, 9, 4, NOW_MS),
            (Signal.SEARCH, 0, 0, NOW_MS),
        ),
        CATALOGUE,
        PARAMS,
    )
    found = counters.columns_for([5, 7, 9, 11], now_ms=NOW_MS, params=PARAMS)
    expected = np.zeros((4, len(Counter)), dtype=np.float32)
    expected[0, [Counter.IMPRESSIONS, Counter.WATCHES, Counter.COMPLETIONS, Counter.LIKES]] = [2, 1, 1, 1]
    expected[2, Counter.ORDERS] = 1
    assert np.array_equal(found, expected)


def test_returns_and_repurchases_are_counted_beside_orders_and_survive_a_restart() -> None:
    stream = StreamLearner()
    first = batch_of((Signal.ORDER, 9, 1, NOW_MS), (Signal.ORDER, 9, 1, NOW_MS + 1_000), (Signal.ORDER, 7, 1, NOW_MS))
    stream.observe(np.array([1, 1, 1]), first, CATALOGUE, PARAMS)
    stream = StreamLearner.from_arrays(stream.to_arrays(PARAMS))
    later = batch_of((Signal.ORDER, 9, 1, NOW_MS + DAY_MS + 1_000), (Signal.ORDER, 7, 1, NOW_MS + 5 * DAY_MS))
    stream.observe(np.array([1, 2]), later, CATALOGUE, PARAMS)
    stream.observe(np.array([1]), batch_of((Signal.RETURN, 9, 1, NOW_MS + DAY_MS)), CATALOGUE, PARAMS)
    found = stream.counters.columns_for([7, 9], now_ms=NOW_MS, params=PARAMS)
    columns = [Counter.ORDERS, Counter.RETURNS, Counter.REPURCHASES]
    fresh = 0.5 ** (np.array([0, 1, 5]) * DAY_MS / LEARN.counter_half_life_ms)
    as_of = fresh[2]  # the newest event told of; older ones have faded since
    assert found[0, columns] == pytest.approx([1 * as_of + 1, 0, 0], rel=1e-3)
    assert found[1, columns] == pytest.approx(
        [2 * as_of + as_of / fresh[1], as_of / fresh[1], as_of / fresh[1]], rel=1e-3
    )


def test_what_an_older_release_counted_is_read_with_nothing_for_the_new_counters() -> None:
    counters = ItemCounters.empty()
    counters.observe(batch_of((Signal.ORDER, 9, 1, NOW_MS)), CATALOGUE, PARAMS)
    old = counters.to_arrays() | {"counts": counters.counts[:, : Counter.RETURNS]}
    again = ItemCounters.from_arrays(old).columns_for([9], now_ms=NOW_MS, params=PARAMS)[0]
    assert (again[Counter.ORDERS], again[Counter.RETURNS], again[Counter.REPURCHASES]) == (1.0, 0.0, 0.0)
    stored = CATALOGUE.to_arrays()
    stored["counters"] = stored["counters"][:, : Counter.RETURNS]
    restored = ItemSnapshot.from_arrays(stored)
    assert np.array_equal(restored.counters[:, : Counter.RETURNS], CATALOGUE.counters[:, : Counter.RETURNS])
    assert not restored.counters[:, Counter.RETURNS :].any()


def test_counters_fade_and_do_not_mind_late_events() -> None:
    early = batch_of((Signal.IMPRESSION, 5, 0, NOW_MS - LEARN.counter_half_life_ms))
    late = batch_of((Signal.IMPRESSION, 5, 0, NOW_MS))
    figures = []
    for order in ((early, late), (late, early)):
        counters = ItemCounters.empty()
        for batch in order:
            counters.observe(batch, CATALOGUE, PARAMS)
        figures.append(counters.columns_for([5], now_ms=NOW_MS, params=PARAMS)[0, Counter.IMPRESSIONS])
    assert figures == pytest.approx([1.5, 1.5])
    again = ItemCounters.from_arrays(counters.to_arrays())
    later_ms = NOW_MS + LEARN.counter_half_life_ms
    assert again.columns_for([5], now_ms=later_ms, params=PARAMS)[0, 0] == pytest.approx(0.75)


def test_pairs_join_what_one_person_liked_within_the_window() -> None:
    first, second, weight, at_ms = pairs_of(
        person=[1, 1, 1, 1, 2, 2],
        item_id=[10, 20, 30, 40, 20, 10],
        strength=[1.0, 0.8, 0.1, 2.0, 1.0, 1.0],  # item 30 was not liked
        at_ms=[0, 1_000, 2_000, LEARN.covisit_gap_ms + 1_001, 0, LEARN.covisit_gap_ms + 1],
        params=LEARN,
    )
    assert list(zip(first.tolist(), second.tolist(), weight.tolist(), at_ms.tolist(), strict=True)) == [
        (10, 20, 0.8, 1_000)
    ]


def test_covisits_add_up_whichever_way_round_and_whenever_folded() -> None:
    rng = np.random.default_rng(4)
    person, item = rng.integers(0, 20, 300), rng.integers(1, 30, 300)
    at_ms = NOW_MS + rng.integers(0, DAY_MS, 300)
    pairs = pairs_of(person, item, np.ones(300), at_ms, LEARN)
    whole, parts = CovisitCounts.empty(), CovisitCounts.empty()
    whole.observe(pairs, LEARN)
    half = pairs[0].size // 2
    for piece in (slice(half, None), slice(None, half)):
        parts.observe((pairs[0][piece], pairs[1][piece], pairs[2][piece], pairs[3][piece]), LEARN)
        parts.fold(LEARN)
    ids = np.arange(1, 31)
    for one, other in zip(whole.neighbours_for(ids, LEARN), parts.neighbours_for(ids, LEARN), strict=True):
        assert np.allclose(one, other, rtol=1e-5)
    again = CovisitCounts.from_arrays(whole.to_arrays(LEARN))
    assert np.array_equal(again.neighbours_for(ids, LEARN)[1], whole.neighbours_for(ids, LEARN)[1])


def test_neighbours_are_those_met_together_most_and_survive_the_build() -> None:
    counts = CovisitCounts.empty()
    met = np.array([NOW_MS] * 9)
    first, second = np.array([3] * 8 + [3]), np.array([9] * 8 + [4])
    counts.observe((first, second, np.ones(9), met), LEARN)
    indptr, rows, weights = counts.neighbours_for([3, 4, 9], LEARN)
    assert rows[indptr[0] : indptr[1]].tolist() == [2, 1]
    assert 0 < weights[1] < weights[0] < 1
    # given out of order, the snapshot maps the rows
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=[9, 4, 3],
        creator_id=[1, 2, 3],
        tag_indptr=[0, 1, 2, 3],
        tag_ids=[1, 2, 3],
        covisit_indptr=[0, 1, 2, 4],
        covisit_rows=[2, 2, 0, 1],
        covisit_weights=[0.7, 0.2, 0.7, 0.2],
    )
    start, stop = snapshot.covisit_indptr[:2]
    assert snapshot.item_id[snapshot.covisit_rows[start:stop]].tolist() == [9, 4]
    assert snapshot.tag_ids.tolist() == [3, 2, 1]


def test_unknown_items_have_no_neighbours() -> None:
    counts = CovisitCounts.empty()
    counts.observe((np.array([1]), np.array([2]), np.ones(1), np.array([NOW_MS])), LEARN)
    indptr, rows, weights = counts.neighbours_for([2, 3], LEARN)
    assert (indptr.tolist(), rows.tolist(), weights.tolist()) == ([0, 0, 0], [], [])
    assert CovisitCounts.empty().neighbours_for([], LEARN)[0].tolist() == [0]


def test_a_snapshot_survives_its_arrays() -> None:
    again = ItemSnapshot.from_arrays(CATALOGUE.to_arrays())
    assert (again.version, again.built_at_ms, len(again)) == (1, NOW_MS, 200)
    for name, array in CATALOGUE.to_arrays().items():
        assert np.array_equal(array, again.to_arrays()[name]), name
    assert np.array_equal(again.index.posting_rows, CATALOGUE.index.posting_rows)
    with pytest.raises(ValueError, match="read-only"):
        again.visible[0] = False


def test_rows_of_known_and_unknown_ids() -> None:
    assert CATALOGUE.rows_of([1, 200, 201, 0, -5]).tolist() == [0, 199, -1, -1, -1]


def test_rare_tags_weigh_more_than_common_ones() -> None:
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=np.arange(1, 101),
        creator_id=np.arange(1, 101),
        tag_indptr=np.concatenate([[0, 2], np.arange(3, 102)]),
        tag_ids=np.concatenate([[1, 2], np.ones(99, dtype=np.int64)]),
    )
    common, rare = snapshot.index.tag_vectors[:2]
    assert rare > 10 * common
    assert rare**2 + common**2 == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"item_id": [1, 1]}, "repeats"),
        ({"creator_id": [1]}, "creator_id has shape"),
        ({"tag_indptr": [0, 1]}, "tag_indptr"),
        ({"tag_indptr": [0, 2, 1]}, "tag_indptr"),
        ({"tag_ids": [1, 2, 3]}, "tag columns and weights"),
        ({"tag_ids": [5, 5], "tag_indptr": [0, 2, 2]}, "names a tag twice"),
        ({"tag_ids": [-1, 2]}, "not be negative"),
        ({"tag_weights": [1.0, float("nan")]}, "tag_weights"),
        ({"counters": np.zeros((2, 3))}, "counters has shape"),
        ({"counters": np.full((2, len(Counter)), -1.0)}, "counters"),
        ({"covisit_indptr": [0, 1, 1], "covisit_rows": [2], "covisit_weights": [1.0]}, "covisit_rows"),
        ({"colour": [1, 2]}, "unknown arrays"),
    ],
)
def test_arrays_that_make_no_snapshot_are_refused(change: dict[str, object], message: str) -> None:
    arrays: dict[str, object] = {
        "item_id": [1, 2],
        "creator_id": [1, 2],
        "tag_indptr": [0, 1, 2],
        "tag_ids": [1, 2],
    }
    with pytest.raises(SnapshotError, match=message):
        ItemSnapshot.build(version=1, built_at_ms=NOW_MS, **{**arrays, **change})  # type: ignore[arg-type]
