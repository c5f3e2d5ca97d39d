"""Cart and address book: whose they are, their bounds, and the guest who signs in."""

import pytest

from xingqu.accounts.services import merge_guest
from xingqu.catalogue.models import Product, Sku
from xingqu.events.accounts import GuestMerged
from xingqu.kit.outbox import deliver_due
from xingqu.trade.handlers import merge_guest as merge_handler
from xingqu.trade.models import Address, CartLine
from xingqu.trade.tests.house import ADDRESS, Caller, Shop, make_sku, set_stock

pytestmark = pytest.mark.django_db


def test_units_add_up_and_stop_at_what_is_available(buyer: Caller, sku: int) -> None:
    buyer.post("/cart/lines", {"sku_id": sku, "quantity": 6}, status=201)
    assert buyer.post("/cart/lines", {"sku_id": sku, "quantity": 4}, status=201)["count"] == 10
    error = buyer.error("POST", "/cart/lines", {"sku_id": sku, "quantity": 1}, status=422)
    assert (error["field"], error["data"]) == ("quantity", {"available": 10, "requested": 11, "limit": 999})
    assert buyer.get("/cart")["count"] == 10


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**40, 1.5, None])
def test_impossible_quantities_change_nothing(buyer: Caller, sku: int, quantity: object) -> None:
    error = buyer.error("POST", "/cart/lines", {"sku_id": sku, "quantity": quantity}, status=422)
    assert error["code"] == "invalid_input"
    assert buyer.get("/cart")["count"] == 0


def test_unknown_and_offline_skus(buyer: Caller, sku: int) -> None:
    assert buyer.error("POST", "/cart/lines", {"sku_id": 99_999}, status=404)["field"] == "sku_id"
    Product.objects.update(status="offline")
    assert buyer.error("POST", "/cart/lines", {"sku_id": sku}, status=409)["code"] == "not_for_sale"
    Product.objects.update(status="online")
    set_stock(0)
    error = buyer.error("POST", "/cart/lines", {"sku_id": sku, "quantity": 2}, status=409)
    assert (error["code"], error["data"]["skus"]) == ("sold_out", [{"sku_id": sku, "requested": 2, "available": 0}])
    assert buyer.error("PATCH", f"/cart/lines/{sku}", {"quantity": 2}, status=404)["code"] == "not_found"
    assert buyer.error("DELETE", f"/cart/lines/{sku}", status=404)["code"] == "not_found"
    assert CartLine.objects.count() == 0


def test_the_cart_remembers_the_price(buyer: Caller, sku: int) -> None:
    line = buyer.post("/cart/lines", {"sku_id": sku}, status=201)["shops"][0]["lines"][0]
    assert line["price_then"] is None
    Sku.objects.update(price_minor=19900)
    line = buyer.get("/cart")["shops"][0]["lines"][0]
    assert (line["price"]["amount_minor"], line["price_then"]["amount_minor"]) == (19900, 29900)


def test_what_can_not_be_bought_does_not_count(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=500, stock=3)
    for wanted in (sku, other):
        buyer.post("/cart/lines", {"sku_id": wanted, "quantity": 2}, status=201)
    set_stock(1, sku)
    assert buyer.get("/cart")["selected_total"]["amount_minor"] == 1000
    assert buyer.post("/cart/select", {"sku_ids": [other], "selected": False})["selected_total"]["amount_minor"] == 0


def test_carts_are_ones_own(buyer: Caller, guest: Caller, sku: int) -> None:
    buyer.post("/cart/lines", {"sku_id": sku}, status=201)
    assert guest.get("/cart")["count"] == 0
    assert guest.error("DELETE", f"/cart/lines/{sku}", status=404)["code"] == "not_found"
    assert buyer.get("/cart")["count"] == 1


def test_a_guest_brings_cart_addresses_and_orders(buyer: Caller, guest: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=500)
    buyer.post("/cart/lines", {"sku_id": sku, "quantity": 7}, status=201)
    own_address = buyer.address_id()
    guest.post("/cart/lines", {"sku_id": sku, "quantity": 5}, status=201)
    guest.post("/cart/lines", {"sku_id": other, "quantity": 2}, status=201)
    order_no = guest.order((other, 1))["shop_orders"][0]["order_no"]
    assert guest.error("POST", f"/orders/{order_no}/pay", {}, status=401)["code"] == "sign_in_required"

    guest_key = int(guest.key[1:])
    merge_guest(guest_key=guest_key, person_id=buyer.person_id or 0)
    deliver_due()
    expected = {sku: 10, other: 2}  # 7 + 5 capped by the 10 that are there
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == expected
    assert buyer.get(f"/orders/{order_no}")["state"] == "unpaid"
    assert buyer.get("/addresses")[0]["id"] == own_address
    assert Address.objects.filter(is_default=True).count() == 1
    assert guest.get("/cart")["count"] == 0

    merge_handler(GuestMerged(guest_key=guest_key, person_id=buyer.person_id or 0))
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == expected
    assert len(buyer.get("/addresses")) == 2


def test_there_is_always_one_default_address(buyer: Caller) -> None:
    first = buyer.post("/addresses", ADDRESS, status=201)
    second = buyer.post("/addresses", {**ADDRESS, "is_default": True}, status=201)
    assert (first["is_default"], second["is_default"]) == (True, True)
    assert [(row["id"], row["is_default"]) for row in buyer.get("/addresses")] == [
        (second["id"], True),
        (first["id"], False),
    ]
    buyer.call("PATCH", f"/addresses/{second['id']}", {"is_default": False})
    assert buyer.get("/addresses")[0]["is_default"] is True
    buyer.call("DELETE", f"/addresses/{second['id']}", status=204)
    assert buyer.get("/addresses") == [{**first, "is_default": True}]


@pytest.mark.parametrize(
    "change",
    [
        {"district_id": 400_000},
        {"city_id": 33},
        {"phone": "abc"},
        {"recipient": " "},
        {"detail": "x" * 201},
        {"province_id": -1},
        {"recipient": "a\u0000b"},
    ],
)
def test_impossible_addresses_are_refused(buyer: Caller, guest: Caller, change: dict[str, object]) -> None:
    assert buyer.error("POST", "/addresses", {**ADDRESS, **change}, status=422)["code"] == "invalid_input"
    assert Address.objects.count() == 0
    address_id = buyer.address_id()
    assert buyer.error("PATCH", f"/addresses/{address_id}", change, status=422)["code"] == "invalid_input"
    assert guest.error("PATCH", f"/addresses/{address_id}", {"label": "家"}, status=404)["code"] == "not_found"
    assert guest.error("DELETE", f"/addresses/{address_id}", status=404)["code"] == "not_found"
    assert buyer.get("/addresses")[0]["recipient"] == "李小雨"
