"""Discounts, pure: the best legal combination against every combination, exact to the cent, never below the floor."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.programmes.contracts import CouponTerms, FlashPrice, FullReduction, HeldCoupon, Programmes
from xingqu.trade.domain.discounts import PricedLine, find_best
from xingqu.trade.domain.quote import Offer, WantedLine, build_quote

END = datetime(2026, 12, 1, tzinfo=UTC)
amounts = st.integers(0, 400)


def coupon(
    claimed_id: int,
    shop_id: int | None,
    terms: CouponTerms,
    *,
    new_only: bool = False,
    products: frozenset[int] | None = None,
    categories: frozenset[int] | None = None,
) -> HeldCoupon:
    return HeldCoupon(
        claimed_id=claimed_id,
        coupon_id=claimed_id,
        shop_id=shop_id,
        name="券",
        terms=terms,
        currency="CNY",
        audience="new_customer" if new_only else "everyone",
        is_new_customer=False,
        valid_from=datetime(2026, 11, 1, tzinfo=UTC),
        valid_until=END,
        product_ids=products,
        category_ids=categories,
    )


def fixed(off: int, threshold: int = 0) -> CouponTerms:
    return CouponTerms("fixed", threshold, off, 0, None)


def rate(bp: int, cap: int | None = None, threshold: int = 0) -> CouponTerms:
    return CouponTerms("rate", threshold, 0, bp, cap)


terms = st.one_of(
    st.builds(fixed, st.integers(1, 300), amounts),
    st.builds(rate, st.integers(1, 9_900), st.one_of(st.none(), st.integers(1, 200)), amounts),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[PricedLine], Programmes]:
    count = draw(st.integers(1, 5))
    lines = [PricedLine(n, draw(st.integers(1, 2)), draw(amounts), draw(st.booleans())) for n in range(count)]
    reductions = {}
    for shop_id in draw(st.sets(st.integers(1, 2))):
        lows = sorted(draw(st.sets(st.integers(2, 400), min_size=1, max_size=3)))
        offs = sorted(draw(st.sets(st.integers(1, 300), min_size=len(lows), max_size=len(lows))))
        steps = tuple((low, min(off, low - 1)) for low, off in zip(lows, offs, strict=True))
        reductions[shop_id] = (FullReduction(shop_id, shop_id, "满减", steps, "CNY", END),)
    held = draw(st.lists(st.tuples(st.sampled_from([1, 2, None]), terms, st.booleans()), max_size=5))
    coupons = tuple(coupon(100 + n, shop, t, new_only=new) for n, (shop, t, new) in enumerate(held))
    return lines, Programmes({}, reductions, coupons)


def every_total(lines: Sequence[PricedLine], programmes: Programmes) -> Iterator[int]:
    """What is taken off by each legal combination, worked out shop by shop without the code under test."""
    shops = sorted({line.shop_id for line in lines})
    usable = [c for c in programmes.coupons if c.audience == "everyone"]
    own = [[None, *(c for c in usable if c.shop_id == shop)] for shop in shops]
    steps = [[(0, 0), *(s for o in programmes.full_reductions.get(shop, ()) for s in o.steps)] for shop in shops]
    platform = [None, *(c for c in usable if c.shop_id is None)]
    for picked_steps, picked, last in product(product(*steps), product(*own), platform):
        taken, rooms, lefts = 0, 0, 0
        for shop, (low, off), ticket in zip(shops, picked_steps, picked, strict=True):
            whole = sum(line.subtotal_minor for line in lines if line.shop_id == shop)
            plain = sum(line.subtotal_minor for line in lines if line.shop_id == shop and not line.is_flash)
            here = min(off, plain, max(whole - 1, 0)) if low <= plain else 0
            if ticket is not None and ticket.terms.threshold_minor <= plain:
                here += min(_off(ticket.terms, plain - here), plain - here, max(whole - here - 1, 0))
            taken, rooms, lefts = taken + here, rooms + max(whole - here - 1, 0), lefts + whole - here
        goods = sum(line.subtotal_minor for line in lines)
        if last is not None and last.terms.threshold_minor <= goods:
            taken += min(_off(last.terms, lefts), rooms)
        yield taken


def _off(t: CouponTerms, left: int) -> int:
    return t.discount_minor if t.kind == "fixed" else min(left * t.rate_bp // 10_000, t.cap_minor or left)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_best_of_every_combination_split_to_the_cent(case: tuple[list[PricedLine], Programmes]) -> None:
    lines, programmes = case
    found = find_best(lines, programmes, currency="CNY", chosen=None)
    total = sum(deduction.amount_minor for deduction in found.deductions)
    assert total == max(every_total(lines, programmes))
    off = {sku: sum(part.amount_minor for part in parts) for sku, parts in found.parts.items()}
    assert sum(off.values()) == total
    assert all(part.amount_minor > 0 for parts in found.parts.values() for part in parts)
    assert all(off.get(line.sku_id, 0) <= line.subtotal_minor for line in lines)
    for shop in {line.shop_id for line in lines}:
        goods = sum(line.subtotal_minor for line in lines if line.shop_id == shop)
        taken = sum(off.get(line.sku_id, 0) for line in lines if line.shop_id == shop)
        assert goods - taken >= min(goods, 1)
    # Each deduction is the sum of its parts; the platform pays its coupon's and no other; one of each kind a shop.
    for deduction in found.deductions:
        parts = [
            (line, part)
            for line in lines
            for part in found.parts.get(line.sku_id, ())
            if (part.kind, part.programme_id) == (deduction.kind, deduction.programme_id)
        ]
        assert sum(part.amount_minor for _, part in parts) == deduction.amount_minor
        assert {part.payer for _, part in parts} == {"platform" if deduction.shop_id is None else "merchant"}
        assert not any(line.is_flash and deduction.shop_id is not None for line, _ in parts)
    kinds = [(deduction.kind, deduction.shop_id) for deduction in found.deductions]
    assert len(kinds) == len(set(kinds))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.sets(st.integers(100, 104)))
def test_what_the_buyer_picked_and_nothing_else(case: tuple[list[PricedLine], Programmes], picked: set[int]) -> None:
    lines, programmes = case
    found = find_best(lines, programmes, currency="CNY", chosen=frozenset(picked))
    assert {option.coupon.claimed_id for option in found.options if option.is_used} <= picked
    fewer = tuple(c for c in programmes.coupons if c.claimed_id in picked)
    alone = Programmes({}, programmes.full_reductions, fewer)
    assert found.parts == find_best(lines, alone, currency="CNY", chosen=None).parts


@st.composite
def scoped_cases(draw: st.DrawFn) -> tuple[list[PricedLine], Programmes]:
    """Few lines and coupons, of which some are for some of the goods only."""
    count = draw(st.integers(1, 4))
    lines = [
        PricedLine(n, draw(st.integers(1, 2)), draw(amounts), draw(st.booleans()), product_id=n, category_id=n % 2)
        for n in range(count)
    ]
    scopes = st.one_of(st.none(), st.frozensets(st.integers(0, 3), min_size=1, max_size=3))
    held = draw(st.lists(st.tuples(st.sampled_from([1, 2, None]), terms, scopes, st.booleans()), max_size=5))
    coupons = tuple(
        coupon(100 + n, shop, t, products=scope if by_product else None, categories=None if by_product else scope)
        for n, (shop, t, scope, by_product) in enumerate(held)
    )
    return lines, Programmes({}, {}, coupons)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(scoped_cases())
def test_coupons_for_some_goods_in_the_best_of_all_combinations(case: tuple[list[PricedLine], Programmes]) -> None:
    lines, programmes = case
    found = find_best(lines, programmes, currency="CNY", chosen=None)
    total = sum(one.amount_minor for one in found.deductions)
    # Any one coupon a layer, picked by the buyer: none of them is worth more than what was found.
    own = [[None, *(c for c in programmes.coupons if c.shop_id == shop)] for shop in (1, 2)]
    platform = [None, *(c for c in programmes.coupons if c.shop_id is None)]
    for picked in product(*own, platform):
        chosen = frozenset(c.claimed_id for c in picked if c is not None)
        tried = find_best(lines, programmes, currency="CNY", chosen=chosen)
        assert sum(one.amount_minor for one in tried.deductions) <= total
    by_sku = {line.sku_id: line for line in lines}
    held = {c.claimed_id: c for c in programmes.coupons}
    for sku, parts in found.parts.items():
        for part in parts:
            assert held[part.programme_id].covers(by_sku[sku].product_id, by_sku[sku].category_id)
    assert sum(part.amount_minor for parts in found.parts.values() for part in parts) == total
    for shop in {line.shop_id for line in lines}:
        mine = [line for line in lines if line.shop_id == shop]
        taken = sum(part.amount_minor for line in mine for part in found.parts.get(line.sku_id, ()))
        goods = sum(line.subtotal_minor for line in mine)
        assert goods - taken >= min(goods, 1)


def test_a_smaller_coupon_of_the_shop_that_leaves_the_platforms_more() -> None:
    lines = [PricedLine(1, 1, 10_000, False, product_id=1), PricedLine(2, 1, 10_000, False, product_id=2)]
    held = (
        coupon(1, 1, fixed(1_000), products=frozenset({1})),
        coupon(2, 1, fixed(900), products=frozenset({2})),
        coupon(3, None, rate(5_000), products=frozenset({1})),
    )
    found = find_best(lines, Programmes({}, {}, held), currency="CNY", chosen=None)
    assert [(one.programme_id, one.amount_minor) for one in found.deductions] == [(2, 900), (3, 5_000)]


def test_a_coupon_for_other_goods_says_so() -> None:
    held = (coupon(1, 1, fixed(100), categories=frozenset({9})),)
    quote = build_quote([WantedLine(1, 1)], {1: offer(1, 500)}, {}, province=None, programmes=Programmes({}, {}, held))
    assert ([option.reason for option in quote.options], quote.payable_minor) == (["scope"], 500)


def offer(sku_id: int, price_minor: int, shop_id: int = 1) -> Offer:
    return Offer(sku_id, sku_id, shop_id, "x", "", "", price_minor, "CNY", 99, "on_sale", True)


def flash(sku_id: int, price_minor: int, *, left: int = 10, limit_left: int = 2) -> FlashPrice:
    return FlashPrice(sku_id, 1, sku_id, price_minor, left, 2, limit_left, END)


def test_a_flash_price_holds_for_the_whole_line_or_not_at_all() -> None:
    programmes = Programmes({1: flash(1, 100)}, {}, ())
    two = build_quote([WantedLine(1, 2)], {1: offer(1, 300)}, {}, province=None, programmes=programmes)
    assert (two.goods_minor, two.payable_minor, two.hints) == (200, 200, ())
    three = build_quote([WantedLine(1, 3)], {1: offer(1, 300)}, {}, province=None, programmes=programmes)
    assert three.payable_minor == 900
    assert [(hint.code, hint.data["most"]) for hint in three.hints] == [("flash_limit", 2)]
    gone = Programmes({1: flash(1, 100, left=0)}, {}, ())
    late = build_quote([WantedLine(1, 1)], {1: offer(1, 300)}, {}, province=None, programmes=gone)
    assert (late.payable_minor, late.hints[0].code) == (300, "flash_gone")


def test_a_flash_line_takes_part_in_the_platforms_coupon_only() -> None:
    programmes = Programmes(
        {1: flash(1, 9_000)},
        {1: (FullReduction(7, 1, "满100减20", ((10_000, 2_000),), "CNY", END),)},
        (coupon(5, 1, fixed(500, 1_000)), coupon(6, None, fixed(1_000, 10_000))),
    )
    lines = [WantedLine(1, 1), WantedLine(2, 1)]
    quote = build_quote(lines, {1: offer(1, 20_000), 2: offer(2, 2_000)}, {}, province=None, programmes=programmes)
    by_sku = {line.offer.sku_id: line for line in quote.lines}
    # Its 20.00 alone do not reach 100.00; the shop's coupon is off that line only; the platform's is off both.
    assert [deduction.kind.value for deduction in quote.deductions] == ["shop_coupon", "platform_coupon"]
    assert [(part.kind.value, part.amount_minor) for part in by_sku[1].parts] == [("platform_coupon", 857)]
    assert [(part.kind.value, part.amount_minor) for part in by_sku[2].parts] == [
        ("shop_coupon", 500),
        ("platform_coupon", 143),
    ]
    assert quote.payable_minor == 11_000 - 500 - 1_000
    assert quote.shops[0].platform_discount_minor == 1_000
    assert [(hint.code, hint.data["missing_minor"]) for hint in quote.hints] == [("full_reduction_next", 8_000)]


def test_why_a_coupon_can_not_be_used() -> None:
    held = (
        coupon(1, 1, fixed(100, 5_000)),
        coupon(2, 1, fixed(100), new_only=True),
        coupon(3, None, fixed(100)),
    )
    quote = build_quote([WantedLine(1, 1)], {1: offer(1, 1)}, {}, province=None, programmes=Programmes({}, {}, held))
    assert [(o.coupon.claimed_id, o.reason, o.missing_minor, o.is_used) for o in quote.options] == [
        (1, "threshold", 4_999, False),
        (2, "new_customer_only", 0, False),
        (3, "nothing_left", 0, False),
    ]
    assert quote.payable_minor == 1
