"""A state machine over the life of orders: whatever happens in whatever order, money, stock and states agree with a model."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from xingqu.catalogue.services import SoldOut, release_expired_holds
from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.domain.errors import OrderExpired, WrongState
from xingqu.trade.domain.quote import WantedLine
from xingqu.trade.models import ShopOrder
from xingqu.trade.providers.protocol import StatusReport
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.services import checkout, orders, payments, quotes, refunds, shipping
from xingqu.trade.services.addresses import add_address
from xingqu.trade.tests.house import ADDRESS, Wire, make_shop, make_sku, stock_of

PRICE, STOCK, BUYER = 10_000, 5, "p1"
START = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass
class Order:
    """What the model knows of an order. `hold` is held, gone (released by the clock) or taken."""

    number: str
    units: int
    expires_at: datetime
    state: str = "unpaid"
    reason: str = ""
    hold: str = "held"
    attempts: list[str] = field(default_factory=list)


class Lifecycle(RuleBasedStateMachine):
    """Rules are what buyers, merchants, the provider and the clock may do at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = START
        self.ticking: Any = None
        self._set_clock()
        self.shop = make_shop()
        self.sku = make_sku(self.shop, price_minor=PRICE, stock=STOCK)
        self.address_id = add_address(owner_key=BUYER, fields={**ADDRESS, "is_default": True, "label": ""})
        self.on_hand, self.money, self.earned = STOCK, 0, 0
        self.orders: list[Order] = []
        self.settled: set[str] = set()
        self.going_back = 0
        self.keys = 0

    def teardown(self) -> None:
        self.ticking.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _set_clock(self) -> None:
        if self.ticking is not None:
            self.ticking.__exit__(None, None, None)
        self.ticking = clock.frozen(self.now)
        self.ticking.__enter__()

    @property
    def held(self) -> int:
        return sum(order.units for order in self.orders if order.hold == "held")

    def _pick(self, number: int) -> Order:
        return self.orders[number % len(self.orders)]

    @rule(units=st.integers(1, 3))
    def place(self, units: int) -> None:
        self.keys += 1
        wanted = [WantedLine(self.sku, units)]
        address = address_of(owner_key=BUYER, address_id=self.address_id)
        quote = quotes.quote_lines(wanted=wanted, address=address, actor_key=BUYER)
        token = quotes.sign_quote(quote, wanted=wanted, actor_key=BUYER, address_id=self.address_id)
        request = checkout.CheckoutRequest(token, self.address_id, (), False)
        try:
            parent_no = checkout.place_order(buyer_key=BUYER, idempotency_key=str(self.keys), request=request)
        except SoldOut:
            assert self.on_hand - self.held < units
            return
        assert self.on_hand - self.held >= units
        order = ShopOrder.objects.get(parent__order_no=parent_no)
        assert checkout.place_order(buyer_key=BUYER, idempotency_key=str(self.keys), request=request) == parent_no
        self.orders.append(Order(order.order_no, units, order.expires_at))

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 50))
    def start_payment(self, number: int) -> None:
        order = self._pick(number)
        try:
            payment_no, _ = payments.start_payment(
                buyer_key=BUYER, order_no=order.number, provider="sandbox", return_path="/", language=None
            )
        except OrderExpired:
            assert order.state == "unpaid"
            assert order.expires_at <= self.now
            return
        except WrongState:
            assert order.state != "unpaid"
            return
        assert order.state == "unpaid"
        order.attempts.append(payment_no)

    @precondition(lambda self: any(order.attempts for order in self.orders))
    @rule(number=st.integers(0, 50), attempt=st.integers(0, 50))
    def provider_says_paid(self, number: int, attempt: int) -> None:
        """At any time, any number of times, by notice or by query: it is the same message."""
        started = [order for order in self.orders if order.attempts]
        order = started[number % len(started)]
        payment_no = order.attempts[attempt % len(order.attempts)]
        amount = PRICE * order.units
        report = StatusReport(payment_no, "succeeded", amount, "CNY", "T" + payment_no)
        with transaction.atomic():
            outcome = payments.settle(provider="sandbox", report=report)
        assert outcome == self._expect_settled(order, payment_no)

    def _expect_settled(self, order: Order, payment_no: str) -> str:
        if payment_no in self.settled:
            return "replayed"
        self.settled.add(payment_no)
        free = self.on_hand - self.held
        payable = order.state == "unpaid" or (order.state == "cancelled" and order.reason == "timeout")
        if payable and (order.hold == "held" or free >= order.units):
            order.state, order.reason, order.hold = "paid", "", "taken"
            self.on_hand -= order.units
            self.money += PRICE * order.units
            return "applied"
        if order.state == "unpaid":
            order.state, order.reason, order.hold = "cancelled", "timeout", "gone"
        self.going_back += PRICE * order.units
        return "late" if order.state == "cancelled" else "duplicate"

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 50))
    def cancel(self, number: int) -> None:
        order = self._pick(number)
        if order.state == "unpaid":
            orders.cancel_order(buyer_key=BUYER, order_no=order.number, reason="")
            order.state, order.reason, order.hold = "cancelled", "buyer", "gone"
        else:
            with pytest.raises(WrongState):
                orders.cancel_order(buyer_key=BUYER, order_no=order.number, reason="")

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 50))
    def ask_refund(self, number: int) -> None:
        order = self._pick(number)
        if order.state == "paid":
            refunds.ask_refund(buyer_key=BUYER, order_no=order.number, reason="x")
            order.state = "refunding"
        else:
            with pytest.raises(WrongState):
                refunds.ask_refund(buyer_key=BUYER, order_no=order.number, reason="x")

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 50))
    def ship(self, number: int) -> None:
        order = self._pick(number)
        shipment = {"shop_id": self.shop.id, "order_no": order.number, "carrier_code": "sf", "tracking_no": "SF1"}
        if order.state == "paid":
            shipping.mark_shipped(**shipment)
            order.state = "shipped"
        else:
            with pytest.raises(WrongState):
                shipping.mark_shipped(**shipment)

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 50))
    def receive(self, number: int) -> None:
        order = self._pick(number)
        if order.state == "shipped":
            orders.confirm_receipt(buyer_key=BUYER, order_no=order.number)
            order.state = "done"
            self.earned += PRICE * order.units
        else:
            with pytest.raises(WrongState):
                orders.confirm_receipt(buyer_key=BUYER, order_no=order.number)

    @rule()
    def finish_refunds(self) -> None:
        """The gateway has no such payments here, so its part is played by answering yes."""
        refunds.finish_refunds()
        for order in self.orders:
            if order.state == "refunding":
                order.state, order.hold = "refunded", "gone"
                self.on_hand += order.units
                self.money -= PRICE * order.units
        self.going_back = 0

    @rule(minutes=st.sampled_from([1, 20, 31, 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._set_clock()

    @rule()
    def expire(self) -> None:
        due = [order for order in self.orders if order.state == "unpaid" and order.expires_at <= self.now]
        assert orders.expire_unpaid() == len(due)
        for order in due:
            order.state, order.reason, order.hold = "cancelled", "timeout", "gone"

    @rule()
    def holds_run_out(self) -> None:
        """The catalogue's own clock may release a hold before the order's does."""
        release_expired_holds()
        for order in self.orders:
            if order.hold == "held" and order.expires_at + checkout.HOLD_GRACE <= self.now:
                order.hold = "gone"

    @invariant()
    def states_agree(self) -> None:
        found = dict(ShopOrder.objects.values_list("order_no", "state"))
        assert found == {order.number: order.state for order in self.orders}

    @invariant()
    def stock_agrees(self) -> None:
        assert stock_of(self.sku) == (self.on_hand, self.held)

    @invariant()
    def books_agree(self) -> None:
        assert check().problems == ()
        assert balance_minor(account="provider:sandbox") == self.money + self.going_back
        assert balance_minor(account="unapplied:buyers") == self.going_back
        shop_id = self.shop.id
        assert balance_minor(account=f"escrow:shop:{shop_id}") == self.money - self.earned
        earned = balance_minor(account=f"receivable:shop:{shop_id}") + balance_minor(account="fee:tech_service")
        assert earned == self.earned


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_orders_money_and_stock_agree_with_the_model(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    from xingqu.trade.providers.sandbox.client import SandboxProvider

    monkeypatch.setattr(SandboxProvider, "refund", lambda self, request: True)
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert check().problems == ()
