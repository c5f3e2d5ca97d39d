"""Any order of holds, payments, cancellations, returns, merchant changes and campaigns against a plain model of stock."""

from collections import Counter

import pytest
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xingqu.catalogue import services
from xingqu.catalogue.domain.records import OptionRecord, ProductRecord, SkuRecord
from xingqu.catalogue.models import Product, Sku, StockHold, StockLevel, StockMovement, Warehouse
from xingqu.catalogue.tests.test_stock import soon
from xingqu.kit.errors import InvalidInput

PLACE = st.sampled_from(["", "flash:a", "flash:b"])


class StockMachine(RuleBasedStateMachine):
    """`free` is by (SKU, campaign): which warehouse or bucket units come from is the service's business."""

    shop_id = 0
    category_id = 0

    def __init__(self) -> None:
        super().__init__()
        record = ProductRecord(
            name="状态机商品",
            category_id=self.category_id,
            options=(OptionRecord("号", ("甲", "乙")),),
            skus=(SkuRecord(("甲",), 100, stock=9), SkuRecord(("乙",), 100, stock=5)),
        )
        self.product_id = services.create_product(shop_id=self.shop_id, record=record)
        self.ids = list(Sku.objects.filter(product_id=self.product_id).order_by("id").values_list("id", flat=True))
        self.prefix = f"m{self.product_id}-"
        self.houses = [
            Warehouse.objects.get(shop_id=self.shop_id, is_default=True).pk,
            services.save_warehouse(shop_id=self.shop_id, name=f"仓{self.product_id}"[-40:], priority=5),
        ]
        self.free = Counter({(self.ids[0], ""): 9, (self.ids[1], ""): 5})
        self.total = Counter({self.ids[0]: 9, self.ids[1]: 5})
        self.allotted: set[tuple[int, str]] = set()
        # order -> (state, {sku: (units, campaign)}, {sku: units that came back})
        self.orders: dict[str, tuple[str, dict[int, tuple[int, str]], Counter[int]]] = {}

    @rule(first=st.integers(0, 5), second=st.integers(0, 4), place=PLACE)
    def hold(self, first: int, second: int, place: str) -> None:
        lines = {sku: (n, place) for sku, n in zip(self.ids, (first, second), strict=True) if n}
        if not lines:
            return
        ref = f"{self.prefix}{len(self.orders)}"
        asked = [(sku, n, campaign) for sku, (n, campaign) in lines.items()]
        if all(self.free[sku, campaign] >= n for sku, n, campaign in asked):
            services.hold_stock(order_ref=ref, lines=asked, expires_at=soon())
            with pytest.raises((services.HoldExists, services.SoldOut)):
                services.hold_stock(order_ref=ref, lines=asked, expires_at=soon())
            self.orders[ref] = ("held", lines, Counter())
            for sku, n, campaign in asked:
                self.free[sku, campaign] -= n
        else:
            with pytest.raises(services.SoldOut):
                services.hold_stock(order_ref=ref, lines=asked, expires_at=soon())

    @rule(pick=st.integers(0, 50), outcome=st.sampled_from(["consume", "release"]))
    def resolve(self, pick: int, outcome: str) -> None:
        if not self.orders:
            return
        ref = sorted(self.orders)[pick % len(self.orders)]
        state, lines, back = self.orders[ref]
        target = {"consume": "consumed", "release": "released"}[outcome]
        if state == "held":
            assert services.resolve_hold(order_ref=ref, outcome=outcome) is True  # type: ignore[arg-type]
            self.orders[ref] = (target, lines, back)
            for sku, (n, campaign) in lines.items():
                if outcome == "release":
                    self.free[sku, campaign] += n
        elif state == target and not back:
            assert services.resolve_hold(order_ref=ref, outcome=outcome) is False  # type: ignore[arg-type]
        else:
            assert services.resolve_holds(order_refs=[ref], outcome=outcome) == set()  # type: ignore[arg-type]

    @rule(pick=st.integers(0, 50), which=st.integers(0, 1), units=st.integers(1, 4))
    def give_back(self, pick: int, which: int, units: int) -> None:
        if not self.orders:
            return
        ref = sorted(self.orders)[pick % len(self.orders)]
        state, lines, back = self.orders[ref]
        sku = self.ids[which]
        taken, campaign = lines.get(sku, (0, ""))
        if state == "consumed" and back[sku] + units <= taken:
            services.return_stock(order_ref=ref, lines=[(sku, units)])
            back[sku] += units
            self.free[sku, campaign] += units
        else:
            with pytest.raises(services.HoldResolved):
                services.return_stock(order_ref=ref, lines=[(sku, units)])

    @rule(which=st.integers(0, 1), house=st.integers(0, 1), delta=st.integers(-4, 4))
    def restock(self, which: int, house: int, delta: int) -> None:
        sku, warehouse = self.ids[which], self.houses[house]
        row = StockLevel.objects.filter(sku_id=sku, warehouse_id=warehouse, campaign="").first()
        call = {"shop_id": self.shop_id, "product_id": self.product_id, "sku_id": sku, "delta": delta, "reason": "x"}
        if delta >= 0 or (row is not None and row.free + delta >= 0):
            services.change_stock(**call, warehouse_id=warehouse)  # type: ignore[arg-type]
            self.free[sku, ""] += delta
            self.total[sku] += delta
        else:
            with pytest.raises((services.NotEnoughStock, InvalidInput)):
                services.change_stock(**call, warehouse_id=warehouse)  # type: ignore[arg-type]

    @rule(which=st.integers(0, 1), units=st.integers(1, 9), place=st.sampled_from(["flash:a", "flash:b"]))
    def allot(self, which: int, units: int, place: str) -> None:
        sku = self.ids[which]
        campaign = place
        if (sku, campaign) in self.allotted:
            with pytest.raises(InvalidInput):
                services.allot_stock(campaign=campaign, sku_id=sku, quantity=units, is_open=True)
        elif self.free[sku, ""] >= units:
            services.allot_stock(campaign=campaign, sku_id=sku, quantity=units, is_open=True)
            self.allotted.add((sku, campaign))
            self.free[sku, ""] -= units
            self.free[sku, campaign] += units
        else:
            with pytest.raises(services.NotEnoughStock):
                services.allot_stock(campaign=campaign, sku_id=sku, quantity=units, is_open=True)

    @rule(place=st.sampled_from(["flash:a", "flash:b"]))
    def take_back(self, place: str) -> None:
        services.return_allotment(campaign=place)
        for sku in self.ids:
            self.free[sku, ""] += self.free.pop((sku, place), 0)

    @rule(which=st.integers(0, 1), units=st.integers(1, 3), way=st.booleans())
    def move(self, which: int, units: int, way: bool) -> None:
        source, target = self.houses if way else reversed(self.houses)
        sku = self.ids[which]
        row = StockLevel.objects.filter(sku_id=sku, warehouse_id=source, campaign="").first()
        call = {"shop_id": self.shop_id, "sku_id": sku, "quantity": units}
        if row is not None and row.free >= units:
            services.move_stock(**call, source_id=source, target_id=target)  # type: ignore[arg-type]
        else:
            with pytest.raises(services.NotEnoughStock):
                services.move_stock(**call, source_id=source, target_id=target)  # type: ignore[arg-type]

    @invariant()
    def agrees_with_the_model(self) -> None:
        for sku in self.ids:
            rows = StockLevel.objects.filter(sku_id=sku)
            found = rows.aggregate(r=Sum("received"), s=Sum("sold"), h=Sum("held"), f=Sum("free"))
            held = sum(lines[sku][0] for state, lines, _ in self.orders.values() if state == "held" and sku in lines)
            sold = sum(
                lines[sku][0] - back[sku]
                for state, lines, back in self.orders.values()
                if state == "consumed" and sku in lines
            )
            free = sum(units for (one, _), units in self.free.items() if one == sku)
            assert (found["r"], found["s"], found["h"], found["f"]) == (self.total[sku], sold, held, free)
            assert sold + held + free == self.total[sku]
            for campaign in ("", "flash:a", "flash:b"):
                units = rows.filter(campaign=campaign).aggregate(f=Sum("free"))["f"] or 0
                assert units == self.free[sku, campaign]
            sums = StockMovement.objects.filter(sku_id=sku).aggregate(a=Sum("on_hand_delta"), b=Sum("held_delta"))
            assert (sums["a"], sums["b"]) == (free + held, held)
        for level in StockLevel.objects.filter(sku_id__in=self.ids):
            kept = StockHold.objects.filter(level=level, state="held").aggregate(n=Sum("quantity"))["n"] or 0
            assert level.held == kept


@pytest.mark.hypothesis
def test_any_order_of_events_conserves_stock(shop_id: int, bedding_id: int) -> None:
    StockMachine.shop_id, StockMachine.category_id = shop_id, bedding_id
    services.create_product(
        shop_id=shop_id,
        record=ProductRecord(name="首件", category_id=bedding_id, skus=(SkuRecord((), 100, stock=1),)),
    )
    run_state_machine_as_test(StockMachine, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))
    assert Product.objects.filter(name="状态机商品").count() >= 5
