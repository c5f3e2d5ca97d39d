"""News of packages: signed, each once, in any order; interceptions; silence; waybills and labels."""

import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from PIL import Image

from xingqu.accounts.models import Notice, Person
from xingqu.fulfilment import services
from xingqu.fulfilment.carriers.simulated import carrier as party
from xingqu.fulfilment.carriers.simulated.messages import CARRIER, PLATFORM, sign, sign_with
from xingqu.fulfilment.carriers.simulated.models import SimulatedParcel, SimulatedScan
from xingqu.fulfilment.contracts import PackageRow
from xingqu.fulfilment.domain.states import PackageState, state_after
from xingqu.fulfilment.labels import BAR_DOTS, bars_of, label_image, labels_pdf
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.fulfilment.services import Shipment
from xingqu.fulfilment.services.watching import flag_silent, remind_shops, send_intercepts, watch_packages
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.outbox import deliver_due
from xingqu.trade.models import ShopOrder
from xingqu.trade.services.orders import receive_overdue
from xingqu.trade.tests.house import ADDRESS, REGION, Caller, Shop, Wire, make_shop, send

pytestmark = pytest.mark.django_db
NUMBER = "SF000000000001"
DAY_S = 600


def shipped(buyer: Caller, sku: int, shop: Shop, number: str = NUMBER) -> tuple[str, Package]:
    order_no = buyer.buy((sku, 1))
    pk = services.ship_order(shop_id=shop.id, shipment=Shipment(order_no, "sf", number))
    return order_no, Package.objects.get(pk=pk)


def later(days: float) -> Any:
    return clock.frozen(clock.now() + timedelta(seconds=days * DAY_S))


def codes(buyer: Caller, order_no: str) -> list[str]:
    (package,) = buyer.get(f"/orders/{order_no}/tracking")["packages"]
    return [event["code"] for event in package["events"]]


WAY = ["delivered", "out_for_delivery", "in_transit", "in_transit", "collected", "handed_over"]


@pytest.mark.parametrize("manner", ["straight", "twice", "backwards"])
def test_the_whole_way(carrier: Wire, buyer: Caller, sku: int, shop: Shop, manner: str) -> None:
    SimulatedParcel.objects.create(carrier_code="sf", tracking_no=NUMBER, manner=manner, made_at=clock.now())
    order_no, package = shipped(buyer, sku, shop)
    assert watch_packages() == 1
    assert watch_packages() == 0
    for days in (0.5, 1.1, 1.6, 3.0):
        with later(days):
            party.tell(send=send)
    with later(4):
        party.tell(send=send)
    assert codes(buyer, order_no) == WAY
    package.refresh_from_db()
    assert package.state == "delivered"
    scan = SimulatedScan.objects.get(code="delivered")
    assert package.delivered_at == scan.at
    assert ShopOrder.objects.get().receive_by == scan.at + timedelta(days=7)
    assert OutboxFact.objects.filter(name="PackageDelivered").count() == 1
    assert SimulatedScan.objects.filter(left__gt=0).count() == 0


def test_what_was_never_told_is_asked_for(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    SimulatedParcel.objects.create(carrier_code="sf", tracking_no=NUMBER, manner="lost", made_at=clock.now())
    order_no, package = shipped(buyer, sku, shop)
    watch_packages()
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert party.tell(send=send) == 0
        assert flag_silent() == 0  # asking brought the news
    assert codes(buyer, order_no) == WAY
    package.refresh_from_db()
    assert (package.state, package.flagged_at) == ("delivered", None)


def test_a_silent_package_is_told_to_both(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no, package = shipped(buyer, sku, shop)
    assert flag_silent() == 0
    with clock.frozen(clock.now() + timedelta(days=2, seconds=1)):
        assert flag_silent() == 1
        assert flag_silent() == 0
        deliver_due()
    assert buyer.get(f"/orders/{order_no}/tracking")["packages"][0]["flagged"] is True
    kinds = set(Notice.objects.filter(kind__startswith="package_silent").values_list("kind", "person_id"))
    assert kinds == {("package_silent", buyer.person_id), ("package_silent_shop", shop.owner_id)}
    counts = shop.member().get(f"/shops/{shop.id}/packages/counts")
    assert (counts["tabs"]["exceptions"], counts["tabs"]["in_transit"]) == (1, 0)
    package.refresh_from_db()
    assert package.state == "handed_over"


def scan(code: str, minutes: int, **changes: Any) -> dict[str, Any]:
    at = (clock.now() + timedelta(minutes=minutes)).isoformat()
    return {"event_id": "", "code": code, "at": at, "text": code, "place": "", **changes}


def push(body: bytes, headers: dict[str, str], provider: str = "simulated") -> tuple[int, Any]:
    path = f"/api/v1/carriers/push/{provider}"
    answer = Client().generic("POST", path, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_forged_and_unbelievable_news(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    order_no, _ = shipped(buyer, sku, shop)
    body = orjson.dumps({"carrier_code": "sf", "tracking_no": NUMBER, "scans": [scan("delivered", 0)]})
    assert push(body, sign(PLATFORM, body))[0] == 401
    assert push(body + b" ", sign(CARRIER, body))[0] == 401
    assert push(body, {})[0] == 401
    assert push(body, sign(CARRIER, body), "nobody")[0] == 404
    assert codes(buyer, order_no) == ["handed_over"]
    wrong = [scan("delivered", 120), scan("delivered", -60 * 24 * 4)]
    strange = orjson.dumps({"carrier_code": "sf", "tracking_no": NUMBER, "scans": wrong})
    assert push(strange, sign(CARRIER, strange)) == (
        200,
        {"result": True, "returnCode": "200", "message": "成功", "new": 0},
    )
    for bad in ([scan("eaten", 0)], [scan("delivered", 0, at="2026-11-23T00:00:00")], "x", [1]):
        told = orjson.dumps({"carrier_code": "sf", "tracking_no": NUMBER, "scans": bad})
        assert push(told, sign(CARRIER, told))[0] == 401
    assert Package.objects.get().state == "handed_over"
    assert push(body, sign(CARRIER, body))[1]["new"] == 1
    assert push(body, sign(CARRIER, body))[1]["new"] == 0
    assert Package.objects.get().state == "delivered"


def test_the_state_does_not_depend_on_the_order_of_news() -> None:
    now = clock.now()
    told = [("collected", now), ("delivered", now + timedelta(hours=2)), ("out_for_delivery", now + timedelta(hours=1))]
    assert state_after(told) is state_after(told[::-1]) is PackageState.DELIVERED
    assert state_after([*told, ("in_transit", now + timedelta(hours=3))]) is PackageState.DELIVERED
    assert state_after([("handed_over", now)]) is None
    turned = ("turned_back", now + timedelta(hours=4))
    assert state_after([turned, *told]) is PackageState.TURNED_BACK


def test_turning_back(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    order_no, package = shipped(buyer, sku, shop)
    watch_packages()
    path = f"/orders/{order_no}/packages/{package.pk}/intercept"
    assert Caller.new_person().error("POST", path, {}, status=404)["code"] == "not_found"
    assert buyer.post(path)["packages"][0]["intercept"] == "asked"
    assert buyer.error("POST", path, {}, status=409)["code"] == "package_wrong_state"
    carrier.down = True
    assert send_intercepts() == 0
    assert Package.objects.get().intercept == "asked"
    carrier.down = False
    with later(0.2):
        assert send_intercepts() == 1
        assert send_intercepts() == 0
    with later(1):
        party.tell(send=send)
        deliver_due()
    found = Package.objects.get()
    assert (found.state, found.intercept) == ("turned_back", "succeeded")
    order = ShopOrder.objects.get()
    assert (order.state, order.receive_by) == ("shipped", None)
    assert receive_overdue(now=clock.now() + timedelta(days=99)) == 0
    (fact,) = OutboxFact.objects.filter(name="PackageTurnedBack").values_list("payload", flat=True)
    assert (fact["asked_by"], fact["lines"]) == ("buyer", [[sku, 1]])


def test_too_late_to_turn_back(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    _, package = shipped(buyer, sku, shop)
    watch_packages()
    with later(1.55):
        path = f"/shops/{shop.id}/packages/{package.pk}/intercept"
        assert shop.member().post(path)["intercept"] == "asked"
        assert send_intercepts() == 0
        assert Package.objects.get().intercept == "failed"
        party.tell(send=send)
        assert Package.objects.get().state == "out_for_delivery"
        assert shop.member().error("POST", path, {}, status=409)["code"] == "package_wrong_state"


def test_a_carrier_that_is_away_is_asked_again(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    shipped(buyer, sku, shop)
    carrier.down = True
    assert watch_packages() == 0
    assert Package.objects.get().watch == "due"
    carrier.down = False
    assert watch_packages() == 0  # not before its time
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert watch_packages() == 1
    assert Package.objects.get().watch == "on"


def hook_push(path: str, secret: str, content: dict[str, Any]) -> tuple[int, Any]:
    body = orjson.dumps(content)
    headers = sign_with(secret.encode(), body)
    answer = Client().generic("POST", path, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_a_merchants_own_carrier_tells_of_its_shops_packages_only(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = buyer.buy((sku, 1))
    services.ship_order(shop_id=shop.id, shipment=Shipment(order_no, "own", "VAN-0001"))
    told = {"tracking_no": "VAN-0001", "scans": [scan("delivered", 0)]}
    other = make_shop()
    theirs = other.member().post(f"/shops/{other.id}/carrier-hook")
    assert hook_push(theirs["path"], theirs["secret"], told) == (200, {"new": 0})
    assert Package.objects.get().state == "handed_over"
    mine = shop.member().post(f"/shops/{shop.id}/carrier-hook")
    assert hook_push(mine["path"], theirs["secret"], told)[0] == 401
    assert hook_push(mine["path"], mine["secret"], told) == (200, {"new": 1})
    assert Package.objects.get().state == "delivered"
    renewed = shop.member().post(f"/shops/{shop.id}/carrier-hook")
    assert renewed["path"] == mine["path"]
    assert hook_push(mine["path"], mine["secret"], told)[0] == 401
    assert "secret" not in shop.member().get(f"/shops/{shop.id}/carrier-hook")
    assert other.member().error("POST", f"/shops/{shop.id}/carrier-hook", {}, status=404)["code"] == "not_found"


def address(shop: Shop, *, status: int = 201, **changes: Any) -> Any:
    body = {"recipient": "仓库", "phone": "13900139000", "detail": "工业路 8 号", "sends": True, **REGION, **changes}
    return shop.member().call("POST", f"/shops/{shop.id}/shipping-addresses", body, status=status)


def test_waybills_and_labels(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    orders = [buyer.buy((sku, 1)) for _ in range(2)]
    ids = [services.pack(shop_id=shop.id, orders={order_no: None}) for order_no in orders]
    path, body = f"/shops/{shop.id}/packages/waybills", {"package_ids": ids, "carrier_code": "sf"}
    assert {row["error"]["field"] for row in shop.member().post(path, body)} == {"sender"}
    address(shop)
    carrier.down = True
    assert {row["error"]["code"] for row in shop.member().post(path, body)} == {"carrier_away"}
    carrier.down = False
    rows = shop.member().post(path, body)
    numbers = [row["tracking_no"] for row in rows]
    assert [row["error"] for row in rows] == [None, None]
    assert all(re.fullmatch(r"SF[0-9]{13}", number) for number in numbers)
    assert [row["tracking_no"] for row in shop.member().post(path, body)] == numbers
    pdf = shop.member().client.get(f"/api/v1/shops/{shop.id}/packages/labels.pdf?ids={ids[0]},{ids[1]}")
    assert pdf["Content-Type"] == "application/pdf"
    assert (pdf.content[:5], pdf.content.count(b"/Type /Page\n")) == (b"%PDF-", 2)
    assert Package.objects.exclude(printed_at=None).count() == 2
    shown = shop.member().post(f"/shops/{shop.id}/packages/{ids[0]}/hand-over", {})
    assert (shown["state"], shown["tracking_no"]) == ("handed_over", numbers[0])
    assert ShopOrder.objects.get(order_no=orders[0]).state == "shipped"
    error = shop.member().error("POST", f"/shops/{shop.id}/packages/{ids[0]}/hand-over", {}, status=409)
    assert error["code"] == "package_wrong_state"


def test_a_labels_bars_read_as_its_number() -> None:
    place = {**ADDRESS, "province": "北京市", "city": "市辖区", "district": "东城区"}
    goods = tuple((f"商品 {number}", "白色", number) for number in range(1, 12))
    row = PackageRow(1, "sf", "SF1234567890123", "01-02-03", ("S1", "S2"), place, goods)
    image = label_image(row, place)
    assert (image.size, image.mode) == ((800, 1200), "1")
    modules = bars_of(row.tracking_no)
    left = (800 - len(modules) * BAR_DOTS) // 2
    line = next(y for y in range(1200) if _bars(image, y, left, len(modules)) == modules)
    assert _bars(image, line + 100, left, len(modules)) == modules
    assert len(labels_pdf([row], None)) < 60_000


def _bars(image: Image.Image, y: int, left: int, count: int) -> str:
    return "".join("0" if image.getpixel((left + place * BAR_DOTS + 1, y)) else "1" for place in range(count))


def test_addresses_of_a_shop(shop: Shop) -> None:
    first = address(shop)[0]
    rows = address(shop, detail="退货仓 3 号", takes_returns=True)
    assert [(row["sends"], row["takes_returns"]) for row in rows] == [(False, False), (True, True)]
    assert address(shop, district_id=1, status=422)["error"]["field"] == "district_id"
    other = make_shop()
    for shop_id in (other.id, shop.id):
        path = f"/shops/{shop_id}/shipping-addresses/{first['id']}"
        assert other.member().error("DELETE", path, status=404)["code"] == "not_found"
    path = f"/shops/{shop.id}/shipping-addresses/{first['id']}"
    assert [row["detail"] for row in shop.member().call("DELETE", path)] == ["退货仓 3 号"]


def test_shops_are_reminded_once(buyer: Caller, sku: int, shop: Shop) -> None:
    buyer.buy((sku, 1))
    paid_at = clock.now()
    assert remind_shops() == 0
    for hours, kind in ((45, "ship_soon"), (49, "ship_late")):
        with clock.frozen(paid_at + timedelta(hours=hours)):
            assert (remind_shops(), remind_shops()) == (1, 0)
        assert Notice.objects.get(kind=kind).person_id == shop.owner_id
    with clock.frozen(paid_at + timedelta(hours=49)):
        figures = shop.member().get(f"/shops/{shop.id}/packages/counts")["figures"]
    assert figures == {"due": 1, "in_time": 0, "late": 0, "open_late": 1}


def test_the_operator_sees_how_carriers_work(carrier: Wire, buyer: Caller, sku: int, shop: Shop) -> None:
    shipped(buyer, sku, shop)
    assert buyer.error("GET", "/operator/carriers", status=404)["code"] == "not_found"
    Person.objects.filter(pk=buyer.person_id).update(is_staff=True)
    shown = Caller.signed_in(int(buyer.person_id or 0)).get("/operator/carriers")
    assert (shown["provider"], shown["configured"], shown["watch"], shown["on_the_way"]) == (
        "simulated",
        True,
        {"due": 1},
        1,
    )


def test_news_of_a_number_that_is_not_ours_changes_nothing(carrier: Wire) -> None:
    body = orjson.dumps({"carrier_code": "sf", "tracking_no": "SF999999999999", "scans": [scan("delivered", 0)]})
    assert push(body, sign(CARRIER, body))[1]["new"] == 0
    assert TrackingEvent.objects.count() == 0
