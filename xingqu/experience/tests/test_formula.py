"""The formula: priors, limits, weights that sum, and what makes no score."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.experience.domain.formula import INDICATORS, Counted, Rules, check_rules, read_rules, score_of
from xingqu.kit.errors import InvalidInput

COUNTS = st.dictionaries(
    st.sampled_from(sorted(INDICATORS)),
    st.tuples(st.floats(0, 1), st.integers(0, 10_000)),
    max_size=7,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(COUNTS)
def test_losses_are_what_the_score_lacks(counts: dict[str, tuple[float, int]]) -> None:
    counted = {
        name: Counted((1 + 4 * share if INDICATORS[name].unit == "stars" else share) * count, count)
        for name, (share, count) in counts.items()
    }
    found = score_of(counted, Rules())
    assert 0 <= found.score <= 100
    assert abs(100 - found.score - sum(one.loss for one in found.indicators.values())) <= 0.15


def test_little_to_count_stands_near_the_prior_and_much_near_itself() -> None:
    def shrunk(count: int) -> float:
        return score_of({"on_time_rate": Counted(0, count)}, Rules()).indicators["on_time_rate"].shrunk

    assert shrunk(0) == 0.97
    assert shrunk(1) == pytest.approx(0.97 * 50 / 51)
    assert shrunk(5_000) < 0.01


def test_perfect_and_terrible() -> None:
    many = 1_000_000
    best = {n: Counted((5 if i.unit == "stars" else i.target) * many, many) for n, i in INDICATORS.items()}
    worst = {n: Counted((1 if i.unit == "stars" else i.floor) * many, many) for n, i in INDICATORS.items()}
    assert (score_of(best, Rules()).score, score_of(worst, Rules()).score) == (100.0, 0.0)


def test_a_part_without_weight_says_nothing() -> None:
    rules = replace(Rules(), logistics_weight=0.0)
    found = score_of({"on_time_rate": Counted(0, 10_000)}, rules)
    assert (found.indicators["on_time_rate"].points, found.indicators["on_time_rate"].loss) == (0.0, 0.0)


def test_rules_are_stored_whole_and_read_with_what_came_later() -> None:
    values = Rules().as_json()
    assert read_rules(values) == Rules()
    del values["indicators"]["service_stars"], values["min_orders"]
    assert read_rules(values) == Rules()


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (replace(Rules(), window_days=1), "window_days"),
        (replace(Rules(), peer_min_shops=2), "peer_min_shops"),
        (replace(Rules(), goods_weight=-1.0), "goods_weight"),
        (
            replace(Rules(), indicators={**INDICATORS, "goods_stars": replace(INDICATORS["goods_stars"], floor=4.9)}),
            "goods_stars.floor",
        ),
        (
            replace(Rules(), indicators={**INDICATORS, "on_time_rate": replace(INDICATORS["on_time_rate"], weight=-1)}),
            "on_time_rate.weight",
        ),
    ],
)
def test_what_makes_no_score_is_refused(rules: Rules, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rules(rules)
    assert refused.value.field == field
