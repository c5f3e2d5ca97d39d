"""The pure quote: exact sums, never negative, whatever is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.trade.domain.freight import Freight, expected_arrival, freight_minor
from xingqu.trade.domain.quote import AmountTooLarge, Offer, WantedLine, build_quote
from xingqu.trade.domain.regions import children_of, path_of, regions

CODES = ["on_sale", "sold_out", "offline", "not_approved", "banned", "deleted", "draft"]


@st.composite
def offers(draw: st.DrawFn) -> dict[int, Offer]:
    found = {}
    for sku_id in draw(st.sets(st.integers(1, 12), max_size=8)):
        code = draw(st.sampled_from(CODES))
        found[sku_id] = Offer(
            sku_id=sku_id,
            product_id=sku_id * 10,
            shop_id=draw(st.integers(1, 3)),
            name="x",
            option_text="",
            picture_url="",
            price_minor=draw(st.integers(0, 10**9)),
            currency=draw(st.sampled_from(["CNY", "CNY", "CNY", "USD"])),
            available=draw(st.integers(0, 999)),
            sale_code=code,
            can_buy=code == "on_sale",
        )
    return found


wanted_lines = st.lists(
    st.builds(WantedLine, st.integers(1, 14), st.integers(1, 999)), unique_by=lambda line: line.sku_id, max_size=10
)
rules = st.dictionaries(
    st.integers(1, 3),
    st.builds(Freight, st.integers(0, 10_000), st.one_of(st.none(), st.integers(0, 10**6)), st.integers(0, 10_000)),
)
provinces = st.sampled_from([None, *children_of(0)])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wanted_lines, offers(), rules, provinces)
def test_sums_are_exact_and_never_negative(wanted, offered, freight, province) -> None:
    quote = build_quote(wanted, offered, freight, province=province)
    buyable = [line for line in quote.lines if line.buyable]
    assert quote.goods_minor == sum(line.offer.price_minor * line.quantity for line in buyable)
    assert quote.payable_minor == quote.goods_minor + quote.freight_minor - quote.discount_minor
    assert quote.payable_minor == sum(shop.total_minor for shop in quote.shops) >= 0
    assert min((shop.total_minor for shop in quote.shops), default=0) >= 0
    # Every line asked for is either bought or explained, never both, never neither.
    problems = {problem.sku_id for problem in quote.problems}
    assert {line.offer.sku_id for line in buyable} | problems == {line.sku_id for line in wanted}
    assert {line.offer.sku_id for line in buyable}.isdisjoint(problems)
    assert all(line.offer.can_buy and line.quantity <= line.offer.available for line in buyable)
    assert len({line.offer.currency for line in buyable}) <= 1


def test_a_sum_beyond_one_payment_is_refused() -> None:
    offer = Offer(1, 1, 1, "x", "", "", 10**13, "CNY", 999, "on_sale", True)
    with pytest.raises(AmountTooLarge):
        build_quote([WantedLine(1, 2)], {1: offer}, {}, province=None)


def test_freight() -> None:
    rule = Freight(base_minor=800, free_from_minor=9900, remote_extra_minor=1500)
    xinjiang = next(region for region in children_of(0) if region.code.startswith("65"))
    beijing = next(region for region in children_of(0) if region.code.startswith("11"))
    assert freight_minor(rule, goods_minor=9899, province=beijing) == 800
    assert freight_minor(rule, goods_minor=9900, province=beijing) == 0
    assert freight_minor(rule, goods_minor=9900, province=xinjiang) == 1500
    assert freight_minor(rule, goods_minor=1, province=None) == 800
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    near = expected_arrival(at, province=beijing, ship_within=timedelta(days=2))
    far = expected_arrival(at, province=xinjiang, ship_within=timedelta(days=2))
    assert near is not None
    assert (near.earliest, near.latest) == (date(2026, 11, 24), date(2026, 11, 27))
    assert far is not None
    assert (far.earliest, far.latest) == (date(2026, 11, 26), date(2026, 11, 30))
    assert expected_arrival(at, province=None, ship_within=timedelta(days=2)) is None


def test_regions_lie_in_each_other() -> None:
    assert len(regions()) == 3231
    assert [region.name for region in path_of(1, 32, 376) or ()] == ["北京市", "市辖区", "东城区"]
    assert path_of(1, 33, 376) is None
    assert path_of(32, 1, 376) is None
    assert path_of(1, 32, 10**6) is None
