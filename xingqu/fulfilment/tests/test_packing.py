"""Packages before the hand-over, against a plain model; races for the same line."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from xingqu.fulfilment import services
from xingqu.fulfilment.domain.errors import NotTogether, PackageWrongState, PackedAlready
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.fulfilment.services import Shipment
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.services import NotLeftToShip, WrongState, stop_shipping
from xingqu.trade.tests.house import ADDRESS, Caller, Shop, Wire, make_shop, make_sku

pytestmark = pytest.mark.django_db


def lines_of(package_id: int) -> list[tuple[str, int, int]]:
    rows = PackageLine.objects.filter(package_id=package_id).order_by("order_no", "sku_id")
    return list(rows.values_list("order_no", "sku_id", "quantity"))


def test_orders_of_one_buyer_go_together(buyer: Caller, sku: int, shop: Shop) -> None:
    first, second = buyer.buy((sku, 2)), buyer.buy((sku, 1))
    a = services.pack(shop_id=shop.id, orders={first: None})
    b = services.pack(shop_id=shop.id, orders={second: None})
    one = services.merge(shop_id=shop.id, package_ids=[a, b])
    assert sorted(lines_of(one)) == sorted([(first, sku, 2), (second, sku, 1)])
    assert Package.objects.count() == 1
    new = services.split(shop_id=shop.id, package_id=one, lines=[(second, sku, 1)])
    assert (lines_of(one), lines_of(new)) == ([(first, sku, 2)], [(second, sku, 1)])
    services.merge(shop_id=shop.id, package_ids=[one, new])
    services.hand_over(shop_id=shop.id, package_id=one, carrier_code="sf", tracking_no="SF000000000001")
    assert set(ShopOrder.objects.values_list("state", flat=True)) == {"shipped"}
    for order_no in (first, second):
        assert buyer.get(f"/orders/{order_no}")["package"]["tracking_no"] == "SF000000000001"
        (package,) = buyer.get(f"/orders/{order_no}/tracking")["packages"]
        assert [line["sku_id"] for line in package["lines"]] == [sku]
    with pytest.raises(PackageWrongState):
        services.hand_over(shop_id=shop.id, package_id=one, carrier_code="sf", tracking_no="SF000000000002")


def test_orders_that_do_not_go_together(buyer: Caller, sku: int, shop: Shop) -> None:
    mine = buyer.buy((sku, 1))
    other = Caller.new_person().buy((sku, 1))
    with pytest.raises(NotTogether):
        services.pack(shop_id=shop.id, orders={mine: None, other: None})
    elsewhere = buyer.post("/addresses", {**ADDRESS, "detail": "别处 9 号"}, status=201)["id"]
    moved = buyer.buy((sku, 1))
    buyer.post(f"/orders/{moved}/address", {"address_id": elsewhere})
    with pytest.raises(NotTogether):
        services.pack(shop_id=shop.id, orders={mine: None, moved: None})
    a = services.pack(shop_id=shop.id, orders={mine: None})
    b = services.pack(shop_id=shop.id, orders={other: None})
    with pytest.raises(NotTogether), transaction.atomic():
        services.merge(shop_id=shop.id, package_ids=[a, b])
    assert (len(lines_of(a)), len(lines_of(b))) == (1, 1)
    with pytest.raises(NotFound):
        services.pack(shop_id=make_shop().id, orders={mine: None})


def test_what_is_packed_is_not_left(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 3))
    packed = services.pack(shop_id=shop.id, orders={order_no: [(sku, 2)]})
    with pytest.raises(NotLeftToShip):
        services.pack(shop_id=shop.id, orders={order_no: [(sku, 2)]})
    with pytest.raises(PackedAlready):
        services.ship_order(shop_id=shop.id, shipment=Shipment(order_no, "sf", "SF000000000001"))
    error = buyer.error("POST", f"/orders/{order_no}/address", {"address_id": buyer.address_id()}, status=409)
    assert error["code"] == "packed_already"
    assert ShopOrder.objects.get().changed_address is None
    assert buyer.get(f"/orders/{order_no}/tracking")["can"] == []
    services.unpack(shop_id=shop.id, package_id=packed)
    assert buyer.get(f"/orders/{order_no}/tracking")["can"] == ["change_address"]
    stop_shipping(order_no=order_no)
    with pytest.raises(WrongState):
        services.pack(shop_id=shop.id, orders={order_no: None})
    assert Package.objects.count() == 0


@pytest.mark.parametrize("lines", [[], [("x", 0, 1)], [("o", 0, 3)], [("o", 0, 2)], [("o", 0, 0)], [("o", 0, 1)] * 2])
def test_splits_that_make_no_sense(buyer: Caller, sku: int, shop: Shop, lines: list[tuple[str, int, int]]) -> None:
    order_no = buyer.buy((sku, 2))
    package = services.pack(shop_id=shop.id, orders={order_no: None})
    told = [(order_no if name == "o" else name, sku + step, quantity) for name, step, quantity in lines]
    with pytest.raises(InvalidInput), transaction.atomic():
        services.split(shop_id=shop.id, package_id=package, lines=told)
    assert lines_of(package) == [(order_no, sku, 2)]


def test_a_package_is_its_shops(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 2))
    package = services.pack(shop_id=shop.id, orders={order_no: None})
    other = make_shop()
    number = {"carrier_code": "sf", "tracking_no": "SF000000000001"}
    paths: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/split", {"lines": [{"order_no": order_no, "sku_id": sku, "quantity": 1}]}),
        ("POST", "/hand-over", number),
        ("POST", "/number", number),
        ("POST", "/intercept", {}),
    ]
    for method, path, body in paths:
        for shop_id in (other.id, shop.id):
            url = f"/shops/{shop_id}/packages/{package}{path}"
            assert other.member().error(method, url, body, status=404)["code"] == "not_found", url
    url = f"/shops/{other.id}/packages/labels.pdf?ids={package}"
    assert other.member().error("GET", url, status=404)["code"] == "not_found"
    merged = other.member().error(
        "POST", f"/shops/{other.id}/packages/merge", {"package_ids": [package, package + 1]}, status=404
    )
    assert merged["code"] == "not_found"
    assert Package.objects.get().state == "packed"


def test_a_wrong_number_is_put_right(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    pk = services.ship_order(shop_id=shop.id, shipment=Shipment(order_no, "sf", "SF000000000001"))
    services.change_number(shop_id=shop.id, package_id=pk, carrier_code="zto", tracking_no="123456789012")
    assert buyer.get(f"/orders/{order_no}")["package"]["tracking_no"] == "123456789012"
    codes = [event["code"] for event in buyer.get(f"/orders/{order_no}/tracking")["packages"][0]["events"]]
    assert codes == ["number_changed", "handed_over"]
    Package.objects.update(state="delivered")
    with pytest.raises(PackageWrongState):
        services.change_number(shop_id=shop.id, package_id=pk, carrier_code="sf", tracking_no="SF000000000001")
    assert Package.objects.get().tracking_no == "123456789012"


class Packing(RuleBasedStateMachine):
    """Whatever is packed, split, merged, unpacked, handed over and shipped: no unit goes twice, and states tell the truth."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.shop = make_shop()
        self.buyer = Caller.new_person()
        self.skus = [make_sku(self.shop, stock=99), make_sku(self.shop, stock=99, name="记忆棉护颈枕头")]
        self.orders = [self.buyer.buy((self.skus[0], 3), (self.skus[1], 2)) for _ in range(2)]
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, call: Any, **arguments: Any) -> None:
        try:
            with transaction.atomic():
                call(shop_id=self.shop.id, **arguments)
        except BusinessError:
            return

    def number(self) -> str:
        self.numbers += 1
        return f"SF{self.numbers:012}"

    def pick(self, place: int) -> int:
        ids = list(Package.objects.order_by("id").values_list("pk", flat=True))
        return ids[place % len(ids)] if ids else 1

    units = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), max_size=2, unique_by=lambda unit: unit[0])

    @rule(order=st.integers(0, 1), units=units)
    def pack(self, order: int, units: list[tuple[int, int]]) -> None:
        chosen = [(self.skus[place], quantity) for place, quantity in units] or None
        self.attempt(services.pack, orders={self.orders[order]: chosen})

    @rule()
    def pack_both(self) -> None:
        self.attempt(services.pack, orders=dict.fromkeys(self.orders))

    @rule(place=st.integers(0, 9), order=st.integers(0, 1), sku=st.integers(0, 1), quantity=st.integers(1, 3))
    def split(self, place: int, order: int, sku: int, quantity: int) -> None:
        line = (self.orders[order], self.skus[sku], quantity)
        self.attempt(services.split, package_id=self.pick(place), lines=[line])

    @rule(first=st.integers(0, 9), second=st.integers(0, 9))
    def merge(self, first: int, second: int) -> None:
        self.attempt(services.merge, package_ids=[self.pick(first), self.pick(second)])

    @rule(place=st.integers(0, 9))
    def unpack(self, place: int) -> None:
        self.attempt(services.unpack, package_id=self.pick(place))

    @rule(place=st.integers(0, 9))
    def hand_over(self, place: int) -> None:
        pk = self.pick(place)
        self.attempt(services.hand_over, package_id=pk, carrier_code="sf", tracking_no=self.number())

    @rule(order=st.integers(0, 1), sku=st.integers(0, 1), quantity=st.integers(1, 3))
    def ship(self, order: int, sku: int, quantity: int) -> None:
        shipment = Shipment(self.orders[order], "sf", self.number(), ((self.skus[sku], quantity),))
        self.attempt(services.ship_order, shipment=shipment)

    @invariant()
    def no_unit_goes_twice(self) -> None:
        for order_no in self.orders:
            left = 0
            for line in OrderLine.objects.filter(order__order_no=order_no):
                inside = PackageLine.objects.filter(order_no=order_no, sku_id=line.sku_id)
                gone = sum(row.quantity for row in inside.exclude(package__state="packed"))
                packed = sum(row.quantity for row in inside.filter(package__state="packed"))
                assert line.shipped_quantity == gone
                assert gone + packed <= line.quantity
                left += line.quantity - gone
            state = ShopOrder.objects.get(order_no=order_no).state
            assert state == ("paid" if left == 5 else "part_shipped" if left else "shipped")

    @invariant()
    def no_package_is_empty(self) -> None:
        assert not Package.objects.filter(lines=None).exists()


@pytest.mark.hypothesis
def test_packages_agree_with_the_orders(wire: Wire) -> None:
    run_state_machine_as_test(
        Packing,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert not Package.objects.exists()  # the machine leaves nothing behind
