"""A state machine over payments: buyers pay twice, late and at once, notices come doubled, reordered, forged or not at all, the
gateway is away and loses its answers, orders run out and are cancelled. A plain model says what must have come of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from xingqu.catalogue.services import SoldOut
from xingqu.kit import clock, signed_messages
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.domain.errors import OrderExpired, WrongState
from xingqu.trade.domain.quote import WantedLine
from xingqu.trade.models import CallbackReceipt, ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.sandbox import gateway
from xingqu.trade.providers.sandbox.messages import GATEWAY, PLATFORM, sign
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.services import checkout, orders, payments, queries, quotes, refunds
from xingqu.trade.services.addresses import add_address
from xingqu.trade.tests.house import ADDRESS, Wire, make_shop, make_sku, stock_of

PRICE, STOCK, BUYER = 10_000, 3, "p1"
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
WIRE = Wire()


@dataclass
class Attempt:
    """What the model knows of a try to pay. `charged`: the gateway has the money; `known`: and so do we."""

    number: str
    url: str
    order: "Order"
    charged: bool = False
    closed: bool = False
    known: bool = False
    goes_back: bool = False


@dataclass
class Order:
    number: str
    state: str = "unpaid"
    reason: str = ""
    captured: int = 0  # payments of it that were applied, ever
    attempts: list[Attempt] = field(default_factory=list)


class Payments(RuleBasedStateMachine):
    """Rules are what buyers, the gateway, the network and the clock may do at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.ticking, WIRE.down = START, None, False
        self._set_clock()
        self.shop = make_shop()
        self.sku = make_sku(self.shop, price_minor=PRICE, stock=STOCK)
        self.address_id = add_address(owner_key=BUYER, fields={**ADDRESS, "is_default": True, "label": ""})
        self.sold = 0
        self.orders: list[Order] = []
        self.attempts: list[Attempt] = []
        self.messages: list[tuple[Attempt, bytes]] = []  # the gateway's notices; none is ever used up
        self.events = 0

    def teardown(self) -> None:
        try:
            self._drain()
        finally:
            self.ticking.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def _set_clock(self) -> None:
        if self.ticking is not None:
            self.ticking.__exit__(None, None, None)
        self.ticking: Any = clock.frozen(self.now)
        self.ticking.__enter__()

    @property
    def held(self) -> int:
        return sum(order.state == "unpaid" for order in self.orders)

    @rule()
    def order(self) -> None:
        self.events += 1
        wanted = [WantedLine(self.sku, 1)]
        address = address_of(owner_key=BUYER, address_id=self.address_id)
        quote = quotes.quote_lines(wanted=wanted, address=address, actor_key=BUYER)
        token = quotes.sign_quote(quote, wanted=wanted, actor_key=BUYER, address_id=self.address_id)
        request = checkout.CheckoutRequest(token, self.address_id, (), False)
        try:
            number = checkout.place_order(buyer_key=BUYER, idempotency_key=str(self.events), request=request)
        except SoldOut:
            assert STOCK - self.sold - self.held < 1
            return
        self.orders.append(Order(number))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 50))
    def start(self, which: int) -> None:
        order = self.orders[which % len(self.orders)]
        try:
            number, url = payments.start_payment(
                buyer_key=BUYER, order_no=order.number, provider="sandbox", return_path="/", language=None
            )
        except OrderExpired:
            assert order.state == "unpaid"
            return
        except WrongState:
            assert order.state != "unpaid"
            return
        assert order.state == "unpaid"
        attempt = Attempt(number, url, order)
        order.attempts.append(attempt)
        self.attempts.append(attempt)

    @precondition(lambda self: self.attempts)
    @rule(which=st.integers(0, 50), notices=st.integers(0, 2))
    def buyer_pays(self, which: int, notices: int) -> None:
        attempt = self.attempts[which % len(self.attempts)]
        fields = {name: values[0] for name, values in parse_qs(urlsplit(attempt.url).query).items()}
        demand = gateway.read_demand(request=fields["request"], stamp=fields["time"], signature=fields["sign"])
        done = gateway.pay(demand, "never")
        assert done == (not attempt.charged and not attempt.closed and demand.expires_at > self.now)
        if not done:
            return
        attempt.charged = True
        for _ in range(notices):
            self.events += 1
            self.messages.append((attempt, self._message(attempt, f"E{self.events}")))

    def _message(self, attempt: Attempt, event_id: str, **changes: Any) -> bytes:
        content = {
            "event_id": event_id,
            "payment_no": attempt.number,
            "trade_no": f"T{attempt.number}",
            "state": "succeeded",
            "amount_minor": PRICE,
            "currency": "CNY",
        }
        return orjson.dumps({**content, **changes})

    @precondition(lambda self: self.messages)
    @rule(which=st.integers(0, 50))
    def notice_arrives(self, which: int) -> None:
        """Any notice, in any order, any number of times."""
        attempt, body = self.messages[which % len(self.messages)]
        assert self._send(body, sign(GATEWAY, body)) == 200
        self._learn(attempt)

    @precondition(lambda self: self.attempts)
    @rule(
        which=st.integers(0, 50),
        how=st.sampled_from(["unsigned", "own_key", "altered", "amount", "currency", "number"]),
    )
    def forged_notice_arrives(self, which: int, how: str) -> None:
        attempt = self.attempts[which % len(self.attempts)]
        receipts = CallbackReceipt.objects.count()
        self.events += 1
        changes: dict[str, Any] = {
            "amount": {"amount_minor": 1},
            "currency": {"currency": "USD"},
            "number": {"payment_no": "Y0"},
        }.get(how, {})
        body = self._message(attempt, f"F{self.events}", **changes)
        headers = {"unsigned": {}, "own_key": sign(PLATFORM, body), "altered": sign(GATEWAY, body + b" ")}
        status = self._send(body, headers.get(how, sign(GATEWAY, body)))
        assert status == {"amount": 422, "currency": 422, "number": 404}.get(how, 401)
        assert CallbackReceipt.objects.count() == receipts

    def _send(self, body: bytes, headers: dict[str, str]) -> int:
        path = "/api/v1/payments/callback/sandbox"
        return Client().generic("POST", path, body, content_type="application/json", headers=headers).status_code

    def _learn(self, attempt: Attempt) -> None:
        """We hear, for the first time or not, that the gateway has the money of an attempt."""
        if attempt.known:
            return
        attempt.known = True
        order = attempt.order
        expired = order.state == "cancelled" and order.reason == "timeout"
        if order.state == "unpaid" or (expired and STOCK - self.sold - self.held > 0):
            order.state, order.reason, order.captured = "paid", "", order.captured + 1
            self.sold += 1
        else:
            attempt.goes_back = True

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 50))
    def buyer_cancels(self, which: int) -> None:
        order = self.orders[which % len(self.orders)]
        try:
            orders.cancel_order(buyer_key=BUYER, order_no=order.number, reason="")
        except WrongState:
            assert order.state != "unpaid"
            return
        assert order.state == "unpaid"
        order.state, order.reason = "cancelled", "buyer"

    @precondition(lambda self: any(order.state == "paid" for order in self.orders))
    @rule(which=st.integers(0, 50))
    def buyer_wants_the_money_back(self, which: int) -> None:
        paid = [order for order in self.orders if order.state == "paid"]
        order = paid[which % len(paid)]
        number = ShopOrder.objects.get(parent__order_no=order.number).order_no
        refunds.ask_refund(buyer_key=BUYER, order_no=number, reason="x")
        order.state = "refunding"

    @rule(minutes=st.sampled_from([0.2, 5, 31, 200]))
    def time_passes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self._set_clock()
        orders.expire_unpaid()
        for order in self.orders:
            row = ParentOrder.objects.get(order_no=order.number)
            if order.state == "unpaid" and row.expires_at <= self.now:
                order.state, order.reason = "cancelled", "timeout"

    @rule(fault=st.sampled_from(["", "", "down", "lose"]))
    def worker_asks_and_gives_back(self, fault: str) -> None:
        WIRE.down = fault == "down"
        WIRE.loses = fault == "lose"  # type: ignore[attr-defined]
        self._work()
        WIRE.down = WIRE.loses = False  # type: ignore[attr-defined]

    def _work(self) -> None:
        queries.query_payments()
        refunds.finish_refunds()
        states = dict(PaymentAttempt.objects.values_list("payment_no", "state"))
        closed = set(SandboxTrade.objects.filter(state="closed").values_list("payment_no", flat=True))
        for attempt in self.attempts:  # in the order in which the worker asks: by their numbers' age
            attempt.closed = attempt.number in closed
            if states[attempt.number] == "succeeded" and not attempt.known:
                self._learn(attempt)
        done = set(
            Refund.objects.filter(done=True, order__isnull=False).values_list("order__parent__order_no", flat=True)
        )
        for order in self.orders:
            if order.state == "refunding" and order.number in done:
                order.state = "refunded"
                self.sold -= 1

    def _drain(self) -> None:
        """In the end the network works and the worker gets round to everything."""
        for _ in range(12):
            self.now += timedelta(minutes=20)
            self._set_clock()
            self.time_passes(0.2)
            self._work()
        for attempt in self.attempts:
            trade = SandboxTrade.objects.filter(payment_no=attempt.number).first()
            assert attempt.charged == attempt.known, "money at the gateway that we never heard of"
            kept = trade.amount_minor - trade.refunded_minor if trade and trade.state == "succeeded" else 0
            assert kept == (PRICE if attempt.known and not attempt.goes_back and attempt.order.state == "paid" else 0)
        assert balance_minor(account="unapplied:buyers") == 0
        self.amounts_agree()

    @invariant()
    def acknowledged_orders_survive(self) -> None:
        found = dict(ParentOrder.objects.values_list("order_no", "shop_orders__state"))
        assert found == {order.number: order.state for order in self.orders}

    @invariant()
    def an_order_is_captured_once(self) -> None:
        for order in self.orders:
            applied = PaymentAttempt.objects.filter(parent__order_no=order.number, outcome="applied").count()
            assert applied == order.captured <= 1

    @invariant()
    def amounts_agree(self) -> None:
        known = sum(attempt.known for attempt in self.attempts)
        back = sum(refund.amount_minor for refund in Refund.objects.filter(done=True))
        assert balance_minor(account="provider:sandbox") == known * PRICE - back
        assert check().problems == ()
        gone = sum(SandboxTrade.objects.values_list("refunded_minor", flat=True))
        assert (
            back <= gone <= known * PRICE
        )  # the gateway may have sent what we have not heard of yet, never the reverse
        assert Refund.objects.filter(order=None).count() == sum(attempt.goes_back for attempt in self.attempts)

    @invariant()
    def stock_agrees(self) -> None:
        assert stock_of(self.sku) == (STOCK - self.sold, self.held)


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_payments_agree_with_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Wire.post

    def post(self: Wire, url: str, **sent: Any) -> httpx.Response:
        found = answer(self, url, **sent)
        if getattr(self, "loses", False):
            raise httpx.ReadTimeout("the answer is lost")
        return found

    monkeypatch.setattr(Wire, "post", post)
    monkeypatch.setattr(signed_messages, "_http", lambda: WIRE)
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert not ParentOrder.objects.exists()  # each run is undone: none has seen another's orders
