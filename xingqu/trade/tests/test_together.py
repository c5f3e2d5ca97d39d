"""合并支付: one payment of several checkouts. Each is paid once or its part goes back, whatever happened to it meanwhile."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.models import ParentOrder, PaymentAttempt, PaymentShare, Refund, ShopOrder
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors import captured_twice
from xingqu.trade.selectors.booked import booked_by_number
from xingqu.trade.services.openings import open_payments
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.queries import query_payments
from xingqu.trade.services.refunds import ask_refund, finish_refunds
from xingqu.trade.tests.gateways.base import Gateway
from xingqu.trade.tests.gateways.site import later, send
from xingqu.trade.tests.house import Caller, Shop, deliver, make_shop, make_sku, set_stock, stock_of

pytestmark = pytest.mark.django_db
A, B, C = 29_900, 10_000, 5_000


@pytest.fixture
def skus(shop: Shop, sku: int) -> list[int]:
    """At 299.00 of one shop, at 100.00 and 50.00 of another; 10 units of each."""
    other = make_shop()
    return [sku, make_sku(other, price_minor=B), make_sku(other, price_minor=C)]


@pytest.fixture
def numbers(buyer: Caller, skus: list[int]) -> list[str]:
    """Three unpaid checkouts."""
    return [buyer.order((sku, 1))["order_no"] for sku in skus]


def begin(buyer: Caller, numbers: list[str], *, status: int = 200) -> Any:
    return buyer.post("/payments", {"order_nos": numbers, "return_url": "/orders"}, status=status)


def states(numbers: list[str]) -> list[str]:
    found = dict(ShopOrder.objects.values_list("parent__order_no", "state"))
    return [found[number] for number in numbers]


def outcomes(numbers: list[str]) -> list[str]:
    found = dict(PaymentShare.objects.values_list("parent__order_no", "outcome"))
    return [found[number] for number in numbers]


def nothing_hangs(kept_minor: int) -> None:
    """All that found nothing to pay went back, and the books know it."""
    finish_refunds()
    assert balance_minor(account="unapplied:buyers") == 0
    assert balance_minor(account="provider:sandbox") == kept_minor
    trades = SandboxTrade.objects.filter(state="succeeded").values_list("amount_minor", "refunded_minor")
    assert sum(amount - back for amount, back in trades) == kept_minor
    assert check().problems == ()
    assert captured_twice() == []
    for attempt in PaymentAttempt.objects.filter(state="succeeded"):
        [ours] = booked_by_number(provider="sandbox", numbers=[("payment", attempt.payment_no)]).values()
        assert ours.posted_minor == attempt.amount_minor


def test_one_payment_pays_all(buyer: Caller, shop: Shop, skus: list[int], numbers: list[str]) -> None:
    payable = buyer.get("/orders/payable")
    assert [one["amount"]["amount_minor"] for one in payable] == [A, B, C]
    # The number of a shop's order stands for its checkout; each counts once.
    pay = begin(buyer, [payable[0]["shop_order_nos"][0], *numbers])
    payment = buyer.get(f"/payments/{pay['payment_no']}")
    assert (payment["order_nos"], payment["amount"]["amount_minor"]) == (numbers, A + B + C)
    buyer.confirm(pay["redirect_url"])
    assert deliver() == 1
    assert deliver() == 0
    assert states(numbers) == ["paid"] * 3
    assert outcomes(numbers) == ["applied"] * 3
    assert PaymentAttempt.objects.get().outcome == "shared"
    assert balance_minor(account=f"escrow:shop:{shop.id}") == A
    assert [stock_of(sku) for sku in skus] == [(9, 0)] * 3
    assert buyer.get("/orders/payable") == []
    nothing_hangs(A + B + C)


def test_money_back_goes_against_the_share(buyer: Caller, numbers: list[str]) -> None:
    buyer.confirm(begin(buyer, numbers)["redirect_url"])
    deliver()
    order = ShopOrder.objects.get(parent__order_no=numbers[1])
    ask_refund(buyer_key=buyer.key, order_no=order.order_no, reason="不要了")
    assert Refund.objects.values_list("amount_minor", "payment__phase").get() == (B, "merged")
    nothing_hangs(A + C)
    assert states(numbers) == ["paid", "refunded", "paid"]


def test_what_was_paid_meanwhile_goes_back(buyer: Caller, numbers: list[str]) -> None:
    pay = begin(buyer, numbers)
    buyer.pay(numbers[0])
    buyer.confirm(pay["redirect_url"])
    deliver()
    assert outcomes(numbers) == ["duplicate", "applied", "applied"]
    assert Refund.objects.values_list("amount_minor", "order", "reason").get() == (A, None, "duplicate")
    nothing_hangs(A + B + C)
    assert states(numbers) == ["paid"] * 3


def test_two_that_share_an_order(buyer: Caller, numbers: list[str]) -> None:
    first, second = begin(buyer, numbers[:2]), begin(buyer, numbers[1:])
    for pay in (first, second):
        buyer.confirm(pay["redirect_url"])
        deliver()
    found = PaymentShare.objects.order_by("pk").values_list("parent__order_no", "outcome")
    assert list(found) == [
        (numbers[0], "applied"),
        (numbers[1], "applied"),
        (numbers[1], "duplicate"),
        (numbers[2], "applied"),
    ]
    nothing_hangs(A + B + C)


def test_what_its_buyer_cancelled_goes_back(buyer: Caller, skus: list[int], numbers: list[str]) -> None:
    pay = begin(buyer, numbers)
    buyer.post(f"/orders/{numbers[1]}/cancel", {})
    buyer.confirm(pay["redirect_url"])
    deliver()
    assert outcomes(numbers) == ["applied", "late", "applied"]
    assert states(numbers) == ["paid", "cancelled", "paid"]
    assert [stock_of(sku) for sku in skus] == [(9, 0), (10, 0), (9, 0)]
    nothing_hangs(A + C)


def test_late_money_revives_what_is_still_there(buyer: Caller, skus: list[int], numbers: list[str]) -> None:
    pay = begin(buyer, numbers)
    buyer.confirm(pay["redirect_url"])
    with later(hours=1):
        assert expire_unpaid() == 3
        set_stock(0, skus[1])
        deliver()
        assert outcomes(numbers) == ["applied", "late", "applied"]
        assert states(numbers) == ["paid", "cancelled", "paid"]
        nothing_hangs(A + C)


def test_units_of_one_that_are_gone_leave_the_others(buyer: Caller, skus: list[int], numbers: list[str]) -> None:
    """The holds ran out before the orders did."""
    from xingqu.catalogue.services import release_expired_holds

    pay = begin(buyer, numbers)
    ParentOrder.objects.update(expires_at=ParentOrder.objects.latest("pk").expires_at.replace(year=2100))
    buyer.confirm(pay["redirect_url"])
    with later(hours=2):
        release_expired_holds()
        set_stock(0, skus[0])
        deliver()
        assert outcomes(numbers) == ["late", "applied", "applied"]
        assert states(numbers) == ["cancelled", "paid", "paid"]
        nothing_hangs(B + C)


def test_nothing_left_to_pay(buyer: Caller, numbers: list[str]) -> None:
    pay = begin(buyer, numbers[:2])
    for number in numbers[:2]:
        buyer.pay(number)
    buyer.confirm(pay["redirect_url"])
    deliver()
    assert PaymentAttempt.objects.get(phase="merged").outcome == "duplicate"
    assert Refund.objects.values_list("amount_minor", "order").get() == (A + B, None)
    nothing_hangs(A + B)


def test_an_order_that_ends_closes_the_payment_and_the_others_are_paid_anew(buyer: Caller, numbers: list[str]) -> None:
    payment_no = begin(buyer, numbers)["payment_no"]
    buyer.post(f"/orders/{numbers[2]}/cancel", {})  # not the one that the payment is listed under
    with later(seconds=6):
        query_payments()
        assert PaymentAttempt.objects.values_list("state", "closing").get(payment_no=payment_no) == ("closed", True)
        buyer.confirm(begin(buyer, numbers[:2])["redirect_url"])
        deliver()
    assert states(numbers) == ["paid", "paid", "cancelled"]
    nothing_hangs(A + B)


def test_a_payment_that_waits_is_not_closed(buyer: Caller, numbers: list[str]) -> None:
    payment_no = begin(buyer, numbers)["payment_no"]
    with later(seconds=6):
        query_payments()
    assert PaymentAttempt.objects.values_list("state", "closing").get(payment_no=payment_no) == ("pending", False)


def test_what_cannot_be_paid_together(buyer: Caller, sku: int, numbers: list[str]) -> None:
    stranger = Caller.new_person()
    foreign = stranger.order((sku, 1))["order_no"]
    paid, cancelled = (buyer.order((sku, 1))["order_no"] for _ in range(2))
    buyer.pay(paid)
    buyer.post(f"/orders/{cancelled}/cancel", {})
    before = PaymentAttempt.objects.count()
    for others, status, code in (
        ([foreign], 404, "not_found"),
        (["P0"], 404, "not_found"),
        ([paid], 409, "wrong_state"),
        ([cancelled], 409, "wrong_state"),
    ):
        error = begin(buyer, [*numbers, *others], status=status)["error"]
        assert (error["code"], error["field"], error["data"]["order_no"]) == (code, "order_nos", others[0])
    begin(buyer, [], status=422)
    begin(Caller(), numbers, status=401)
    ParentOrder.objects.filter(order_no=numbers[0]).update(currency="USD")
    assert begin(buyer, numbers, status=409)["error"]["code"] == "mixed_currencies"
    ParentOrder.objects.filter(order_no=numbers[0]).update(currency="CNY", is_presale=True)
    assert begin(buyer, numbers, status=409)["error"]["code"] == "pays_alone"
    ParentOrder.objects.filter(order_no=numbers[0]).update(is_presale=False)
    with later(hours=1):
        assert begin(buyer, numbers, status=409)["error"]["code"] == "order_expired"
        assert buyer.get("/orders/payable") == []
    assert (PaymentAttempt.objects.count(), PaymentShare.objects.count()) == (before, 0)
    assert states(numbers) == ["unpaid"] * 3


def test_anothers_payment_is_not_there(buyer: Caller, numbers: list[str]) -> None:
    payment_no = begin(buyer, numbers)["payment_no"]
    stranger = Caller.new_person()
    assert stranger.get("/orders/payable") == []
    stranger.get(f"/payments/{payment_no}", status=404)


def test_orders_of_one_checkout_are_paid_as_ever(buyer: Caller, skus: list[int]) -> None:
    parent = buyer.order((skus[0], 1), (skus[1], 1))
    begin(buyer, [order["order_no"] for order in parent["shop_orders"]])
    assert PaymentAttempt.objects.get().phase == ""
    assert not PaymentShare.objects.exists()


def test_the_database_captures_a_share_once(buyer: Caller, numbers: list[str]) -> None:
    for _ in range(2):
        begin(buyer, numbers)
    shares = PaymentShare.objects.filter(parent__order_no=numbers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        shares.update(outcome="applied")
    first = shares.first()
    assert first is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentShare.objects.create(attempt=first.attempt, parent=first.parent, amount_minor=1)
    assert list(shares.values_list("outcome", flat=True)) == ["", ""]


def test_the_database_captures_an_order_alone_or_with_others(buyer: Caller, numbers: list[str]) -> None:
    alone = [buyer.start_payment(number) for number in numbers[:2]]
    pays = [begin(buyer, numbers[:2]), begin(buyer, numbers[1:])]
    buyer.confirm(alone[0]["redirect_url"])
    buyer.confirm(pays[1]["redirect_url"])
    deliver()
    assert states(numbers) == ["paid"] * 3
    share = PaymentShare.objects.get(parent__order_no=numbers[0])
    attempt = PaymentAttempt.objects.get(payment_no=alone[1]["payment_no"])
    for rows in (PaymentShare.objects.filter(pk=share.pk), PaymentAttempt.objects.filter(pk=attempt.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(outcome="applied")
    share.pk, share.attempt_id, share.outcome = None, attempt.pk, "applied"
    attempt.pk, attempt.payment_no, attempt.outcome = None, "Y1", "applied"
    for row in (share, attempt):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    assert captured_twice() == []


def test_providers_are_asked_for_the_sum(gateway: Gateway, buyer: Caller, numbers: list[str]) -> None:
    begun = buyer.post("/payments", {"order_nos": numbers, "provider": gateway.name, "return_url": "/pay/return"})
    url, payment_no = begun["redirect_url"], begun["payment_no"]
    if url.startswith("/pay/wait?"):
        open_payments()
        url = buyer.get(f"/payments/{payment_no}")["action"]["url"]
    assert gateway.arrive(url) == payment_no
    gateway.pay(payment_no)
    assert gateway.trades[payment_no].amount_minor == A + B + C
    buyer.post(f"/orders/{numbers[1]}/cancel", {})
    assert send(gateway, gateway.notice(payment_no))[0] == 200
    assert states(numbers) == ["paid", "cancelled", "paid"]
    for _ in range(3):
        Refund.objects.filter(done=False).update(due_at=ParentOrder.objects.latest("pk").created_at)
        finish_refunds()
    assert Refund.objects.values_list("amount_minor", "done").get() == (B, True)
    assert balance_minor(account=f"provider:{gateway.name}") == A + C
