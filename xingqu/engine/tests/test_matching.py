"""Audiences and what suits them."""

import numpy as np
import pytest

from xingqu.engine.columns import Signal
from xingqu.engine.matching.audience import Audiences, Interests, gather, read_person
from xingqu.engine.matching.fit import Offers, best, fit_audience, fit_creators, fit_pool, reasons_of
from xingqu.engine.matching.learning import learn_prior_views
from xingqu.engine.matching.params import AudienceParams, FitParams
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState, set_personalised

NOW_MS = 1_700_000_000_000


def person(tags: dict[int, float], creators: dict[int, float], price: float = float("nan")) -> Interests:
    return Interests(
        np.array(sorted(tags)),
        np.array([tags[pk] for pk in sorted(tags)], np.float32),
        np.array([7]),
        np.array([0.9], np.float32),
        np.array(sorted(creators), dtype=np.int64),
        np.array([creators[pk] for pk in sorted(creators)], np.float32),
        price,
    )


def audiences(first: int = 30, second: int = 30) -> Audiences:
    """Creator 1's people like tag 10, creator 2's like tag 20."""
    people = [person({10: 0.9}, {1: 1.0}, 5.0)] * first + [person({20: 0.9}, {2: 0.5}, 9.0)] * second
    return gather(people, made_at_ms=NOW_MS)


def offers(**more: object) -> Offers:
    """Products 100 (tag 10), 200 (tag 20), 300 (no tag)."""
    plain = {
        "product_id": [100, 200, 300],
        "shop_id": [1, 1, 2],
        "category_id": [1, 1, 1],
        "price_minor": [1_000, 1_000, 1_000],
        "commission_bp": [1_000, 1_000, 1_000],
        "views": [0, 0, 0],
        "orders": [0, 0, 0],
        "tag_indptr": [0, 1, 2, 2],
        "tag_ids": [10, 20],
        "tag_weights": [1.0, 1.0],
        "audiences": audiences(),
    }
    return Offers.build(**{**plain, **more})  # type: ignore[arg-type]


def test_small_groups_are_left_out_as_a_whole() -> None:
    assert audiences(19, 30).creator_id.tolist() == [0, 2]
    assert audiences(20, 30).creator_id.tolist() == [0, 1, 2]
    assert len(gather([person({10: 0.9}, {1: 1.0})] * 19, made_at_ms=1)) == 0


def test_what_fewer_than_a_handful_share_is_left_out() -> None:
    people = [person({10: 0.9}, {1: 1.0})] * 26 + [person({10: 0.9, 66: 0.9}, {1: 1.0})] * 4
    ids, _, _ = gather(people, made_at_ms=1).tags.row(0)
    assert ids.tolist() == [10]
    people += [person({10: 0.9, 66: 0.9}, {1: 1.0})]
    ids, weight, having = gather(people, made_at_ms=1).tags.row(1)
    assert ids.tolist() == [10, 66]
    assert having.tolist() == [31, 5]
    assert weight[0] > weight[1] > 0


def test_everybody_counts_the_same() -> None:
    people = [person({10: 0.9}, {1: 1.0})] * 20 + [person({10: 0.01}, {1: 1.0})] * 20
    _, weight, having = gather(people, made_at_ms=1).tags.row(1)
    assert weight.tolist() == [1.0]
    assert having.tolist() == [20]


def test_arrays_and_back() -> None:
    made = audiences()
    again = Audiences.from_arrays(made.to_arrays())
    for name, array in made.to_arrays().items():
        np.testing.assert_array_equal(array, again.to_arrays()[name])
    plain = offers()
    for name, array in plain.to_arrays().items():
        np.testing.assert_array_equal(array, Offers.from_arrays(plain.to_arrays()).to_arrays()[name])


def test_fit_prefers_what_the_audience_likes() -> None:
    made, goods = audiences(), offers()
    for at, liked in ((1, 0), (2, 1)):
        fits = fit_audience(goods, made, at)
        assert int(np.argmax(fits.earned_minor)) == liked
        assert fits.lift[liked] > 1 > fits.lift[1 - liked]
        assert fits.lift[2] == pytest.approx(1.0)  # nothing is known of it
    everybody = fit_audience(goods, made, -1)
    assert everybody.lift.tolist() == [1.0, 1.0, 1.0]


def test_what_is_earned_is_rate_times_price_times_sales() -> None:
    fits = fit_audience(offers(price_minor=[1_000, 5_000, 1_000], commission_bp=[1_000, 2_000, 0]), audiences(), -1)
    np.testing.assert_allclose(fits.earned_minor, 1_000 * fits.conversion * np.array([100.0, 1_000.0, 0.0]), rtol=1e-5)


def test_a_product_s_own_sales_count_the_more_views_it_has() -> None:
    few = offers(views=[10, 10, 0], orders=[1, 0, 0]).conversion
    many = offers(views=[10_000, 10_000, 0], orders=[1_000, 0, 0]).conversion
    assert few[0] > few[1] > 0
    assert many[0] == pytest.approx(0.1, rel=0.05)
    assert many[1] < few[1]


def test_the_price_an_audience_pays() -> None:
    """Creator 1's people pay about e^5, creator 2's e^9."""
    goods = offers(price_minor=[148, 8_103, 1_000], tag_indptr=[0, 0, 0, 0], tag_ids=[], tag_weights=[])
    cheap, dear = (fit_audience(goods, audiences(), at).price_fit for at in (1, 2))
    assert cheap[0] > 1 > cheap[1]
    assert dear[1] > 1 > dear[0]


def test_reasons_name_shares() -> None:
    [found] = reasons_of(offers(), audiences(), 1, 0)
    assert (found.tag_id, found.share, found.share_of_everybody) == (10, 1.0, 0.5)
    assert reasons_of(offers(), audiences(), 1, 1) == []
    assert reasons_of(offers(), audiences(), -1, 0) == []


def test_creators_and_pools_by_the_same_measure() -> None:
    goods, made = offers(), audiences()
    lift = fit_creators(goods.select(np.array([0])), made)
    assert lift[0] == 1.0
    assert lift[1] > 1 > lift[2]
    pools = {fit.creator_id: fit for fit in fit_pool(goods, made, np.array([0]))}
    assert pools[1].lift > 1 > pools[2].lift
    assert (pools[1].tag_ids, pools[2].tag_ids) == ((10,), ())


@pytest.mark.parametrize("indptr", [[0, 0, 1, 2], [0, 1, 2, 2], [0, 2, 2, 2], [0, 0, 0, 2]])
def test_rows_without_tags_take_none_of_another_s(indptr: list[int]) -> None:
    goods = offers(tag_indptr=indptr)
    like = goods.affinity(np.ones(2, np.float32))
    sizes = np.diff(indptr)
    assert (like[sizes == 0] == 0).all()
    np.testing.assert_allclose(like[sizes == 1], 1.0, rtol=1e-5)
    np.testing.assert_allclose(like[sizes == 2], np.sqrt(2.0), rtol=1e-5)


def test_best_of_those_allowed() -> None:
    scores = np.array([1.0, 5.0, 5.0, 3.0])
    assert best(scores, None, 3).tolist() == [1, 2, 3]
    assert best(scores, np.array([True, False, True, True]), 2).tolist() == [2, 3]
    assert best(scores, np.zeros(4, bool), 2).size == 0


def test_what_a_state_adds() -> None:
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=[1],
        creator_id=[5],
        category_id=[3],
        product_id=[9],
        price_minor=[2_000],
        tag_indptr=[0, 1],
        tag_ids=[10],
    )
    state, params = UserState.empty(), EngineParams()
    kinds = [Signal.LIKE, Signal.PRODUCT_CLICK, Signal.ORDER]
    told = SignalBatch.of(kind=kinds, item_id=[1, 1, 1], value=[0, 0, 1], at_ms=[NOW_MS] * 3)
    apply_signals(state, told, snapshot, params)
    found = read_person(state, NOW_MS, params, AudienceParams())
    assert found is not None
    assert (found.tags.tolist(), found.creators.tolist(), found.categories.tolist()) == ([10], [5], [3])
    assert found.price_log == pytest.approx(np.log(2_000))
    assert 0 < found.belonging[0] <= 1
    set_personalised(state, False)
    assert read_person(state, NOW_MS, params, AudienceParams()) is None
    assert read_person(UserState.empty(), NOW_MS, params, AudienceParams()) is None


def test_how_soon_own_sales_are_believed_is_learned() -> None:
    """Rates from a gamma distribution of known spread: the views after which a product's own rate counts half come back."""
    rng = np.random.default_rng(7)
    views = rng.integers(200, 2_000, 4_000)
    for prior in (50.0, 500.0):
        rates = rng.gamma(0.05 * prior, 1 / prior, views.size)  # mean 0.05
        assert learn_prior_views(views, rng.poisson(rates * views)) == pytest.approx(prior, rel=0.15)
    alike = rng.poisson(0.05, 4_000)
    assert learn_prior_views(np.ones(4_000), alike - (alike > 1)) == 100_000.0  # less spread than chance has
    assert learn_prior_views([1_000, 1_000], [60, 39]) == FitParams().prior_views  # 99 orders say nothing yet
    assert learn_prior_views([1_000], [1_000]) == FitParams().prior_views
