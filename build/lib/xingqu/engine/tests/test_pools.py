"""Traffic pools: gates by confidence, and a simulated feed in which new items get what they were promised."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.coldstart.choice import choice_probabilities, draw_pool_item
from xingqu.engine.coldstart.params import HOUR_MS, PoolLevel, PoolParams, Stage, Why
from xingqu.engine.coldstart.pools import PoolBook, reference_quality, wilson_bounds
from xingqu.engine.columns import Channel, Counter
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue, items_of, look, page

POOLS = PoolParams()
ENTRY = POOLS.levels[0]


def _book(*items: int) -> PoolBook:
    book = PoolBook.empty()
    book.enter(items, now_ms=NOW_MS)
    return book


def _count(book: PoolBook, item: int, impressions: float, positives: float) -> None:
    book.observe(np.array([item]), np.array([float(impressions)]), np.array([float(positives)]))


def test_wilson_interval_is_the_textbook_one() -> None:
    assert wilson_bounds(8, 10, 1.96) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson_bounds(0, 0, 1.96) == (0.0, 1.0)
    assert wilson_bounds(0, 20, 1.64)[0] == pytest.approx(0.0)


def test_promotion_needs_confidence() -> None:
    """The same rate, above the benchmark, with few impressions and with many."""
    book = _book(7)
    _count(book, 7, 29, 29)
    assert book.judge(0.3, now_ms=NOW_MS, params=POOLS) == []  # perfect, but too few to be judged at all
    book = _book(7)
    _count(book, 7, 30, 10)
    assert book.judge(0.3, now_ms=NOW_MS, params=POOLS) == []
    assert (book.stage[0], book.why[0]) == (Stage.ENTRY, Why.GATHERING)
    _count(book, 7, 270, 90)
    [move] = book.judge(0.3, now_ms=NOW_MS + 1, params=POOLS)
    assert (move.before, move.after, move.why, move.number) == (Stage.ENTRY, Stage.GROWTH, Why.PROVEN, 2)
    assert (move.impressions, move.positives) == (300, 100)
    assert move.low >= move.benchmark == pytest.approx(0.3 * ENTRY.benchmark_share)
    assert (book.stage[0], book.impressions[0], book.impressions_all[0]) == (Stage.GROWTH, 0, 300)


def test_a_poor_item_is_demoted_and_only_when_that_is_certain() -> None:
    book = _book(1, 2, 3)
    _count(book, 1, 40, 1)
    _count(book, 2, 40, 6)  # poor by its rate, not for certain
    _count(book, 3, 150, 24)  # neither, and its budget is spent
    moves = {move.item_id: move for move in book.judge(0.3, now_ms=NOW_MS, params=POOLS)}
    assert (moves[1].after, moves[1].why) == (Stage.DEMOTED, Why.POOR)
    assert (moves[3].after, moves[3].why) == (Stage.UNPROVEN, Why.USED_UP)
    assert set(moves) == {1, 3}
    assert book.stage.tolist() == [Stage.DEMOTED, Stage.ENTRY, Stage.UNPROVEN]


def test_through_every_gate_and_out() -> None:
    book = _book(5)
    for level in POOLS.levels:
        _count(book, 5, level.exposures, level.exposures * 0.6)
        book.judge(0.3, now_ms=NOW_MS, params=POOLS)
    assert book.stage[0] == Stage.GRADUATED
    assert book.moves[0] == 4
    assert book.enter([5], now_ms=NOW_MS) == []  # it does not begin again
    assert book.judge(0.3, now_ms=NOW_MS, params=POOLS) == []


def test_what_is_owed_grows_with_time_and_falls_with_exposures() -> None:
    book = _book(1, 2)
    _count(book, 2, 100, 30)
    half = NOW_MS + int(ENTRY.within_ms * POOLS.front_loading / 2)
    assert book.owed(now_ms=NOW_MS, params=POOLS) == pytest.approx([1 / 100, 0])
    assert book.owed(now_ms=half, params=POOLS) == pytest.approx([0.5, 0])
    assert book.owed(now_ms=NOW_MS + ENTRY.within_ms, params=POOLS) == pytest.approx([1, 0])
    columns = book.columns_for([2, 9, 1], now_ms=half, params=POOLS)
    assert columns["pool_stage"].tolist() == [1, 0, 1]
    assert columns["pool_owed"] == pytest.approx([0, 0, 0.5])


def test_book_travels() -> None:
    book = _book(3, 1)
    _count(book, 3, 10, 4)
    again = PoolBook.from_arrays(book.to_arrays())
    assert all((a == b).all() for a, b in zip(again.to_arrays().values(), book.to_arrays().values(), strict=True))


def test_reference_leaves_out_what_is_in_a_pool() -> None:
    counters = np.zeros((2, len(Counter)), dtype=np.float32)
    counters[:, Counter.IMPRESSIONS] = 1e6
    counters[:, Counter.WATCHES] = [5e5, 1e5]
    stage = np.array([Stage.NONE, Stage.ENTRY], dtype=np.int8)
    assert reference_quality(counters, stage, POOLS) == pytest.approx(0.5, abs=1e-3)
    assert reference_quality(counters[:0], stage[:0], POOLS) == POOLS.prior_quality


def test_probabilities_are_those_of_the_draw() -> None:
    mean, deviation, owed = np.array([0.5, 0.4, 0.1]), np.array([0.1, 0.3, 0.05]), np.array([0.0, 0.0, 0.4])
    drawn, weights = np.zeros(3), np.zeros(3)
    rng = np.random.default_rng(4)
    for _ in range(20_000):
        place, probability = draw_pool_item(mean, deviation, owed, POOLS, rng)
        drawn[place] += 1
        weights[place] += 1 / probability
    assert drawn[2] / 20_000 > POOLS.guarantee_share  # the debt alone gives it that much
    assert weights / 20_000 == pytest.approx([1, 1, 1], abs=0.05)  # inverse propensities count everything once
    calm = choice_probabilities(mean, deviation, np.zeros(3), POOLS, rng)
    assert calm.sum() == pytest.approx(1)
    assert calm.min() >= POOLS.uniform_floor / 3


def _feed(*, with_debts: bool) -> tuple[PoolBook, dict[int, float], np.ndarray]:
    """Six hours of a feed of 2,000 items, five of them new: 720 pages of ten. The second new item is poor.

    Returns the book, when each new item had its guaranteed exposures (hours), and the new items.
    """
    pools = replace(POOLS, levels=(PoolLevel(60, 6 * HOUR_MS, 30, 0.5), *POOLS.levels[1:]))
    params = replace(PARAMS, pools=pools)
    snapshot = build_catalogue()
    new = np.array([items_of(snapshot, topic, 1, offset=3)[0] for topic in (1, 4, 7, 11, 15)])
    rows = snapshot.rows_of(new)
    published, counters = snapshot.published_at_ms.copy(), snapshot.counters.copy()
    published[rows], counters[rows] = NOW_MS, 0
    base = build_catalogue(published_at_ms=published, counters=counters)
    book, done = PoolBook.empty(), {}
    book.enter(new, now_ms=NOW_MS)
    rng = np.random.default_rng(9)
    states = [UserState.empty() for _ in range(60)]
    for person, state in enumerate(states):
        look(state, base, items_of(base, person % 20, 6, offset=20), 12_000, NOW_MS - 3_600_000)
    for turn in range(720):
        now_ms = NOW_MS + turn * 30_000
        if turn % 10 == 0:
            columns = book.columns_for(base.item_id, now_ms=now_ms, params=pools)
            if not with_debts:
                columns["pool_owed"][:] = 0
            base = replace(base, **columns)
        state = states[int(rng.integers(60))]
        slate = page(base, state, seed=turn, now_ms=now_ms, params=params)
        good = (slate.item_id != new[1]) & (rng.random(len(slate)) < 0.5)
        book.observe(slate.item_id, np.ones(len(slate)), good.astype(float))
        book.judge(0.35, now_ms=now_ms, params=pools)
        for item in new[book.impressions_all >= 60]:
            done.setdefault(int(item), (now_ms - NOW_MS) / HOUR_MS)
    return book, done, new


def test_every_new_item_has_its_exposures_in_time_and_the_poor_one_is_demoted() -> None:
    book, done, new = _feed(with_debts=True)
    good = [int(item) for i, item in enumerate(new) if i != 1]
    assert set(good) <= set(done)
    assert max(done[item] for item in good) <= 6.0
    assert book.stage[1] == Stage.DEMOTED
    assert 30 <= book.impressions_all[1] <= 60  # judged as soon as it was certain, and then no longer pushed
    assert (book.stage[[0, 2, 3, 4]] >= Stage.GROWTH).all()


def test_without_debts_the_guarantee_is_broken() -> None:
    _, done, _ = _feed(with_debts=False)
    assert len(done) < 5
    book, kept, _ = _feed(with_debts=True)
    assert len(kept) > len(done)
    assert len(book) == 5


def test_demoted_items_get_no_reserved_slot() -> None:
    snapshot = build_catalogue(published_at_ms=np.full(2_000, NOW_MS - HOUR_MS))
    stage = np.full(2_000, Stage.DEMOTED, dtype=np.int8)
    stage[:40] = Stage.ENTRY
    pooled = replace(snapshot, pool_stage=stage, pool_owed=np.where(stage == 1, 0.5, 0).astype(np.float32))
    fresh = []
    for seed in range(40):
        slate = page(pooled, UserState.empty(), seed=seed)
        fresh += slate.item_id[slate.channel == Channel.FRESH].tolist()
        assert (slate.propensity > 0).all()
    assert fresh
    assert max(fresh) <= 40
