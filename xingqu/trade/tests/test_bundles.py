"""套装: a set's price split over its lines to the cent, the best ways to make up sets, and the way from offer to refund."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.programmes.contracts import Bundle, FlashPrice, FullReduction, Programmes
from xingqu.trade.contracts import RefundPart
from xingqu.trade.domain.bundles import MOST_WAYS, split_sets, ways_to_bundle
from xingqu.trade.domain.discounts import Kind
from xingqu.trade.domain.quote import Offer, WantedLine, build_quote
from xingqu.trade.models import OrderLine
from xingqu.trade.services.refunds import finish_refunds, refund_parts
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, set_stock, stock_of
from xingqu.trade.tests.test_promotions import claim, offer_coupon, offer_flash, offer_full_reduction, payable

END = datetime(2026, 12, 1, tzinfo=UTC)


def offer(sku_id: int, price: int) -> Offer:
    return Offer(sku_id, sku_id, 1, "x", "", "", price, "CNY", 999, "on_sale", True)


def bundle(pk: int, price: int, *items: tuple[int, int]) -> Bundle:
    return Bundle(pk, 1, "套装", price, "CNY", items, END)


parts = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=3, unique_by=lambda one: one[0])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=8), st.integers(1, 9), st.data())
def test_a_sets_price_is_split_to_the_cent(prices: list[int], sets: int, data: st.DataObject) -> None:
    price = data.draw(st.integers(1, sum(prices)))
    off = split_sets(bundle(1, price, *((n, 1) for n in range(len(prices)))), sets, dict(enumerate(prices)))
    paid = {n: prices[n] * sets - amount for n, amount in off.items()}
    assert sum(paid.values()) == price * sets
    assert all(0 <= paid[n] <= prices[n] * sets for n in paid)
    # Nobody's share is a cent away from its own part of the price.
    assert all(abs(paid[n] * sum(prices) - price * sets * prices[n]) < sum(prices) for n in paid)


def _every_way(bundles: Sequence[Bundle], left: Mapping[int, int]) -> Iterator[list[tuple[Bundle, int]]]:
    if not bundles:
        yield []
        return
    for count in range(4):
        after = {sku: left.get(sku, 0) - sum(n for s, n in bundles[0].items if s == sku) * count for sku in left}
        if min(after.values()) < 0 or any(sku not in left for sku, _ in bundles[0].items):
            if count == 0:
                yield from _every_way(bundles[1:], left)
            break
        for rest in _every_way(bundles[1:], after):
            yield [(bundles[0], count), *rest]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.integers(1, 3), st.tuples(st.integers(1, 300), st.integers(1, 3)), min_size=1),
    st.lists(st.tuples(st.integers(1, 500), parts), max_size=3),
    st.lists(st.tuples(st.integers(2, 600), st.integers(1, 200)), max_size=1),
    st.dictionaries(st.integers(1, 3), st.integers(1, 200), max_size=2),
)
def test_the_best_of_every_way(
    wanted: dict[int, tuple[int, int]],
    sets: list[tuple[int, list[tuple[int, int]]]],
    step: list[tuple[int, int]],
    flash: dict[int, int],
) -> None:
    offers = {sku: offer(sku, price) for sku, (price, _) in wanted.items()}
    bundles = tuple(bundle(n, price, *items) for n, (price, items) in enumerate(sets))
    reductions = {1: (FullReduction(1, 1, "满减", tuple((low, min(off, low - 1)) for low, off in step), "CNY", END),)}
    flashes = {sku: FlashPrice(sku, 1, sku, price, 9, 9, 9, END) for sku, price in flash.items()}
    quote = build_quote(
        [WantedLine(sku, count) for sku, (_, count) in wanted.items()],
        offers,
        {},
        programmes=Programmes(flashes, reductions if step else {}, (), bundles=bundles),
    )

    def cost(chosen: list[tuple[Bundle, int]], cheap: frozenset[int]) -> int:
        usual = {sku: price * count for sku, (price, count) in wanted.items() if sku not in cheap}
        goods = sum(usual.values())
        for one, count in chosen:
            goods -= (sum(offers[sku].price_minor * n for sku, n in one.items) - one.price_minor) * count
        if step and goods >= step[0][0]:
            goods -= min(step[0][1], step[0][0] - 1, goods, goods + sum(flash[s] for s in cheap) - 1)
        return goods + sum(flash[sku] * wanted[sku][1] for sku in cheap)

    useful = [b for b in bundles if all(s in offers for s, _ in b.items)]
    useful = [b for b in useful if sum(offers[s].price_minor * n for s, n in b.items) > b.price_minor]
    can_flash = [sku for sku in flash if sku in offers and flash[sku] < offers[sku].price_minor]
    possible = []
    for bits in range(1 << len(can_flash)):
        cheap = frozenset(sku for at, sku in enumerate(can_flash) if bits >> at & 1)
        # A flash price is given up for nothing but a set.
        in_sets = {sku for b in useful for sku, _ in b.items}
        if not set(can_flash) - cheap <= in_sets:
            continue
        left = {sku: count for sku, (_, count) in wanted.items() if sku not in cheap}
        possible += [cost(way, cheap) for way in _every_way(useful, left or {0: 0})]
    assert quote.payable_minor == min(possible)
    assert quote.payable_minor >= 1
    for line in quote.lines:
        assert 0 <= line.discount_minor <= line.subtotal_minor
        assert line.flash is None or all(part.kind is not Kind.BUNDLE for part in line.parts)
    assert sum(line.discount_minor for line in quote.lines) == sum(one.amount_minor for one in quote.deductions)


def test_too_many_ways_are_not_all_tried() -> None:
    ways = ways_to_bundle([bundle(1, 1, (1, 1), (2, 1))], {1: 999, 2: 998}, {1: 5, 2: 5})
    assert [[(one.id, count) for one, count in way] for way in ways] == [[(1, 998)], []]
    assert MOST_WAYS < 998


def _make(shop: Shop, price: int, *items: tuple[int, int], status: int = 201, **changes: Any) -> Any:
    body = {
        "name": "组合",
        "price_minor": price,
        "starts_at": (clock.now() - timedelta(minutes=1)).isoformat(),
        "ends_at": (clock.now() + timedelta(days=1)).isoformat(),
        "items": [{"sku_id": sku, "quantity": count} for sku, count in items],
        **changes,
    }
    return shop.member().post(f"/shops/{shop.id}/bundles", body, status=status)


@pytest.mark.django_db
def test_from_a_set_to_its_money_line_by_line(buyer: Caller, shop: Shop, sku: int) -> None:
    pillow = make_sku(shop, price_minor=10_000, name="日式亚麻抱枕")
    made = _make(shop, 45_000, (sku, 1), (pillow, 2))[0]
    assert (made["usual_price"]["amount_minor"], made["saves"]["amount_minor"], made["available"]) == (49_900, 4_900, 5)
    shown = buyer.get(f"/products/{made['items'][1]['product_id']}/programmes")["bundles"]
    assert [one["id"] for one in shown] == [made["id"]]
    cart = buyer.post(f"/cart/bundles/{made['id']}", {"quantity": 1}, status=201)
    assert {line["sku_id"]: line["quantity"] for line in cart["shops"][0]["lines"]} == {sku: 1, pillow: 2}
    offer_full_reduction(shop)
    claim(buyer, offer_coupon(shop))
    quote = buyer.quote((sku, 1), (pillow, 2))
    # 499.00 is 450.00 as a set, which does not reach the reduction from 500: −20.00; then the coupon: −30.00.
    assert payable(quote) == 45_000 - 2_000 - 3_000
    first = quote["shops"][0]["discounts"][0]
    assert (first["kind"], first["amount"]["amount_minor"], first["sets"]) == ("bundle", 4_900, 1)
    assert [[d["kind"] for d in line["discounts"]] for line in quote["shops"][0]["lines"]] == [
        ["bundle", "full_reduction", "shop_coupon"]
    ] * 2
    # A third pillow is no part of a set.
    assert payable(buyer.quote((sku, 1), (pillow, 3))) == 55_000 - 8_000 - 3_000
    parent = buyer.checkout(quote["quote_token"])
    order_no = parent["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    lines = list(OrderLine.objects.order_by("id"))
    assert sum(line.subtotal_minor - line.discount_minor for line in lines) == 40_000
    assert [line.discounts[0]["kind"] for line in lines] == ["bundle", "bundle"]
    amounts = [(a["code"], a["amount"]["amount_minor"]) for a in buyer.get(f"/orders/{order_no}")["amounts"]]
    assert amounts[2:] == [("bundle", -4_900), ("full_reduction", -2_000), ("shop_coupon", -3_000)]
    one = lines[0]
    back = one.subtotal_minor - one.discount_minor
    refund_parts(order_no=order_no, parts=[RefundPart(one.pk, back, 1)], reason="不合适", reference="case:1")
    assert finish_refunds() == 1
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 40_000 - back
    assert check().problems == ()


@pytest.mark.django_db
def test_a_set_that_changed_is_asked_about(buyer: Caller, shop: Shop, sku: int) -> None:
    other = make_sku(shop, price_minor=10_000)
    made = _make(shop, 30_000, (sku, 1), (other, 1))[0]
    token = buyer.quote((sku, 1), (other, 1))["quote_token"]
    path = f"/shops/{shop.id}/bundles/{made['id']}"
    shop.member().call("PATCH", path, {"state": "paused"})
    error = buyer.checkout(token, status=409)["error"]
    assert (error["code"], error["data"]["quote"]["payable"]["amount_minor"]) == ("price_changed", 39_900)
    assert buyer.post(f"/cart/bundles/{made['id']}", {}, status=404)["error"]["field"] == "bundle_id"
    shop.member().call("PATCH", path, {"state": "running"})
    set_stock(0, other)
    assert shop.member().get(f"/shops/{shop.id}/bundles")[0]["reason"] == "sold_out"
    # All parts or none.
    assert buyer.post(f"/cart/bundles/{made['id']}", {}, status=409)["error"]["code"] == "sold_out"
    assert buyer.get("/cart")["count"] == 0
    assert stock_of(sku) == (10, 0)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert payable(buyer.quote((sku, 1))) == 29_900


@pytest.mark.django_db
def test_a_flash_price_is_given_up_for_a_better_set(buyer: Caller, shop: Shop, sku: int) -> None:
    other = make_sku(shop, price_minor=10_000)
    offer_flash(shop, sku, price_minor=25_000, allotment=2)
    made = _make(shop, 30_000, (sku, 1), (other, 1))[0]
    quote = buyer.quote((sku, 1), (other, 1))
    assert payable(quote) == 30_000
    assert quote["shops"][0]["lines"][0]["flash_ends_at"] is None
    shop.member().call("PATCH", f"/shops/{shop.id}/bundles/{made['id']}", {"state": "ended"})
    assert payable(buyer.quote((sku, 1), (other, 1))) == 35_000


@pytest.mark.django_db
def test_sets_are_of_the_shops_own_skus(shop: Shop, sku: int) -> None:
    other = make_shop()
    foreign = make_sku(other, price_minor=10_000)
    assert _make(shop, 100, (sku, 1), (foreign, 1), status=422)["error"]["field"] == "items"
    assert _make(shop, 100, (sku, 1), status=422)["error"]["field"] == "items"
    assert _make(shop, 59_800, (sku, 2), status=422)["error"]["field"] == "price_minor"
    body = {"name": "x", "price_minor": 1, "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2099-01-01T00:00:00Z"}
    items = [{"sku_id": sku, "quantity": 2}]
    other.member().post(f"/shops/{shop.id}/bundles", {**body, "items": items}, status=404)
    made = _make(shop, 50_000, (sku, 2))[0]
    other.member().call("PATCH", f"/shops/{shop.id}/bundles/{made['id']}", {"state": "ended"}, status=404)
    other.member().call("PATCH", f"/shops/{other.id}/bundles/{made['id']}", {"state": "ended"}, status=404)
    assert [one["state"] for one in shop.member().get(f"/shops/{shop.id}/bundles")] == ["running"]
