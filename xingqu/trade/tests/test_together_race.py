"""One payment of several checkouts beside whatever else happens to them at the same moment."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client

from xingqu.kit.tests.threads import side_by_side
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.models import ParentOrder, PaymentAttempt, PaymentShare, Refund, ShopOrder
from xingqu.trade.providers.sandbox.messages import GATEWAY, sign
from xingqu.trade.selectors import captured_twice
from xingqu.trade.services.orders import cancel_order
from xingqu.trade.tests.house import Caller, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = 29_900


@pytest.fixture
def skus(transactional_db: None) -> list[int]:
    return [make_sku(make_shop(), price_minor=PRICE) for _ in range(2)]


def notice(payment_no: str) -> None:
    """The gateway says that a payment was made."""
    amount = PaymentAttempt.objects.get(payment_no=payment_no).amount_minor
    fields = {"trade_no": f"T{payment_no}", "state": "succeeded", "amount_minor": amount, "currency": "CNY"}
    body = orjson.dumps({"event_id": f"E{payment_no}", "payment_no": payment_no, **fields})
    path = "/api/v1/payments/callback/sandbox"
    found = Client().generic("POST", path, body, content_type="application/json", headers=sign(GATEWAY, body))
    assert found.status_code == 200, found.content


def begin(buyer: Caller, numbers: list[str]) -> str:
    return str(buyer.post("/payments", {"order_nos": numbers})["payment_no"])


def at_once(*calls: Callable[[], object]) -> None:
    start = threading.Barrier(len(calls), timeout=20)

    def run(call: Callable[[], object]) -> None:
        start.wait()
        call()

    assert side_by_side(*[lambda call=call: run(call) for call in calls]) == [None] * len(calls)


def captured_once() -> None:
    """Each paid checkout by one payment; all else that came goes back; the books agree."""
    paid = ParentOrder.objects.filter(state="paid")
    singles = PaymentAttempt.objects.filter(outcome="applied").count()
    assert singles + PaymentShare.objects.filter(outcome="applied").count() == paid.count()
    assert captured_twice() == []
    came = sum(PaymentAttempt.objects.filter(state="succeeded").values_list("amount_minor", flat=True))
    back = sum(Refund.objects.filter(order=None).values_list("amount_minor", flat=True))
    assert came - back == sum(paid.values_list("payable_minor", flat=True))
    assert balance_minor(account="unapplied:buyers") == back
    assert check().balanced


def test_two_tabs_pay_one_order_alone_and_with_another(skus: list[int]) -> None:
    buyer = Caller.new_person()
    for _ in range(3):
        numbers = [buyer.order((sku, 1))["order_no"] for sku in skus]
        together, alone = begin(buyer, numbers), buyer.start_payment(numbers[1])["payment_no"]
        at_once(lambda one=together: notice(one), lambda one=alone: notice(one))
        captured_once()
    assert set(ShopOrder.objects.values_list("state", flat=True)) == {"paid"}
    assert [stock_of(sku) for sku in skus] == [(7, 0)] * 2


def test_two_payments_of_the_same_orders_in_either_order(skus: list[int]) -> None:
    buyer = Caller.new_person()
    numbers = [buyer.order((sku, 1))["order_no"] for sku in (*skus, *reversed(skus))]
    payments = [begin(buyer, numbers), begin(buyer, list(reversed(numbers))), begin(buyer, numbers[1:3])]
    at_once(*[lambda one=one: notice(one) for one in payments])
    captured_once()
    assert set(ShopOrder.objects.values_list("state", flat=True)) == {"paid"}
    assert [stock_of(sku) for sku in skus] == [(8, 0)] * 2


def test_a_buyer_cancels_while_the_money_comes(skus: list[int]) -> None:
    buyer = Caller.new_person()
    key = buyer.key
    for _ in range(3):
        numbers = [buyer.order((sku, 1))["order_no"] for sku in skus]
        together = begin(buyer, numbers)

        def cancel(number: str = numbers[0]) -> None:
            with suppress(WrongState):  # the money was first
                cancel_order(buyer_key=key, order_no=number, reason="")

        at_once(lambda one=together: notice(one), cancel)
        captured_once()
    states = list(ShopOrder.objects.order_by("pk").values_list("state", flat=True))
    assert states[1::2] == ["paid"] * 3
    assert set(states[0::2]) <= {"paid", "cancelled"}
    assert stock_of(skus[0]) == (10 - states[0::2].count("paid"), 0)
    assert stock_of(skus[1]) == (7, 0)


def test_the_database_itself_captures_once(skus: list[int]) -> None:
    """Two that both wrote down that they paid, without the guarded update of the order."""
    buyer = Caller.new_person()
    for _ in range(5):
        numbers = [buyer.order((sku, 1))["order_no"] for sku in skus]
        share = PaymentShare.objects.filter(attempt__payment_no=begin(buyer, numbers), parent__order_no=numbers[0])
        attempt = PaymentAttempt.objects.filter(payment_no=buyer.start_payment(numbers[0])["payment_no"])
        refused: list[str] = []

        def claims(rows: QuerySet[Any], refused: list[str] = refused) -> None:
            try:
                with transaction.atomic():
                    rows.update(outcome="applied")
                    time.sleep(0.05)  # long enough for the other to look
            except IntegrityError:
                refused.append(str(rows.model))

        at_once(lambda rows=share: claims(rows), lambda rows=attempt: claims(rows))
        assert len(refused) == 1
        buyer.post(f"/orders/{numbers[0]}/cancel", {})
        buyer.post(f"/orders/{numbers[1]}/cancel", {})
    assert captured_twice() == []
