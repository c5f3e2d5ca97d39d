"""Providers' bills against the books: each kind of difference is planted, and found, and nothing else is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from xingqu.accounts.models import Person
from xingqu.kit import clock
from xingqu.ledger.models import Journal
from xingqu.trade.models import Bill, BillDifference, BilledLine, ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.protocol import BILL_ZONE
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors import is_reconciled, reconciliation_differences
from xingqu.trade.services.reconciliation import reconcile_day, reconcile_due
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.gateways.alipay import AlipayGateway
from xingqu.trade.tests.gateways.base import Gateway
from xingqu.trade.tests.gateways.site import paid, set_up
from xingqu.trade.tests.gateways.stripe import StripeGateway
from xingqu.trade.tests.gateways.wechat import WechatGateway
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def yesterday() -> date:
    return clock.now().astimezone(BILL_ZONE).date() - timedelta(days=1)


def noon() -> datetime:
    return datetime.combine(yesterday(), time(12), BILL_ZONE).astimezone(UTC)


def to_yesterday(gateway: Gateway | None = None) -> None:
    """What happened today happened yesterday at noon, on both sides."""
    PaymentAttempt.objects.update(paid_at=noon(), settled_at=noon())
    Refund.objects.filter(done=True).update(done_at=noon())
    for trade in gateway.trades.values() if gateway else ():
        trade.at = noon()
        for refund in trade.refunds.values():
            refund.at = noon()


def refunded(gateway: Gateway, buyer: Caller, sku: int) -> tuple[str, str]:
    """(payment, refund) of an order that was paid and whose buyer has asked for the money back."""
    payment_no = paid(gateway, buyer, sku)
    order_no = ShopOrder.objects.latest("id").order_no
    buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    return payment_no, Refund.objects.latest("id").refund_no


def told() -> list[tuple[str, str, str, int | None, int | None]]:
    rows = reconciliation_differences(day=yesterday(), unresolved_only=True)
    return sorted((one.kind, one.subject, one.key, one.ours_minor, one.theirs_minor) for one in rows)


def test_each_kind_of_difference_is_found_and_nothing_else(gateway: Gateway, buyer: Caller, sku: int) -> None:
    paid(gateway, buyer, sku)
    refunded(gateway, buyer, sku)
    assert finish_refunds() == 1
    hidden = paid(gateway, buyer, sku)
    other_sum = paid(gateway, buyer, sku)
    twice = paid(gateway, buyer, sku)
    forgotten = paid(gateway, buyer, sku)
    _, waiting = refunded(gateway, buyer, sku)
    gateway.give_back(gateway.trades[Refund.objects.get(refund_no=waiting).payment.payment_no], waiting, 29900)
    _, unbilled = refunded(gateway, buyer, sku)
    assert finish_refunds(limit=50) == 2
    Refund.objects.filter(refund_no=waiting).update(done=False, done_at=None)
    stranger = gateway.book("Z9", 500, "CNY")
    stranger.state = "paid"
    gateway.give_back(stranger, "Z9R", 200)
    to_yesterday(gateway)
    gone = gateway.trades.pop(hidden)
    gateway.trades[other_sum].amount_minor += 1
    gateway.billed_twice.add(twice)
    del gateway.trades[Refund.objects.get(refund_no=unbilled).payment.payment_no].refunds[unbilled]
    parent = PaymentAttempt.objects.get(payment_no=forgotten).parent
    unposted = gateway.book("Y261122unposted", 700, "CNY")
    unposted.state, unposted.at = "paid", noon()
    PaymentAttempt.objects.create(
        payment_no="Y261122unposted",
        parent=parent,
        provider=gateway.name,
        state="succeeded",
        amount_minor=700,
        currency="CNY",
        created_at=noon(),
        settled_at=noon(),
        query_due_at=noon(),
    )
    journals = Journal.objects.count()
    assert reconcile_day(provider=gateway.name, day=yesterday()) == 8
    assert told() == sorted(
        [
            ("missing_there", "payment", hidden, 29900, None),
            ("amount", "payment", other_sum, 29900, 29901),
            ("duplicate", "payment", twice, 29900, 29900),
            ("state", "refund", waiting, 29900, 29900),
            ("missing_there", "refund", unbilled, 29900, None),
            ("missing_here", "payment", "Z9", None, 500),
            ("missing_here", "refund", "Z9R", None, 200),
            ("missing_here", "ledger", "Y261122unposted", None, 700),
        ]
    )
    assert Journal.objects.count() == journals  # telling of differences books nothing
    first = list(BillDifference.objects.order_by("id").values_list("id", flat=True))
    assert reconcile_day(provider=gateway.name, day=yesterday()) == 8
    assert list(BillDifference.objects.order_by("id").values_list("id", flat=True)) == first
    gateway.trades[hidden] = gone  # the provider mends its bill: the difference ends by itself
    assert reconcile_day(provider=gateway.name, day=yesterday()) == 7
    row = BillDifference.objects.get(key=hidden)
    assert (row.resolved_at is not None, row.resolved_by) == (True, None)


def test_a_payment_nobody_told_of_is_found_in_the_bill_and_settled(gateway: Gateway, buyer: Caller, sku: int) -> None:
    payment_no = paid(gateway, buyer, sku)
    lost = PaymentAttempt.objects.get()
    from xingqu.trade.tests.gateways.site import to_page

    order_no = buyer.order((sku, 1))["order_no"]
    lost_no = to_page(buyer, order_no, gateway)
    gateway.pay(lost_no)
    PaymentAttempt.objects.filter(payment_no=lost_no).update(state="closed")  # given up after hours without an answer
    to_yesterday(gateway)
    assert lost.payment_no == payment_no
    assert reconcile_day(provider=gateway.name, day=yesterday()) == 0
    row = BillDifference.objects.get()
    assert (row.kind, row.subject, row.key, row.ours_state) == ("state", "payment", lost_no, "closed")
    assert row.resolved_at is not None
    assert ParentOrder.objects.get(order_no=order_no).state == "paid"


def test_a_payment_that_the_provider_does_not_confirm_stays_a_difference(
    buyer: Caller, sku: int, settings: Any
) -> None:
    made = AlipayGateway()
    set_up(settings, made)
    payment_no = paid(made, buyer, sku)
    PaymentAttempt.objects.update(state="closed", outcome="")
    to_yesterday(made)
    served = made.serve

    def in_trouble(handler: Any, body: bytes) -> None:
        if "trade.query" in handler.path:
            made.faults.append("error")
        served(handler, body)

    made.serve = in_trouble  # type: ignore[method-assign]
    assert reconcile_day(provider="alipay", day=yesterday()) == 1
    assert told() == [("state", "payment", payment_no, 29900, 29900)]
    made.stop()


def test_the_clock_asks_for_yesterday_once_it_is_late_enough(buyer: Caller, sku: int, settings: Any) -> None:
    made = WechatGateway()
    set_up(settings, made, payment_bill_days=1)
    paid(made, buyer, sku)
    to_yesterday(made)
    today = clock.now().astimezone(BILL_ZONE).date()
    with clock.frozen(datetime.combine(today, time(10, 29), BILL_ZONE)):
        assert reconcile_due() == 0
        assert Bill.objects.count() == 0
    made.bill_ready = False
    with clock.frozen(datetime.combine(today, time(10, 31), BILL_ZONE)):
        assert reconcile_due() == 0  # not made yet
        bill = Bill.objects.get()  # of nobody by whom nobody ever paid
        assert (bill.provider, bill.day, bill.state) == ("wechat", yesterday(), "due")
        assert "bill" in bill.error
        assert reconcile_due() == 0  # not due yet again
        assert not is_reconciled(day=yesterday())
    made.bill_ready = True
    with clock.frozen(datetime.combine(today, time(11, 2), BILL_ZONE)):
        assert reconcile_due() == 1
        assert reconcile_due() == 0
    bill.refresh_from_db()
    assert (bill.state, bill.error, bill.line_count) == ("compared", "", 1)
    assert bill.sums == {"CNY": {"paid": 29900, "refunded": 0, "fee": 1}}
    assert is_reconciled(day=yesterday())
    made.stop()


def test_the_sandbox_has_a_bill_too_and_the_command_says_what_differs(buyer: Caller, sku: int, capsys: Any) -> None:
    order_no = buyer.buy((sku, 1))
    buyer.post(f"/orders/{order_no}/refund", {"reason": "拍错了"})
    buyer.buy((sku, 1))
    finish_refunds()
    to_yesterday()
    SandboxTrade.objects.update(made_at=noon())
    from xingqu.trade.providers.sandbox.models import SandboxRefund

    SandboxRefund.objects.update(made_at=noon())
    call_command("reconcile_payments", "--day", yesterday().isoformat())
    assert f"sandbox {yesterday()}: 0 open differences" in capsys.readouterr().out
    assert BilledLine.objects.count() == 3
    SandboxTrade.objects.filter(refunded_minor=0).update(amount_minor=F("amount_minor") + 1)
    with pytest.raises(CommandError):
        call_command("reconcile_payments", "--day", yesterday().isoformat())
    assert " amount payment " in capsys.readouterr().out


def test_operators_see_differences_and_resolve_them_with_a_note(buyer: Caller, sku: int, settings: Any) -> None:
    made = StripeGateway()
    set_up(settings, made)
    payment_no = paid(made, buyer, sku)
    to_yesterday(made)
    made.trades[payment_no].amount_minor = 1
    reconcile_day(provider="stripe", day=yesterday())
    difference = BillDifference.objects.get()
    operator = Caller.new_person()
    paths = [
        ("GET", "/operator/reconciliation/bills", None),
        ("POST", "/operator/reconciliation/bills", {"provider": "stripe", "day": yesterday().isoformat()}),
        ("GET", "/operator/reconciliation/differences", None),
        ("POST", f"/operator/reconciliation/differences/{difference.pk}/resolve", {"note": "看过了"}),
    ]
    for method, path, body in paths:
        assert operator.error(method, path, body, status=404)["code"] == "not_found"
        assert Caller().error(method, path, body, status=401)["code"] == "sign_in_required"
    difference.refresh_from_db()
    assert difference.resolved_at is None
    Person.objects.filter(pk=operator.person_id).update(is_staff=True)
    [bill] = operator.get("/operator/reconciliation/bills")["items"]
    assert (bill["provider"], bill["state"], bill["found"], bill["unresolved"]) == ("stripe", "compared", 1, 1)
    [shown] = operator.get("/operator/reconciliation/differences?unresolved_only=true")["items"]
    assert (shown["kind"], shown["key"], shown["ours"]["amount_minor"]) == ("amount", payment_no, 29900)
    assert shown["theirs"] == {"amount_minor": 1, "currency": "CNY"}
    operator.post(
        f"/operator/reconciliation/differences/{difference.pk}/resolve", {"note": "  Stripe 已更正  "}, status=204
    )
    difference.refresh_from_db()
    assert (difference.note, difference.resolved_by) == ("Stripe 已更正", operator.person_id)
    assert operator.get("/operator/reconciliation/differences?unresolved_only=true")["items"] == []
    reconcile_day(provider="stripe", day=yesterday())
    difference.refresh_from_db()
    assert (difference.note, difference.resolved_by) == ("Stripe 已更正", operator.person_id)  # a person's word stays
    assert difference.resolved_at is not None
    operator.post("/operator/reconciliation/bills", {"provider": "stripe", "day": yesterday().isoformat()}, status=202)
    assert Bill.objects.get().state == "due"
    tomorrow = (yesterday() + timedelta(days=1)).isoformat()
    refused = operator.error(
        "POST", "/operator/reconciliation/bills", {"provider": "stripe", "day": tomorrow}, status=422
    )
    assert refused["field"] == "day"
    error = operator.error("POST", "/operator/reconciliation/differences/999999/resolve", {"note": "x"}, status=404)
    assert error["code"] == "not_found"
    made.stop()
