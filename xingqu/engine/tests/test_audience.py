"""The audience of a new item, on people with planted tastes."""

import numpy as np

from xingqu.engine.coldstart.audience import Audience


def _people(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    tastes = rng.normal(size=(600, 8))
    return tastes, 1 / (1 + np.exp(-(-3.0 + 1.5 * tastes[:, 2])))


def test_the_planted_direction_is_found() -> None:
    rng = np.random.default_rng(2)
    tastes, chance = _people(rng)
    audience = Audience.unknown(8)
    for taste, likes in zip(tastes, rng.random(600) < chance, strict=True):
        audience = audience.learned(taste, bool(likes))
    assert audience.mean[1:].argmax() == 2
    best = np.argsort(-audience.log_odds(tastes))[:60]
    assert chance[best].mean() > 3 * chance.mean()


def test_uncertainty_falls_and_draws_stay_around_the_mean() -> None:
    rng = np.random.default_rng(3)
    tastes, _ = _people(rng)
    before = Audience.unknown(8)
    after = before
    for taste in tastes[:200]:
        after = after.learned(taste, False)
    assert (np.diag(after.covariance) < np.diag(before.covariance)).all()
    assert np.linalg.eigvalsh(after.covariance).min() > 0
    draws = np.stack([after.sampled_log_odds(tastes[:5], rng) for _ in range(2_000)])
    np.testing.assert_allclose(draws.mean(axis=0), after.log_odds(tastes[:5]), atol=0.1)
    assert after.log_odds(tastes).max() < before.log_odds(tastes).max()
