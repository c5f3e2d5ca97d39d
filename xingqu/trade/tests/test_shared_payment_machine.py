"""A state machine over payments of several orders and over presales: paid together and alone, twice, late, after cancelling, the
deposit and the rest, coupons changed in between, money back of one order of many. A plain model says what must have come of it."""

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from xingqu.catalogue.services import SoldOut
from xingqu.kit import clock, signed_messages
from xingqu.kit.errors import NotFound
from xingqu.programmes.services import turn_presales
from xingqu.trade.contracts import RefundPart
from xingqu.trade.domain.errors import OrderExpired, PaysAlone, RefundTooHigh, WrongState
from xingqu.trade.domain.quote import WantedLine
from xingqu.trade.models import OrderLine, ParentOrder, PaymentAttempt, PaymentShare, Refund
from xingqu.trade.providers.sandbox import gateway
from xingqu.trade.providers.sandbox.messages import GATEWAY, sign
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.services import checkout, finals, orders, payments, presales, queries, quotes, refunds, together
from xingqu.trade.tests.house import Wire
from xingqu.trade.tests.shared_payments import (
    COUPON,
    DEPOSIT,
    HOUR,
    PRICES,
    START,
    WINDOWS,
    Agreement,
    Attempt,
    House,
    Order,
    Part,
    build_house,
)

WIRE = Wire()
HOUSE: list[House] = []
MANY = st.integers(0, 50)
GOODS = st.sampled_from([("plain",), ("other",), ("plain", "other"), ("keeps",), ("returns",)])


class SharedPayments(Agreement):
    """Rules are what buyers, merchants, the gateway, the network and the clock may do at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        [self.house] = HOUSE
        self.now, self.ticking, WIRE.down = START, None, False
        self._set_clock()
        self.orders: list[Order] = []
        self.attempts: list[Attempt] = []
        self.messages: list[tuple[Attempt, bytes]] = []  # the gateway's notices; none is ever used up
        self.forfeited = 0
        self.count = 0

    def teardown(self) -> None:
        try:
            for _ in range(4):  # in the end the network works and the worker gets round to everything
                self._pass_time(20)
                self._work()
            self.nothing_hangs()
        finally:
            self.ticking.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def _set_clock(self) -> None:
        if self.ticking is not None:
            self.ticking.__exit__(None, None, None)
        self.ticking: Any = clock.frozen(self.now)
        self.ticking.__enter__()

    @initialize(several=st.lists(GOODS, min_size=2, max_size=5))
    def some_orders(self, several: list[tuple[str, ...]]) -> None:
        for goods in several:
            self.order(goods)

    @rule(goods=GOODS)
    def order(self, goods: tuple[str, ...]) -> None:
        if goods[0] in self.house.items:
            self._reserve(goods[0])
        else:
            self._check_out(goods)

    def _check_out(self, goods: tuple[str, ...]) -> None:
        self.count += 1
        buyer, address_id = self.house.buyer, self.house.address_id
        wanted = [WantedLine(self.house.skus[name], 1) for name in goods]
        quote = quotes.quote_lines(
            wanted=wanted, address=address_of(owner_key=buyer, address_id=address_id), actor_key=buyer
        )
        token = quotes.sign_quote(quote, wanted=wanted, actor_key=buyer, address_id=address_id)
        request = checkout.CheckoutRequest(token, address_id, (), False)
        try:
            number = checkout.place_order(buyer_key=buyer, idempotency_key=str(self.count), request=request)
        except SoldOut:
            assert min(map(self.free, goods)) < 1
            return
        self._note(number)

    def _reserve(self, goods: str) -> None:
        self.count += 1
        request = presales.PresaleRequest(self.house.items[goods], 1, self.house.address_id)
        try:
            number = presales.order_presale(
                buyer_key=self.house.buyer, idempotency_key=str(self.count), request=request
            )
        except SoldOut:
            assert self.free(goods) < 1
        except NotFound:
            assert self.now >= WINDOWS.deposit_until
        else:
            assert self.now < WINDOWS.deposit_until
            self._note(number)

    def _note(self, number: str) -> None:
        names = {sku: name for name, sku in self.house.skus.items()}
        lines = (
            OrderLine.objects.select_related("order").filter(order__parent__order_no=number).order_by("order__shop_id")
        )
        parts = [Part(line.order.order_no, names[line.sku_id], line.pk, line.order.payable_minor) for line in lines]
        assert all(part.payable == PRICES[part.goods] - 2_000 * (part.goods in self.house.items) for part in parts)
        assert all(self.free(part.goods) >= 1 for part in parts)
        self.orders.append(Order(number, parts))

    def _due(self, order: Order) -> tuple[str, int] | type[Exception]:
        """(phase, amount) to be paid now, or the refusal."""
        if order.state == "unpaid":
            return ("deposit", DEPOSIT) if order.presale else ("", order.payable)
        if order.state != "part_paid" or self.now < WINDOWS.final_from:
            return WrongState
        return ("final", order.payable - DEPOSIT) if self.now < WINDOWS.final_until else OrderExpired

    @precondition(lambda self: self.orders)
    @rule(
        which=st.sets(MANY, min_size=1, max_size=3),
        how=st.sampled_from(["not yet", "paid", "heard", "heard", "heard twice"]),
    )
    def pay(self, which: set[int], how: str) -> None:
        """One order alone or several together; the gateway may tell of it at once."""
        waiting = [order for order in self.orders if order.state == "unpaid" and not order.presale]
        likely = waiting if len(which) > 1 else [order for order in self.orders if order.state == "part_paid"]
        pool = likely if len(likely) >= len(which) and max(which) < 40 else self.orders
        mine = [pool[number] for number in sorted({number % len(pool) for number in which})]
        attempt = self._start(mine[0]) if len(mine) == 1 else self._start_together(mine)
        if attempt is None:
            return
        self.attempts.append(attempt)
        if how != "not yet":
            self._charge(attempt, 2)
        for _ in range({"heard": 1, "heard twice": 2}.get(how, 0)):
            self._hear(*self.messages[-1])

    def _start(self, order: Order) -> Attempt | None:
        due = self._due(order)
        asked: dict[str, Any] = {"provider": "sandbox", "return_path": "/", "language": None}
        if not isinstance(due, tuple):
            with pytest.raises(due):
                payments.start_payment(buyer_key=self.house.buyer, order_no=order.number, **asked)
            return None
        number, url = payments.start_payment(buyer_key=self.house.buyer, order_no=order.number, **asked)
        return Attempt(number, url, due[0], [(order, due[1])])

    def _start_together(self, mine: list[Order]) -> Attempt | None:
        before = PaymentAttempt.objects.count(), PaymentShare.objects.count()
        try:
            number, url = together.start_together(
                buyer_key=self.house.buyer,
                order_nos=[order.number for order in reversed(mine)],
                provider="sandbox",
                return_path="/",
                language=None,
            )
        except PaysAlone:
            assert any(order.presale for order in mine)
        except WrongState:
            assert any(order.state != "unpaid" for order in mine)
        else:
            assert {(order.state, order.presale) for order in mine} == {("unpaid", "")}
            return Attempt(number, url, "merged", [(order, order.payable) for order in mine])
        assert before == (PaymentAttempt.objects.count(), PaymentShare.objects.count())
        return None

    @precondition(lambda self: self.attempts)
    @rule(which=MANY, notices=st.integers(0, 2))
    def buyer_pays(self, which: int, notices: int) -> None:
        self._charge(self.attempts[which % len(self.attempts)], notices)

    def _charge(self, attempt: Attempt, notices: int) -> None:
        fields = {name: values[0] for name, values in parse_qs(urlsplit(attempt.url).query).items()}
        demand = gateway.read_demand(request=fields["request"], stamp=fields["time"], signature=fields["sign"])
        assert demand.amount_minor == attempt.amount
        done = gateway.pay(demand, "never")
        assert done == (not attempt.charged and not attempt.closed and demand.expires_at > self.now)
        attempt.charged |= done
        content = {"payment_no": attempt.number, "trade_no": f"T{attempt.number}", "state": "succeeded"}
        for _ in range(notices if done else 0):
            self.count += 1
            amount = {"amount_minor": attempt.amount, "currency": "CNY", "event_id": f"E{self.count}"}
            self.messages.append((attempt, orjson.dumps(content | amount)))

    @precondition(lambda self: self.messages)
    @rule(which=MANY)
    def notice_arrives(self, which: int) -> None:
        """Any notice, in any order, any number of times; from the second on it changes nothing."""
        self._hear(*self.messages[which % len(self.messages)])

    def _hear(self, attempt: Attempt, body: bytes) -> None:
        before = self.written()
        path = "/api/v1/payments/callback/sandbox"
        found = Client().generic("POST", path, body, content_type="application/json", headers=sign(GATEWAY, body))
        assert found.status_code == 200, found.content
        assert (self.written() == before) == attempt.known
        self._learn(attempt)

    def _learn(self, attempt: Attempt) -> None:
        """We hear, for the first time or not, that the gateway has the money of an attempt."""
        if attempt.known:
            return
        attempt.known = True
        order = attempt.shares[0][0]
        if attempt.phase == "deposit" and order.state == "unpaid":
            self._capture(attempt, order, DEPOSIT, "part_paid")
        elif attempt.phase == "final" and order.state == "part_paid" and attempt.amount == order.payable - DEPOSIT:
            self._capture(attempt, order, attempt.amount, "paid")
        elif attempt.phase in ("deposit", "final"):
            attempt.surplus = attempt.amount
        else:
            unpaid = [share for share in attempt.shares if share[0].state == "unpaid"]
            rest = [share for share in attempt.shares if share[0].state != "unpaid"]
            for one, amount in unpaid:
                self._capture(attempt, one, amount, "paid")
            for one, amount in rest:
                expired = (one.state, one.reason) == ("cancelled", "timeout")
                if expired and all(self.free(part.goods) > 0 for part in one.parts):
                    self._capture(attempt, one, amount, "paid")
                else:
                    attempt.surplus += amount

    def _capture(self, attempt: Attempt, order: Order, amount: int, state: str) -> None:
        order.state, order.reason = state, ""
        order.captures.append((attempt, amount))

    @precondition(lambda self: self.orders)
    @rule(which=MANY, who=st.sampled_from(["buyer", "buyer", "merchant"]))
    def give_up(self, which: int, who: str) -> None:
        order = self.orders[which % len(self.orders)]
        buyer, reserved = self.house.buyer, order.state == "part_paid"
        try:
            if who == "merchant":
                allowed = reserved
                shop = self.house.other if order.parts[0].goods == "other" else self.house.shop
                presales.return_deposit(shop_id=shop.id, order_no=order.parts[0].number)
            elif reserved:
                allowed = order.presale == "returns"
                presales.cancel_reserved(buyer_key=buyer, order_no=order.number)
            else:
                allowed = order.state == "unpaid"
                orders.cancel_order(buyer_key=buyer, order_no=order.number, reason="")
        except WrongState:
            assert not allowed
            return
        assert allowed
        self._end(order, who)

    def _end(self, order: Order, reason: str) -> None:
        if order.state == "part_paid":
            if reason == "final_unpaid" and order.presale == "keeps":
                self.forfeited += DEPOSIT
            else:
                order.captures[0][0].surplus += DEPOSIT
        order.state, order.reason = "cancelled", reason

    @precondition(lambda self: any(order.state == "part_paid" for order in self.orders))
    @rule(which=MANY, uses=st.booleans())
    def choose_coupons(self, which: int, uses: bool) -> None:
        mine = [order for order in self.orders if order.state == "part_paid"]
        order = mine[which % len(mine)]
        try:
            finals.choose_coupons(
                buyer_key=self.house.buyer, order_no=order.number, coupon_ids=None if uses else frozenset()
            )
        except WrongState:
            assert not WINDOWS.final_from <= self.now < WINDOWS.final_until
            return
        assert WINDOWS.final_from <= self.now < WINDOWS.final_until
        stands = [one for one in self.orders if one.state != "cancelled" and one.parts[0].back != "refunded"]
        order.coupon = uses and not any(one.coupon for one in stands if one is not order)
        order.parts[0].payable = PRICES[order.presale] - 2_000 - (COUPON if order.coupon else 0)

    def _paid_parts(self) -> list[Part]:
        return [part for order in self.orders for part in order.parts if order.state == "paid" and not part.back]

    @precondition(lambda self: self._paid_parts())
    @rule(which=MANY, amount=st.none() | st.integers(1, 4_000))
    def money_goes_back(self, which: int, amount: int | None) -> None:
        """Some of a merchant's part, or (None) all that is left of it."""
        part = self._paid_parts()[which % len(self._paid_parts())]
        if amount is None:
            refunds.ask_refund(buyer_key=self.house.buyer, order_no=part.number, reason="x")
            part.back, part.asked = "refunding", part.payable
            return
        self.count += 1
        asked: dict[str, Any] = {"order_no": part.number, "reason": "x", "reference": f"case:{self.count}"}
        left = part.payable - part.asked
        with pytest.raises(RefundTooHigh):
            refunds.refund_parts(parts=[RefundPart(part.line_id, left + 1, 0)], **asked)
        if amount < left:
            number = refunds.refund_parts(parts=[RefundPart(part.line_id, amount, 0)], **asked)
            assert refunds.refund_parts(parts=[RefundPart(part.line_id, amount, 0)], **asked) == number
            part.asked += amount

    @rule(minutes=st.sampled_from([0.2, 5, 5, 31]))
    def time_passes(self, minutes: float) -> None:
        self._pass_time(minutes)

    @precondition(lambda self: any(order.state == "part_paid" for order in self.orders))
    @rule()
    def the_rest_is_due_or_over(self) -> None:
        due, over = WINDOWS.final_from - self.now, WINDOWS.final_until + HOUR - self.now
        self._pass_time((due if due > timedelta(0) else over) / timedelta(minutes=1))

    def _pass_time(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self._set_clock()
        orders.expire_unpaid()
        presales.close_presales()
        turn_presales()
        times = dict(ParentOrder.objects.values_list("order_no", "expires_at"))
        for order in self.orders:
            if order.state == "unpaid" and times[order.number] <= self.now:
                self._end(order, "timeout")
            elif order.state == "part_paid" and WINDOWS.final_until + HOUR / 2 <= self.now:
                self._end(order, "final_unpaid")

    @rule(fault=st.sampled_from(["", "", "down", "lose"]))
    def worker_asks_and_gives_back(self, fault: str) -> None:
        WIRE.down = fault == "down"
        WIRE.loses = fault == "lose"  # type: ignore[attr-defined]
        self._work()
        WIRE.down = WIRE.loses = False  # type: ignore[attr-defined]

    def _work(self) -> None:
        while queries.query_payments(limit=1):  # one at a time: which was first decides what pays
            succeeded = set(PaymentAttempt.objects.filter(state="succeeded").values_list("payment_no", flat=True))
            for attempt in self.attempts:
                if attempt.number in succeeded:
                    self._learn(attempt)
        refunds.finish_refunds()
        for attempt in self.attempts:
            attempt.closed = SandboxTrade.objects.filter(payment_no=attempt.number, state="closed").exists()
        done: Counter[str] = Counter()
        rows = Refund.objects.filter(done=True, order__isnull=False)
        for number, amount in rows.values_list("order__order_no", "amount_minor"):
            done[number] += amount
        for order in self.orders:
            for part in order.parts:
                part.unit_is_back = rows.filter(reference=f"order:{part.number}").exists()
                if part.back == "refunding" and done[part.number] == part.payable:
                    part.back = "refunded"


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_shared_payments_agree_with_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Wire.post

    def post(self: Wire, url: str, **sent: Any) -> httpx.Response:
        found = answer(self, url, **sent)
        if getattr(self, "loses", False):
            raise httpx.ReadTimeout("the answer is lost")
        return found

    monkeypatch.setattr(Wire, "post", post)
    monkeypatch.setattr(signed_messages, "_http", lambda: WIRE)
    with clock.frozen(START):
        HOUSE[:] = [build_house()]
    run_state_machine_as_test(
        SharedPayments,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert not ParentOrder.objects.exists()  # each run is undone: none has seen another's orders
