"""One whole walk: cart, quote, checkout, payment, shipping, receipt, with the books beside it."""

from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of


def test_buying_from_two_shops(shop: Shop, sku: int, buyer: Caller) -> None:
    other = make_shop()
    other_sku = make_sku(other, price_minor=1050, stock=3)
    buyer.post("/cart/lines", {"sku_id": sku, "quantity": 2}, status=201)
    cart = buyer.post("/cart/lines", {"sku_id": other_sku, "quantity": 1}, status=201)
    assert cart["count"] == 3
    assert cart["selected_total"] == {"amount_minor": 60850, "currency": "CNY"}

    quote = buyer.quote()
    assert quote["payable"]["amount_minor"] == 60850
    assert quote["problems"] == []
    parent = buyer.checkout(quote["quote_token"], from_cart=True)
    assert parent["payable"]["amount_minor"] == 60850
    assert sorted(o["payable"]["amount_minor"] for o in parent["shop_orders"]) == [1050, 59800]
    assert buyer.get("/cart")["count"] == 0
    assert stock_of(sku) == (10, 2)
    assert buyer.get("/orders/counts")["unpaid"] == 2

    payment_no = buyer.pay(parent["order_no"])
    assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"
    assert stock_of(sku) == (8, 0)
    assert balance_minor(account="provider:sandbox") == 60850
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 59800

    order_no = next(o["order_no"] for o in parent["shop_orders"] if o["shop"]["id"] == shop.id)
    merchant = shop.member()
    shipped = merchant.post(
        f"/shops/{shop.id}/orders/{order_no}/ship", {"carrier_code": "sf", "tracking_no": "sf1234567890123"}
    )
    assert (shipped["state"], shipped["package"]["tracking_no"]) == ("shipped", "SF1234567890123")
    done = buyer.post(f"/orders/{order_no}/confirm-receipt")
    assert done["state"] == "done"
    assert [event["code"] for event in done["timeline"]] == ["placed", "paid", "shipped", "received"]
    assert balance_minor(account=f"receivable:shop:{shop.id}") == 56810
    assert balance_minor(account="fee:tech_service") == 2990

    deliver_due()
    kinds = [notice["kind"] for notice in buyer.get("/notices")["items"]]
    assert sorted(kinds) == ["order_paid", "order_paid", "order_shipped"]
    assert "order_new" in [notice["kind"] for notice in merchant.get("/notices")["items"]]
    assert check().problems == ()
