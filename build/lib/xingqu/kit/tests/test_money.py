"""Money never loses a cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.kit.money import CurrencyMismatch, Money, parse_decimal, split_by_largest_remainder


@pytest.mark.parametrize(
    ("text", "minor"),
    [("899.00", 89900), ("0.01", 1), ("12", 1200), ("-3.5", -350), (" 7.10 ", 710), ("1.230", 123)],
)
def test_decimal_text_becomes_minor_units(text: str, minor: int) -> None:
    assert parse_decimal(text) == minor


@pytest.mark.parametrize("text", ["", "1.234", "1e3", "¥5", "٣", "1,000.00", "--1", "99999999999999"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_decimal(text)


def test_yen_has_no_decimals() -> None:
    assert parse_decimal("120", "JPY") == 120
    with pytest.raises(ValueError):
        parse_decimal("1.5", "JPY")


def test_currencies_do_not_mix() -> None:
    assert Money(1) + Money(2) == Money(3)
    with pytest.raises(CurrencyMismatch):
        Money(1, "CNY") + Money(1, "USD")


def test_floats_are_no_money() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_a_split_sums_exactly_and_is_proportional(total: int, weights: list[int]) -> None:
    parts = split_by_largest_remainder(total, weights)
    assert sum(parts) == total
    whole = sum(weights) or len(weights)
    shares = weights if sum(weights) else [1] * len(weights)
    assert all(abs(part - total * share / whole) < 1 for part, share in zip(parts, shares, strict=True))


def test_ties_go_to_the_earlier_part() -> None:
    assert split_by_largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_largest_remainder(-100, [1, 1, 1]) == [-34, -33, -33]
