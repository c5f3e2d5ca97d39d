"""Codes, taxes and capitals: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.invoice.domain.amounts import TaxRule, capitals, rate_for, red_tax, tax_in
from xingqu.invoice.domain.codes import ALPHABET, check_character, is_credit_code

DAY = datetime(2026, 11, 1, tzinfo=UTC)
MINOR = st.integers(1, 10**10)
RATE = st.sampled_from([0, 100, 300, 600, 900, 1_300])
# The standard's own example, and one that starts with a letter.
CODES = ["91350100M000100Y43", "91110000100000000" + check_character("91110000100000000")]


@pytest.mark.parametrize("code", CODES)
def test_codes_of_the_standard(code: str) -> None:
    assert is_credit_code(code)


TAILS = st.lists(st.sampled_from(ALPHABET), min_size=9, max_size=9).map("".join)


@given(TAILS, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(tail: str, place: int, other: str) -> None:
    body = "91350100" + tail
    code = body + check_character(body)
    assert is_credit_code(code)
    wrong = code[:place] + other + code[place + 1 :]
    assert is_credit_code(wrong) == (wrong == code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y44", "91350100m000100y43", "I1350100M000100Y43"]
)
def test_what_is_no_code(code: str) -> None:
    assert not is_credit_code(code)


@given(MINOR, RATE)
def test_tax_and_net_sum_to_the_price(gross_minor: int, rate_bp: int) -> None:
    tax_minor = tax_in(gross_minor, rate_bp)
    net_minor = gross_minor - tax_minor
    assert 0 <= tax_minor < gross_minor
    assert abs(net_minor * rate_bp - tax_minor * 10_000) <= (10_000 + rate_bp) / 2


@given(MINOR, RATE, st.lists(st.integers(1, 10**9), max_size=6))
def test_red_letters_over_all_of_a_line_take_back_its_tax_exactly(
    gross_minor: int, rate_bp: int, parts: list[int]
) -> None:
    tax_minor, before, taken = tax_in(gross_minor, rate_bp), 0, 0
    for part in [*parts, gross_minor]:
        part = min(part, gross_minor - before)
        one = red_tax(gross_minor=gross_minor, tax_minor=tax_minor, red_before_minor=before, red_minor=part)
        assert 0 <= one <= part
        before, taken = before + part, taken + one
    assert (before, taken) == (gross_minor, tax_minor)


def test_the_deepest_category_and_then_the_newest_day() -> None:
    rules = [
        TaxRule(None, 600, DAY),
        TaxRule(5, 900, DAY),
        TaxRule(5, 300, DAY + timedelta(days=2)),
        TaxRule(7, 0, DAY),
    ]

    def rate(path: list[int], days: int) -> int:
        return rate_for(rules, category_path=path, at=DAY + timedelta(days=days), usual_bp=1_300)

    assert [rate([5], -1), rate([], 0), rate([5], 0), rate([5], 2), rate([5, 7], 2)] == [1_300, 600, 900, 300, 0]


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (12_050, "壹佰贰拾元伍角整"),
        (100_000_000, "壹佰万元整"),
        (1_000_500, "壹万零伍元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (200_300_400_056, "贰拾亿零叁佰万肆仟元伍角陆分"),
    ],
)
def test_capitals(minor: int, words: str) -> None:
    assert capitals(minor) == words


def test_no_capitals_below_nothing() -> None:
    with pytest.raises(ValueError, match="from 0 on"):
        capitals(-1)
