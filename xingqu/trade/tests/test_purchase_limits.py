"""限购: how many units one person may buy, in the cart, the quote and the checkout, and when units are free again."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from xingqu.catalogue.models import Sku
from xingqu.catalogue.selectors import merchant_product
from xingqu.kit import clock
from xingqu.kit.tests.threads import side_by_side
from xingqu.programmes.models import PurchaseTake
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.services import checkout
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, deliver, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db


def limit(shop: Shop, sku: int, *, on_sku: bool = False, **values: Any) -> None:
    product_id = Sku.objects.get(pk=sku).product_id
    version = merchant_product(shop_id=shop.id, product_id=product_id)["version"]
    body = {"version": version, **({"skus": [{"sku_id": sku, **values}]} if on_sku else {"limit": values})}
    shop.member().call("PUT", f"/shops/{shop.id}/products/{product_id}/purchase-limits", body)


def problems(quote: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(p["code"], p["data"]["reason"], p["data"]["most"], p["data"]["taken"]) for p in quote["problems"]]


def taken() -> int:
    return PurchaseTake.objects.filter(state="taken").aggregate(n=Sum("quantity"))["n"] or 0


@pytest.mark.parametrize("on_sku", [False, True])
def test_per_person_in_quote_and_checkout(buyer: Caller, shop: Shop, sku: int, on_sku: bool) -> None:
    limit(shop, sku, on_sku=on_sku, per_person=2)
    late = buyer.quote((sku, 2))["quote_token"]
    assert problems(buyer.quote((sku, 3))) == [("purchase_limit", "per_person", 2, 0)]
    buyer.order((sku, 1))
    assert problems(buyer.quote((sku, 2))) == [("purchase_limit", "per_person", 1, 1)]
    error = buyer.checkout(late, status=409)["error"]
    assert (error["code"], error["data"]["skus"][0]["code"]) == ("not_for_sale", "purchase_limit")
    buyer.order((sku, 1))
    assert (ShopOrder.objects.count(), taken(), stock_of(sku)) == (2, 2, (10, 2))
    assert Caller.new_person().order((sku, 2))["payable"]["amount_minor"] == 2 * 29_900


def test_per_order_and_the_lines_of_one_product_together(buyer: Caller, shop: Shop, sku: int) -> None:
    limit(shop, sku, per_order=2)
    assert problems(buyer.quote((sku, 3))) == [("purchase_limit", "per_order", 2, 0)]
    error = buyer.post("/cart/lines", {"sku_id": sku, "quantity": 3}, status=409)["error"]
    assert (error["code"], error["data"]) == ("purchase_limit", {"requested": 3, "most": 2})
    assert buyer.get("/cart")["shops"] == []
    cart = buyer.post("/cart/lines", {"sku_id": sku, "quantity": 2}, status=201)
    assert cart["shops"][0]["lines"][0]["limit"] == {
        "scope": "product",
        "per_order": 2,
        "per_person": None,
        "days": None,
        "taken": 0,
        "most": 2,
        "sign_in": False,
    }
    assert buyer.call("PATCH", f"/cart/lines/{sku}", {"quantity": 3}, status=409)["error"]["code"] == "purchase_limit"
    # Not a matter of persons: each order may have two.
    buyer.order((sku, 2))
    assert problems(buyer.quote((sku, 2))) == []
    assert PurchaseTake.objects.count() == 0


def test_a_cart_line_tells_what_is_left_for_this_person(buyer: Caller, shop: Shop, sku: int) -> None:
    limit(shop, sku, per_person=3, days=30)
    buyer.order((sku, 2))
    line = buyer.post("/cart/lines", {"sku_id": sku, "quantity": 1}, status=201)["shops"][0]["lines"][0]
    assert (line["limit"]["taken"], line["limit"]["most"], line["limit"]["days"]) == (2, 1, 30)


def test_days_pass(buyer: Caller, shop: Shop, sku: int) -> None:
    limit(shop, sku, per_person=1, days=7)
    buyer.order((sku, 1))
    assert problems(buyer.quote((sku, 1))) == [("purchase_limit", "per_person", 0, 1)]
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        assert problems(buyer.quote((sku, 1))) == []


def test_a_guest_signs_in(guest: Caller, shop: Shop, sku: int) -> None:
    limit(shop, sku, per_person=1)
    quote = guest.quote((sku, 1))
    assert problems(quote) == [("purchase_limit", "sign_in", 0, 0)]
    assert guest.checkout(quote["quote_token"], status=409)["error"]["code"] == "not_for_sale"
    assert ShopOrder.objects.count() == 0


@pytest.mark.parametrize("how", ["cancel", "timeout", "refund"])
def test_units_are_free_again(buyer: Caller, shop: Shop, sku: int, how: str, settings: Any) -> None:
    limit(shop, sku, per_person=2)
    order = buyer.order((sku, 2))
    assert problems(buyer.quote((sku, 1))) == [("purchase_limit", "per_person", 0, 2)]
    if how == "cancel":
        buyer.post(f"/orders/{order['order_no']}/cancel", {})
    elif how == "timeout":
        with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
            assert expire_unpaid() == 1
    else:
        buyer.pay(order["order_no"])
        assert taken() == 2
        buyer.post(f"/orders/{order['shop_orders'][0]['order_no']}/refund", {"reason": "不要了"})
        assert finish_refunds() == 1
    assert taken() == 0
    assert problems(buyer.quote((sku, 2))) == []


def test_some_units_of_an_order_before_it_is_shipped(buyer: Caller, shop: Shop, sku: int) -> None:
    from xingqu.trade.contracts import RefundPart
    from xingqu.trade.services.refunds import refund_parts

    limit(shop, sku, per_person=3)
    order_no = buyer.buy((sku, 3))
    line = OrderLine.objects.get()
    refund_parts(order_no=order_no, parts=[RefundPart(line.pk, 29_900, 1)], reason="少一件", reference="case:1")
    assert finish_refunds() == 1
    assert taken() == 2
    # What goes back after it was shipped was bought.
    shop.member().post(
        f"/shops/{shop.id}/orders/{order_no}/ship", {"carrier_code": "sf", "tracking_no": "SF123456789012"}
    )
    refund_parts(order_no=order_no, parts=[RefundPart(line.pk, 29_900, 1)], reason="退货", reference="case:2")
    assert finish_refunds() == 1
    assert taken() == 2


@pytest.mark.parametrize("bought_meanwhile", [False, True])
def test_a_late_payment_counts_again(
    buyer: Caller, shop: Shop, sku: int, settings: Any, bought_meanwhile: bool
) -> None:
    limit(shop, sku, per_person=1)
    order = buyer.order((sku, 1))
    started = buyer.start_payment(order["order_no"])
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
        expire_unpaid()
    if bought_meanwhile:
        buyer.order((sku, 1))
    buyer.confirm(started["redirect_url"])
    deliver()
    assert ShopOrder.objects.get(parent__order_no=order["order_no"]).state == (
        "cancelled" if bought_meanwhile else "paid"
    )
    assert taken() == 1


def test_twenty_checkouts_of_one_person_at_once(transactional_db: None) -> None:
    house = make_shop()
    sku = make_sku(house, stock=50)
    limit(house, sku, per_person=2)
    buyer = Caller.new_person()
    key, address_id = buyer.key, buyer.address_id()
    tokens = [buyer.quote((sku, 1), address_id=address_id)["quote_token"] for _ in range(20)]
    start, said = threading.Barrier(20, timeout=60), []

    def order(number: int) -> None:
        request = checkout.CheckoutRequest(tokens[number], address_id, (), False)
        start.wait()
        try:
            checkout.place_order(buyer_key=key, idempotency_key=f"k{number}", request=request)
            said.append("bought")
        except Exception as refusal:
            said.append(getattr(refusal, "code", repr(refusal)))

    assert side_by_side(*[lambda n=n: order(n) for n in range(20)]) == [None] * 20
    assert said.count("bought") == 2
    assert set(said) <= {"bought", "not_for_sale", "purchase_limit"}
    assert (OrderLine.objects.count(), taken(), stock_of(sku)) == (2, 2, (50, 2))


def test_limits_are_the_shops_own(shop: Shop, sku: int) -> None:
    product_id = Sku.objects.get(pk=sku).product_id
    other = make_shop()
    path = f"/products/{product_id}/purchase-limits"
    body = {"version": 1, "limit": {"per_person": 1}}
    other.member().call("PUT", f"/shops/{shop.id}{path}", body, status=404)
    other.member().call("PUT", f"/shops/{other.id}{path}", body, status=404)
    member, version = shop.member(), merchant_product(shop_id=shop.id, product_id=product_id)["version"]
    for wrong, field in (
        ({"limit": {"per_person": 1, "per_order": 2}}, "limit.per_order"),
        ({"limit": {"days": 3}}, "limit.days"),
        ({"skus": [{"sku_id": sku + 1, "per_person": 1}]}, "skus"),
    ):
        error = member.call("PUT", f"/shops/{shop.id}{path}", {"version": version, **wrong}, status=422)["error"]
        assert error["field"] == field
    stale = {"version": version - 1, "limit": {"per_person": 1}}
    assert member.call("PUT", f"/shops/{shop.id}{path}", stale, status=409)["error"]["code"] == "stale_version"
    assert merchant_product(shop_id=shop.id, product_id=product_id)["limit"] is None
    limit(shop, sku, per_person=5, days=30)
    shown = Caller.new_person().get(f"/products/{product_id}")
    assert (shown["limit"], shown["skus"][0]["limit"]) == ({"per_order": None, "per_person": 5, "days": 30}, None)
