"""How long things may take: which rule counts, deadlines of orders, automatic receipt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xingqu.accounts.models import Person
from xingqu.catalogue.models import Product, Sku
from xingqu.kit import clock
from xingqu.trade.domain.times import TimeName, TimeRule, find_rule
from xingqu.trade.models import ShopOrder
from xingqu.trade.models import TimeRule as TimeRuleRow
from xingqu.trade.services import mark_shipped, orders, start_receipt_clock, stop_receipt_clock
from xingqu.trade.services.orders import receive_overdue
from xingqu.trade.services.times import add_time_rule
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

DAY = datetime(2026, 11, 1, tzinfo=UTC)
SHIP = TimeName.SHIP_WITHIN


def rule(seconds: int, shop: int | None = None, category: int | None = None, day: int = 0) -> TimeRule:
    return TimeRule(SHIP, shop, category, seconds, DAY + timedelta(days=day))


def test_the_most_specific_rule_counts_and_the_newest_of_these() -> None:
    rules = [rule(1), rule(2, day=1), rule(3, category=7), rule(4, category=8), rule(5, shop=1), rule(6, 1, 7)]

    def found(shop: int, *path: int, day: int = 2) -> int | None:
        rule = find_rule(rules, SHIP, shop_id=shop, category_path=path, at=DAY + timedelta(days=day))
        return rule and rule.seconds

    assert (found(2), found(2, day=0), found(2, day=-1)) == (2, 1, None)
    assert (found(2, 7), found(2, 7, 8), found(2, 9)) == (3, 4, 2)
    assert (found(1), found(1, 7), found(1, 8)) == (5, 6, 5)
    assert find_rule(rules, TimeName.NO_NEWS, shop_id=1, category_path=(), at=DAY + timedelta(days=9)) is None


def ship_by(order_no: str) -> timedelta:
    order = ShopOrder.objects.get(order_no=order_no)
    assert order.ship_by is not None
    assert order.paid_at is not None
    return order.ship_by - order.paid_at


@pytest.mark.django_db
def test_orders_get_the_deadline_of_the_day_they_are_paid(buyer: Caller, sku: int, shop: Shop) -> None:
    assert ship_by(buyer.buy((sku, 1))) == timedelta(days=2)
    other = make_shop()
    now = clock.now()
    made: dict[str, Any] = {"name": SHIP, "shop_id": None, "category_id": None, "effective_from": now}
    add_time_rule(**{**made, "seconds": 7_200, "shop_id": shop.id})
    add_time_rule(**{**made, "seconds": 60, "effective_from": now + timedelta(hours=1)})
    parent = buyer.order((sku, 1), (make_sku(other), 1))
    buyer.pay(parent["order_no"])
    numbers = [order["order_no"] for order in parent["shop_orders"]]
    assert [ship_by(number) for number in numbers] == [timedelta(hours=2), timedelta(days=2)]
    category = Product.objects.get(pk=Sku.objects.get(pk=sku).product_id).category_id
    add_time_rule(**{**made, "seconds": 3_600, "shop_id": shop.id, "category_id": category})
    assert ship_by(buyer.buy((sku, 1))) == timedelta(hours=1)


@pytest.mark.django_db
def test_rules_are_the_operators(buyer: Caller) -> None:
    body = {"name": "ship_within", "seconds": 86_400, "effective_from": "2026-12-01T00:00:00Z"}
    assert buyer.error("POST", "/operator/time-rules", body, status=404)["code"] == "not_found"
    assert TimeRuleRow.objects.count() == 0
    Person.objects.filter(pk=buyer.person_id).update(is_staff=True)
    operator = Caller.signed_in(int(buyer.person_id or 0))
    for wrong in ({"seconds": 59}, {"seconds": 10**9}, {"name": "lunch"}):
        operator.error("POST", "/operator/time-rules", {**body, **wrong}, status=422)
    shown = operator.post("/operator/time-rules", body, status=201)
    assert [(one["name"], one["seconds"]) for one in shown["rules"]] == [("ship_within", 86_400)]
    assert shown["usual"]["ship_within"] == 172_800


def shipped(buyer: Caller, sku: int, shop: Shop) -> ShopOrder:
    order_no = buyer.buy((sku, 1))
    mark_shipped(shop_id=shop.id, order_no=order_no, carrier_code="sf", tracking_no="SF1")
    return ShopOrder.objects.get(order_no=order_no)


@pytest.mark.django_db
def test_receipt_counts_from_delivery_and_is_extended_once(buyer: Caller, sku: int, shop: Shop) -> None:
    order = shipped(buyer, sku, shop)
    assert order.shipped_at is not None
    assert order.receive_by == order.shipped_at + timedelta(days=10)
    arrived = order.shipped_at + timedelta(days=1)
    assert start_receipt_clock(order_no=order.order_no, delivered_at=arrived)
    path = f"/orders/{order.order_no}/extend-receipt"
    assert Caller.new_person().error("POST", path, {}, status=404)["code"] == "not_found"
    shown = buyer.post(path)
    order.refresh_from_db()
    assert order.receive_by == arrived + timedelta(days=7 + 3)
    assert shown["timeline"][-1]["code"] == "receipt_extended"
    assert buyer.error("POST", path, {}, status=409)["code"] == "conflict"
    assert not start_receipt_clock(order_no=order.order_no, delivered_at=arrived)  # the buyer's time stands
    assert receive_overdue(now=arrived + timedelta(days=9)) == 0
    assert receive_overdue(now=arrived + timedelta(days=11)) == 1
    assert buyer.error("POST", path, {}, status=409)["code"] == "wrong_state"


@pytest.mark.django_db
def test_what_got_more_time_since_the_worker_looked_is_not_received(
    buyer: Caller, sku: int, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shipped(buyer, sku, shop), shipped(buyer, sku, shop)
    receive = orders._receive

    def extend_the_other(order: ShopOrder, *told: Any, **more: Any) -> bool:
        ShopOrder.objects.filter(pk=second.pk).update(receive_by=clock.now() + timedelta(days=30))
        return receive(order, *told, **more)

    monkeypatch.setattr(orders, "_receive", extend_the_other)
    assert receive_overdue(now=clock.now() + timedelta(days=11)) == 1
    assert dict(ShopOrder.objects.values_list("pk", "state")) == {first.pk: "done", second.pk: "shipped"}


@pytest.mark.django_db
def test_what_comes_back_is_not_received_by_itself(buyer: Caller, sku: int, shop: Shop) -> None:
    order = shipped(buyer, sku, shop)
    stop_receipt_clock(order_no=order.order_no)
    assert receive_overdue(now=clock.now() + timedelta(days=99)) == 0
    assert ShopOrder.objects.get().state == "shipped"
