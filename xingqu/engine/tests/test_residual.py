"""The residual that learns from each impression, and orders that come late."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.columns import Feature, Head
from xingqu.engine.learn.delay import DelayParams, delayed_rows, fit_logistic, predict_logistic
from xingqu.engine.learn.impressions import DAY_MS, HOUR_MS, NEVER_MS
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams, ScorerParams
from xingqu.engine.ranking.kernels import add_residuals, to_probabilities
from xingqu.engine.ranking.ranker import PARENT
from xingqu.engine.ranking.residual import RESIDUAL_HEADS, ResidualModel, ResidualParams
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import DURATION_MS, NOW_MS, PARAMS, build_catalogue, items_of, look, page

CATALOGUE = build_catalogue(200)
BASE = float(np.log(0.35 / 0.65))


def impressions_of(rows: np.ndarray, *, drawn: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Features and base log-odds: everything is watched with .35 by the base."""
    features = np.zeros((rows.size, len(Feature)), dtype=np.float32)
    features[:, Feature.INTEREST_INSTANT] = drawn
    return features, np.full((rows.size, len(Head)), BASE, dtype=np.float32)


def predicted(model: ResidualModel, row: int, *, drawn: float = 0.0, head: Head = Head.WATCH) -> float:
    rows = np.array([row], dtype=np.int32)
    features, base = impressions_of(rows, drawn=drawn)
    moved = add_residuals(base, model.offsets(CATALOGUE, rows, features), RESIDUAL_HEADS, PARENT)
    return float(to_probabilities(moved, 0.0, 1.0)[0, head])


def play(model: ResidualModel, rate: np.ndarray, count: int, rng: np.random.Generator) -> ResidualModel:
    """``count`` impressions of random items, in batches of fifty, watched at ``rate`` by row."""
    for _ in range(count // 50):
        rows = rng.integers(0, len(CATALOGUE), 50).astype(np.int32)
        features, base = impressions_of(rows)
        labels = np.zeros((50, len(Head)), dtype=np.bool_)
        labels[:, Head.WATCH] = rng.random(50) < rate[rows]
        model = model.learned(CATALOGUE, rows, features, base, labels)
    return model


def test_an_item_whose_appeal_changes_is_followed_while_the_base_stays() -> None:
    rng = np.random.default_rng(4)
    rate = np.full(len(CATALOGUE), 0.35)
    settled = play(ResidualModel.empty(), rate, 40_000, rng)
    assert predicted(settled, 7) == pytest.approx(0.35, abs=0.08)
    model = settled
    for shown in range(1, 151):
        rows = np.array([7], dtype=np.int32)
        features, base = impressions_of(rows)
        labels = np.zeros((1, len(Head)), dtype=np.bool_)
        labels[0, Head.WATCH] = rng.random() < 0.8
        model = model.learned(CATALOGUE, rows, features, base, labels)
        if shown == 60:
            assert predicted(model, 7) > 0.5
    assert predicted(model, 7) == pytest.approx(0.8, abs=0.1)
    strangers = [row for row in range(60) if not shares_anything(row, 7)]
    assert np.mean([predicted(model, row) for row in strangers]) == pytest.approx(0.35, abs=0.05)
    assert settled.impressions == 40_000  # the model before is as it was
    assert predicted(settled, 7) == pytest.approx(0.35, abs=0.08)


def shares_anything(row: int, other: int) -> bool:
    tags = [
        set(CATALOGUE.tag_ids[CATALOGUE.tag_indptr[i] : CATALOGUE.tag_indptr[i + 1]].tolist()) for i in (row, other)
    ]
    return bool(tags[0] & tags[1]) or CATALOGUE.category_id[row] == CATALOGUE.category_id[other]


def test_an_item_can_be_wrong_for_those_who_are_drawn_to_it_only() -> None:
    rng = np.random.default_rng(5)
    model = ResidualModel.empty()
    rows = np.array([9, 9], dtype=np.int32)
    features, base = impressions_of(rows)
    features[1, Feature.INTEREST_INSTANT] = 0.5
    for _ in range(600):
        labels = np.zeros((2, len(Head)), dtype=np.bool_)
        labels[:, Head.WATCH] = rng.random(2) < [0.35, 0.75]
        model = model.learned(CATALOGUE, rows, features, base, labels)
    assert predicted(model, 9) == pytest.approx(0.35, abs=0.12)
    assert predicted(model, 9, drawn=0.5) == pytest.approx(0.75, abs=0.12)


def test_what_follows_a_click_moves_with_it_in_proportion() -> None:
    logits = np.array([[BASE] * len(Head)], dtype=np.float32)
    logits[0, [Head.PRODUCT_CLICK, Head.ADD_TO_CART, Head.ORDER, Head.RETURN]] = [-2.0, -3.0, -4.0, -6.0]
    residual = np.zeros((1, RESIDUAL_HEADS.size), dtype=np.float32)
    residual[0, RESIDUAL_HEADS.tolist().index(Head.PRODUCT_CLICK)] = 1.0
    before = to_probabilities(logits, 0.0, 1.0)[0]
    after = to_probabilities(add_residuals(logits, residual, RESIDUAL_HEADS, PARENT), 0.0, 1.0)[0]
    ratio = after / before
    assert after[Head.PRODUCT_CLICK] == pytest.approx(1 / (1 + np.exp(1.0)), rel=1e-4)
    for head in (Head.ADD_TO_CART, Head.ORDER, Head.RETURN):
        assert ratio[head] == pytest.approx(ratio[Head.PRODUCT_CLICK], rel=1e-3)
    assert ratio[[Head.WATCH, Head.LIKE, Head.NOT_INTERESTED]] == pytest.approx([1, 1, 1], rel=1e-5)


def test_the_residual_survives_its_file_and_serves_unless_switched_off() -> None:
    rng = np.random.default_rng(6)
    model = play(ResidualModel.empty(ResidualParams(slots=1 << 12)), rng.random(len(CATALOGUE)), 5_000, rng)
    again = Models.from_arrays(Models(residual=model).to_arrays()).residual
    assert again is not None
    assert (again.impressions, again.params) == (5_000, model.params)
    assert np.array_equal(again.weights, model.weights)
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 3, 4), DURATION_MS, NOW_MS - 60_000)
    carrying = replace(CATALOGUE, models=Models(residual=again))
    plain, moved = page(CATALOGUE, state), page(carrying, state)
    assert carrying.item_id is CATALOGUE.item_id  # swapped without a copy of the catalogue
    assert moved.item_id.tolist() != plain.item_id.tolist()
    off = EngineParams(scorer=ScorerParams(use_residual=False))
    assert page(carrying, state, params=off).item_id.tolist() == plain.item_id.tolist()
    rows = CATALOGUE.rows_of(moved.item_id)
    logits = np.log(np.stack([plain_p / (1 - plain_p) for plain_p in base_of(moved)], axis=1)).astype(np.float32)
    expected = add_residuals(logits, again.offsets(CATALOGUE, rows, moved.features), RESIDUAL_HEADS, PARENT)
    watch = to_probabilities(expected, 0.0, 1.0)[:, Head.WATCH]
    assert moved.predictions[Head.WATCH] == pytest.approx(np.minimum(watch, 0.98), rel=1e-3)


def base_of(slate: object) -> list[np.ndarray]:
    from xingqu.engine.ranking.scorer import score_features

    p = score_features(slate.features, slate.prior_logit, PARAMS.scorer)  # type: ignore[attr-defined]
    return list(np.clip(p, 1e-9, 1 - 1e-9).T)


def delayed_world(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, times over 21 days, times of orders (a day late on average, later where input 1 is set), true rates."""
    x = np.column_stack([rng.normal(0, 1, size), rng.random(size) < 0.5]).astype(np.float64)
    truth = 1 / (1 + np.exp(-(-2.6 + 0.8 * x[:, 0] + 0.4 * x[:, 1])))
    at_ms = NOW_MS - rng.integers(0, 21 * DAY_MS, size)
    delay_ms = rng.exponential(np.where(x[:, 1] > 0, 36, 12) * HOUR_MS)
    bought = (rng.random(size) < truth) & (delay_ms < 7 * DAY_MS)
    truth = truth * (1 - np.exp(-7 * DAY_MS / (np.where(x[:, 1] > 0, 36, 12) * HOUR_MS)))
    return x, at_ms, np.where(bought, at_ms + delay_ms.astype(np.int64), NEVER_MS), truth


def test_late_orders_do_not_bias_the_rate() -> None:
    """Fitted on the last three days, where many orders are still to come, plus what arrives in them."""
    x, at_ms, order_at_ms, truth = delayed_world(60_000, np.random.default_rng(8))
    recent = NOW_MS - at_ms < 3 * DAY_MS
    naive = fit_logistic(x[recent], order_at_ms[recent] <= NOW_MS)
    params = DelayParams()
    found = delayed_rows(x, at_ms, order_at_ms, NOW_MS, params)
    young = ~found.old
    honest = fit_logistic(x[found.row[young]], found.label[young], found.weight[young])
    everything = fit_logistic(x[found.row], found.label, found.weight)
    rate = truth.mean()
    assert predict_logistic(naive, x).mean() / rate < 0.8
    assert predict_logistic(honest, x).mean() / rate == pytest.approx(1.0, abs=0.05)
    assert predict_logistic(everything, x).mean() / rate == pytest.approx(1.0, abs=0.04)
    slow = x[:, 1] > 0
    assert predict_logistic(everything, x[slow]).mean() / truth[slow].mean() == pytest.approx(1.0, abs=0.06)


def test_nothing_of_the_future_is_looked_at_and_few_late_orders_leave_the_old_rows() -> None:
    x, at_ms, order_at_ms, _ = delayed_world(3_000, np.random.default_rng(9))
    then_ms = NOW_MS - 2 * DAY_MS
    known = np.where(order_at_ms <= then_ms, order_at_ms, NEVER_MS)
    for orders in (order_at_ms, known):
        found = delayed_rows(x, at_ms, orders, then_ms)
        assert (at_ms[found.row] <= then_ms).all()
        if orders is order_at_ms:
            first = found
    assert np.array_equal(first.row, found.row)
    assert np.array_equal(first.label, found.label)
    assert np.array_equal(first.weight, found.weight)
    few = delayed_rows(x[:40], at_ms[:40], order_at_ms[:40], NOW_MS)
    assert few.old.all()
    assert (NOW_MS - at_ms[:40][few.row] >= 7 * DAY_MS).all()
