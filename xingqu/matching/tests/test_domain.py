"""Bands, steps, lots and intervals."""

import numpy as np
import pytest

from xingqu.matching.domain.bands import GMV_BANDS_MINOR, band_of, bounds_of, told_price, told_share
from xingqu.matching.domain.holdout import Outcome, amount_difference, arm_figures, rate_difference
from xingqu.matching.domain.pools import Arm, arm_of


def test_bands() -> None:
    assert [band_of(value, GMV_BANDS_MINOR) for value in (-5, 0, 1, 99_999, 100_000, 10**10)] == [0, 0, 1, 1, 2, 5]
    assert bounds_of(2, GMV_BANDS_MINOR) == (100_000, 1_000_000)
    assert bounds_of(5, GMV_BANDS_MINOR) == (100_000_000, None)
    assert [told_price(minor) for minor in (0.2, 94, 12_345, 99_600)] == [1, 94, 12_000, 100_000]


@pytest.mark.parametrize("people", [20, 30, 77, 400])
def test_one_person_seldom_moves_a_share_and_never_by_one(people: int) -> None:
    told = [told_share(count, people) for count in range(people + 1)]
    steps = np.diff(told)
    step = max(0.01, 5 / people)
    assert (told[0], told[-1]) == (0.0, pytest.approx(1.0, abs=step))
    assert set(np.round(steps[steps > 0], 3)) <= {round(step, 3), round(told[-1] - told[-2], 3), *np.round(steps, 3)}
    assert (steps > 0).mean() <= max(0.25, people / 100 / people)


def test_a_lot_is_drawn_once() -> None:
    drawn = [arm_of(pool_id=3, creator_id=pk, round_number=9, held_out_bp=2_000) for pk in range(4_000)]
    assert 0.17 < sum(arm is Arm.HELD_OUT for arm in drawn) / 4_000 < 0.23
    assert drawn == [arm_of(pool_id=3, creator_id=pk, round_number=9, held_out_bp=2_000) for pk in range(4_000)]
    assert drawn != [arm_of(pool_id=3, creator_id=pk, round_number=10, held_out_bp=2_000) for pk in range(4_000)]


def outcomes(pairs: int, taken: int, amount: int, first: int = 0) -> list[Outcome]:
    return [Outcome(first + n, int(n < taken), int(n < taken), amount if n < taken else 0) for n in range(pairs)]


def test_newcombe_as_in_the_paper() -> None:
    """56 of 70 against 48 of 80: .2, from .0524 to .3339 (Newcombe 1998, table II, method 10)."""
    found = rate_difference(arm_figures(outcomes(70, 56, 1)), arm_figures(outcomes(80, 48, 1)))
    assert (found.value, found.low, found.high) == (
        pytest.approx(0.2),
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )


def test_few_pairs_say_nothing() -> None:
    few, many = outcomes(9, 9, 5), outcomes(30, 3, 5)
    assert rate_difference(arm_figures(few), arm_figures(many)).value is None
    assert amount_difference(few, many).value is None
    assert arm_figures([]).rate is None


def test_an_interval_of_amounts_holds_the_difference() -> None:
    found = amount_difference(outcomes(60, 30, 1_000), outcomes(60, 6, 1_000, first=1_000))
    assert found.value == pytest.approx(400)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 400 < found.high
