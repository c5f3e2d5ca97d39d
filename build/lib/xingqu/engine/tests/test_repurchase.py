"""The buyer model on what is known of it without any data."""

import numpy as np
import pytest

from xingqu.engine.learn.repurchase import BuyerModel, Correction, Histories
from xingqu.engine.learn.simplex import minimise

PUBLISHED = BuyerModel(r=0.243, alpha=4.414, a=0.793, b=2.426)


def test_simplex_finds_the_least_place_of_a_curved_valley() -> None:
    place, value = minimise(lambda p: float((1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2), [-1.2, 1.0])
    assert place == pytest.approx([1.0, 1.0], abs=1e-2)
    assert value < 1e-4


def test_expected_purchases_are_those_published_for_customer_one() -> None:
    """Fader and Hardie, "Implementing the BG/NBD model in Excel": x 2, t_x 30.43, T 38.86 -> 1.226 in 39 weeks."""
    first = Histories.of([2], [30 + 3 / 7], [38 + 6 / 7])
    assert PUBLISHED.expected(first, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_who_never_came_back_is_alive_by_assumption_and_silence_makes_a_regular_doubtful() -> None:
    rows = Histories.of([0, 8, 8], [0, 37, 10], [38, 38, 38])
    alive = PUBLISHED.alive(rows)
    assert alive[0] == 1.0
    assert alive[1] > 0.7
    assert alive[2] < 0.05


def test_fit_recovers_what_made_the_data() -> None:
    rng, truth = np.random.default_rng(3), BuyerModel(r=0.6, alpha=5.0, a=0.9, b=3.0)
    rows = []
    for _ in range(4_000):
        rate, stop = rng.gamma(truth.r, 1 / truth.alpha), rng.beta(truth.a, truth.b)
        at, x, last = 0.0, 0, 0.0
        while True:
            at += rng.exponential(1 / rate)
            if at > 40:
                break
            x, last = x + 1, at
            if rng.random() < stop:
                break
        rows.append((x, last, 40.0))
    histories = Histories.of(*np.array(rows).T)
    fitted = BuyerModel.fit(histories)
    assert fitted.log_likelihood(histories) >= truth.log_likelihood(histories)
    assert fitted.expected(histories, 20).sum() == pytest.approx(truth.expected(histories, 20).sum(), rel=0.08)


def test_correction_finds_a_planted_factor_and_leaves_a_right_prediction_alone() -> None:
    rng = np.random.default_rng(5)
    expected, feature = rng.gamma(2, 0.5, 20_000), rng.normal(size=(20_000, 1))
    came = rng.poisson(expected * np.exp(0.4 * feature[:, 0])).astype(float)
    corrected = Correction.fit(expected, feature, came).apply(expected, feature, keep_total=False)
    assert corrected == pytest.approx(expected * np.exp(0.4 * feature[:, 0]), rel=0.08)
    calm = rng.poisson(expected).astype(float)
    assert Correction.fit(expected, feature, calm).apply(expected, feature) == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize("bad", [([1], [5], [4]), ([0], [1], [4]), ([-1], [0], [4]), ([1, 2], [1], [4])])
def test_impossible_histories_are_refused(bad: tuple[list[int], list[int], list[int]]) -> None:
    with pytest.raises(ValueError):
        Histories.of(*bad)
