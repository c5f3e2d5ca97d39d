"""Packages that came back to the shop before anybody had them: the money goes back, each unit once."""

from typing import Any

import pytest

from xingqu.accounts.models import Notice
from xingqu.aftersale.models import Case, CaseEvent
from xingqu.aftersale.services import TurnedBack, take_back
from xingqu.aftersale.tests.house import House, tracking, work
from xingqu.fulfilment.carriers.protocol import Scan, TrackReport
from xingqu.fulfilment.domain.states import ScanCode
from xingqu.fulfilment.models import Package
from xingqu.fulfilment.services.reports import take_reports
from xingqu.kit import clock
from xingqu.trade.models import Refund, ShopOrder
from xingqu.trade.tests.house import stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> House:
    return House()


def scanned(package: Package, code: ScanCode) -> None:
    """The carrier tells of the end of a package's way, and the worker does what follows."""
    told = Scan(code, clock.now(), "快件", "", f"{package.pk}-{code}")
    take_reports([TrackReport(package.carrier_code, package.tracking_no, (told,))])
    work()


def back(package: Package) -> None:
    scanned(package, ScanCode.TURNED_BACK)


def stock(sku: int) -> int:
    return stock_of(sku)[0]


def the_case(house: House, order_no: str) -> Any:
    (row,) = Case.objects.filter(order_no=order_no)
    return house.buyer.get(f"/aftersales/{row.case_no}")


@pytest.mark.parametrize(("asked_by", "fault"), [("buyer", "buyer"), ("shop", "merchant"), ("", "carrier")])
def test_without_a_case_one_is_opened_and_paid(house: House, asked_by: str, fault: str) -> None:
    sku = house.sku(stock=10)
    order_no = house.shipped((sku, 2))
    Package.objects.update(intercept_by=asked_by)
    assert stock(sku) == 8
    back(Package.objects.get())
    case = the_case(house, order_no)
    assert (case["state"], case["kind"], case["reason"], case["fault"]) == (
        "success",
        "return_and_refund",
        "turned_back",
        fault,
    )
    assert [event["step"] for event in case["timeline"]] == ["opened", "turned_back", "refund_done"]
    assert (case["timeline"][0]["side"], case["agreed"]["amount_minor"]) == (None, 59800)
    order = ShopOrder.objects.get()
    assert (order.state, order.refunded_minor, order.open_cases, stock(sku)) == ("refunded", 59800, 0, 10)
    assert Notice.objects.filter(person_id=house.buyer.person_id, kind="aftersale_closed").count() == 1


def test_told_twice_is_one_case(house: House) -> None:
    order_no = house.shipped()
    package = Package.objects.get()
    back(package)
    lines = tuple(package.lines.values_list("sku_id", "quantity"))
    assert take_back(turned=TurnedBack(order_no, package.pk, "", lines, clock.now())) is None
    work()
    assert (Case.objects.count(), Refund.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["merchant_review", "refused", "buyer_return", "handling"])
def test_the_buyers_case_has_its_goods_back(house: House, state: str) -> None:
    sku = house.sku()
    order_no = house.shipped((sku, 1))
    case = house.ask(order_no, "return_and_refund", "agreed", amount_minor=20000)
    if state in ("refused", "handling"):
        house.shop_does(case, "refuse", reason="shipped")
    if state == "handling":
        house.does(house.case(case), "escalate")
    if state == "buyer_return":
        house.shop_does(case, "approve")
    assert house.case(case)["state"] == state
    back(Package.objects.get())
    now = house.case(case)
    # All the goods are back, so all of the money is: not only what was asked while they were on their way.
    assert (now["state"], now["agreed"]["amount_minor"], Case.objects.count()) == ("success", 29900, 1)
    assert (ShopOrder.objects.get().refunded_minor, stock(sku)) == (29900, 10)


def test_an_exchange_is_sent_again(house: House) -> None:
    order_no = house.shipped()
    case = house.ask(order_no, "exchange", "size")
    back(Package.objects.get())
    assert house.case(case)["state"] == "merchant_ship"
    assert ShopOrder.objects.get().refunded_minor == 0


def test_goods_that_the_buyer_sends_back_are_not_those(house: House) -> None:
    """One unit is on its way back from the buyer; the other never arrived: each is paid back once."""
    sku = house.sku()
    order_no = house.paid((sku, 2))
    path = f"/shops/{house.shop.id}/orders/{order_no}/ship"
    for _ in range(2):
        house.merchant.post(path, {**tracking(), "lines": [{"sku_id": sku, "quantity": 1}]})
    case = house.ask(order_no, "no_reason_return_7d", "size", 1)
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    back(Package.objects.filter(kind="order").order_by("id")[1])
    assert house.case(case)["state"] == "merchant_confirm"
    house.shop_does(case, "confirm-return")
    work()
    assert sorted(Case.objects.values_list("state", "agreed_minor")) == [("success", 29900), ("success", 29900)]
    assert (ShopOrder.objects.get().refunded_minor, stock(sku)) == (59800, 10)


def test_a_case_about_two_packages_waits_for_both(house: House) -> None:
    sku = house.sku()
    order_no = house.paid((sku, 2))
    path = f"/shops/{house.shop.id}/orders/{order_no}/ship"
    for _ in range(2):
        house.merchant.post(path, {**tracking(), "lines": [{"sku_id": sku, "quantity": 1}]})
    case = house.ask(order_no, "refund_only", "not_received", 2)
    first, second = Package.objects.order_by("id")
    back(first)
    now = house.case(case)
    assert (now["state"], now["timeline"][-1]["step"]) == ("merchant_review", "turned_back_part")
    assert Case.objects.count() == 1
    back(second)
    assert house.case(case)["state"] == "success"
    assert (ShopOrder.objects.get().refunded_minor, stock(sku)) == (59800, 10)


def test_what_was_paid_back_before_goes_on_the_shelf_only(house: House) -> None:
    sku, other = house.sku(), house.sku()
    order_no = house.paid((sku, 1), (other, 1))
    path = f"/shops/{house.shop.id}/orders/{order_no}/ship"
    for each in (sku, other):
        house.merchant.post(path, {**tracking(), "lines": [{"sku_id": each, "quantity": 1}]})
    case = house.ask(order_no, "refund_only", "not_received", 1, 0)
    house.shop_does(case, "approve")
    work()
    assert (house.case(case)["state"], stock(sku)) == ("success", 9)
    back(Package.objects.get(lines__sku_id=sku))
    assert (Case.objects.count(), ShopOrder.objects.get().refunded_minor, stock(sku)) == (1, 29900, 10)


def test_receipt_counts_from_what_did_arrive(house: House) -> None:
    sku = house.sku()
    order_no = house.paid((sku, 2))
    path = f"/shops/{house.shop.id}/orders/{order_no}/ship"
    for _ in range(2):
        house.merchant.post(path, {**tracking(), "lines": [{"sku_id": sku, "quantity": 1}]})
    first, second = Package.objects.order_by("id")
    back(first)
    assert ShopOrder.objects.get().receive_by is None
    scanned(second, ScanCode.DELIVERED)
    order = ShopOrder.objects.get()
    assert (order.state, order.refunded_minor, order.receive_by is not None) == ("shipped", 29900, True)
    assert CaseEvent.objects.filter(step="turned_back").count() == 1


def test_nobody_may_choose_the_reason(house: House) -> None:
    order_no = house.shipped()
    body = house.body(order_no, "return_and_refund", "turned_back")
    assert house.buyer.error("POST", "/aftersales", body, status=422)["field"] == "reason"
    assert Case.objects.count() == 0
