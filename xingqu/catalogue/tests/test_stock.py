"""Stock is never sold twice and never lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.records import OptionRecord, ProductRecord, SkuRecord
from xingqu.catalogue.models import Product, Sku, StockHold, StockMovement
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.models import OutboxFact


def soon(seconds: int = 60):  # type: ignore[no-untyped-def]
    return clock.now() + timedelta(seconds=seconds)


def levels(sku_id: int) -> tuple[int, int]:
    sku = Sku.objects.get(pk=sku_id)
    return sku.on_hand, sku.held


def movements(sku_id: int) -> list[tuple[str, int, int]]:
    rows = StockMovement.objects.filter(sku_id=sku_id).order_by("id")
    return list(rows.values_list("kind", "on_hand_delta", "held_delta"))


def test_a_hold_keeps_units_from_others(sku_ids: list[int]) -> None:
    first, second = sku_ids
    services.hold_stock(order_ref="o1", lines=[(second, 1), (first, 4), (second, 1)], expires_at=soon())
    assert (levels(first), levels(second)) == ((10, 4), (3, 2))
    assert selectors.skus_for_sale([first])[first].available == 6
    assert movements(second) == [("initial", 3, 0), ("hold", 0, 2)]


def test_all_or_nothing(sku_ids: list[int]) -> None:
    first, second = sku_ids
    with pytest.raises(services.SoldOut) as refusal:
        services.hold_stock(order_ref="o1", lines=[(first, 4), (second, 4), (9_999_999, 1)], expires_at=soon())
    assert refusal.value.data["skus"] == [
        {"sku_id": second, "requested": 4, "available": 3},
        {"sku_id": 9_999_999, "requested": 1, "available": 0},
    ]
    assert (levels(first), levels(second)) == ((10, 0), (3, 0))
    assert StockHold.objects.count() == 0
    assert StockMovement.objects.filter(kind="hold").count() == 0


def test_an_order_holds_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    with pytest.raises(services.HoldExists):
        services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 1)], expires_at=soon())
    assert levels(sku_ids[0]) == (10, 4)


@pytest.mark.parametrize("lines", [[], [(1, 0)], [(1, -1)], [(1, 10_000)]])
def test_impossible_quantities_are_refused(sku_ids: list[int], lines: list[tuple[int, int]]) -> None:
    with pytest.raises(InvalidInput):
        services.hold_stock(order_ref="o1", lines=[(sku_ids[0], q) for _, q in lines], expires_at=soon())
    assert levels(sku_ids[0]) == (10, 0)


def test_a_hold_is_consumed_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert services.resolve_hold(order_ref="o1", outcome="consume") is True
    assert services.resolve_hold(order_ref="o1", outcome="consume") is False
    with pytest.raises(services.HoldResolved):
        services.resolve_hold(order_ref="o1", outcome="release")
    assert levels(sku_ids[0]) == (6, 0)
    assert movements(sku_ids[0]) == [("initial", 10, 0), ("hold", 0, 4), ("consume", -4, -4)]


def test_a_hold_is_released_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert services.resolve_hold(order_ref="o1", outcome="release") is True
    assert services.resolve_hold(order_ref="o1", outcome="release") is False
    with pytest.raises(services.HoldResolved):
        services.resolve_hold(order_ref="o1", outcome="consume")
    assert levels(sku_ids[0]) == (10, 0)


def test_an_unknown_order_has_nothing_to_resolve(sku_ids: list[int]) -> None:
    with pytest.raises(NotFound):
        services.resolve_hold(order_ref="nobody", outcome="consume")


def test_units_of_a_refunded_order_come_back_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 10)], expires_at=soon())
    with pytest.raises(services.HoldResolved):
        services.return_stock(order_ref="o1", lines=[(sku_ids[0], 1)])
    services.resolve_hold(order_ref="o1", outcome="consume")
    services.return_stock(order_ref="o1", lines=[(sku_ids[0], 4)])
    assert levels(sku_ids[0]) == (4, 0)
    for lines in ([(sku_ids[0], 7)], [(sku_ids[0], 6), (sku_ids[1], 1)]):
        with pytest.raises(services.HoldResolved):
            services.return_stock(order_ref="o1", lines=lines)
        assert levels(sku_ids[0]) == (4, 0)
    services.return_stock(order_ref="o1", lines=[(sku_ids[0], 6)])
    assert levels(sku_ids[0]) == (10, 0)
    assert [row for row in movements(sku_ids[0]) if row[0] == "return"] == [("return", 4, 0), ("return", 6, 0)]
    with pytest.raises(services.HoldResolved):
        services.return_stock(order_ref="o1", lines=[(sku_ids[0], 1)])
    assert levels(sku_ids[0]) == (10, 0)


def test_only_expired_holds_are_released(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="late", lines=[(sku_ids[0], 4)], expires_at=soon(10))
    services.hold_stock(order_ref="paid", lines=[(sku_ids[0], 2)], expires_at=soon(10))
    services.hold_stock(order_ref="fresh", lines=[(sku_ids[0], 1)], expires_at=soon(100))
    services.resolve_hold(order_ref="paid", outcome="consume")
    assert services.release_expired_holds(now=soon(20), grace_s=60) == 0
    assert services.release_expired_holds(now=soon(20)) == 1
    assert services.release_expired_holds(now=soon(20)) == 0
    assert levels(sku_ids[0]) == (8, 1)


def test_facts_tell_of_running_out_and_coming_back(sku_ids: list[int]) -> None:
    OutboxFact.objects.all().delete()
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert not OutboxFact.objects.exists()
    services.hold_stock(order_ref="o2", lines=[(sku_ids[0], 6)], expires_at=soon())
    services.resolve_hold(order_ref="o2", outcome="release")
    told = [(fact.name, fact.payload["available"]) for fact in OutboxFact.objects.order_by("id")]
    assert told == [("StockChanged", 0), ("StockChanged", 6)]


def test_a_merchant_cannot_take_held_units(sku_ids: list[int], shop_id: int) -> None:
    product_id = Sku.objects.get(pk=sku_ids[0]).product_id
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    common = {"shop_id": shop_id, "product_id": product_id, "sku_id": sku_ids[0], "reason": "盘点"}
    with pytest.raises(services.NotEnoughStock):
        services.change_stock(**common, delta=-7)
    with pytest.raises(services.NotEnoughStock):
        services.change_stock(**common, set_to=3)
    with pytest.raises(InvalidInput):
        services.change_stock(**common, delta=-11)
    with pytest.raises(InvalidInput):
        services.change_stock(**common, delta=1, set_to=3)
    assert levels(sku_ids[0]) == (10, 4)
    assert services.change_stock(**common, set_to=4) == 0
    assert services.change_stock(**common, delta=5) == 5
    assert levels(sku_ids[0]) == (9, 4)


def test_the_database_itself_refuses_impossible_stock(sku_ids: list[int]) -> None:
    for change in ({"on_hand": -1}, {"held": -1}, {"held": 11}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sku.objects.filter(pk=sku_ids[0]).update(**change)
    assert levels(sku_ids[0]) == (10, 0)


class StockMachine(RuleBasedStateMachine):
    """Any order of holds, payments, cancellations, refunds and merchant changes against a plain model."""

    shop_id = 0
    category_id = 0

    def __init__(self) -> None:
        super().__init__()
        record = ProductRecord(
            name="状态机商品",
            category_id=self.category_id,
            options=(OptionRecord("号", ("甲", "乙")),),
            skus=(SkuRecord(("甲",), 100, stock=6), SkuRecord(("乙",), 100, stock=2)),
        )
        self.product_id = services.create_product(shop_id=self.shop_id, record=record)
        ids = list(Sku.objects.filter(product_id=self.product_id).order_by("id").values_list("id", flat=True))
        self.ids = ids
        self.on_hand = {ids[0]: 6, ids[1]: 2}
        self.orders: dict[str, tuple[str, dict[int, int]]] = {}
        self.restocked = 0
        self.consumed = 0

    def held(self, sku_id: int) -> int:
        return sum(lines.get(sku_id, 0) for state, lines in self.orders.values() if state == "held")

    @rule(first=st.integers(0, 4), second=st.integers(0, 3))
    def hold(self, first: int, second: int) -> None:
        lines = {sku: n for sku, n in zip(self.ids, (first, second), strict=True) if n}
        if not lines:
            return
        ref = f"m{self.product_id}-{len(self.orders)}"
        fits = all(self.on_hand[sku] - self.held(sku) >= n for sku, n in lines.items())
        if fits:
            services.hold_stock(order_ref=ref, lines=list(lines.items()), expires_at=soon())
            self.orders[ref] = ("held", lines)
        else:
            with pytest.raises(services.SoldOut):
                services.hold_stock(order_ref=ref, lines=list(lines.items()), expires_at=soon())

    @rule(pick=st.integers(0, 50), outcome=st.sampled_from(["consume", "release"]))
    def resolve(self, pick: int, outcome: str) -> None:
        if not self.orders:
            return
        ref = sorted(self.orders)[pick % len(self.orders)]
        state, lines = self.orders[ref]
        target = {"consume": "consumed", "release": "released"}[outcome]
        if state == "held":
            assert services.resolve_hold(order_ref=ref, outcome=outcome) is True  # type: ignore[arg-type]
            self.orders[ref] = (target, lines)
            if outcome == "consume":
                for sku, n in lines.items():
                    self.on_hand[sku] -= n
                    self.consumed += n
        elif state == target:
            assert services.resolve_hold(order_ref=ref, outcome=outcome) is False  # type: ignore[arg-type]
        else:
            with pytest.raises(services.HoldResolved):
                services.resolve_hold(order_ref=ref, outcome=outcome)  # type: ignore[arg-type]

    @rule(pick=st.integers(0, 50))
    def give_back(self, pick: int) -> None:
        if not self.orders:
            return
        ref = sorted(self.orders)[pick % len(self.orders)]
        state, lines = self.orders[ref]
        if state == "consumed":
            services.return_stock(order_ref=ref, lines=list(lines.items()))
            self.orders[ref] = ("returned", lines)
            for sku, n in lines.items():
                self.on_hand[sku] += n
                self.consumed -= n
        else:
            with pytest.raises(services.HoldResolved):
                services.return_stock(order_ref=ref, lines=list(lines.items()))

    @rule(which=st.integers(0, 1), delta=st.integers(-5, 5))
    def restock(self, which: int, delta: int) -> None:
        sku = self.ids[which]
        call = {"shop_id": self.shop_id, "product_id": self.product_id, "sku_id": sku, "delta": delta, "reason": "x"}
        if self.on_hand[sku] + delta >= self.held(sku):
            services.change_stock(**call)  # type: ignore[arg-type]
            self.on_hand[sku] += delta
            self.restocked += delta
        else:
            with pytest.raises((services.NotEnoughStock, InvalidInput)):
                services.change_stock(**call)  # type: ignore[arg-type]

    @invariant()
    def agrees_with_the_model(self) -> None:
        for sku in self.ids:
            assert levels(sku) == (self.on_hand[sku], self.held(sku))
            assert 0 <= self.held(sku) <= self.on_hand[sku]
            sums = StockMovement.objects.filter(sku_id=sku).aggregate(a=Sum("on_hand_delta"), b=Sum("held_delta"))
            assert (sums["a"], sums["b"]) == levels(sku)
        assert sum(self.on_hand.values()) + self.consumed - self.restocked == 8


def test_any_order_of_events_conserves_stock(shop_id: int, bedding_id: int) -> None:
    StockMachine.shop_id, StockMachine.category_id = shop_id, bedding_id
    run_state_machine_as_test(
        StockMachine,
        settings=settings(max_examples=15, stateful_step_count=20, deadline=None),
    )
    assert Product.objects.filter(name="状态机商品").count() >= 5


def test_a_replaced_sku_cannot_be_held(make_product: Callable[..., int], shop_id: int) -> None:
    product_id = make_product()
    gone = Sku.objects.get(product_id=product_id, option_text="米白").pk
    version = Product.objects.get(pk=product_id).version
    services.replace_skus(
        shop_id=shop_id,
        product_id=product_id,
        version=version,
        options=[OptionRecord("颜色", ("雾蓝",))],
        skus=[SkuRecord(("雾蓝",), 29900)],
    )
    with pytest.raises(services.SoldOut):
        services.hold_stock(order_ref="o1", lines=[(gone, 1)], expires_at=soon())
    assert levels(gone) == (3, 0)
    assert selectors.skus_for_sale([gone])[gone].sale_state.code == "deleted"
