"""Invariants of a page that hold for every catalogue, person and request."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import COMMERCE_HEADS, NO_TAG, Channel, Counter, Head, Signal, Surface
from xingqu.engine.kernels import accumulate
from xingqu.engine.params import QuotaParams
from xingqu.engine.ranking.scorer import predict
from xingqu.engine.recommend import Request, Slate
from xingqu.engine.slate.quota import draw_probabilities
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, block_creator, block_tag, pin_tag, set_personalised, unblock_creator
from xingqu.engine.tests.world import (
    DAY_MS,
    DURATION_MS,
    NOW_MS,
    PARAMS,
    build_catalogue,
    items_of,
    look,
    page,
    share_of,
    signal,
    topic_tag,
)
from xingqu.engine.view import build_view

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = build_catalogue(1_000)


def shopper(seed: int, views: int = 40) -> UserState:
    rng = np.random.default_rng(seed)
    state = UserState.empty()
    items = rng.choice(CATALOGUE.item_id, views, replace=False)
    look(state, CATALOGUE, items, rng.integers(0, 2 * DURATION_MS, views), NOW_MS - 3_600_000)
    return state


def equal_pages(one: Slate, other: Slate) -> bool:
    names = ("item_id", "channel", "score", "propensity", "reason_tag_ids", "reason_weights", "reason_horizon")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def distances(ids: np.ndarray) -> list[int]:
    """For each repetition of an id other than 0: how many places it stands after the one before."""
    last: dict[int, int] = {}
    found = []
    for place, value in enumerate(ids.tolist()):
        if value and value in last:
            found.append(place - last[value])
        last[value] = place
    return found


@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 30),
    views=st.integers(0, 120),
    personalised=st.booleans(),
    excluded=st.lists(st.integers(1, 1_000), max_size=30),
    blocked=st.sampled_from([None, 1, topic_tag(3)]),
)
@settings(max_examples=60, deadline=None)
def test_every_page_keeps_the_rules(
    seed: int, size: int, views: int, personalised: bool, excluded: list[int], blocked: int | None
) -> None:
    state = shopper(seed, views)
    set_personalised(state, personalised)
    if blocked is not None:
        block_tag(state, blocked)
    refused = int(np.random.default_rng(seed).integers(1, 1_001))
    signal(state, CATALOGUE, Signal.NOT_INTERESTED, refused, NOW_MS - 1_000)
    before = state.encode()
    slate = page(CATALOGUE, state, seed=seed, size=size, exclude_item_ids=np.array(excluded, dtype=np.int64))

    assert state.encode() == before
    assert len(slate) == size
    assert len(set(slate.item_id.tolist())) == size
    assert not set(slate.item_id.tolist()) & (set(excluded) | set(state.seen.ids.tolist()) | {refused})
    rows = CATALOGUE.rows_of(slate.item_id)
    assert all(gap >= PARAMS.spacing.creator_gap for gap in distances(CATALOGUE.creator_id[rows]))
    assert all(gap >= PARAMS.spacing.seller_gap for gap in distances(CATALOGUE.seller_id[rows]))
    commerce = (CATALOGUE.product_id[rows] != 0).astype(np.int64)
    assert all(gap >= PARAMS.spacing.commerce_gap for gap in distances(commerce))
    assert (slate.propensity > 0).all()
    assert (slate.propensity <= 1).all()
    assert np.isfinite(slate.score).all()
    assert not slate.repeated.any()
    for row in rows:
        tags = CATALOGUE.tag_ids[CATALOGUE.tag_indptr[row] : CATALOGUE.tag_indptr[row + 1]]
        assert blocked not in tags.tolist()
    if not personalised:
        assert slate.personalised is False
        assert set(slate.channel.tolist()) <= {Channel.FRESH, Channel.POPULAR, Channel.EXPLORATION}
        assert (slate.reason_tag_ids == NO_TAG).all()
        assert (slate.reason_horizon == -1).all()
    assert equal_pages(
        slate, page(CATALOGUE, state, seed=seed, size=size, exclude_item_ids=np.array(excluded, dtype=np.int64))
    )


def test_spacing_continues_from_the_page_above() -> None:
    state = UserState.empty()
    shown: list[int] = []
    for turn in range(30):
        slate = page(
            CATALOGUE,
            state,
            seed=turn,
            size=1,
            exclude_item_ids=np.array(shown, dtype=np.int64),
            previous_item_ids=np.array(shown[-5:], dtype=np.int64),
        )
        shown += slate.item_id.tolist()
    rows = CATALOGUE.rows_of(shown)
    assert all(gap >= PARAMS.spacing.creator_gap for gap in distances(CATALOGUE.creator_id[rows]))
    commerce = (CATALOGUE.product_id[rows] != 0).astype(np.int64)
    assert all(gap >= PARAMS.spacing.commerce_gap for gap in distances(commerce))


def test_spacing_continues_from_what_was_seen() -> None:
    state = UserState.empty()
    product = CATALOGUE.item_id[CATALOGUE.product_id != 0][0]
    look(state, CATALOGUE, [product], DURATION_MS, NOW_MS - 20_000)
    first_two = CATALOGUE.rows_of(page(CATALOGUE, state, size=10).item_id[:2])
    assert (CATALOGUE.product_id[first_two] == 0).all()


def test_a_catalogue_of_products_alone_still_fills_the_page() -> None:
    snapshot = build_catalogue(300, commerce_share=1.0)
    slate = page(snapshot, UserState.empty(), size=20)
    assert len(slate) == 20
    assert all(
        gap >= PARAMS.spacing.creator_gap for gap in distances(snapshot.creator_id[snapshot.rows_of(slate.item_id)])
    )


def test_one_creator_alone_still_fills_the_page() -> None:
    snapshot = build_catalogue(60, creator_id=np.ones(60), seller_id=np.ones(60))
    assert len(page(snapshot, UserState.empty(), size=20)) == 20


def test_when_all_was_seen_what_was_seen_longest_ago_comes_back() -> None:
    snapshot = build_catalogue(60, creator_id=np.arange(60) + 1, seller_id=np.zeros(60), commerce_share=0.0)
    state = UserState.empty()
    look(state, snapshot, snapshot.item_id, 3_000, NOW_MS - 3_600_000)
    signal(state, snapshot, Signal.NOT_INTERESTED, 1, NOW_MS - 1_000)
    slate = page(snapshot, state, size=10, exclude_item_ids=np.array([2]))
    assert set(slate.item_id.tolist()) <= set(range(3, 23))  # the oldest twenty that may be shown
    assert slate.repeated.all()
    assert (np.diff(slate.score) <= 1e-6).all()
    assert len(page(snapshot, state, size=100, exclude_item_ids=np.array([2]))) == 58


def test_the_unseen_rest_comes_before_any_repetition() -> None:
    snapshot = build_catalogue(60)
    state = UserState.empty()
    look(state, snapshot, snapshot.item_id[:55], 3_000, NOW_MS - 3_600_000)
    slate = page(snapshot, state, size=10)
    assert set(slate.item_id[:5].tolist()) == set(range(56, 61))
    assert slate.repeated.tolist() == [False] * 5 + [True] * 5


def test_nothing_to_show_is_an_empty_page() -> None:
    empty = ItemSnapshot.build(version=1, built_at_ms=NOW_MS, item_id=[], creator_id=[], tag_indptr=[0], tag_ids=[])
    assert len(page(empty, UserState.empty())) == 0
    assert len(page(empty, shopper(1))) == 0
    hidden = build_catalogue(40, visible=np.zeros(40, dtype=np.bool_))
    assert len(page(hidden, UserState.empty())) == 0
    assert len(page(CATALOGUE, UserState.empty(), size=0)) == 0
    with pytest.raises(ValueError, match="negative"):
        page(CATALOGUE, UserState.empty(), size=-1)


def test_a_prediction_does_not_depend_on_its_batch() -> None:
    view = build_view(CATALOGUE, shopper(3), Request(size=10, now_ms=NOW_MS), PARAMS)
    rows = np.arange(400, dtype=np.int32)
    covisit = np.linspace(0, 2, 400).astype(np.float32)
    together = predict(view, rows, covisit)
    for i in (0, 1, 7, 255, 399):
        alone = predict(view, rows[i : i + 1], covisit[i : i + 1])
        assert np.array_equal(together[i : i + 1], alone)
    some = np.array([5, 17, 3, 250, 249])
    assert np.array_equal(together[some], predict(view, rows[some], covisit[some]))


def test_predictions_are_probabilities_and_calibrated_for_a_stranger() -> None:
    view = build_view(CATALOGUE, UserState.empty(), Request(size=10, now_ms=NOW_MS + 10**12), PARAMS)
    rows = np.arange(1_000, dtype=np.int32)
    predictions = predict(view, rows, np.zeros(1_000, np.float32))
    assert (predictions >= 0).all()
    assert (predictions < 1).all()
    impressions = CATALOGUE.counters[:, 0]
    for head in Head:
        possible = CATALOGUE.product_id != 0 if head in COMMERCE_HEADS else np.ones(1_000, dtype=np.bool_)
        expected = (predictions[:, head] * impressions)[possible].sum()
        happened = CATALOGUE.counters[possible, head + 1].sum()
        assert expected == pytest.approx(happened, rel=0.1)
        assert (predictions[~possible, head] == 0).all()


def test_a_few_lucky_views_do_not_make_an_item_popular() -> None:
    counters = np.zeros((3, len(Counter)), dtype=np.float32)
    counters[0, : Counter.RETURNS] = [2, 2, 2, 2, 0, 0, 0, 0, 0]  # everyone of two
    counters[1, : Counter.RETURNS] = [5_000, 3_500, 2_500, 700, 0, 0, 0, 0, 0]
    counters[2, : Counter.RETURNS] = [5_000, 500, 100, 10, 0, 0, 0, 0, 50]
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=[1, 2, 3],
        creator_id=[1, 2, 3],
        tag_indptr=[0, 0, 0, 0],
        tag_ids=[],
        counters=counters,
    )
    assert snapshot.item_id[snapshot.index.popular_content].tolist() == [2, 1, 3]


def test_fresh_items_have_their_reserved_slot() -> None:
    published = np.full(1_000, NOW_MS - 40 * DAY_MS)
    published[:30] = NOW_MS - 3_600_000
    counters = CATALOGUE.counters.copy()
    counters[:30] = 0
    counters[30:, 0] += 200
    snapshot = build_catalogue(1_000, published_at_ms=published, counters=counters)
    fresh = set(range(1, 31))
    met: set[int] = set()
    people = [shopper(seed) for seed in range(20)]
    for seed in range(600):
        slate = page(snapshot, people[seed % 20], seed=seed)
        drawn = slate.channel == Channel.FRESH
        assert drawn.sum() >= 1
        assert set(slate.item_id[drawn].tolist()) <= fresh
        met |= set(slate.item_id[drawn].tolist())
    assert met == fresh


def test_small_pages_explore_as_much_as_large_ones() -> None:
    params = replace(PARAMS, quota=QuotaParams(fresh_share=0.0, cold_exploration_share=0.2))
    state = UserState.empty()
    drawn = 0
    for seed in range(400):
        slate = page(CATALOGUE, state, seed=seed, size=1, params=params)
        drawn += int(slate.channel[0] == Channel.EXPLORATION and slate.propensity[0] < 0.2)
    assert 50 <= drawn <= 110  # 80 expected


def test_the_logged_probability_of_a_draw_is_the_frequency_of_the_draw() -> None:
    """One slot of one item, all candidates in one pool: the propensity must be the share of draws."""
    snapshot = build_catalogue(12, counters=np.zeros((12, len(Counter)), np.float32), commerce_share=0.0)
    params = replace(PARAMS, quota=QuotaParams(fresh_share=0.0, cold_exploration_share=1.0))
    count = np.zeros(13)
    logged = np.zeros(13)
    for seed in range(1_200):
        slate = page(snapshot, UserState.empty(), seed=seed, size=1, params=params)
        count[slate.item_id[0]] += 1
        logged[slate.item_id[0]] = slate.propensity[0]
    assert np.abs(count[1:] / 1_200 - logged[1:]).max() < 0.035
    assert logged[1:].sum() == pytest.approx(1.0, abs=1e-5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
@settings(max_examples=60, deadline=None)
def test_draw_probabilities_sum_to_one_and_leave_nobody_out(scores: list[float]) -> None:
    probability = draw_probabilities(np.array(scores), PARAMS.quota)
    assert probability.sum() == pytest.approx(1.0)
    assert probability.min() >= PARAMS.quota.uniform_floor / len(scores) * 0.999


def test_reasons_name_the_tags_that_the_person_showed_an_interest_in() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 6, 3), DURATION_MS, NOW_MS - 60_000)
    slate = page(CATALOGUE, state)
    own = slate.item_id % 20 == 6
    assert own.any()
    known = set(state.tags.keys.tolist())
    for i in np.flatnonzero(own):
        told = slate.reason_tag_ids[i][slate.reason_tag_ids[i] != NO_TAG]
        assert topic_tag(6) in told
        assert set(told.tolist()) <= known
        weights = slate.reason_weights[i][: told.size]
        assert (np.diff(weights) <= 0).all()
        assert (weights > 0).all()
    assert (slate.reason_horizon[own][:, 0] == 0).all()  # of just now: the instant horizon


def test_following_shows_followed_creators_only() -> None:
    state = UserState.empty()
    assert len(page(CATALOGUE, state, surface=Surface.FOLLOWING)) == 0
    for item in (10, 20, 30):
        signal(state, CATALOGUE, Signal.FOLLOW, item, NOW_MS - 1_000)
    slate = page(CATALOGUE, state, surface=Surface.FOLLOWING, size=8)
    creators = set(CATALOGUE.creator_id[CATALOGUE.rows_of([10, 20, 30])].tolist())
    assert len(slate) == 8
    assert set(CATALOGUE.creator_id[CATALOGUE.rows_of(slate.item_id)].tolist()) <= creators
    assert set(slate.channel.tolist()) == {Channel.FOLLOWED}
    assert (slate.propensity == 1).all()
    set_personalised(state, False)
    unpersonalised = CATALOGUE.rows_of(page(CATALOGUE, state, surface=Surface.FOLLOWING, size=8).item_id)
    assert len(unpersonalised) == 8
    assert set(CATALOGUE.creator_id[unpersonalised].tolist()) <= creators


def test_a_blocked_creator_is_never_shown() -> None:
    state = UserState.empty()
    signal(state, CATALOGUE, Signal.FOLLOW, 10, NOW_MS - 1_000)
    creator = int(CATALOGUE.creator_id[CATALOGUE.rows_of([10])[0]])
    block_creator(state, creator)
    assert len(page(CATALOGUE, state, surface=Surface.FOLLOWING)) == 0
    everything = page(CATALOGUE, state, size=1_000)
    own = int((CATALOGUE.creator_id == creator).sum())
    assert len(everything) == 1_000 - own
    assert creator not in CATALOGUE.creator_id[CATALOGUE.rows_of(everything.item_id)]
    unblock_creator(state, creator)
    assert len(page(CATALOGUE, state, size=1_000)) == 1_000


def test_similar_items_resemble_the_seed() -> None:
    slate = page(CATALOGUE, UserState.empty(), surface=Surface.SIMILAR, seed_item_id=46)
    assert 46 not in slate.item_id
    assert share_of(slate, 6) >= 0.4
    unknown = page(CATALOGUE, UserState.empty(), surface=Surface.SIMILAR, seed_item_id=987_654)
    assert len(unknown) == 10


def test_covisited_items_follow_what_was_liked() -> None:
    size = 200
    indptr = np.arange(size + 1)
    snapshot = build_catalogue(
        size,
        creator_id=indptr[1:],
        covisit_indptr=indptr,
        covisit_rows=(np.arange(size) + 7) % size,
        covisit_weights=np.full(size, 0.9),
    )
    state = UserState.empty()
    look(state, snapshot, [50], 2 * DURATION_MS, NOW_MS - 60_000)
    signal(state, snapshot, Signal.LIKE, 50, NOW_MS - 50_000)
    slate = page(snapshot, state)
    assert slate.channel[slate.item_id == 57].tolist() == [Channel.COVISIT]


def test_a_pinned_tag_is_served_without_any_behaviour() -> None:
    state = UserState.empty()
    pin_tag(state, topic_tag(9))
    assert share_of(page(CATALOGUE, state), 9) >= 0.3


def test_accumulate_sums_only_what_is_eligible() -> None:
    rows, scores = accumulate(
        np.array([0, 3, 5]),
        np.array([0, 1, 2, 1, 3], dtype=np.int32),
        np.array([1, 2, 3, 4, 5], dtype=np.float32),
        np.array([0, 1], dtype=np.int32),
        np.array([1, 10], dtype=np.float32),
        np.array([True, True, False, True]),
        3,
    )
    assert rows.tolist() == [0, 1, 3]
    assert scores.tolist() == [1, 42, 50]
