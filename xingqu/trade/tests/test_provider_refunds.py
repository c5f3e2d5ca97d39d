"""Money back by the real providers' wire formats: in parts, once a number, looked up when the answer was lost; their bills."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.ledger.selectors import balance_minor
from xingqu.trade.models import PaymentAttempt, PaymentOpening, Refund, ShopOrder
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import BILL_ZONE, PaymentRef, ProviderUnsure
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.gateways.alipay import AlipayGateway
from xingqu.trade.tests.gateways.base import Gateway
from xingqu.trade.tests.gateways.site import (
    acknowledged,
    later,
    paid,
    refund_of,
    send,
    set_up,
    to_page,
)
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def test_partial_refunds_by_their_numbers(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = paid(gateway, buyer, sku)
    provider = get_provider(gateway.name)
    for refund_no, amount in (("R1", 10000), ("R2", 9900), ("R1", 10000), ("R2", 9900)):
        assert provider.refund(refund_of(gateway, payment_no, refund_no, amount)) is True
    assert gateway.trades[payment_no].refunded_minor == 19900
    assert provider.refund(refund_of(gateway, payment_no, "R3", 10001)) is False  # more than is left
    with pytest.raises(ProviderUnsure):
        provider.refund(refund_of(gateway, payment_no, "R1", 9999))  # the number is of another amount
    assert provider.refund(refund_of(gateway, payment_no, "R3", 10000)) is True
    assert gateway.trades[payment_no].refunded_minor == 29900


@pytest.mark.parametrize("fault", ["lose", "slow"])
def test_a_refund_whose_answer_is_lost_is_looked_up(gateway: Gateway, buyer: Caller, sku: int, fault: Any) -> None:
    payment_no = paid(gateway, buyer, sku)
    order_no = ShopOrder.objects.get().order_no
    buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    plain = gateway.serve

    def lose_the_refund(handler: Any, body: bytes) -> None:
        asks = "refund.query" not in handler.path and (handler.command == "POST" or "trade.refund" in handler.path)
        if asks and "refund" in handler.path and not gateway.trades[payment_no].refunds:
            gateway.faults.append(fault)
        plain(handler, body)

    gateway.serve = lose_the_refund  # type: ignore[method-assign]
    assert finish_refunds() == 0
    assert ShopOrder.objects.get().state == "refunding"
    asked = len(gateway.calls)
    with later(minutes=1):
        assert finish_refunds() == 1
    assert len(gateway.calls) == asked + 1  # looked up, not asked for again
    assert gateway.trades[payment_no].refunded_minor == 29900
    assert ShopOrder.objects.get().state == "refunded"
    assert balance_minor(account=f"provider:{gateway.name}") == 0


def test_a_refund_under_way_is_finished_when_its_notice_comes(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = paid(gateway, buyer, sku)
    buyer.post(f"/orders/{ShopOrder.objects.get().order_no}/refund", {"reason": "拍错了"})
    refund_no = Refund.objects.get().refund_no
    trade = gateway.trades[payment_no]
    refund = gateway.give_back(trade, refund_no, 29900)
    assert refund is not None
    refund.state = "under_way"
    assert finish_refunds() == 0
    assert finish_refunds() == 0  # not due again yet
    refund.state = "done"
    assert send(gateway, gateway.refund_notice(payment_no, refund_no)) == acknowledged(gateway, "refund")
    assert ShopOrder.objects.get().state == "refunding"  # the notice's word alone books nothing
    assert finish_refunds() == 1
    assert ShopOrder.objects.get().state == "refunded"
    assert send(gateway, gateway.refund_notice(payment_no, refund_no)) == acknowledged(gateway, "refund")
    assert finish_refunds() == 0


def test_a_full_refund_of_alipay_does_not_undo_the_payment(buyer: Caller, sku: int, settings: Any) -> None:
    made = AlipayGateway()
    set_up(settings, made)
    payment_no = paid(made, buyer, sku)
    made.give_back(made.trades[payment_no], "X1", 29900)
    assert send(made, made.notice(payment_no)) == (200, b"success")  # says TRADE_CLOSED
    assert PaymentAttempt.objects.get().state == "succeeded"
    made.stop()


def test_closing_what_was_paid_tells_that_it_was(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    opening = PaymentOpening.objects.filter(attempt__payment_no=payment_no).first()
    ref = PaymentRef(payment_no, 29900, "CNY", opening.token if opening else "")
    report = get_provider(gateway.name).close(ref)
    assert (report.state, report.amount_minor, report.currency) == ("succeeded", 29900, "CNY")


def test_a_bill_has_every_payment_and_refund_of_its_day(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = paid(gateway, buyer, sku)
    provider = get_provider(gateway.name)
    provider.refund(refund_of(gateway, payment_no, "R1", 10000))
    provider.refund(refund_of(gateway, payment_no, "R2", 900))
    day = gateway.trades[payment_no].at
    gateway.trades[payment_no].at = gateway.trades[payment_no].refunds["R1"].at = day - timedelta(days=1)
    gateway.trades[payment_no].refunds["R2"].at = day - timedelta(days=2)
    found = provider.bill((day.astimezone(BILL_ZONE) - timedelta(days=1)).date())
    lines = [(item.kind, item.number, item.amount_minor, item.currency) for item in found]
    assert lines == [("payment", payment_no, 29900, "CNY"), ("refund", "R1", 10000, "CNY")]
    assert provider.bill((day - timedelta(days=40)).date()) == []
    if gateway.name != "stripe":
        gateway.bill_ready = False
        with pytest.raises(ProviderUnsure):
            provider.bill(day.date())
