"""Two who ship, pack or tell at once."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.fulfilment import services
from xingqu.fulfilment.carriers.protocol import Scan, TrackReport
from xingqu.fulfilment.domain.states import ScanCode
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.fulfilment.services import Shipment
from xingqu.fulfilment.services.reports import take_reports
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.tests.threads import while_open
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.tests.house import Caller, make_shop, make_sku

pytestmark = pytest.mark.django_db(transaction=True)


def errors(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results if isinstance(result, BaseException))


def paid(quantity: int) -> tuple[int, int, str]:
    shop = make_shop()
    sku = make_sku(shop)
    return shop.id, sku, Caller.new_person().buy((sku, quantity))


def test_two_ship_the_same_line() -> None:
    shop_id, sku, order_no = paid(2)

    def ship(number: str) -> int:
        return services.ship_order(shop_id=shop_id, shipment=Shipment(order_no, "sf", number, ((sku, 2),)))

    results = while_open(lambda: ship("SF000000000001"), lambda: ship("SF000000000002"))
    assert errors(results) == ["WrongState"]
    assert OrderLine.objects.get().shipped_quantity == 2
    assert (ShopOrder.objects.get().state, Package.objects.count()) == ("shipped", 1)


def test_two_pack_the_same_line() -> None:
    shop_id, sku, order_no = paid(2)

    def pack() -> int:
        return services.pack(shop_id=shop_id, orders={order_no: [(sku, 2)]})

    assert errors(while_open(pack, pack)) == ["NotLeftToShip"]
    assert Package.objects.count() == 1


def test_the_last_two_packages_arrive_at_once() -> None:
    shop_id, sku, order_no = paid(2)
    for number in ("SF000000000001", "SF000000000002"):
        services.ship_order(shop_id=shop_id, shipment=Shipment(order_no, "sf", number, ((sku, 1),)))
    at = clock.now() + timedelta(minutes=1)

    def arrive(number: str) -> int:
        return take_reports([TrackReport("sf", number, (Scan(ScanCode.DELIVERED, at, "已签收"),))])

    assert while_open(lambda: arrive("SF000000000001"), lambda: arrive("SF000000000002")) == [None, None]
    told = OutboxFact.objects.filter(name="PackageDelivered").values_list("payload", flat=True)
    assert sorted(fact["whole"] for fact in told) == [False, True]
    assert ShopOrder.objects.get().receive_by == at + timedelta(days=7)


def test_the_same_news_comes_twice_at_once() -> None:
    shop_id, _, order_no = paid(1)
    services.ship_order(shop_id=shop_id, shipment=Shipment(order_no, "sf", "SF000000000001"))
    report = TrackReport("sf", "SF000000000001", (Scan(ScanCode.DELIVERED, clock.now(), "已签收"),))
    assert while_open(lambda: take_reports([report]), lambda: take_reports([report])) == [None, None]
    assert TrackingEvent.objects.filter(code="delivered").count() == 1
    assert OutboxFact.objects.filter(name="PackageDelivered").count() == 1
