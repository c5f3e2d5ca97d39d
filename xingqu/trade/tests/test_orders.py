"""Orders after payment: cancel, refund, ship, receive, lists, and who may see what."""

import csv
import io
from datetime import timedelta

import pytest

from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.transitions import TRANSITIONS, OrderState, Step
from xingqu.trade.models import OrderEvent, Refund, ShopOrder
from xingqu.trade.selectors import sold_counts
from xingqu.trade.services.orders import expire_unpaid, receive_overdue
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.services.shipping import mark_shipped
from xingqu.trade.services.transition import move_orders
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db


def ship(shop: Shop, order_no: str, *, status: int = 200, **changes: str):
    body = {"carrier_code": "sf", "tracking_no": "SF1234567890123", **changes}
    return shop.member().post(f"/shops/{shop.id}/orders/{order_no}/ship", body, status=status)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(OrderState))
def test_every_step_is_guarded_by_the_table(buyer: Caller, sku: int, step: Step, state: OrderState) -> None:
    buyer.order((sku, 1))
    order = ShopOrder.objects.get()
    ShopOrder.objects.update(state=state)
    events = OrderEvent.objects.count()
    sources, target = TRANSITIONS[step]
    moved = move_orders(ids=[order.pk], step=step, at=clock.now())
    assert moved is (state in sources)
    assert ShopOrder.objects.get().state == (target if moved else state)
    assert OrderEvent.objects.count() == events + moved


def test_cancelling_releases_all_shops_of_the_checkout(buyer: Caller, sku: int) -> None:
    other = make_sku(make_shop(), price_minor=100)
    parent = buyer.order((sku, 2), (other, 1))
    order_no = parent["shop_orders"][0]["order_no"]
    cancelled = buyer.post(f"/orders/{order_no}/cancel", {"reason": "不想要了"})
    assert (cancelled["state"], cancelled["cancel_reason"], cancelled["can"]) == ("cancelled", "buyer", ["buy_again"])
    assert cancelled["pay_together"] == [parent["shop_orders"][1]["order_no"]]
    assert (stock_of(sku), stock_of(other)) == ((10, 0), (10, 0))
    assert buyer.get("/orders/counts")["cancelled"] == 2
    error = buyer.error("POST", f"/orders/{order_no}/cancel", {}, status=409)
    assert (error["code"], error["data"]) == ("wrong_state", {"state": "cancelled"})
    assert OutboxFact.objects.filter(name="OrderCancelled").count() == 2


def test_what_is_paid_is_not_cancelled(buyer: Caller, sku: int) -> None:
    order_no = buyer.buy((sku, 2))
    error = buyer.error("POST", f"/orders/{order_no}/cancel", {}, status=409)
    assert (error["code"], error["data"]) == ("wrong_state", {"state": "paid"})
    order = ShopOrder.objects.get()
    assert (order.state, order.cancel_reason, order.parent.state, order.parent.cancel_reason) == (
        "paid",
        "",
        "paid",
        "",
    )
    assert stock_of(sku) == (8, 0)


def test_what_is_not_paid_is_not_shipped(buyer: Caller, sku: int) -> None:
    buyer.order((sku, 2))
    order = ShopOrder.objects.get()
    parcel = {"carrier_code": "sf", "tracking_no": "SF0000000000001"}
    for lines in (None, [(sku, 1)], [(sku, 9)]):
        with pytest.raises(WrongState) as refusal:
            mark_shipped(shop_id=order.shop_id, order_no=order.order_no, lines=lines, **parcel)
        assert refusal.value.data == {"state": "unpaid"}
    order.refresh_from_db()
    assert (order.state, [line.shipped_quantity for line in order.lines.all()]) == ("unpaid", [0])
    assert [event.code for event in order.events.all()] == ["placed"]


def test_unpaid_orders_end_when_their_time_is_over(buyer: Caller, sku: int) -> None:
    buyer.order((sku, 2))
    assert expire_unpaid() == 0
    at = clock.now() + timedelta(hours=1)
    assert expire_unpaid(now=at) == 1
    assert expire_unpaid(now=at) == 0
    order = ShopOrder.objects.get()
    assert (order.state, order.cancel_reason) == ("cancelled", "timeout")
    assert stock_of(sku) == (10, 0)
    deliver_due()
    assert [notice["kind"] for notice in buyer.get("/notices")["items"]] == ["order_expired"]


def test_a_refund_before_shipping_takes_everything_back(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 2))
    deliver_due()
    product_id = buyer.get(f"/orders/{order_no}")["lines"][0]["product_id"]
    assert sold_counts(product_ids=[product_id]) == {product_id: 2}
    refunding = buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    assert (refunding["state"], refunding["next_step"]["code"], refunding["can"]) == ("refunding", "refund", [])
    assert ship(shop, order_no, status=409)["error"]["code"] == "wrong_state"
    assert finish_refunds() == 1
    assert finish_refunds() == 0
    refunded = buyer.get(f"/orders/{order_no}")
    assert (refunded["state"], refunded["refund_reason"]) == ("refunded", "拍错了")
    assert [event["code"] for event in refunded["timeline"]] == ["placed", "paid", "refund_asked", "refunded"]
    assert stock_of(sku) == (10, 0)
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 0
    assert sold_counts(product_ids=[product_id]) == {}
    deliver_due()
    assert "order_refunded" in [notice["kind"] for notice in buyer.get("/notices")["items"]]
    assert check().balanced


def test_refunding_one_shop_leaves_the_other(buyer: Caller, sku: int, shop: Shop) -> None:
    other_shop = make_shop()
    other = make_sku(other_shop, price_minor=1000)
    parent = buyer.order((sku, 1), (other, 3))
    buyer.pay(parent["order_no"])
    numbers = {order["shop"]["id"]: order["order_no"] for order in parent["shop_orders"]}
    buyer.post(f"/orders/{numbers[other_shop.id]}/refund", {"reason": "不要了"})
    finish_refunds()
    assert buyer.get(f"/orders/{numbers[shop.id]}")["state"] == "paid"
    assert (stock_of(sku), stock_of(other)) == ((9, 0), (10, 0))
    assert balance_minor(account="provider:sandbox") == 29900
    assert ship(shop, numbers[shop.id])["state"] == "shipped"


@pytest.mark.parametrize("state", ["unpaid", "shipped", "done", "cancelled", "refunding", "refunded"])
def test_refunds_are_for_paid_orders_only(buyer: Caller, sku: int, state: str) -> None:
    order_no = buyer.buy((sku, 1))
    ShopOrder.objects.update(state=state)
    assert buyer.error("POST", f"/orders/{order_no}/refund", {"reason": "x"}, status=409)["code"] == "wrong_state"
    assert Refund.objects.count() == 0
    assert ShopOrder.objects.get().state == state


def test_shipped_orders_are_received_by_themselves(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    ship(shop, order_no)
    assert receive_overdue() == 0
    assert receive_overdue(now=clock.now() + timedelta(days=11)) == 1
    assert balance_minor(account=f"receivable:shop:{shop.id}") == 28405
    detail = buyer.get(f"/orders/{order_no}")
    assert (detail["state"], detail["timeline"][-1]["data"]) == ("done", {"automatic": True})
    assert buyer.error("POST", f"/orders/{order_no}/confirm-receipt", {}, status=409)["code"] == "wrong_state"
    assert balance_minor(account=f"receivable:shop:{shop.id}") == 28405


def test_what_comes_next_is_said_in_every_state(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.order((sku, 1))["shop_orders"][0]["order_no"]

    def line() -> tuple[str, str | None, bool, list[str]]:
        order = buyer.get(f"/orders/{order_no}")
        step = order["next_step"]
        return step["code"], step["who"], step["by"] is not None, order["can"]

    assert line() == ("pay", "buyer", True, ["pay", "cancel"])
    buyer.pay(order_no)
    assert line() == ("ship", "merchant", True, ["refund", "buy_again"])
    ship(shop, order_no)
    assert line() == ("confirm_receipt", "buyer", True, ["confirm_receipt", "buy_again"])
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    assert line() == ("review", "buyer", False, ["review", "buy_again"])
    ShopOrder.objects.update(reviewed=True)
    assert line() == ("none", None, False, ["buy_again"])


def test_orders_are_listed_by_tab_page_by_page(buyer: Caller, sku: int) -> None:
    numbers = [buyer.order((sku, 1))["shop_orders"][0]["order_no"] for _ in range(3)]
    buyer.pay(numbers[0])
    assert buyer.get("/orders/counts") == {
        "all": 3,
        "unpaid": 2,
        "to_ship": 1,
        "shipped": 0,
        "to_review": 0,
        "done": 0,
        "cancelled": 0,
    }
    page = buyer.get("/orders?limit=2")
    assert [order["order_no"] for order in page["items"]] == numbers[:0:-1]
    rest = buyer.get(f"/orders?limit=2&cursor={page['next_cursor']}")
    assert ([order["order_no"] for order in rest["items"]], rest["next_cursor"]) == ([numbers[0]], None)
    assert [order["order_no"] for order in buyer.get("/orders?tab=to_ship")["items"]] == [numbers[0]]
    assert buyer.error("GET", "/orders?tab=nothing", status=422)["code"] == "invalid_input"
    assert buyer.error("GET", "/orders?cursor=abc", status=422)["field"] == "cursor"


def test_anothers_orders_are_not_there(buyer: Caller, guest: Caller, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    for caller in (guest, Caller.new_person()):
        assert caller.error("GET", f"/orders/{order_no}", status=404)["code"] == "not_found"
        for action in ("cancel", "refund", "confirm-receipt"):
            error = caller.error("POST", f"/orders/{order_no}/{action}", {"reason": "x"}, status=404)
            assert error["code"] == "not_found"
        assert caller.get("/orders")["items"] == []
    assert ShopOrder.objects.get().state == "paid"


def test_a_merchant_sees_its_own_orders_only(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    stranger = make_shop()
    for path in ("orders", "orders/counts", f"orders/{order_no}", "today", "freight", "orders.csv"):
        assert stranger.member().error("GET", f"/shops/{shop.id}/{path}", status=404)["code"] == "not_found"
        assert Caller().error("GET", f"/shops/{shop.id}/{path}", status=401)["code"] == "sign_in_required"
    assert stranger.member().error("GET", f"/shops/{stranger.id}/orders/{order_no}", status=404)["code"] == "not_found"
    body = {"carrier_code": "sf", "tracking_no": "SF1234567890123"}
    for shop_id in (shop.id, stranger.id):
        path = f"/shops/{shop_id}/orders/{order_no}/ship"
        assert stranger.member().error("POST", path, body, status=404)["code"] == "not_found"
    assert ShopOrder.objects.get().state == "paid"
    assert shop.member().get(f"/shops/{shop.id}/orders/{order_no}")["buyer_name"] == "李小雨"


def test_a_merchant_finds_counts_and_exports(buyer: Caller, sku: int, shop: Shop) -> None:
    unpaid = buyer.order((sku, 1))["shop_orders"][0]["order_no"]
    paid = buyer.buy((sku, 2))
    member = shop.member()

    def found(query: str) -> list[str]:
        return [order["order_no"] for order in member.get(f"/shops/{shop.id}/orders?{query}")["items"]]

    assert found("") == [paid, unpaid]
    assert found("state=paid") == [paid]
    assert found("state=late_to_ship") == []
    assert found(f"q={paid}") == [paid]
    assert found("q=小雨") == [paid, unpaid]
    assert found("q=nobody") == []
    assert found("from=2000-01-01T00:00:00Z&to=2001-01-01T00:00:00Z") == []
    assert found("from=0001-01-01T00:00:00&to=9999-12-31T23:59:59-12:00") == [paid, unpaid]
    masked = member.get(f"/shops/{shop.id}/orders/{unpaid}")
    assert (masked["buyer_name"], masked["address"]["phone"]) == ("李**", "138******00")
    assert masked["address"]["detail"] == ""
    today = member.get(f"/shops/{shop.id}/today")
    assert (today["to_ship"], today["unpaid"], today["orders_today"]) == (1, 1, 1)
    assert today["gmv_today"] == {"amount_minor": 59800, "currency": "CNY"}
    assert today["low_stock"] == 1
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert member.get(f"/shops/{shop.id}/orders/counts")["late_to_ship"] == 1
        assert found("state=late_to_ship") == [paid]
    response = member.client.get(f"/api/v1/shops/{shop.id}/orders.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["order_no"], row["quantity"], row["phone"]) for row in rows] == [
        (paid, "2", "13800138000"),
        (unpaid, "1", "138******00"),
    ]


def test_a_spreadsheet_runs_nothing(buyer: Caller, sku: int, shop: Shop) -> None:
    quote = buyer.quote((sku, 1))
    buyer.checkout(quote["quote_token"], notes={str(shop.id): "=HYPERLINK(1)"})
    text = b"".join(shop.member().client.get(f"/api/v1/shops/{shop.id}/orders.csv").streaming_content).decode()
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
