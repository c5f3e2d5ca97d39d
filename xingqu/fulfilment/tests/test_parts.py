"""Orders shipped in parts, stopped and resumed; parcels of after-sale cases."""

from typing import Any

import pytest
from django.db import transaction

from xingqu.fulfilment.domain.errors import ParcelChanged
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.fulfilment.selectors import parcels_of
from xingqu.fulfilment.services import register_parcel
from xingqu.fulfilment.services.tracking import mark_delivered
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.models import OutboxFact
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.services import NotLeftToShip, WrongState, drop_units, resume_shipping, stop_shipping
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


def part(shop: Shop, order_no: str, number: int, *lines: tuple[int, int], status: int = 200) -> Any:
    body = {
        "carrier_code": "sf",
        "tracking_no": f"SF{number:012}",
        "lines": [{"sku_id": sku, "quantity": quantity} for sku, quantity in lines] or None,
    }
    return shop.member().call("POST", f"/shops/{shop.id}/orders/{order_no}/ship", body, status=status)


def facts(name: str) -> list[dict[str, Any]]:
    return list(OutboxFact.objects.filter(name=name).order_by("id").values_list("payload", flat=True))


def test_an_order_goes_in_parts(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, name="羽丝绒冬被")
    order_no = buyer.buy((sku, 3), (other, 1))
    assert part(shop, order_no, 1, (sku, 2))["state"] == "part_shipped"
    shown = buyer.get(f"/orders/{order_no}")
    assert [(line["shipped_quantity"], line["to_ship_quantity"]) for line in shown["lines"]] == [(2, 1), (0, 1)]
    assert (shown["next_step"]["code"], shown["can"]) == ("ship", ["buy_again"])
    assert facts("OrderShipped") == []
    assert part(shop, order_no, 2)["state"] == "shipped"
    assert [line["shipped_quantity"] for line in buyer.get(f"/orders/{order_no}")["lines"]] == [3, 1]
    told = [(fact["order_no"], fact["tracking_no"], fact["lines"]) for fact in facts("PackageShipped")]
    assert told == [
        (order_no, "SF000000000001", [[sku, 2]]),
        (order_no, "SF000000000002", [[sku, 1], [other, 1]]),
    ]
    assert [fact["tracking_no"] for fact in facts("OrderShipped")] == ["SF000000000002"]
    packages = buyer.get(f"/orders/{order_no}/tracking")["packages"]
    assert [[(line["sku_id"], line["quantity"]) for line in one["lines"]] for one in packages] == [
        [(sku, 2)],
        [(sku, 1), (other, 1)],
    ]


@pytest.mark.parametrize(
    ("lines", "code", "status"),
    [
        ([(0, 3)], "not_left_to_ship", 409),
        ([(1, 1)], "not_left_to_ship", 409),
        ([(0, 1), (0, 1)], "invalid_input", 422),
    ],
)
def test_no_line_goes_twice(
    buyer: Caller, sku: int, shop: Shop, lines: list[tuple[int, int]], code: str, status: int
) -> None:
    order_no = buyer.buy((sku, 3))
    part(shop, order_no, 1, (sku, 1))
    before = (Package.objects.count(), PackageLine.objects.count())
    error = part(shop, order_no, 2, *[(sku + step, quantity) for step, quantity in lines], status=status)["error"]
    assert error["code"] == code
    assert (Package.objects.count(), PackageLine.objects.count()) == before
    assert OrderLine.objects.get().shipped_quantity == 1
    assert ShopOrder.objects.get().state == "part_shipped"


def test_a_refund_asked_for_stops_shipping(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 2))
    stop_shipping(order_no=order_no)
    stop_shipping(order_no=order_no)
    error = part(shop, order_no, 1, status=409)["error"]
    assert (error["code"], error["data"]["reason"]) == ("wrong_state", "shipping_stopped")
    assert (ShopOrder.objects.get().state, Package.objects.count()) == ("paid", 0)
    resume_shipping(order_no=order_no)
    assert part(shop, order_no, 1)["state"] == "shipped"
    with pytest.raises(WrongState):
        stop_shipping(order_no=order_no)
    assert ShopOrder.objects.get().shipping_stopped_at is None


def test_units_refunded_before_shipping_are_not_waited_for(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 3))
    part(shop, order_no, 1, (sku, 2))
    with pytest.raises(NotLeftToShip), transaction.atomic():
        drop_units(order_no=order_no, lines=[(sku, 2)])
    assert OrderLine.objects.get().dropped_quantity == 0
    drop_units(order_no=order_no, lines=[(sku, 1)])
    assert ShopOrder.objects.get().state == "shipped"
    assert [fact["tracking_no"] for fact in facts("OrderShipped")] == ["SF000000000001"]
    assert ShopOrder.objects.get().receive_by is not None


def parcel(shop: Shop, order_no: str, sku: int, **changes: Any) -> int:
    told: dict[str, Any] = {
        "reference": "A1",
        "kind": "return",
        "shop_id": shop.id,
        "order_no": order_no,
        "carrier_code": "sf",
        "tracking_no": "SF000000000009",
        "lines": [(sku, 1)],
    }
    return register_parcel(**{**told, **changes})


def test_a_case_has_one_parcel_of_a_kind(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    first = parcel(shop, order_no, sku)
    assert parcel(shop, order_no, sku) == first
    with pytest.raises(ParcelChanged):
        parcel(shop, order_no, sku, tracking_no="SF000000000008")
    for kind in ("order", "", "gift"):
        with pytest.raises(InvalidInput):
            parcel(shop, order_no, sku, kind=kind)
    assert parcel(shop, order_no, sku, kind="resend", tracking_no="SF000000000007") != first
    assert [(view.kind, view.tracking_no, view.lines, view.delivered_at) for view in parcels_of(reference="A1")] == [
        ("return", "SF000000000009", ((sku, 1),), None),
        ("resend", "SF000000000007", ((sku, 1),), None),
    ]
    assert parcels_of(reference="") == []
    assert buyer.get(f"/orders/{order_no}/tracking")["packages"] == []


def test_delivery_is_told_once(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 2))
    back = Package.objects.get(pk=parcel(shop, order_no, sku))
    part(shop, order_no, 1, (sku, 1))
    part(shop, order_no, 2)
    now = clock.now()
    with transaction.atomic():
        assert mark_delivered(back, at=now)
        assert not mark_delivered(back, at=now)
        for package in Package.objects.filter(kind="order"):
            assert mark_delivered(package, at=now)
    told = facts("ParcelDelivered")
    assert [(fact["reference"], fact["kind"], fact["order_no"]) for fact in told] == [("A1", "return", order_no)]
    assert [fact["whole"] for fact in facts("PackageDelivered")] == [False, True]


def test_another_shops_order_is_not_shipped(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    error = part(make_shop(), order_no, 1, status=404)["error"]
    assert (error["code"], ShopOrder.objects.get().state) == ("not_found", "paid")
    assert (Package.objects.count(), OrderLine.objects.get().shipped_quantity) == (0, 0)
