"""What stands before a run of the machine of shared payments, its plain model of orders and payments, and what has to hold after
each step."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from xingqu.ledger.models import Transfer
from xingqu.ledger.selectors import balance_minor, check
from xingqu.programmes.models import PresaleItem
from xingqu.programmes.services import create_presale
from xingqu.programmes.services.presales import NewPresaleItem, Windows
from xingqu.trade.models import ParentOrder, PaymentAttempt, PaymentShare, Refund, ShopOrder
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors import captured_twice
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of
from xingqu.trade.tests.test_promotions import claim, offer_coupon

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOWS = Windows(START - HOUR, START + 6 * HOUR, START + 7 * HOUR, START + 9 * HOUR)
# Two plain goods of two shops; two presales of the first: one keeps an unpaid rest's deposit, one returns it.
STOCK, ALLOTMENT = 3, 2
PRICES = {"plain": 10_000, "other": 7_000, "keeps": 20_000, "returns": 20_000}
DEPOSIT, COUNTS, COUPON = 3_000, 5_000, 1_000


@dataclass
class Part:
    """One merchant's part of an order, of one unit. `asked`: to go back; `back`: refunding, then refunded.

    `unit_is_back`: the refund of all that was left is done; a smaller one of before may still be on its way.
    """

    number: str
    goods: str
    line_id: int
    payable: int
    asked: int = 0
    back: str = ""
    unit_is_back: bool = False


@dataclass
class Order:
    number: str
    parts: list[Part]
    state: str = "unpaid"
    reason: str = ""
    coupon: bool = False
    captures: list[tuple["Attempt", int]] = field(default_factory=list)

    @property
    def payable(self) -> int:
        return sum(part.payable for part in self.parts)

    @property
    def presale(self) -> str:
        return self.parts[0].goods if self.parts[0].goods in ("keeps", "returns") else ""


@dataclass
class Attempt:
    """A try to pay. `charged`: the gateway has the money; `known`: and so do we; `surplus`: what of it paid nothing."""

    number: str
    url: str
    phase: str
    shares: list[tuple[Order, int]]
    charged: bool = False
    closed: bool = False
    known: bool = False
    surplus: int = 0

    @property
    def amount(self) -> int:
        return sum(amount for _, amount in self.shares)


@dataclass
class House:
    """What stands before each run, and is there again after it."""

    shop: Shop
    other: Shop
    buyer: str
    address_id: int
    skus: dict[str, int]
    items: dict[str, int]


def build_house() -> House:
    shop, other, buyer = make_shop(), make_shop(), Caller.new_person()
    skus = {
        name: make_sku(other if name == "other" else shop, price_minor=price, stock=STOCK)
        for name, price in PRICES.items()
    }
    for name in ("keeps", "returns"):
        create_presale(
            shop_id=shop.id,
            name=name,
            windows=WINDOWS,
            ship_days=7,
            forfeits=name == "keeps",
            items=[NewPresaleItem(skus[name], PRICES[name], DEPOSIT, COUNTS, ALLOTMENT)],
        )
    claim(buyer, offer_coupon(shop, threshold_minor=12_000, discount_minor=COUPON))
    items = {name: PresaleItem.objects.get(sku_id=skus[name]).pk for name in ("keeps", "returns")}
    return House(shop, other, buyer.key, buyer.address_id(), skus, items)


class Agreement(RuleBasedStateMachine):
    """Whether the model and the tables say the same."""

    house: House
    orders: list[Order]
    attempts: list[Attempt]
    forfeited: int

    def units(self, goods: str) -> tuple[int, int]:
        """(sold, held)"""
        mine = [
            (order.state, part.unit_is_back) for order in self.orders for part in order.parts if part.goods == goods
        ]
        held = sum(state in ("unpaid", "part_paid") for state, _ in mine)
        return sum(state == "paid" and not is_back for state, is_back in mine), held

    def free(self, goods: str) -> int:
        return (ALLOTMENT if goods in self.house.items else STOCK) - sum(self.units(goods))

    def written(self) -> list[Any]:
        attempts = PaymentAttempt.objects.order_by("pk").values_list("state", "outcome")
        states = ShopOrder.objects.order_by("pk").values_list("state", "parent__state")
        return [Transfer.objects.count(), Refund.objects.count(), list(attempts), list(states)]

    def nothing_hangs(self) -> None:
        """In the end: everything was heard of, and what paid nothing is back."""
        assert not Refund.objects.filter(done=False).exists()
        assert balance_minor(account="unapplied:buyers") == 0
        trades = {trade.payment_no: trade for trade in SandboxTrade.objects.filter(state="succeeded")}
        assert set(trades) == {attempt.number for attempt in self.attempts if attempt.known}
        for attempt in self.attempts:
            assert attempt.charged == attempt.known, "money at the gateway that we never heard of"
        kept = sum(trade.amount_minor - trade.refunded_minor for trade in trades.values())
        paid = [part for order in self.orders if order.state == "paid" for part in order.parts]
        reserved = sum(order.state == "part_paid" for order in self.orders)
        assert kept == self.forfeited + DEPOSIT * reserved + sum(part.payable - part.asked for part in paid)
        self.money_agrees()

    @invariant()
    def orders_agree(self) -> None:
        found = dict(ShopOrder.objects.values_list("order_no", "state"))
        assert found == {part.number: part.back or order.state for order in self.orders for part in order.parts}
        reasons = dict(ParentOrder.objects.values_list("order_no", "cancel_reason"))
        assert reasons == {order.number: order.reason for order in self.orders}
        for goods, sku in self.house.skus.items():
            sold, held = self.units(goods)
            assert stock_of(sku) == (STOCK - sold, held)

    @invariant()
    def each_is_captured_once(self) -> None:
        alone = PaymentAttempt.objects.filter(outcome="applied").values_list(
            "parent__order_no", "payment_no", "amount_minor"
        )
        shares = PaymentShare.objects.filter(outcome="applied")
        shared = shares.values_list("parent__order_no", "attempt__payment_no", "amount_minor")
        ours = [(order.number, attempt.number, amount) for order in self.orders for attempt, amount in order.captures]
        assert sorted([*alone, *shared]) == sorted(ours)
        assert captured_twice() == []
        for order in self.orders:
            phases = [attempt.phase for attempt, _ in order.captures]
            assert phases in ([], ["deposit"], ["deposit", "final"]) if order.presale else len(phases) <= 1
            if order.state == "paid":
                assert sum(amount for _, amount in order.captures) == order.payable

    @invariant()
    def money_agrees(self) -> None:
        back: Counter[tuple[str, str | None]] = Counter()
        done = waiting = 0
        for payment_no, number, amount, is_done in Refund.objects.values_list(
            "payment__payment_no", "order__order_no", "amount_minor", "done"
        ):
            back[payment_no, number] += amount
            done += amount if is_done else 0
            waiting += amount if number is None and not is_done else 0
        assert {pay: sum_ for (pay, number), sum_ in back.items() if number is None} == {
            attempt.number: attempt.surplus for attempt in self.attempts if attempt.surplus
        }
        for order in self.orders:
            for attempt, amount in order.captures:
                assert sum(back[attempt.number, part.number] for part in order.parts) <= amount
            for part in order.parts:
                assert sum(sum_ for (_, number), sum_ in back.items() if number == part.number) == part.asked
        assert check().problems == ()
        known = sum(attempt.amount for attempt in self.attempts if attempt.known)
        assert balance_minor(account="provider:sandbox") == known - done
        assert balance_minor(account="unapplied:buyers") == waiting
        shop = self.house.shop.id
        reserved = sum(order.state == "part_paid" for order in self.orders)
        assert balance_minor(account=f"presale:shop:{shop}") == DEPOSIT * reserved
        assert balance_minor(account=f"balance:shop:{shop}") == self.forfeited
        escrow = sum(balance_minor(account=f"escrow:shop:{one.id}") for one in (self.house.shop, self.house.other))
        assert escrow == known - done - waiting - DEPOSIT * reserved - self.forfeited
        gone = sum(SandboxTrade.objects.values_list("refunded_minor", flat=True))
        assert done <= gone <= known  # the gateway may have sent what we have not heard of yet, never the reverse
