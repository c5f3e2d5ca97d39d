"""Checkout: exactly once a key, never at a price the buyer has not seen, all or nothing."""

from datetime import timedelta

import pytest

from xingqu.catalogue.models import Product, Sku
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.trade.models import CartLine, CheckoutKey, OrderEvent, OrderLine, ParentOrder, ShopOrder
from xingqu.trade.services import checkout
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, set_stock, stock_of

pytestmark = pytest.mark.django_db


def rows() -> tuple[int, ...]:
    """How many rows there are of everything that a checkout writes."""
    tables = (ParentOrder, ShopOrder, OrderLine, OrderEvent, CheckoutKey)
    return (*(table.objects.count() for table in tables), OutboxFact.objects.filter(name="OrderPlaced").count())


NOTHING = (0, 0, 0, 0, 0, 0)
ONE = (1, 1, 1, 1, 1, 1)


def test_the_same_key_gives_the_same_order(buyer: Caller, sku: int) -> None:
    token = buyer.quote((sku, 2))["quote_token"]
    first = buyer.checkout(token, key="once")
    assert buyer.checkout(token, key="once") == first
    assert rows() == ONE
    assert stock_of(sku) == (10, 2)


def test_the_same_key_with_another_body_is_refused(buyer: Caller, sku: int) -> None:
    buyer.checkout(buyer.quote((sku, 2))["quote_token"], key="once")
    other = buyer.quote((sku, 3))["quote_token"]
    error = buyer.checkout(other, key="once", status=422)["error"]
    assert (error["code"], error["field"]) == ("idempotency_key_reused", "Idempotency-Key")
    assert rows() == ONE
    assert stock_of(sku) == (10, 2)


def test_keys_of_two_buyers_do_not_meet(buyer: Caller, sku: int, guest: Caller) -> None:
    first = buyer.order((sku, 1), key="once")
    second = guest.order((sku, 1), key="once")
    assert first["order_no"] != second["order_no"]


@pytest.mark.parametrize("key", ["", "x" * 65, "with space", "中文"])
def test_a_wrong_key_is_refused(buyer: Caller, sku: int, key: str) -> None:
    body = {"quote_token": buyer.quote((sku, 1))["quote_token"], "address_id": buyer.address_id()}
    error = buyer.error("POST", "/checkout", body, status=422, **{"Idempotency-Key": key})
    assert error["code"] == "invalid_input"
    assert "Idempotency-Key" in error["field"]
    assert rows() == NOTHING


def test_a_changed_price_is_shown_and_asked(buyer: Caller, sku: int) -> None:
    token = buyer.quote((sku, 2))["quote_token"]
    Sku.objects.filter(pk=sku).update(price_minor=30000)
    error = buyer.checkout(token, key="k", status=409)["error"]
    assert (error["code"], error["data"]["reason"]) == ("price_changed", "price")
    assert rows() == NOTHING
    assert stock_of(sku) == (10, 0)
    new = error["data"]["quote"]
    assert new["payable"]["amount_minor"] == 60000
    # The buyer agrees: the new token works under the same key, for the refusal left no trace.
    assert buyer.checkout(new["quote_token"], key="k")["payable"]["amount_minor"] == 60000
    assert rows() == ONE


def test_a_lower_price_is_asked_too(buyer: Caller, sku: int) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    Sku.objects.filter(pk=sku).update(price_minor=100)
    assert buyer.checkout(token, status=409)["error"]["code"] == "price_changed"
    assert rows() == NOTHING


def test_freight_to_another_address_is_a_changed_price(buyer: Caller, sku: int, shop: Shop) -> None:
    shop.member().call("PUT", f"/shops/{shop.id}/freight", {"base_minor": 800, "remote_extra_minor": 1500})
    quote = buyer.quote((sku, 1))
    assert quote["freight_total"]["amount_minor"] == 800
    assert quote["expected_arrival"] is not None
    remote = {"recipient": "王", "phone": "13900139000", "detail": "天山路 5 号", **_xinjiang(buyer)}
    remote_id = buyer.post("/addresses", remote, status=201)["id"]
    error = buyer.checkout(quote["quote_token"], address_id=remote_id, status=409)["error"]
    assert error["data"]["quote"]["freight_total"]["amount_minor"] == 2300
    assert rows() == NOTHING


def _xinjiang(buyer: Caller) -> dict[str, int]:
    province = next(r for r in buyer.get("/regions") if r["name"].startswith("新疆"))["id"]
    city = buyer.get(f"/regions?parent_id={province}")[0]["id"]
    district = buyer.get(f"/regions?parent_id={city}")[0]["id"]
    return {"province_id": province, "city_id": city, "district_id": district}


def test_an_old_quote_is_asked_again(buyer: Caller, sku: int, settings) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.quote_valid_s + 1)):
        error = buyer.checkout(token, status=409)["error"]
        assert (error["code"], error["data"]["reason"]) == ("price_changed", "expired")
        assert rows() == NOTHING
        buyer.checkout(error["data"]["quote"]["quote_token"])
    assert rows() == ONE


def test_anothers_quote_is_asked_again(buyer: Caller, guest: Caller, sku: int) -> None:
    token = guest.quote((sku, 1))["quote_token"]
    assert buyer.checkout(token, status=409)["error"]["data"]["reason"] == "expired"
    assert rows() == NOTHING


@pytest.mark.parametrize("change", [lambda t: t[:-3] + "abc", lambda t: "x", lambda t: t + "é"])
def test_a_forged_token_is_refused(buyer: Caller, sku: int, change) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    assert buyer.checkout(change(token), status=422)["error"]["code"] == "invalid_quote_token"
    assert rows() == NOTHING


def test_sold_out_names_the_skus_and_takes_nothing(buyer: Caller, sku: int, shop: Shop) -> None:
    scarce = make_sku(shop, stock=2)
    token = buyer.quote((sku, 1), (scarce, 2))["quote_token"]
    set_stock(1, scarce)
    error = buyer.checkout(token, status=409)["error"]
    assert error["code"] == "sold_out"
    assert error["data"]["skus"] == [{"sku_id": scarce, "requested": 2, "available": 1}]
    assert rows() == NOTHING
    assert (stock_of(sku), stock_of(scarce)) == ((10, 0), (1, 0))


def test_units_that_go_between_look_and_hold_leave_nothing(buyer: Caller, sku: int, monkeypatch) -> None:
    token = buyer.quote((sku, 2))["quote_token"]
    set_stock(1, sku)
    monkeypatch.setattr(checkout, "refuse_problems", lambda quote: None)
    monkeypatch.setattr(checkout, "_refuse_changes", lambda *_: None)
    real = checkout.quote_lines

    def blind(**asked):
        set_stock(2, sku)
        quote = real(**asked)
        set_stock(1, sku)
        return quote

    monkeypatch.setattr(checkout, "quote_lines", blind)
    assert buyer.checkout(token, status=409)["error"]["code"] == "sold_out"
    assert rows() == NOTHING


def test_what_went_offline_is_refused(buyer: Caller, sku: int) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    Product.objects.update(status="offline")
    error = buyer.checkout(token, status=409)["error"]
    assert error["code"] == "not_for_sale"
    assert error["data"]["skus"] == [{"sku_id": sku, "code": "not_for_sale", "sale_state": "offline"}]
    assert rows() == NOTHING


def test_a_quote_explains_what_can_not_be_bought(buyer: Caller, sku: int) -> None:
    quote = buyer.quote((sku, 11), (999_999, 1))
    assert [(p["code"], p["sku_id"]) for p in quote["problems"]] == [("sold_out", sku), ("not_found", 999_999)]
    assert quote["payable"]["amount_minor"] == 0
    assert buyer.checkout(quote["quote_token"], status=409)["error"]["code"] == "not_for_sale"
    assert rows() == NOTHING


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"sku_id": 1, "quantity": 0}],
        [{"sku_id": 1, "quantity": -1}],
        [{"sku_id": 1, "quantity": 10**30}],
        [{"sku_id": 2**60, "quantity": 1}],
        [{"sku_id": 1, "quantity": 1}, {"sku_id": 1, "quantity": 2}],
        [{"sku_id": 1, "quantity": 1.5}],
    ],
)
def test_impossible_lines_are_refused(buyer: Caller, lines: list[dict[str, object]]) -> None:
    assert buyer.error("POST", "/checkout/quote", {"lines": lines}, status=422)["code"] == "invalid_input"


def test_an_empty_cart_has_no_quote(buyer: Caller) -> None:
    assert buyer.error("POST", "/checkout/quote", {}, status=422)["field"] == "lines"


def test_anothers_address_is_not_there(buyer: Caller, guest: Caller, sku: int) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    error = buyer.checkout(token, address_id=guest.address_id(), status=404)["error"]
    assert (error["code"], error["field"]) == ("not_found", "address_id")
    assert rows() == NOTHING


def test_the_order_keeps_what_was_bought(buyer: Caller, sku: int, shop: Shop) -> None:
    body = {
        "lines": [
            {
                "sku_id": sku,
                "quantity": 2,
                "attribution": {"request_id": "r1", "surface": "for_you"},
            }
        ],
        "address_id": buyer.address_id(),
    }
    token = buyer.post("/checkout/quote", body)["quote_token"]
    parent = buyer.checkout(token, notes={str(shop.id): "放门口"})
    Product.objects.update(name="改名了")
    Sku.objects.update(price_minor=1)
    buyer.call("DELETE", f"/addresses/{body['address_id']}", status=204)

    order = buyer.get(f"/orders/{parent['shop_orders'][0]['order_no']}")
    assert [(line["name"], line["unit_price"]["amount_minor"], line["quantity"]) for line in order["lines"]] == [
        ("纯棉刺绣四件套", 29900, 2)
    ]
    assert (order["address"]["recipient"], order["address"]["district"]) == ("李小雨", "东城区")
    assert order["note"] == "放门口"
    assert sum(part["amount"]["amount_minor"] for part in order["amounts"]) == order["payable"]["amount_minor"]
    assert OrderLine.objects.get().attribution == {"request_id": "r1", "surface": "for_you"}


def test_only_what_was_ordered_leaves_the_cart(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(make_shop(), price_minor=500)
    for wanted in (sku, other):
        buyer.post("/cart/lines", {"sku_id": wanted}, status=201)
    buyer.call("PATCH", f"/cart/lines/{other}", {"selected": False})
    buyer.checkout(buyer.quote()["quote_token"], from_cart=True)
    assert list(CartLine.objects.values_list("sku_id", flat=True)) == [other]


def test_a_price_that_changes_between_look_and_lock_is_asked(buyer: Caller, sku: int, monkeypatch) -> None:
    token = buyer.quote((sku, 2))["quote_token"]
    plan = checkout._plan

    def looked(*asked):
        found = plan(*asked)
        Sku.objects.filter(pk=sku).update(price_minor=30000)
        return found

    monkeypatch.setattr(checkout, "_plan", looked)
    error = buyer.checkout(token, status=409)["error"]
    assert (error["code"], error["data"]["quote"]["payable"]["amount_minor"]) == ("price_changed", 60000)
    assert rows() == NOTHING
    assert stock_of(sku) == (10, 0)


def test_the_same_key_gives_the_same_order_when_its_goods_are_gone(buyer: Caller, sku: int) -> None:
    token = buyer.quote((sku, 2))["quote_token"]
    first = buyer.checkout(token, key="once")
    set_stock(2, sku)
    Sku.objects.filter(pk=sku).update(price_minor=1)
    assert buyer.checkout(token, key="once") == first
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert buyer.checkout(token, key="once") == first
    assert rows() == ONE


def test_an_order_costs_something(buyer: Caller, shop: Shop) -> None:
    gift = make_sku(shop)
    Sku.objects.filter(pk=gift).update(price_minor=0)
    error = buyer.checkout(buyer.quote((gift, 1))["quote_token"], status=422)["error"]
    assert (error["code"], error["field"]) == ("invalid_input", "lines")
    assert rows() == NOTHING
