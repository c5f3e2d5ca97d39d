"""A state machine over the whole chain of money and goods: orders, payments, refunds, receipt, settlement, withdrawals, deposits.

Buyers, merchant, operator, worker, gateway, bank and clock act in any order, and whatever happened may happen once more. A plain
model beside it knows units and cents. It holds after every step: sold, held and free units are those received; an order is
captured once; each account is what the model says, and the books prove themselves; no more goes back than was paid; parts are
what was paid; holds, refunds and payouts end once. The nightly auditor is asked again and again, and finds nothing.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xingqu.catalogue.models import StockHold, StockLevel
from xingqu.kit import clock, signed_messages
from xingqu.kit.errors import BusinessError
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.models import Journal
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.models import AuditDifference, DepositChange, RiskHold, Withdrawal
from xingqu.settlement.providers.sandbox.models import BankPayout
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.deposits import decide_deposit, freeze_deposit, pay_deposit
from xingqu.settlement.services.holds import lift_hold, place_hold
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.services.settling import settle_due
from xingqu.settlement.services.withdrawals import ask_withdrawal, set_payout_account
from xingqu.settlement.tests.chain_model import FEE_BP, PRICE, STOCK, Order, expected_accounts
from xingqu.settlement.tests.house import ACCOUNT
from xingqu.trade.contracts import RefundPart
from xingqu.trade.models import OrderLine, ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.sandbox.models import SandboxNotice, SandboxTrade
from xingqu.trade.services import hold_settlement, refund_parts, release_settlement, settle_order
from xingqu.trade.services.orders import expire_unpaid, receive_overdue
from xingqu.trade.services.queries import query_payments
from xingqu.trade.services.refunded import settle_refund
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Wire, deliver, make_shop, make_sku

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
WIRE = Wire()
NUMBERS = (ACCOUNT["number"], "6222020200119999", "6222020200110000")


class Chain(RuleBasedStateMachine):
    """Rules are what anybody may do at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.ticking, WIRE.down = START, None, False
        self._set_clock()
        self.shop, self.buyer = make_shop(), Caller.new_person()
        self.sku = make_sku(self.shop, price_minor=PRICE, stock=STOCK)
        self.merchant = self.shop.member()
        self.orders: list[Order] = []
        self.steps = 0
        self.deposits = 0
        self.decided: dict[str, str] = {}
        self._account(0)

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

    def _account(self, which: int) -> None:
        person, shop = self.shop.owner_id, self.shop.id
        set_payout_account(shop_id=shop, person_id=person, **{**ACCOUNT, "number": NUMBERS[which]})

    def pick(self, which: int, *states: str) -> Order | None:
        found = [order for order in self.orders if order.state in states]
        return found[which % len(found)] if found else None

    # What a buyer does.
    @rule(units=st.integers(1, 3))
    def order(self, units: int) -> None:
        self.steps += 1
        gone = sum(order.units for order in self.orders if order.state != "cancelled")
        if units > STOCK - gone:
            assert self.buyer.quote((self.sku, units))["problems"][0]["code"] == "sold_out"
            return
        made = self.buyer.order((self.sku, units), key=f"key-{self.steps}")
        self.orders.append(Order(made["order_no"], made["shop_orders"][0]["order_no"], units))

    @rule(which=st.integers(0, 9), mode=st.sampled_from(["on-time", "twice", "never"]), tabs=st.integers(1, 2))
    def pay(self, which: int, mode: str, tabs: int) -> None:
        """In one tab or two; the second payment of an order goes back."""
        order = self.pick(which, "unpaid")
        if order is None:
            return
        if ParentOrder.objects.get(order_no=order.number).expires_at <= self.now:
            assert self.buyer.error("POST", f"/orders/{order.number}/pay", {}, status=409)["code"] == "order_expired"
            return
        urls = [self.buyer.start_payment(order.number)["redirect_url"] for _ in range(tabs)]
        order.urls += urls
        for url in urls:
            self.buyer.confirm(url, mode)
        deliver()
        if mode == "never":
            self._later(minutes=2)
            query_payments()
        order.state = "paid"

    @rule(which=st.integers(0, 9), minutes=st.sampled_from([0, 45]))
    def cancel(self, which: int, minutes: int) -> None:
        """The buyer cancels, or time runs out for all that is unpaid."""
        order = self.pick(which, "unpaid")
        if order is None:
            return
        if minutes:
            self._later(minutes=minutes)
            expire_unpaid()
            ended = [one for one in self.orders if one.state == "unpaid"]
        else:
            self.buyer.post(f"/orders/{order.number}/cancel", {"reason": ""})
            ended = [order]
        for one in ended:
            one.state = "cancelled"

    @rule(which=st.integers(0, 9), by_clock=st.booleans())
    def receive(self, which: int, by_clock: bool) -> None:
        order = self.pick(which, "shipped")
        if order is None:
            return
        if by_clock:
            self._later(days=30)
            receive_overdue()
            received = [one for one in self.orders if one.state == "shipped"]
        else:
            self.buyer.post(f"/orders/{order.shop_no}/confirm-receipt")
            received = [order]
        for one in received:
            one.state, one.income = "done", one.paid - one.back
            one.fee = one.first_fee = one.income * FEE_BP // 10_000

    @rule(which=st.integers(0, 9))
    def ship(self, which: int) -> None:
        order = self.pick(which, "paid")
        if order is None:
            return
        self.steps += 1
        parcel = {"carrier_code": "sf", "tracking_no": f"SF{self.steps:012}"}
        self.merchant.post(f"/shops/{self.shop.id}/orders/{order.shop_no}/ship", parcel)
        order.state = "shipped"

    # Money that goes back.
    @rule(which=st.integers(0, 9), share=st.sampled_from([1, 33, 50, 100, 101]))
    def ask_refund(self, which: int, share: int) -> None:
        order = self.pick(which, "paid", "shipped", "done")
        if order is None:
            return
        self.steps += 1
        left = order.paid - order.back - order.asked
        amount = left + 1 if share == 101 else max(left * share // 100, 1)
        line = OrderLine.objects.get(order__order_no=order.shop_no).pk
        wanted: dict[str, Any] = {"order_no": order.shop_no, "parts": [RefundPart(line, amount)], "reason": "x"}
        try:
            number = refund_parts(**wanted, reference=f"ref-{self.steps}")
        except BusinessError:
            assert amount > left
            return
        assert amount <= left
        assert refund_parts(**wanted, reference=f"ref-{self.steps}") == number
        order.asked += amount

    @rule(lost=st.booleans())
    def carry_out_refunds(self, lost: bool) -> None:
        self._later(minutes=15)
        WIRE.down = lost
        finish_refunds()
        WIRE.down = False
        self._notice_refunds()

    def _notice_refunds(self) -> None:
        for order in self.orders:
            rows = Refund.objects.filter(order__order_no=order.shop_no, done=True)
            back = rows.aggregate(total=Sum("amount_minor"))["total"] or 0
            if back > order.back:
                order.give_back(back - order.back)

    @rule(which=st.integers(0, 9), opens=st.booleans())
    def case(self, which: int, opens: bool) -> None:
        order = self.pick(which, "paid", "shipped", "done")
        if order is None:
            return
        if opens:
            hold_settlement(order_no=order.shop_no)
            order.cases += 1
        elif order.cases:
            release_settlement(order_no=order.shop_no)
            order.cases -= 1

    # The merchant's money.
    @rule(days=st.sampled_from([1, 8, 20]))
    def settle(self, days: int) -> None:
        """The periods of all that was received go on; what a case, a refund or a hold keeps stays."""
        deliver_due()
        self._later(days=days)
        held = RiskHold.objects.filter(lifted_at=None).exists()
        settle_due()
        for order in self.orders:
            settled = ShopOrder.objects.get(order_no=order.shop_no).settled_at is not None
            if settled and not order.settled:
                assert order.state == "done"
                assert (order.cases, order.asked, held) == (0, 0, False)
                order.settled = True

    @rule(holds=st.booleans())
    def hold(self, holds: bool) -> None:
        rows = RiskHold.objects.filter(lifted_at=None)
        if holds and not rows.exists():
            place_hold(shop_id=self.shop.id, order_no="", reason="x", person_id=self.shop.owner_id)
        elif not holds and rows.exists():
            lift_hold(hold_id=rows.get().pk, reason="x", person_id=self.shop.owner_id)

    @property
    def available(self) -> int:
        asked = Withdrawal.objects.filter(state="asked").aggregate(total=Sum("amount_minor"))["total"] or 0
        return self.expected()["balance"] - asked

    @rule(share=st.sampled_from([10, 60, 100, 101]), which=st.integers(0, 2))
    def withdraw(self, share: int, which: int) -> None:
        self.steps += 1
        self._account(which)
        free = self.available
        amount = max(free * share // 100 + (share > 100), 100)
        wanted: dict[str, Any] = {"shop_id": self.shop.id, "amount_minor": amount, "person_id": self.shop.owner_id}
        count = Withdrawal.objects.count()
        held = RiskHold.objects.filter(lifted_at=None).exists()
        try:
            number = ask_withdrawal(**wanted, key=f"key-{self.steps:08}")
        except BusinessError:
            assert held or amount > free
            assert Withdrawal.objects.count() == count
            return
        assert amount <= free
        assert ask_withdrawal(**wanted, key=f"key-{self.steps:08}") == number
        assert Withdrawal.objects.count() == count + 1

    @rule(lost=st.booleans())
    def pay_out(self, lost: bool) -> None:
        self._later(minutes=15)
        WIRE.down = lost
        carry_out_withdrawals()
        WIRE.down = False

    @rule(amount=st.sampled_from([100, 5_000, 10**9]))
    def deposit(self, amount: int) -> None:
        free = self.available
        try:
            pay_deposit(shop_id=self.shop.id, amount_minor=amount, person_id=self.shop.owner_id)
        except BusinessError:
            assert amount > free
            return
        assert amount <= free
        self.deposits += amount

    @rule(deduct=st.sampled_from([None, True, False]))
    def freeze(self, deduct: bool | None) -> None:
        """An operator freezes a part of the deposit, and decides about what is frozen."""
        person, rows = self.shop.owner_id, DepositChange.objects.filter(state="frozen")
        if deduct is not None and rows.exists():
            decide_deposit(change_no=rows.first().change_no, deduct=deduct, person_id=person)  # type: ignore[union-attr]
        elif deduct is None and not rows.exists() and self.expected()["deposit"] >= 100:
            freeze_deposit(shop_id=self.shop.id, amount_minor=100, reason="x", person_id=person)

    # Everything once more.
    @rule()
    def repeat_everything(self) -> None:
        """Notices, payments on pages left open, settlements, refunds and payouts: nothing may change."""
        before = self._told()
        SandboxNotice.objects.update(done=False, due_at=self.now, tries=0)
        deliver()
        for order in self.orders:
            if order.settled:
                assert settle_order(order_no=order.shop_no).outcome in ("already", "refunded")
            for url in order.urls:
                self.buyer.confirm(url, status=409)
        for refund in Refund.objects.filter(done=True):
            assert settle_refund(refund) is False
        assert self._told() == before

    def _told(self) -> tuple[Any, ...]:
        return self._accounts(), Journal.objects.count(), list(ShopOrder.objects.order_by("id").values_list("state"))

    @rule()
    def audit_at_night(self) -> None:
        self._later(minutes=15)
        deliver_due()
        query_payments()
        carry_out_withdrawals()
        run = audit()
        assert list(AuditDifference.objects.filter(run=run).values_list("kind", "reference", "expected", "found")) == []

    def _later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self._set_clock()

    def _drain(self) -> None:
        """In the end everybody does what there is to do, and the auditor looks once more."""
        WIRE.down = False
        RiskHold.objects.filter(lifted_at=None).update(lifted_at=self.now)
        for order in self.orders:
            for _ in range(order.cases):
                release_settlement(order_no=order.shop_no)
            order.cases = 0
        for _ in range(6):
            self._later(days=1)
            query_payments()
            finish_refunds()
            carry_out_withdrawals()
            self._notice_refunds()
            self.settle(8)
        assert not Withdrawal.objects.filter(state="asked").exists()
        assert not Refund.objects.filter(done=False).exists()
        assert balance_minor(account="unapplied:buyers") == 0
        assert all(order.settled for order in self.orders if order.state == "done")
        self.accounts_are_what_the_model_says()
        self.audit_at_night()

    def expected(self) -> dict[str, int]:
        """What each account should hold, from the model alone; payouts from what the bank has decided."""
        out = sum(Withdrawal.objects.filter(state="paid").values_list("amount_minor", flat=True))
        deducted = sum(DepositChange.objects.filter(state="deducted").values_list("amount_minor", flat=True))
        return expected_accounts(self.orders, out=out, deposits=self.deposits, deducted=deducted)

    def _accounts(self) -> dict[str, int]:
        names = {kind: f"{kind}:shop:{self.shop.id}" for kind in ("escrow", "receivable", "balance", "deposit")}
        names |= {"fee": "fee:tech_service", "fund": "fund:protection", "payout": "payout:sandbox_bank"}
        return {kind: balance_minor(account=name) for kind, name in names.items()}

    @invariant()
    def accounts_are_what_the_model_says(self) -> None:
        assert self._accounts() == self.expected()
        assert check().problems == ()

    @invariant()
    def units_are_conserved(self) -> None:
        level = StockLevel.objects.get(sku_id=self.sku)
        held = sum(order.units for order in self.orders if order.state == "unpaid")
        sold = sum(order.units for order in self.orders if order.state not in ("unpaid", "cancelled"))
        assert (level.sold, level.held, level.free) == (sold, held, STOCK - sold - held)
        assert StockHold.objects.filter(state="held").count() == sum(o.state == "unpaid" for o in self.orders)

    @invariant()
    def orders_are_what_the_model_says(self) -> None:
        states = dict(ShopOrder.objects.values_list("order_no", "state"))
        assert states == {order.shop_no: order.state for order in self.orders}
        applied = PaymentAttempt.objects.filter(outcome="applied").values_list("parent_id", "amount_minor")
        assert len(dict(applied)) == len(applied)
        parts = ParentOrder.objects.annotate(parts=Sum("shop_orders__payable_minor"))
        assert not parts.exclude(parts=F("payable_minor")).exists()
        assert not SandboxTrade.objects.filter(refunded_minor__gt=F("amount_minor")).exists()
        assert not ShopOrder.objects.filter(refunded_minor__gt=F("payable_minor")).exists()

    @invariant()
    def what_is_decided_stays_decided(self) -> None:
        now = dict(Withdrawal.objects.exclude(state="asked").values_list("withdrawal_no", "state"))
        assert self.decided.items() <= now.items()
        self.decided = now
        bank = dict(BankPayout.objects.values_list("payout_no", "state"))
        assert all(bank[number] == state for number, state in now.items())


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_the_whole_chain_agrees_with_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_messages, "_http", lambda: WIRE)
    run_state_machine_as_test(
        Chain,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert not ParentOrder.objects.exists()  # each run is undone
