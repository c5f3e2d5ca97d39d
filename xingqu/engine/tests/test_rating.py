"""What buyers say of a product: shrunk, bounded, and without a trace where nobody said anything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import Surface
from xingqu.engine.params import QuotaParams, SnapshotParams
from xingqu.engine.state.items import ItemSnapshot, SnapshotError
from xingqu.engine.state.rating import RatingParams, rated, shrunk_ratings
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue, items_of, look, page

RATING = RatingParams()
NO_DRAWS = QuotaParams(fresh_share=0.0, exploration_share=0.0, cold_exploration_share=0.0)


def shopper() -> UserState:
    snapshot, state = build_catalogue(400), UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 6), 14_000, NOW_MS - 600_000)
    return state


def twins(rating: list[float]) -> ItemSnapshot:
    """Two items that differ in nothing else, of two creators and shops."""
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=[1, 2],
        creator_id=[1, 2],
        seller_id=[1, 2],
        product_id=[11, 12],
        price_minor=[900, 900],
        published_at_ms=[NOW_MS - 90 * 86_400_000] * 2,
        duration_ms=[12_000] * 2,
        tag_indptr=[0, 1, 2],
        tag_ids=[5, 5],
        rating=rating,
    )


def test_many_stars_move_a_product_further_than_few() -> None:
    # 260 reviews with 1,160 stars: the mean of the site is 4.46
    gaps = shrunk_ratings([1_000, 10, 150, 0], [200, 2, 58, 0], RATING)
    mean = 1_160 / 260
    assert gaps.tolist() == pytest.approx(
        [200 / 210 * (5 - mean), 2 / 12 * (5 - mean), 58 / 68 * (150 / 58 - mean), 0.0], rel=1e-6
    )
    assert shrunk_ratings([], [], RATING).size == 0
    assert shrunk_ratings([0, 0], [0, 0], RATING).tolist() == [0.0, 0.0]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_gain_is_bounded_grows_with_the_rating_and_is_nothing_without(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.normal(0, 3, 50).astype(np.float32)
    rating = np.sort(rng.normal(0, 3, 50)).astype(np.float32)
    moved = rated(value, rating, RATING)
    assert (np.abs(moved - value) <= RATING.largest_gain * np.abs(value) * (1 + 1e-5)).all()
    assert (np.sign(moved - value)[value != 0] == np.sign(rating)[value != 0]).all()  # a negative value too is raised
    same = rated(np.full(50, value[0]), rating, RATING)
    assert (np.diff(same) >= 0).all()
    assert np.array_equal(rated(value, np.zeros(50, np.float32), RATING), value)


@pytest.mark.parametrize("rating", [[0.5, 0.0], [0.0, -0.5], [2.0, 1.0]])
def test_of_two_equal_items_the_better_reviewed_comes_first(rating: list[float]) -> None:
    params = replace(PARAMS, quota=NO_DRAWS)
    one, other = (
        page(twins(order), UserState.empty(), size=2, params=params).item_id.tolist()
        for order in (rating, rating[::-1])
    )
    assert (one, other) == ([1, 2], [2, 1])
    assert twins(rating).index.popular_commerce.tolist() == [0, 1]
    assert twins(rating[::-1]).index.popular_commerce.tolist() == [1, 0]


@pytest.mark.parametrize("surface", [Surface.FOR_YOU, Surface.SIMILAR])
def test_without_reviews_or_weight_the_page_is_the_same_to_the_last_bit(surface: Surface) -> None:
    plain = build_catalogue(400)
    stars = np.random.default_rng(2).normal(0, 1, 400)
    unweighed = SnapshotParams(rating=replace(RATING, gain_per_star=0.0))
    reviewed = build_catalogue(400, rating=stars, params=unweighed)
    for seed in range(6):
        wanted = page(plain, shopper(), seed=seed, size=20, surface=surface, seed_item_id=3)
        params = replace(PARAMS, snapshot=unweighed)
        found = page(reviewed, shopper(), seed=seed, size=20, surface=surface, seed_item_id=3, params=params)
        for name in ("item_id", "score", "propensity", "channel"):
            assert np.array_equal(getattr(found, name), getattr(wanted, name)), name
    weighed = page(build_catalogue(400, rating=stars), shopper(), size=20, surface=surface, seed_item_id=3)
    assert weighed.item_id.tolist() != page(plain, shopper(), size=20, surface=surface, seed_item_id=3).item_id.tolist()


def test_it_is_a_step_of_the_trace_and_no_prediction() -> None:
    stars = np.random.default_rng(2).normal(0, 1, 400)
    found = page(build_catalogue(400, rating=stars), shopper(), trace=True)
    assert found.trace is not None
    rows = build_catalogue(400).rows_of(found.trace.item_id)
    value = found.trace.values["value"]
    assert np.array_equal(found.trace.values["rating"], rated(value, stars[rows].astype(np.float32), RATING))


def test_a_snapshot_without_the_column_is_neutral_and_a_number_that_is_none_is_refused() -> None:
    arrays = dict(twins([1.0, 2.0]).to_arrays())
    assert ItemSnapshot.from_arrays(arrays).rating.tolist() == [1.0, 2.0]
    del arrays["rating"]
    assert ItemSnapshot.from_arrays(arrays).rating.tolist() == [0.0, 0.0]
    with pytest.raises(SnapshotError, match="rating"):
        twins([float("nan"), 0.0])
