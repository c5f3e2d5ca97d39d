"""When somebody is due to buy again, and what then comes."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.columns import Channel, Feature, Head, Signal
from xingqu.engine.learn.replenish import DueModel, DueParams, due_of, interval_log_likelihood
from xingqu.engine.learn.replenish_train import train_due
from xingqu.engine.models import Models
from xingqu.engine.params import RetrievalParams
from xingqu.engine.recommend import Slate
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.memory import Purchases
from xingqu.engine.state.user import UserState, set_personalised
from xingqu.engine.tests.world import DAY_MS, NOW_MS, PARAMS, build_catalogue, page, signal

CATALOGUE = build_catalogue(1_000, commerce_share=0.5)
SETTINGS = DueParams()
TODAY = NOW_MS // DAY_MS


def bought(*days_ago: float, category: int = 3) -> Purchases:
    table = Purchases.empty()
    times = np.array([NOW_MS - round(days * DAY_MS) for days in days_ago], dtype=np.int64)
    table.add(np.full(times.size, category, dtype=np.int64), times, 128)
    return table


def chance(purchases: Purchases, model: DueModel | None = None) -> float:
    return float(due_of(purchases, NOW_MS, model, SETTINGS).chance[0])


def test_a_regular_buyer_is_due_around_the_usual_day_and_not_before_or_long_after() -> None:
    def every_30_days(waited: int) -> float:
        return chance(bought(*(waited + 30 * turn for turn in range(6))))

    just_bought, half_way, usual_day, given_up = (every_30_days(days) for days in (1, 12, 29, 400))
    assert just_bought < 0.01
    assert half_way < 0.15
    assert usual_day > 0.25
    assert given_up < 0.05
    due = due_of(bought(*(5 + 30 * turn for turn in range(6))), NOW_MS, None, SETTINGS)
    assert due.due_at_ms[0] / DAY_MS == pytest.approx(TODAY - 5 + 30, abs=2)


def test_one_purchase_says_nothing_unless_the_category_is_known_to_return() -> None:
    rng = np.random.default_rng(3)
    person = np.repeat(np.arange(400), 5)
    gap = np.exp(rng.normal(np.log(14), 0.2, person.size)).round().astype(np.int64)
    day = 18_000 + np.cumsum(gap) - np.repeat(np.cumsum(gap)[::5], 5)
    coffee = DueModel.fit(person, np.full(person.size, 3), day)
    assert coffee.log_days[0] == pytest.approx(np.log(14), abs=0.05)
    assert coffee.within[0] == pytest.approx(0.2, abs=0.05)
    assert coffee.repeat[0] > 0.97
    assert chance(bought(13)) == 0.0
    assert chance(bought(13), coffee) > 0.3
    assert chance(bought(1), coffee) < 0.1
    # sofas: everybody bought one, and never again
    sofa = DueModel.fit(np.arange(400), np.full(400, 3), np.full(400, 18_000))
    assert chance(bought(13), sofa) == 0.0
    assert sofa.repeat[0] < 0.02
    assert chance(bought(30, 13), sofa) < chance(bought(30, 13))


def test_a_learned_model_foretells_intervals_better_than_none() -> None:
    rng = np.random.default_rng(5)
    own = rng.normal(np.log(9), 0.4, 300)
    log_days = np.log(np.maximum(np.exp(own[:, None] + rng.normal(0, 0.3, (300, 6))).round(), 1))
    day = 18_000 + np.concatenate([np.zeros((300, 1)), np.cumsum(np.exp(log_days), axis=1)], axis=1).astype(np.int64)
    person = np.repeat(np.arange(300), 7).reshape(300, 7)
    model = DueModel.fit(person[:, :-1].ravel(), np.full(300 * 6, 3), day[:, :-1].ravel())
    before = log_days[:, :5].copy()
    before[::3, :3] = np.nan
    held_out = log_days[:, -1], before, np.full(300, 3)
    assert (
        interval_log_likelihood(*held_out, model, SETTINGS) > interval_log_likelihood(*held_out, None, SETTINGS) + 0.05
    )
    again = DueModel.from_arrays(model.to_arrays())
    assert chance(bought(9, 18), again) == chance(bought(9, 18), model)
    with pytest.raises(ValueError):
        DueModel.fit([1], [1, 2], [3, 4])


def buyer(waited_days: int = 29) -> tuple[UserState, int]:
    """Somebody who bought the same product of category 3 every thirty days, and saw a few others of it today."""
    state = UserState.empty()
    product = int(CATALOGUE.item_id[(CATALOGUE.category_id == 3) & (CATALOGUE.product_id != 0)][0])
    for turn in range(6):
        signal(state, CATALOGUE, Signal.ORDER, product, NOW_MS - (waited_days + 30 * turn) * DAY_MS)
    return state, product


def traced(state: UserState, snapshot: ItemSnapshot = CATALOGUE, limit: int = 24, seed: int = 0) -> Slate:
    params = replace(PARAMS, retrieval=replace(RetrievalParams(), due_limit=limit))
    return page(snapshot, state, seed=seed, trace=True, params=params)


def due_items(slate: Slate) -> np.ndarray:
    assert slate.trace is not None
    return slate.trace.channels[Channel.DUE].item_id


def test_who_is_due_is_brought_what_they_know_and_more_of_its_category() -> None:
    state, product = buyer()
    found = due_items(traced(state))
    assert found[0] == product
    rows = CATALOGUE.rows_of(found)
    assert (CATALOGUE.category_id[rows] == 3).all()
    assert (CATALOGUE.product_id[rows] != 0).all()
    assert found.size >= 10
    slates = [traced(state, seed=seed) for seed in range(10)]
    assert np.mean([product in slate.item_id for slate in slates]) >= 0.8
    channels = np.concatenate([slate.channel[slate.item_id == product] for slate in slates])
    assert (channels == Channel.DUE).all()


def test_nothing_is_due_just_after_buying_nor_with_the_channel_or_personalisation_off() -> None:
    assert due_items(traced(buyer(1)[0])).size == 0
    assert due_items(traced(buyer()[0], limit=0)).size == 0
    state, _ = buyer()
    set_personalised(state, False)
    assert due_items(traced(state)).size == 0


def test_what_was_looked_at_lately_does_not_come_again_even_when_due() -> None:
    state, product = buyer()
    for days, comes in ((6, False), (8, True)):
        again = UserState.decode(state.encode())
        signal(again, CATALOGUE, Signal.IMPRESSION, product, NOW_MS - days * DAY_MS)
        assert (product in due_items(traced(again))) is comes
    hidden = UserState.decode(state.encode())
    signal(hidden, CATALOGUE, Signal.NOT_INTERESTED, product, NOW_MS - 20 * DAY_MS)
    assert product not in due_items(traced(hidden))


def test_being_due_raises_what_a_product_of_the_category_is_expected_to_bring() -> None:
    (due, _), (not_due, _) = buyer(), buyer(1)
    slates = traced(due), traced(not_due)
    features = [slate.trace.features for slate in slates if slate.trace is not None]
    rows = [CATALOGUE.rows_of(slate.trace.item_id) for slate in slates if slate.trace is not None]
    for table, own in zip(features, rows, strict=True):
        of_category = (CATALOGUE.category_id[own] == 3) & (CATALOGUE.product_id[own] != 0)
        assert (table[~of_category, Feature.DUE] == 0).all()
    common = np.intersect1d(slates[0].trace.item_id, slates[1].trace.item_id)  # type: ignore[union-attr]
    common = common[(CATALOGUE.category_id[CATALOGUE.rows_of(common)] == 3)]
    common = common[CATALOGUE.product_id[CATALOGUE.rows_of(common)] != 0]
    assert common.size >= 3
    orders = [slate.trace.predictions[slate.trace.place_of(int(common[0])), Head.ORDER] for slate in slates]  # type: ignore[union-attr]
    assert orders[0] > orders[1]


def test_the_model_travels_with_a_snapshot() -> None:
    model = DueModel.fit([1, 1, 2], [3, 3, 4], [100, 110, 100])
    snapshot = build_catalogue(60, models=Models(due=model))
    again = ItemSnapshot.from_arrays(snapshot.to_arrays()).models.due
    assert again is not None
    assert again.category_id.tolist() == [3, 4]


def test_training_needs_intervals_and_is_judged_on_what_it_had_not_met() -> None:
    rng = np.random.default_rng(8)
    assert train_due([]) is None
    assert train_due([bought(5, 12)]) is None
    tables = []
    for _ in range(60):
        ago = np.cumsum(np.exp(rng.normal(np.log(8), 0.25, 5)).round() + 1)
        tables.append(bought(*ago))
    found = train_due([*tables, Purchases.empty()])
    assert found is not None
    assert (found.people, found.purchases, found.cases, found.before) == (60, 300, 60, None)
    assert found.model.intervals.tolist() == [240.0]
    served = DueModel.fit(np.repeat(np.arange(60), 2), np.full(120, 3), np.tile([100, 300], 60))
    later = train_due(tables, served=served)
    assert later is not None
    assert later.before is not None
    assert later.before < later.after == found.after
