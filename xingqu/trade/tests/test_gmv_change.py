"""What moved a shop's GMV: visitors counted once, factors that multiply to it, parts that sum to its change."""

from datetime import datetime, timedelta
from math import isclose, log
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.trade.domain.gmv_change import Sales, explain_change
from xingqu.trade.models import ShopVisit
from xingqu.trade.services.touches import forget_touches, merge_touches
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

NOON = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
DAY = timedelta(days=1)


def sales(buyers: int, others: int, again: int, gmv_minor: int) -> Sales:
    return Sales(visitors=buyers + others, buyers=buyers, orders=buyers + again, gmv_minor=gmv_minor)


PERIODS = st.builds(sales, st.integers(1, 10**6), st.integers(0, 10**8), st.integers(0, 10**6), st.integers(1, 10**12))


class TestExplained:
    def test_a_textbook_case(self) -> None:
        """Twice the visitors, the same conversion and value: all of it is the visitors'."""
        factors = explain_change(Sales(200, 20, 20, 20_000), Sales(100, 10, 10, 10_000))
        assert [(one.code, one.now, one.before, one.moved_minor) for one in factors] == [
            ("visitors", 200, 100, 10_000),
            ("conversion", 0.1, 0.1, 0),
            ("orders_per_buyer", 1.0, 1.0, 0),
            ("order_value", 1_000.0, 1_000.0, 0),
        ]

    def test_factors_that_pull_apart(self) -> None:
        """Half the visitors who buy three times as often: by LMDI L(15000, 10000) ln(1/2) and L(15000, 10000) ln 3."""
        mean = 5_000 / log(1.5)
        factors = explain_change(Sales(50, 15, 15, 15_000), Sales(100, 10, 10, 10_000))
        moved = {one.code: one.moved_minor for one in factors}
        assert moved == {"visitors": -8_548, "conversion": 13_548, "orders_per_buyer": 0, "order_value": 0}
        assert isclose(moved["conversion"] or 0, mean * log(3), abs_tol=1)

    def test_without_visitors_it_begins_with_buyers(self) -> None:
        factors = explain_change(Sales(200, 20, 20, 20_000), Sales(None, 10, 10, 10_000))
        assert [(one.code, one.moved_minor) for one in factors] == [
            ("buyers", 10_000),
            ("orders_per_buyer", 0),
            ("order_value", 0),
        ]

    @pytest.mark.parametrize("nothing", [Sales(5, 0, 0, 0), Sales(0, 0, 0, 0), Sales(5, 2, 2, 0)])
    def test_a_period_that_sold_nothing_explains_nothing(self, nothing: Sales) -> None:
        for now, before in ((nothing, Sales(9, 3, 3, 900)), (Sales(9, 3, 3, 900), nothing)):
            assert [one.moved_minor for one in explain_change(now, before)] == [None] * 4

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(PERIODS, PERIODS)
    def test_the_parts_are_the_change_and_there_and_back_is_nothing(self, now: Sales, before: Sales) -> None:
        there = [one.moved_minor or 0 for one in explain_change(now, before)]
        back = [one.moved_minor or 0 for one in explain_change(before, now)]
        assert sum(there) == now.gmv_minor - before.gmv_minor
        assert all(abs(a + b) <= 2 for a, b in zip(there, back, strict=True))
        for one in explain_change(now, before):
            assert one.now is not None
            assert one.before is not None
            assert one.moved_minor is not None
            if abs(one.moved_minor) > 1:
                assert (one.moved_minor > 0) == (one.now > one.before)


def opened(caller: Caller, sku: int) -> None:
    body = {"product_id": int(Sku.objects.get(pk=sku).product_id), "surface": "mall"}
    caller.post("/touches", body, status=204)


def change(shop: Shop, period: str = "today") -> dict[str, Any]:
    return dict(shop.member().get(f"/shops/{shop.id}/gmv-change?period={period}"))


@pytest.mark.django_db
class TestShop:
    def test_yesterday_until_now_against_today(self, shop: Shop, sku: int, buyer: Caller) -> None:
        other = make_sku(make_shop())
        with clock.frozen(NOON - 2 * DAY):
            opened(Caller.new_person(), sku)  # since then visits are counted
        with clock.frozen(NOON - DAY - timedelta(hours=1)):
            for _ in range(2):
                opened(buyer, sku)
            opened(Caller.new_person(), sku)
            buyer.buy((sku, 1))
        with clock.frozen(NOON - DAY + timedelta(hours=1)):  # later than now, the day before: not compared
            opened(Caller.new_person(), sku)
            buyer.buy((sku, 1))
        with clock.frozen(NOON - timedelta(hours=1)):
            for _ in range(3):
                opened(Caller.new_person(), sku)
            opened(Caller.new_person(), other)
            buyer.buy((sku, 2))  # who pays without having opened anything came, too
        with clock.frozen(NOON):
            told = change(shop)
        assert [(told[name]["visitors"], told[name]["buyers"], told[name]["orders"]) for name in ("now", "before")] == [
            (4, 1, 1),
            (2, 1, 1),
        ]
        assert (told["now"]["gmv"]["amount_minor"], told["before"]["gmv"]["amount_minor"]) == (59_800, 29_900)
        moved = {one["code"]: one["moved_minor"] for one in told["factors"]}
        assert moved == {"visitors": 29_900, "conversion": -29_900, "orders_per_buyer": 0, "order_value": 29_900}
        assert told["change"]["amount_minor"] == sum(moved.values())

    def test_a_week_counts_a_visitor_once(self, shop: Shop, sku: int, buyer: Caller) -> None:
        with clock.frozen(NOON - 14 * DAY):
            opened(Caller.new_person(), sku)
        for days in range(9):
            with clock.frozen(NOON - days * DAY - timedelta(hours=1)):
                opened(buyer, sku)
        with clock.frozen(NOON):
            told = change(shop, "7d")
        assert (told["now"]["visitors"], told["before"]["visitors"]) == (1, 1)
        assert (told["now"]["since"], told["before"]["until"]) == (
            "2026-11-14T00:00:00+08:00",
            "2026-11-13T12:00:00+08:00",
        )
        assert [one["moved_minor"] for one in told["factors"]] == [None] * 4

    def test_before_visits_were_counted_nobody_is_said_to_have_come(self, shop: Shop, sku: int, buyer: Caller) -> None:
        with clock.frozen(NOON - DAY):
            buyer.buy((sku, 1))
        with clock.frozen(NOON - timedelta(hours=2)):
            opened(buyer, sku)
            buyer.buy((sku, 1))
        with clock.frozen(NOON + timedelta(hours=1)):
            told = change(shop)
        assert (told["now"]["visitors"], told["before"]["visitors"]) == (None, None)
        assert [one["code"] for one in told["factors"]] == ["buyers", "orders_per_buyer", "order_value"]
        assert told["visits_counted_from"] == "2026-11-20T02:00:00+00:00"

    def test_a_guest_who_signs_in_is_one_visitor(self, shop: Shop, sku: int) -> None:
        guest, person = Caller(Client()), Caller.new_person()
        guest.get("/session")
        with clock.frozen(NOON):
            opened(guest, sku)
        with clock.frozen(NOON + timedelta(minutes=1)):
            opened(person, sku)
        key = guest.key
        assert ShopVisit.objects.count() == 2
        for _ in range(2):
            merge_touches(from_key=key, to_key=person.key)
        visit = ShopVisit.objects.get()
        assert (visit.actor_key, visit.first_at, visit.day.isoformat()) == (person.key, NOON, "2026-11-20")

    def test_a_refused_touch_is_no_visit_and_old_visits_are_forgotten(
        self, shop: Shop, sku: int, buyer: Caller
    ) -> None:
        body = {"product_id": int(Sku.objects.get(pk=sku).product_id), "surface": "mall", "touch": "nothing"}
        buyer.post("/touches", body, status=422)
        assert not ShopVisit.objects.exists()
        with clock.frozen(NOON):
            opened(buyer, sku)
        for days, left in ((90, 1), (91, 0)):
            with clock.frozen(NOON + days * DAY):
                forget_touches()
            assert ShopVisit.objects.count() == left

    def test_is_of_the_shop_s_members(self, shop: Shop, sku: int) -> None:
        path = f"/shops/{shop.id}/gmv-change"
        assert make_shop().member().error("GET", path, status=404)["code"] == "not_found"
        assert Caller().error("GET", path, status=401)["code"] == "sign_in_required"
        assert shop.member().error("GET", f"{path}?period=year", status=422)["code"] == "invalid_input"
