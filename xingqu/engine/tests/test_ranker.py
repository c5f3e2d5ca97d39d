"""The learned ranking: serving, training, calibration, positions, adoption."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.columns import COMMERCE_HEADS, Feature, Head
from xingqu.engine.kernels import logistic_heads
from xingqu.engine.learn.calibration import area_under_curve, calibration_error, fit_calibration, pooled
from xingqu.engine.models import Models
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.kernels import calibrate_logits, linear_logits, to_probabilities, to_stages
from xingqu.engine.ranking.ranker import (
    FIGURES,
    PARENT,
    RankerModel,
    model_inputs,
    place_bucket,
    surface_code,
)
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.ranking_world import RankingWorld, draw_world
from xingqu.engine.tests.world import DURATION_MS, NOW_MS, PARAMS, build_catalogue, items_of, look, page

SCORER = ScorerParams()
HEADS = len(Head)


def model_with(seed: int | None = None, **parts: np.ndarray) -> RankerModel:
    """Weights drawn at random, or all 0 without a seed; every head adopted."""
    silent, rng = RankerModel.silent(experts=3, width=8), np.random.default_rng(seed)
    if seed is None:
        return replace(silent, **parts)  # type: ignore[arg-type]
    names = ("inward", "inward_bias", "gate", "gate_bias", "outward", "outward_bias", "linear", "place")
    drawn = {name: rng.normal(0, 0.3, getattr(silent, name).shape).astype(np.float32) for name in names}
    return replace(silent, **(drawn | parts))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def world() -> RankingWorld:
    return draw_world(400)


def hand_of(world: RankingWorld) -> np.ndarray:
    return linear_logits(world.rows.features, SCORER.matrix, world.rows.prior_logit)


def test_a_network_that_says_nothing_leaves_the_hand_set_scorer_as_it_is(world: RankingWorld) -> None:
    rows = world.rows
    served = to_probabilities(model_with().logits(rows.features, hand_of(world), 0), 1e-5, 0.98)
    hand = logistic_heads(rows.features, SCORER.matrix, rows.prior_logit, 1e-5, 0.98)
    likely = hand[:, Head.ADD_TO_CART] < 0.9 * hand[:, Head.PRODUCT_CLICK]  # a hand-set chain need not be one
    likely &= hand[:, Head.ORDER] < 0.9 * hand[:, Head.ADD_TO_CART]
    likely &= (hand[:, Head.RETURN] < 0.9 * hand[:, Head.ORDER]) & (
        hand[:, Head.REPURCHASE] < 0.9 * hand[:, Head.ORDER]
    )
    assert likely.mean() > 0.3
    assert served[likely] == pytest.approx(hand[likely], rel=2e-3, abs=1e-6)


def test_what_follows_is_never_likelier_than_what_it_follows_and_nothing_is_sold_without_a_product(
    world: RankingWorld,
) -> None:
    rows = world.rows
    p = to_probabilities(model_with(4).logits(rows.features, hand_of(world), 0), 0.0, 1.0)
    for head, above in enumerate(PARENT):
        if above >= 0:
            assert (p[:, head] <= p[:, above] + 1e-7).all()
    sells = np.isfinite(rows.prior_logit[:, Head.ORDER])
    assert sells.any()
    assert not sells.all()
    assert not p[np.ix_(~sells, COMMERCE_HEADS)].any()
    assert (p[np.ix_(sells, COMMERCE_HEADS)] > 0).all()


def test_a_row_is_scored_alike_whoever_stands_beside_it(world: RankingWorld) -> None:
    rows, hand, model = world.rows, hand_of(world), model_with(5)
    together = model.logits(rows.features, hand, 1)
    rng = np.random.default_rng(0)
    for size in (1, 2, 7, 33):
        chosen = rng.choice(len(rows), size, replace=False)
        assert np.array_equal(model.logits(rows.features[chosen], hand[chosen], 1), together[chosen])


def test_heads_that_were_not_adopted_stay_with_the_hand_set_scorer(world: RankingWorld) -> None:
    adopted = np.ones(HEADS, dtype=np.bool_)
    adopted[[Head.LIKE, Head.ORDER]] = False
    hand = hand_of(world)
    logits = model_with(6, adopted=adopted).logits(world.rows.features, hand, 0)
    assert np.array_equal(logits[:, ~adopted], hand[:, ~adopted])
    assert not np.array_equal(logits[:, Head.WATCH], hand[:, Head.WATCH])


def test_a_model_survives_its_file_and_does_not_know_newer_features(world: RankingWorld) -> None:
    model, hand = model_with(7), hand_of(world)
    again = Models.from_arrays(Models(ranker=model).to_arrays()).ranker
    assert again is not None
    assert np.array_equal(again.logits(world.rows.features, hand, 2), model.logits(world.rows.features, hand, 2))
    arrays = model.to_arrays()
    last = len(Feature) - 1
    older = arrays | {name: np.delete(arrays[name], last, axis=0) for name in ("inward", "gate", "linear")}
    older["features"] = np.array(last)
    silent = world.rows.features.copy()
    silent[:, last] = 0.0
    read = RankerModel.from_arrays(older)
    assert np.array_equal(read.logits(world.rows.features, hand, 0), model.logits(silent, hand, 0))
    with pytest.raises(ValueError, match="3 heads"):
        RankerModel.from_arrays(arrays | {"adopted": np.ones(3, dtype=np.bool_)})


def test_places_and_surfaces_have_codes() -> None:
    assert place_bucket(np.array([-1, 0, 1, 5, 6, 7, 29, 30, 4_000])).tolist() == [0, 0, 1, 4, 5, 5, 9, 10, 10]
    assert [surface_code(name) for name in ("for_you", "following", "similar", "mall", "")] == [0, 1, 2, 0, 0]


def test_a_page_is_ranked_by_the_snapshots_model_and_says_what_by() -> None:
    state = UserState.empty()
    plain = build_catalogue(300)
    look(state, plain, items_of(plain, 3, 4), DURATION_MS, NOW_MS - 60_000)
    carrying = replace(plain, models=replace(plain.models, ranker=model_with(8)))
    without, with_model = page(plain, state), page(carrying, state)
    assert without.features.shape == (10, len(Feature))
    assert with_model.prior_logit.shape == (10, HEADS)
    hand = linear_logits(with_model.features, SCORER.matrix, with_model.prior_logit)
    ranker = carrying.models.ranker
    assert ranker is not None
    expected = to_probabilities(ranker.logits(with_model.features, hand, 0), 1e-5, 0.98)
    for head in Head:
        assert np.array_equal(with_model.predictions[head], expected[:, head])
    assert with_model.item_id.tolist() != without.item_id.tolist()
    off = replace(PARAMS, scorer=replace(SCORER, use_model=False))
    assert page(carrying, state, params=off).item_id.tolist() == without.item_id.tolist()


def test_calibration_is_monotone_repairs_what_is_off_and_leaves_what_is_right() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(-1.5, 1.0, 20_000)
    truth = 1 / (1 + np.exp(-(0.5 * logits - 1.0)))
    labels = rng.random(20_000) < truth
    line = fit_calibration(logits[:10_000], labels[:10_000])
    assert line is not None
    knots, levels = line
    assert (np.diff(knots) > 0).all()
    assert (np.diff(levels) > 0).all()
    wide = np.sort(rng.normal(0, 6, 500)).astype(np.float32)[:, None]
    moved = calibrate_logits(wide, knots[None], levels[None])[:, 0]
    assert (np.diff(moved) >= 0).all()
    later = logits[10_000:].astype(np.float32)[:, None]
    before = to_probabilities(later, 0.0, 1.0)[:, 0]
    after = to_probabilities(calibrate_logits(later, knots[None], levels[None]), 0.0, 1.0)[:, 0]
    assert calibration_error(before, labels[10_000:]) > 0.05
    assert calibration_error(after, labels[10_000:]) < 0.015
    assert fit_calibration(logits[:50], labels[:50]) is None
    right = rng.random(3_000) < 1 / (1 + np.exp(-logits[:3_000]))
    assert fit_calibration(logits[:3_000], right) is None


def test_pooling_and_area_are_those_of_the_textbook() -> None:
    rates, weights = np.array([0.1, 0.4, 0.2, 0.3, 0.9]), np.array([1.0, 1.0, 1.0, 2.0, 1.0])
    assert pooled(rates, weights) == pytest.approx([0.1, 0.3, 0.3, 0.3, 0.9])
    scores, hits = np.array([0.1, 0.4, 0.35, 0.8, 0.4]), np.array([False, False, True, True, True])
    assert area_under_curve(scores, hits) == pytest.approx((2 + 1 + 1.5) / 6)
    assert area_under_curve(scores, np.zeros(5, dtype=np.bool_)) == 0.5


class TestTraining:
    torch = pytest.importorskip("torch")

    def test_torch_and_numpy_agree(self, world: RankingWorld) -> None:
        from xingqu.engine.learn.multitask_net import RankerNet, log_probabilities, torch

        rows = world.rows
        net = RankerNet(experts=3, width=8, generator=torch.Generator().manual_seed(3))
        with torch.no_grad():
            for part in net.parameters():
                part += 0.2 * torch.randn(part.shape, generator=torch.Generator().manual_seed(4))
        model = model_with(None, **{name: part.detach().numpy() for name, part in net.named_parameters()})
        stages = to_stages(hand_of(world), PARENT)
        sells = np.isfinite(stages).all(axis=1)
        inputs, finite = model_inputs(rows.features, stages, 1)[sells], torch.from_numpy(stages[sells])
        nowhere = torch.zeros(int(sells.sum()), dtype=torch.int64)
        with torch.no_grad():
            net.place.zero_()
            logits = net.stage_logits(torch.from_numpy(inputs), finite, nowhere + 1, nowhere)
            expected = log_probabilities(logits).exp().numpy()
        found = to_probabilities(model.logits(rows.features, hand_of(world), 1), 0.0, 1.0)[sells]
        assert np.abs(found - expected).max() < 1e-4

    def test_it_learns_what_the_hand_set_scorer_misses_and_is_adopted_where_it_wins(self) -> None:
        from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker

        world = draw_world(24_000)
        config = RankerConfig(epochs=8, learning_rate=5e-3)
        model = train_ranker(world.rows, world.outcomes, now_ms=world.now_ms, scorer=SCORER, config=config, seed=1)
        hand = hand_of(world)
        ours, theirs = (
            to_probabilities(logits, 0.0, 1.0) for logits in (model.logits(world.rows.features, hand, 0), hand)
        )
        assert model.adopted[[Head.WATCH, Head.COMPLETION]].all()
        figures = dict(zip(FIGURES, model.figures[Head.WATCH].tolist(), strict=True))
        assert (figures["impressions"], figures["loss"] < figures["loss_hand"]) == (2_400.0, True)
        for head in (Head.WATCH, Head.COMPLETION):
            before, after = (np.abs(p[:, head] - world.truth[:, head]).mean() for p in (theirs, ours))
            assert after < 0.75 * before
        assert np.array_equal(ours[:, ~model.adopted], theirs[:, ~model.adopted])

    def test_a_shop_without_enough_impressions_keeps_the_hand_set_scorer(self) -> None:
        from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker

        world = draw_world(60)
        config = RankerConfig(epochs=2)
        model = train_ranker(world.rows, world.outcomes, now_ms=world.now_ms, scorer=SCORER, config=config, seed=1)
        assert not model.adopted.any()

    def test_where_an_item_stood_is_not_taken_for_what_it_is_worth(self) -> None:
        """The old policy put items on top by a feature that means nothing; on top, more is watched."""
        from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker

        rng = np.random.default_rng(2)
        world = draw_world(20_000)
        rows = world.rows
        features = np.zeros_like(rows.features)
        worth, noise = rng.normal(0, 1, (2, len(rows))).astype(np.float32)
        features[:, Feature.EVIDENCE], features[:, Feature.FAMILIARITY] = np.tanh(worth), np.tanh(noise)
        position = np.clip(4.5 - 3 * noise + rng.normal(0, 1.5, len(rows)), 0, 9).astype(np.int16)
        p = 1 / (1 + np.exp(-(-0.5 + 0.5 * np.tanh(worth) - 0.35 * (position - 4.5))))
        at_ms = np.where(rng.random(len(rows)) < p, rows.at_ms + 30_000, world.outcomes.at_ms.max())
        outcomes = replace(world.outcomes, at_ms=world.outcomes.at_ms.copy())
        outcomes.at_ms[:, Head.WATCH] = at_ms
        rows = replace(rows, features=features, prior_logit=np.full_like(rows.prior_logit, -0.6), position=position)
        areas = {}
        for places in (True, False):
            config = RankerConfig(epochs=8, learning_rate=5e-3, places=places)
            model = train_ranker(rows, outcomes, now_ms=world.now_ms, scorer=SCORER, config=config, seed=1)
            hand = linear_logits(features, SCORER.matrix, rows.prior_logit)
            areas[places] = area_under_curve(model.logits(features, hand, 0)[:, Head.WATCH], worth > 0)
        assert areas[True] > 0.95
        assert areas[False] < 0.75
