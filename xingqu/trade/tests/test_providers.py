"""Alipay, WeChat Pay and Stripe against gateways that speak their wire format and check every signature."""

import socket
from typing import Any

import pytest

from xingqu.ledger.models import Journal
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.models import CallbackReceipt, PaymentAttempt, PaymentOpening, ShopOrder
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import PaymentRef, ProviderUnsure
from xingqu.trade.services.openings import open_payments
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.queries import query_payments
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.gateways.alipay import AlipayGateway
from xingqu.trade.tests.gateways.base import Fault, Gateway
from xingqu.trade.tests.gateways.site import (
    acknowledged,
    books,
    later,
    send,
    set_up,
    start,
    to_page,
)
from xingqu.trade.tests.gateways.stripe import StripeGateway
from xingqu.trade.tests.gateways.wechat import WechatGateway
from xingqu.trade.tests.house import Caller, stock_of

pytestmark = pytest.mark.django_db
FORGERIES = {
    "alipay": ("altered", "other_key", "unsigned", "weaker"),
    "wechat": ("altered", "other_key", "unsigned", "stale", "other_cipher", "other_serial"),
    "stripe": ("altered", "other_key", "unsigned", "stale"),
}


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_payment_from_the_button_to_the_books(gateway: Gateway, buyer: Caller, sku: int, device: str) -> None:
    order_no = buyer.order((sku, 1))["order_no"]
    payment_no = to_page(buyer, order_no, gateway, device)
    gateway.pay(payment_no)
    headers, body = gateway.notice(payment_no)
    assert send(gateway, (dict(headers), body)) == acknowledged(gateway, "applied")
    attempt = PaymentAttempt.objects.get()
    trade = gateway.trades[payment_no]
    wanted = f"pi_{trade.number}" if gateway.name == "stripe" else trade.number
    assert (attempt.state, attempt.outcome, attempt.provider_reference) == ("succeeded", "applied", wanted)
    assert attempt.paid_at is not None
    assert abs((attempt.paid_at - trade.at).total_seconds()) < 3
    assert ShopOrder.objects.get().state == "paid"
    assert balance_minor(account=f"provider:{gateway.name}") == 29900
    paid = books()
    assert send(gateway, (dict(headers), body)) == acknowledged(gateway, "replayed")
    assert send(gateway, gateway.notice(payment_no)) == acknowledged(gateway, "replayed")
    assert books()[:2] == paid[:2]
    assert Journal.objects.count() == 1
    assert stock_of(sku) == (9, 0)


def test_forged_notices_change_nothing(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    before, asked = books(), list(gateway.calls)
    for forge in FORGERIES[gateway.name]:
        status, answer = send(gateway, gateway.notice(payment_no, forge=forge))
        assert (forge, status) == (forge, 401)
        assert b"invalid_signature" in answer
    for body in (b"", b"{}", b"[]", b"\xff\xfe", b"sign=x&sign_type=RSA2", b"a"):
        assert send(gateway, ({**gateway.notice(payment_no)[0]}, body))[0] == 401
    assert books() == before
    assert gateway.calls == asked  # no stranger's message makes a web process go over the network


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipient": "2021000199999999"}, b"wrong_recipient"),
        ({"amount_minor": 1}, b"amount_mismatch"),
        ({"number": "Y26112300000000000"}, b"unknown_payment"),
    ],
)
def test_signed_notices_that_do_not_fit_change_nothing(gateway: Gateway, buyer: Caller, sku: int, change, code) -> None:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    before = books()
    status, answer = send(gateway, gateway.notice(payment_no, **change))
    assert status in (404, 422)
    assert code in answer
    assert books() == before


def test_another_currency_is_no_payment(buyer: Caller, sku: int, settings: Any) -> None:
    for kind in (WechatGateway, StripeGateway):
        made = kind()
        set_up(settings, made)
        payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], made)
        made.pay(payment_no)
        assert send(made, made.notice(payment_no, currency="JPY"))[0] == 422
        made.stop()
    assert set(PaymentAttempt.objects.values_list("state", flat=True)) == {"pending"}


def test_notices_of_other_things_are_acknowledged_and_nothing_else(gateway: Gateway, db: None) -> None:
    before = books()
    assert send(gateway, gateway.other_notice()) == acknowledged(gateway, "ignored")
    after = books()
    assert after[:2] == before[:2]
    assert CallbackReceipt.objects.get().outcome == "ignored"


@pytest.mark.parametrize("fault", ["drop", "slow", "error", "rubbish"])
def test_a_lost_notice_and_a_provider_in_trouble(gateway: Gateway, buyer: Caller, sku: int, fault: Any) -> None:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    gateway.faults.append(fault)
    with later(seconds=6):
        assert query_payments() == 1
        assert buyer.get(f"/payments/{payment_no}")["state"] == "unknown"
        assert ShopOrder.objects.get().state == "unpaid"
    with later(seconds=60):
        assert query_payments() == 1
        assert buyer.get(f"/payments/{payment_no}")["state"] == "succeeded"
    assert balance_minor(account=f"provider:{gateway.name}") == 29900
    assert send(gateway, gateway.notice(payment_no)) == acknowledged(gateway, "replayed")
    assert Journal.objects.count() == 1


@pytest.mark.parametrize("kind", [WechatGateway, StripeGateway])
def test_an_opening_whose_answer_is_lost_is_asked_again(kind: type[Gateway], buyer: Caller, sku: int, settings) -> None:
    made = kind()
    set_up(settings, made)
    begun = start(buyer, buyer.order((sku, 1))["order_no"], made.name)
    made.faults.append("lose")
    assert open_payments() == 0
    shown = buyer.get(f"/payments/{begun['payment_no']}")
    assert (shown["opening"], shown["action"]) == (True, None)
    assert open_payments() == 0  # not due yet
    with later(seconds=5):
        assert open_payments() == 1
    assert made.arrive(buyer.get(f"/payments/{begun['payment_no']}")["action"]["url"]) == begun["payment_no"]
    assert len(made.trades) == 1
    made.stop()


def test_a_refused_opening_fails_the_attempt_and_another_can_be_made(buyer: Caller, sku: int, settings: Any) -> None:
    made = WechatGateway()
    set_up(settings, made)
    order_no = buyer.order((sku, 1))["order_no"]
    begun = start(buyer, order_no, "wechat")
    made.trades[begun["payment_no"]] = made.book(begun["payment_no"], 29900, "CNY")
    made.trades[begun["payment_no"]].state = "paid"  # "ORDERPAID": the number is taken
    assert open_payments() == 0
    shown = buyer.get(f"/payments/{begun['payment_no']}")
    assert (shown["state"], shown["refusal"], shown["opening"]) == ("failed", "ORDERPAID", False)
    assert open_payments() == 0
    to_page(buyer, order_no, made)
    made.stop()


def test_an_opening_without_an_answer_is_given_up(buyer: Caller, sku: int, settings: Any) -> None:
    made = StripeGateway()
    set_up(settings, made)
    begun = start(buyer, buyer.order((sku, 1))["order_no"], "stripe")
    made.faults.append("drop")
    with later(minutes=3):
        assert open_payments() == 0
    assert buyer.get(f"/payments/{begun['payment_no']}")["refusal"] == "no_answer"
    assert PaymentOpening.objects.get().due_at is None
    made.stop()


def test_an_order_that_times_out_is_closed_at_the_provider(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    with later(hours=1):
        assert expire_unpaid() == 1
        assert query_payments() == 1
    assert gateway.trades[payment_no].state == "closed"
    assert PaymentAttempt.objects.get().state == "closed"
    with pytest.raises(AssertionError, match="closed"):
        gateway.pay(payment_no)
    assert query_payments() == 0


def test_a_payment_of_a_cancelled_order_goes_back(gateway: Gateway, buyer: Caller, sku: int) -> None:
    order_no = buyer.order((sku, 1))["order_no"]
    payment_no = to_page(buyer, order_no, gateway)
    buyer.post(f"/orders/{order_no}/cancel", {"reason": "不想要了"})
    gateway.pay(payment_no)  # in the moment before the provider hears that it is over
    assert query_payments() == 1
    assert PaymentAttempt.objects.get().outcome == "late"
    assert finish_refunds() == 1
    assert gateway.trades[payment_no].refunded_minor == 29900
    assert balance_minor(account=f"provider:{gateway.name}") == 0
    assert stock_of(sku) == (10, 0)
    assert check().balanced


def test_two_providers_paid_at_once(buyer: Caller, sku: int, settings: Any) -> None:
    gateways = [AlipayGateway(), WechatGateway(), StripeGateway()]
    set_up(settings, *gateways)
    order_no = buyer.order((sku, 1))["order_no"]
    numbers = [to_page(buyer, order_no, made) for made in gateways]
    for made, number in zip(gateways[:2], numbers[:2], strict=True):
        made.pay(number)
        assert send(made, made.notice(number))[0] == 200
    assert query_payments() == 1  # the third is closed where it waits, so that nobody can pay a third time
    assert gateways[2].trades[numbers[2]].state == "closed"
    assert finish_refunds() == 1
    assert [made.trades[number].refunded_minor for made, number in zip(gateways, numbers, strict=True)] == [0, 29900, 0]
    assert (balance_minor(account="provider:alipay"), balance_minor(account="provider:wechat")) == (29900, 0)
    assert list(PaymentAttempt.objects.order_by("id").values_list("outcome", flat=True)) == ["applied", "duplicate", ""]
    assert stock_of(sku) == (9, 0)
    for made in gateways:
        made.stop()


def test_another_providers_word_is_none(gateway: Gateway, buyer: Caller, sku: int) -> None:
    """A provider may only speak of what was paid with it."""
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    PaymentAttempt.objects.update(provider="sandbox")
    before = books()
    status, answer = send(gateway, gateway.notice(payment_no))
    assert (status, b"unknown_payment" in answer) == (404, True)
    assert books() == before
    PaymentAttempt.objects.update(provider=gateway.name)


@pytest.mark.parametrize("fault", ["error", "slow"])
def test_alipay_in_trouble_leaves_no_connection_open(
    settings: Any, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Also while somebody still has the error, which knows the answer that it came from."""
    made, opened = AlipayGateway(), []
    set_up(settings, made)
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *told: opened.append(connect(*told)) or opened[-1])
    made.faults.append(fault)
    with pytest.raises(ProviderUnsure) as kept:
        get_provider("alipay").query(PaymentRef("P1", 29900, "CNY"))
    assert [one.fileno() for one in opened] == [-1], kept.value
    made.stop()
