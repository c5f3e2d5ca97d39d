"""Shares in a price: whole to the cent, and back in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.kit.errors import InvalidInput
from xingqu.trade.domain.shares import Shares, ShareTerms, check_terms, shares_of

BP = st.integers(0, 10_000)


@st.composite
def terms(draw: st.DrawFn) -> ShareTerms:
    commission = draw(BP)
    return ShareTerms(commission, draw(st.integers(0, 10_000 - commission)), draw(BP), draw(BP))


def test_a_price_is_shared() -> None:
    # 20 % of 99.99 are 19.99, 2 % are 1.99; the platform has a tenth of each, the agency a third of what is left.
    assert shares_of(9_999, ShareTerms(2_000, 200, 1_000, 3_333)) == Shares(
        creator=1_201, mcn=599, colonel=180, platform=218
    )


@given(base=st.integers(0, 10**9), told=terms())
def test_nobody_gets_what_is_not_there(base: int, told: ShareTerms) -> None:
    shares = shares_of(base, told)
    assert min(shares.creator, shares.mcn, shares.colonel, shares.platform) >= 0
    assert shares.total == base * told.commission_bp // 10_000 + base * told.service_bp // 10_000 <= base


@given(told=terms(), parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_what_goes_back_in_parts_goes_back_whole(told: ShareTerms, parts: list[int]) -> None:
    left = sum(parts)
    whole, back = shares_of(left, told), Shares(0, 0, 0, 0)
    for part in parts:
        difference = shares_of(left, told) - shares_of(left - part, told)
        assert min(difference.creator, difference.mcn, difference.colonel, difference.platform) >= 0
        left -= part
        back = Shares(*(a + b for a, b in zip(_plain(back), _plain(difference), strict=True)))
    assert back == whole


def _plain(shares: Shares) -> tuple[int, int, int, int]:
    return shares.creator, shares.mcn, shares.colonel, shares.platform


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (ShareTerms(-1), "commission_bp"),
        (ShareTerms(10_001), "commission_bp"),
        (ShareTerms(9_000, 1_001), "service_bp"),
        (ShareTerms(1, platform_bp=10_001), "platform_bp"),
        (ShareTerms(1, mcn_bp=-5), "mcn_bp"),
    ],
)
def test_rates_that_can_not_be(told: ShareTerms, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_terms(told)
    assert refused.value.field == field
