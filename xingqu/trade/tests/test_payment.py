"""Payment: whatever the provider's notices do, an order is paid once, and money that finds nothing to pay goes back."""

from datetime import timedelta

import orjson
import pytest
from django.test import Client

from xingqu.catalogue.models import StockLevel
from xingqu.catalogue.services import release_expired_holds
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.ledger.models import Journal, Transfer
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.models import CallbackReceipt, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.sandbox.messages import GATEWAY, PLATFORM, sign
from xingqu.trade.providers.sandbox.models import SandboxNotice, SandboxRefund, SandboxTrade
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.queries import query_payments
from xingqu.trade.services.refunded import settle_refund
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, Wire, deliver, make_sku, set_stock, stock_of

pytestmark = pytest.mark.django_db
CALLBACK = "/api/v1/payments/callback/sandbox"


def snapshot() -> tuple[object, ...]:
    """Everything that a payment may change."""
    return (
        list(ShopOrder.objects.order_by("id").values_list("state", "paid_at", "ship_by")),
        list(PaymentAttempt.objects.order_by("id").values_list("state", "outcome")),
        list(StockLevel.objects.order_by("id").values_list("free", "held")),
        (Journal.objects.count(), Transfer.objects.count(), Refund.objects.count(), CallbackReceipt.objects.count()),
        OutboxFact.objects.filter(name="OrderPaid").count(),
    )


def notice(paid: str, **changes: object) -> bytes:
    content = {
        "event_id": "E1",
        "payment_no": paid,
        "trade_no": "T1",
        "state": "succeeded",
        "amount_minor": 29900,
        "currency": "CNY",
    }
    return orjson.dumps({**content, **changes})


def call_back(body: bytes, headers: dict[str, str], provider: str = "sandbox") -> tuple[int, dict[str, object]]:
    path = f"/api/v1/payments/callback/{provider}"
    response = Client().generic("POST", path, body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def started(buyer: Caller, sku: int) -> tuple[str, str, str]:
    """(order number, payment number, address of the pay page) of a payment that waits."""
    parent = buyer.order((sku, 1))
    pay = buyer.start_payment(parent["order_no"])
    return parent["order_no"], pay["payment_no"], pay["redirect_url"]


def later(**delta: float):
    return clock.frozen(clock.now() + timedelta(**delta))


def test_a_notice_pays_the_order_once(buyer: Caller, sku: int) -> None:
    _, payment_no, _ = started(buyer, sku)
    body = notice(payment_no)
    assert call_back(body, sign(GATEWAY, body)) == (200, {"outcome": "applied"})
    paid = snapshot()
    assert call_back(body, sign(GATEWAY, body)) == (200, {"outcome": "replayed"})
    other_event = notice(payment_no, event_id="E2")
    assert call_back(other_event, sign(GATEWAY, other_event)) == (200, {"outcome": "replayed"})
    after = snapshot()
    assert after[:3] == paid[:3]
    assert (after[3][:3], after[4]) == ((1, 1, 0), 1)  # type: ignore[index]
    assert stock_of(sku) == (9, 0)
    assert check().balanced


def test_an_event_is_taken_in_once_whatever_it_says_the_second_time(buyer: Caller, sku: int) -> None:
    _, payment_no, _ = started(buyer, sku)
    closed = notice(payment_no, state="closed")
    assert call_back(closed, sign(GATEWAY, closed)) == (200, {"outcome": "closed"})
    before = snapshot()
    paid = notice(payment_no)
    assert call_back(paid, sign(GATEWAY, paid)) == (200, {"outcome": "replayed"})
    assert snapshot() == before


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: {},
        lambda body: {"X-Sandbox-Time": "1", "X-Sandbox-Signature": "AAAA"},
        lambda body: {**sign(GATEWAY, body), "X-Sandbox-Signature": "not base64!"},
        lambda body: sign(PLATFORM, body),
        lambda body: sign(GATEWAY, body + b" "),
        lambda body: sign(GATEWAY, body, at_s=1_700_000_000),
        lambda body: {**sign(GATEWAY, body), "X-Sandbox-Time": "99999999999"},
    ],
)
def test_forged_and_stale_notices_change_nothing(buyer: Caller, sku: int, forge) -> None:
    _, payment_no, _ = started(buyer, sku)
    before = snapshot()
    body = notice(payment_no)
    status, answer = call_back(body, forge(body))
    assert (status, answer["error"]["code"]) == (401, "invalid_signature")  # type: ignore[index]
    assert snapshot() == before


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount_minor": 29899}, 422, "amount_mismatch"),
        ({"amount_minor": 0}, 422, "amount_mismatch"),
        ({"currency": "USD"}, 422, "amount_mismatch"),
        ({"payment_no": "Y000"}, 404, "unknown_payment"),
        ({"state": "paid"}, 401, "invalid_signature"),
        ({"amount_minor": "29900"}, 401, "invalid_signature"),
        ({"event_id": ""}, 401, "invalid_signature"),
    ],
)
def test_signed_notices_that_do_not_fit_change_nothing(buyer: Caller, sku: int, change, status, code) -> None:
    _, payment_no, _ = started(buyer, sku)
    before = snapshot()
    body = notice(payment_no, **change)
    found, answer = call_back(body, sign(GATEWAY, body))
    assert (found, answer["error"]["code"]) == (status, code)  # type: ignore[index]
    assert snapshot() == before


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b"{", b'"x"'])
def test_rubbish_that_is_signed_is_refused(db: None, body: bytes) -> None:
    assert call_back(body, sign(GATEWAY, body))[0] == 401


def test_an_unknown_provider_is_not_found(db: None) -> None:
    assert call_back(b"{}", {}, "nobody")[0] == 404


def test_a_notice_that_comes_twice(buyer: Caller, sku: int) -> None:
    parent = buyer.order((sku, 1))
    buyer.pay(parent["order_no"], "twice")
    with later(seconds=4):
        assert deliver() == 1
    assert SandboxNotice.objects.filter(done=True).count() == 2
    assert CallbackReceipt.objects.count() == 1
    assert (Transfer.objects.count(), Refund.objects.count()) == (1, 0)


def test_a_notice_that_never_comes_is_asked_for(buyer: Caller, sku: int) -> None:
    parent = buyer.order((sku, 1))
    payment_no = buyer.pay(parent["order_no"], "never")
    assert buyer.get(f"/payments/{payment_no}")["state"] == "pending"
    assert query_payments() == 0
    with later(seconds=6):
        assert query_payments() == 1
        assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"
    assert stock_of(sku) == (9, 0)


def test_a_timeout_is_unknown_and_asked_again(buyer: Caller, sku: int, wire: Wire) -> None:
    parent = buyer.order((sku, 1))
    payment_no = buyer.pay(parent["order_no"], "never")
    wire.down = True
    with later(seconds=6):
        assert query_payments() == 1
    assert buyer.get(f"/payments/{payment_no}")["state"] == "unknown"
    assert ShopOrder.objects.get().state == "unpaid"
    wire.down = False
    with later(seconds=60):
        assert query_payments() == 1
    assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"


def test_a_waiting_buyer_hastens_the_query(buyer: Caller, sku: int) -> None:
    parent = buyer.order((sku, 1))
    payment_no = buyer.pay(parent["order_no"], "never")
    PaymentAttempt.objects.update(query_due_at=clock.now() + timedelta(minutes=5))
    with later(seconds=10):
        assert query_payments() == 0
        buyer.get(f"/payments/{payment_no}")
        assert query_payments() == 1
        assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"


def test_a_late_payment_revives_the_order_when_the_goods_are_there(buyer: Caller, sku: int) -> None:
    order_no, payment_no, url = started(buyer, sku)
    buyer.confirm(url, "late")
    assert deliver() == 0
    with later(hours=1):
        assert expire_unpaid() == 1
        assert stock_of(sku) == (10, 0)
        assert buyer.get("/orders/counts")["cancelled"] == 1
        assert deliver() == 1
        assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"
    order = ShopOrder.objects.get(parent__order_no=order_no)
    assert (order.state, order.cancel_reason, order.cancelled_at) == ("paid", "", None)
    assert stock_of(sku) == (9, 0)
    assert balance_minor(account=f"escrow:shop:{order.shop_id}") == 29900
    assert [event.code for event in order.events.order_by("id")] == ["placed", "expired", "paid_late"]
    assert Refund.objects.count() == 0


def test_a_late_payment_goes_back_when_the_goods_are_gone(buyer: Caller, sku: int) -> None:
    _, _, url = started(buyer, sku)
    buyer.confirm(url, "late")
    with later(hours=1):
        expire_unpaid()
        set_stock(0)
        assert deliver() == 1
        assert ShopOrder.objects.get().state == "cancelled"
        assert balance_minor(account="unapplied:buyers") == 29900
        assert finish_refunds() == 1
    assert (balance_minor(account="unapplied:buyers"), balance_minor(account="provider:sandbox")) == (0, 0)
    assert SandboxRefund.objects.get().amount_minor == 29900
    assert Refund.objects.get().reason == "late"
    assert OutboxFact.objects.filter(name="OrderPaid").count() == 0
    assert check().balanced


def test_a_payment_of_an_order_its_buyer_cancelled_goes_back(buyer: Caller, sku: int) -> None:
    order_no, _, url = started(buyer, sku)
    buyer.confirm(url)
    buyer.post(f"/orders/{order_no}/cancel", {"reason": "不想要了"})
    assert deliver() == 1
    assert finish_refunds() == 1
    assert ShopOrder.objects.get().state == "cancelled"
    assert stock_of(sku) == (10, 0)
    assert (balance_minor(account="provider:sandbox"), SandboxTrade.objects.get().refunded_minor) == (0, 29900)


def test_a_hold_that_ran_out_before_the_payment(buyer: Caller, sku: int) -> None:
    _, _, url = started(buyer, sku)
    release_expired_holds(now=clock.now() + timedelta(days=1))
    assert stock_of(sku) == (10, 0)
    buyer.confirm(url)
    deliver()
    assert ShopOrder.objects.get().state == "paid"
    assert stock_of(sku) == (9, 0)


def test_a_hold_that_ran_out_and_the_goods_are_gone(buyer: Caller, sku: int) -> None:
    _, _, url = started(buyer, sku)
    release_expired_holds(now=clock.now() + timedelta(days=1))
    set_stock(0)
    buyer.confirm(url)
    deliver()
    order = ShopOrder.objects.get()
    assert (order.state, order.cancel_reason, order.paid_at) == ("cancelled", "timeout", None)
    assert finish_refunds() == 1
    assert balance_minor(account="provider:sandbox") == 0
    assert OutboxFact.objects.filter(name="OrderCancelled").count() == 1


def test_the_second_of_two_payments_goes_back(buyer: Caller, sku: int) -> None:
    order_no, _, first = started(buyer, sku)
    second = buyer.start_payment(order_no)["redirect_url"]
    buyer.confirm(first)
    buyer.confirm(second)
    assert deliver() == 2
    assert balance_minor(account="provider:sandbox") == 59800
    assert finish_refunds() == 1
    assert sorted(PaymentAttempt.objects.values_list("state", "outcome")) == [
        ("succeeded", "applied"),
        ("succeeded", "duplicate"),
    ]
    assert balance_minor(account="provider:sandbox") == 29900
    assert stock_of(sku) == (9, 0)
    assert OutboxFact.objects.filter(name="OrderPaid").count() == 1


def test_a_refund_whose_answer_is_lost_is_not_paid_twice(buyer: Caller, sku: int, wire: Wire) -> None:
    order_no = buyer.buy((sku, 1))
    buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    real = wire.post

    def lose_answer(url: str, **sent: object):
        real(url, **sent)  # type: ignore[arg-type]
        raise __import__("httpx").ReadTimeout("the answer is lost")

    wire.post = lose_answer  # type: ignore[method-assign, assignment]
    assert finish_refunds() == 0
    assert ShopOrder.objects.get().state == "refunding"
    wire.post = real  # type: ignore[method-assign]
    with later(minutes=1):
        assert finish_refunds() == 1
    assert ShopOrder.objects.get().state == "refunded"
    assert (SandboxRefund.objects.count(), SandboxTrade.objects.get().refunded_minor) == (1, 29900)
    assert balance_minor(account="provider:sandbox") == 0
    assert stock_of(sku) == (10, 0)


def test_a_refund_is_booked_once_by_whoever_is_first(buyer: Caller, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    refund = Refund.objects.get()
    assert settle_refund(refund) is True
    before = snapshot()
    assert settle_refund(refund) is False  # the second worker had read it before the first was done
    assert snapshot() == before


def test_paying_needs_an_unpaid_order_of_ones_own_in_time(buyer: Caller, guest: Caller, sku: int) -> None:
    order_no, payment_no, url = started(buyer, sku)
    stranger = Caller.new_person()
    assert stranger.error("POST", f"/orders/{order_no}/pay", {}, status=404)["code"] == "not_found"
    assert stranger.error("GET", f"/payments/{payment_no}", status=404)["code"] == "not_found"
    with later(hours=1):
        assert buyer.error("POST", f"/orders/{order_no}/pay", {}, status=409)["code"] == "order_expired"
        buyer.confirm(url, status=409)  # the gateway takes no money after the time to pay
    assert SandboxTrade.objects.count() == 0
    buyer.confirm(url)
    deliver()
    assert buyer.error("POST", f"/orders/{order_no}/pay", {}, status=409)["data"] == {"state": "paid"}
    assert PaymentAttempt.objects.count() == 1


@pytest.mark.parametrize(
    "return_url",
    ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "http://[", "evil", "/a b"],
)
def test_the_way_back_stays_on_this_site(buyer: Caller, sku: int, return_url: str) -> None:
    parent = buyer.order((sku, 1))
    error = buyer.error("POST", f"/orders/{parent['order_no']}/pay", {"return_url": return_url}, status=422)
    assert error["field"] == "return_url"
    assert PaymentAttempt.objects.count() == 0


def test_the_pay_page(buyer: Caller, sku: int) -> None:
    order_no, payment_no, url = started(buyer, sku)
    page = buyer.client.get(url, headers={"Accept-Language": "en-GB"}).content.decode()
    assert "Sandbox checkout" in page
    assert "299.00" in page
    for test_id in ("pay-confirm", "pay-cancel", "pay-callback-mode"):
        assert f'data-testid="{test_id}"' in page
    assert "沙箱收银台" in buyer.client.get(url).content.decode()
    assert "Sandbox checkout" in buyer.client.get(url + "&lang=en").content.decode()
    assert buyer.client.get(url.replace("sign=", "sign=A")).status_code == 400
    assert buyer.client.get("/sandbox-pay/pay?request=%ff&time=x&sign=y").status_code == 400
    answer = buyer.confirm(url)
    assert answer["Location"] == f"/orders?payment_no={payment_no}&result=paid"
    assert 'data-testid="pay-state"' in buyer.client.get(url).content.decode()
    buyer.confirm(url, status=409)
    assert SandboxTrade.objects.count() == 1
    assert order_no


def test_giving_up_on_the_pay_page(buyer: Caller, sku: int) -> None:
    order_no, payment_no, url = started(buyer, sku)
    assert buyer.confirm(url, action="cancel")["Location"].endswith("result=cancelled")
    buyer.confirm(url, status=409)
    with later(seconds=6):
        query_payments()
    assert buyer.get(f"/payments/{payment_no}")["state"] == "closed"
    buyer.pay(order_no)
    assert ShopOrder.objects.get().state == "paid"


def test_the_gateway_answers_the_platform_only(db: None) -> None:
    body = b'{"payment_no":"Y1"}'
    for headers in ({}, sign(GATEWAY, body)):
        for path in ("query", "refund"):
            response = Client().generic(
                "POST", f"/sandbox-pay/api/{path}", body, content_type="application/json", headers=headers
            )
            assert response.status_code == 401


def test_a_notice_is_sent_until_it_is_acknowledged(buyer: Caller, sku: int) -> None:
    from xingqu.trade.providers.sandbox.gateway import deliver_notices

    _, payment_no, url = started(buyer, sku)
    buyer.confirm(url)
    assert deliver_notices(send=lambda *_: 500) == 0
    assert deliver() == 0  # not due yet
    with later(minutes=1):
        assert deliver() == 1
    assert PaymentAttempt.objects.get(payment_no=payment_no).state == "succeeded"
    assert ShopOrder.objects.get().state == "paid"


def test_paying_two_shops_posts_one_journal(buyer: Caller, sku: int, shop: Shop) -> None:
    from xingqu.trade.tests.house import make_shop

    other = make_sku(make_shop(), price_minor=777)
    buyer.pay(buyer.order((sku, 1), (other, 2))["order_no"])
    assert (Journal.objects.count(), Transfer.objects.count()) == (1, 2)
    assert balance_minor(account="provider:sandbox") == 29900 + 1554
