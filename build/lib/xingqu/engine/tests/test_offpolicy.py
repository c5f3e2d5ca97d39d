"""Off-policy estimates against a world where every policy's true value is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.evaluate.offpolicy import (
    DecisionError,
    Decisions,
    evaluate_policy,
    fit_reward,
    target_of_draw,
)
from xingqu.engine.params import QuotaParams
from xingqu.engine.slate.quota import draw_probabilities

ACTIONS = 6


class World:
    """Contexts of 4 kinds, 6 actions, a known chance of reward; a logging and a target policy."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.chance = rng.uniform(0.02, 0.6, (4, ACTIONS))
        self.logging = rng.dirichlet(np.ones(ACTIONS), 4) * 0.7 + 0.3 / ACTIONS
        self.target = rng.dirichlet(np.ones(ACTIONS) * 0.7, 4)

    @property
    def true_value(self) -> float:
        return float((self.chance * self.target).sum(axis=1).mean())

    def log(self, count: int, seed: int, *, model: np.ndarray | None = None, lie: float = 1.0) -> Decisions:
        """``model``: predicted chances (4, 6); ``lie``: a factor that the logged propensities are off by."""
        rng = np.random.default_rng(seed)
        context = rng.integers(0, 4, count)
        cumulative = self.logging.cumsum(axis=1)[context]
        action = np.minimum((rng.random(count)[:, None] > cumulative).sum(axis=1), ACTIONS - 1)
        reward = (rng.random(count) < self.chance[context, action]).astype(float)
        predicted = None if model is None else model[context, action]
        expected = None if model is None else (model * self.target).sum(axis=1)[context]
        return Decisions.of(
            propensity=np.minimum(self.logging[context, action] * lie, 1.0),
            target=self.target[context, action],
            reward=reward,
            predicted=predicted,
            predicted_target=expected,
        )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_estimate_finds_the_true_value(seed: int) -> None:
    world = World(seed)
    result = evaluate_policy(world.log(20_000, seed + 1, model=world.chance * 0.8 + 0.02))
    assert result.doubly_robust is not None
    for estimate in (result.ips, result.snips, result.doubly_robust):
        # five standard errors: a false alarm about once in two million
        assert abs(estimate.value - world.true_value) < 5 * estimate.standard_error + 1e-3
        assert estimate.low <= estimate.value <= estimate.high
    assert result.mean_weight == pytest.approx(1.0, abs=0.1)
    assert 0 < result.effective_sample_size <= result.decisions


def test_intervals_cover_as_often_as_they_say() -> None:
    world = World(3)
    covered = dict.fromkeys(("ips", "snips", "dr"), 0)
    for seed in range(400):
        result = evaluate_policy(world.log(2_000, seed, model=world.chance), confidence=0.9)
        for estimate in result.estimates()[1:]:
            covered[estimate.method] += estimate.low <= world.true_value <= estimate.high
    # 90 % of 400 with a standard deviation of 6
    assert all(335 <= count <= 385 for count in covered.values()), covered


def test_a_good_model_narrows_and_either_being_right_is_enough() -> None:
    world = World(8)
    result = evaluate_policy(world.log(20_000, 1, model=world.chance))
    assert result.doubly_robust is not None
    assert result.doubly_robust.standard_error < result.ips.standard_error
    wrong_model = evaluate_policy(world.log(200_000, 2, model=np.full((4, ACTIONS), 0.9)))
    wrong_propensities = evaluate_policy(world.log(200_000, 3, model=world.chance, lie=1.3))
    for evaluation in (wrong_model, wrong_propensities):
        assert evaluation.doubly_robust is not None
        assert evaluation.doubly_robust.value == pytest.approx(world.true_value, abs=0.01)
    assert abs(wrong_propensities.ips.value - world.true_value) > 0.02


def test_snips_does_not_mind_a_constant_and_ips_of_the_same_policy_is_the_mean() -> None:
    world = World(5)
    log = world.log(5_000, 4)
    shifted = replace(log, reward=log.reward + 10.0)
    before, after = evaluate_policy(log), evaluate_policy(shifted)
    assert after.snips.value == pytest.approx(before.snips.value + 10.0, abs=1e-9)
    same = evaluate_policy(replace(log, target=log.propensity))
    assert same.ips.value == same.snips.value == same.logged.value
    assert same.effective_sample_size == pytest.approx(5_000)


def test_clipping_is_stated() -> None:
    log = Decisions.of(propensity=[0.1, 0.5, 0.5, 0.5], target=[0.9, 0.5, 0.5, 0.5], reward=[1, 0, 1, 0])
    free, clipped = evaluate_policy(log), evaluate_policy(log, clip=3.0)
    assert free.largest_weight == clipped.largest_weight == pytest.approx(9.0)
    assert (free.clipped_share, clipped.clipped_share) == (0.0, 0.25)
    assert free.ips.value == pytest.approx((9 + 1) / 4)
    assert clipped.ips.value == pytest.approx((3 + 1) / 4)
    assert clipped.snips.value == pytest.approx(4 / 6)
    assert clipped.effective_sample_size == pytest.approx(36 / 12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"propensity": [0.0, 0.5]}, "propensity must lie"),
        ({"propensity": [1.5, 0.5]}, "propensity must lie"),
        ({"target": [-0.1, 0.5]}, "target must lie"),
        ({"reward": [1.0]}, "reward has shape"),
        ({"reward": [np.nan, 1.0]}, "reward must be finite"),
        ({"predicted": [1.0, 1.0]}, "go together"),
    ],
)
def test_unusable_logs_are_refused(change: dict[str, list[float]], message: str) -> None:
    columns: dict[str, list[float]] = {"propensity": [0.5, 0.5], "target": [0.5, 0.5], "reward": [1, 0]}
    with pytest.raises(DecisionError, match=message):
        Decisions.of(**{**columns, **change})
    usable = Decisions.of(**columns)
    for wrong in ({"clip": 0.0}, {"confidence": 1.0}):
        with pytest.raises(DecisionError):
            evaluate_policy(usable, **wrong)
    with pytest.raises(DecisionError, match="two decisions"):
        evaluate_policy(Decisions.of(propensity=[], target=[], reward=[]))


def test_a_target_that_never_does_what_was_logged_says_nothing_by_snips() -> None:
    result = evaluate_policy(Decisions.of(propensity=[0.5, 0.5], target=[0, 0], reward=[1, 1]))
    assert result.ips.value == 0.0
    assert np.isnan(result.snips.value)
    assert result.effective_sample_size == 0.0


def test_cross_fitted_rewards_follow_the_features() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2_000, 3))
    reward = features @ [0.5, -0.2, 0.0] + 1.0 + rng.normal(0, 0.1, 2_000)
    predicted = fit_reward(features, reward)
    assert np.abs(predicted - (features @ [0.5, -0.2, 0.0] + 1.0)).max() < 0.05


def test_the_probability_of_a_reserved_slot_under_other_settings() -> None:
    scores = np.array([0.1, 0.4, 0.9])
    logged, target = QuotaParams(), replace(QuotaParams(), temperature=2.0, uniform_floor=0.0)
    before, after, all_after = target_of_draw(scores, 2, logged=logged, target=target)
    assert before == draw_probabilities(scores, logged)[2]
    assert after == all_after[2] == draw_probabilities(scores, target)[2] > before
