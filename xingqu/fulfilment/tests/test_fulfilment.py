"""Shipping: one package an order, a number of the right form, each row of a batch on its own."""

import re

import pytest

from xingqu.fulfilment.domain.carriers import CARRIERS
from xingqu.fulfilment.models import Package
from xingqu.kit.outbox import deliver_due
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
NUMBER = "SF1234567890123"


def test_carriers_are_data(guest: Caller) -> None:
    carriers = guest.get("/carriers")
    assert len(carriers) == len(CARRIERS) == len({carrier["code"] for carrier in carriers})
    assert all(re.compile(carrier["tracking_pattern"]) for carrier in carriers)


def test_shipping_and_tracking(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    assert [event["code"] for event in buyer.get(f"/orders/{order_no}/tracking")["events"]] == ["paid"]
    path = f"/shops/{shop.id}/orders/{order_no}/ship"
    shop.member().post(path, {"carrier_code": "sf", "tracking_no": " sf 1234567890123 "})
    assert buyer.get(f"/orders/{order_no}")["package"]["tracking_no"] == NUMBER
    again = shop.member().error("POST", path, {"carrier_code": "sf", "tracking_no": NUMBER}, status=409)
    assert (again["code"], again["data"]) == ("wrong_state", {"state": "shipped"})
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    deliver_due()
    tracking = buyer.get(f"/orders/{order_no}/tracking")
    assert [event["code"] for event in tracking["events"]] == ["received", "handed_over", "paid"]
    assert tracking["package"]["carrier_name"] == "顺丰速运"
    assert Caller.new_person().error("GET", f"/orders/{order_no}/tracking", status=404)["code"] == "not_found"
    assert Package.objects.count() == 1


@pytest.mark.parametrize(
    ("carrier", "number", "field"),
    [
        ("sf", "YT1234567890123", "tracking_no"),
        ("sf", "SF12345", "tracking_no"),
        ("zto", "12345678901a", "tracking_no"),
        ("nobody", "SF1234567890123", "carrier_code"),
        ("SF", "SF1234567890123", "carrier_code"),
        ("sf", "", "tracking_no"),
        ("sf", "SF１２３４５６７８９０１２３", "tracking_no"),
    ],
)
def test_wrong_numbers_ship_nothing(buyer: Caller, sku: int, shop: Shop, carrier: str, number: str, field: str) -> None:
    order_no = buyer.buy((sku, 1))
    body = {"carrier_code": carrier, "tracking_no": number}
    error = shop.member().error("POST", f"/shops/{shop.id}/orders/{order_no}/ship", body, status=422)
    assert error["field"].endswith(field)
    assert (ShopOrder.objects.get().state, Package.objects.count()) == ("paid", 0)


def test_another_shops_number_is_refused(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_shop()
    first, second = buyer.buy((sku, 1)), buyer.buy((make_sku(other), 1))
    body = {"carrier_code": "sf", "tracking_no": NUMBER}
    shop.member().post(f"/shops/{shop.id}/orders/{first}/ship", body)
    error = other.member().error("POST", f"/shops/{other.id}/orders/{second}/ship", body, status=409)
    assert error["code"] == "tracking_no_taken"
    assert ShopOrder.objects.get(order_no=second).state == "paid"


def test_a_batch_ships_row_by_row(buyer: Caller, sku: int, shop: Shop) -> None:
    first, second = buyer.buy((sku, 1)), buyer.buy((sku, 1))
    rows = [
        {"order_no": first, "carrier_code": "sf", "tracking_no": NUMBER},
        {"order_no": "S000", "carrier_code": "sf", "tracking_no": NUMBER},
        {"order_no": second, "carrier_code": "yto", "tracking_no": "123456"},
        {"order_no": first, "carrier_code": "sf", "tracking_no": NUMBER},
    ]
    items = shop.member().post(f"/shops/{shop.id}/orders/ship-batch", rows)["items"]
    assert [(row["shipped"], row["error"] and row["error"]["code"]) for row in items] == [
        (True, None),
        (False, "not_found"),
        (False, "invalid_input"),
        (False, "wrong_state"),
    ]
    assert ShopOrder.objects.get(order_no=second).state == "paid"
    assert shop.member().error("POST", f"/shops/{shop.id}/orders/ship-batch", [], status=422)["code"] == "invalid_input"
