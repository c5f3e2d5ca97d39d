"""Returns that a carrier fetches, and the insurance that pays for them once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.aftersale.models import Case
from xingqu.aftersale.tests.house import House, operator, tracking, work
from xingqu.catalogue.models import Product
from xingqu.fulfilment.carriers.simulated import carrier as party
from xingqu.fulfilment.carriers.simulated.models import SimulatedParcel
from xingqu.fulfilment.domain.pickups import pickup_slots
from xingqu.fulfilment.models import FreightCover, Package, Pickup, ShopCover
from xingqu.fulfilment.services.covers import charge_cover, pay_cover
from xingqu.fulfilment.services.watching import watch_packages
from xingqu.fulfilment.tests.conftest import carrier
from xingqu.kit import clock, signed_messages
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.services.auditing import audit
from xingqu.trade.tests.house import Caller, Wire, make_shop, send

__all__ = ["carrier"]
pytestmark = pytest.mark.django_db
POOL, CARRIER, SUBSIDY = "premium:return_freight", "freight:carrier:sf", "subsidy:platform"


@pytest.fixture
def house(carrier: Wire, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(signed_messages, "_http", lambda: carrier)
    return House()


def insured(house: House, units: int = 1) -> str:
    """A received order whose return is insured."""
    house.merchant.call("PUT", f"/shops/{house.shop.id}/freight-cover", {"all_products": True})
    return house.received((house.sku(), units))


def to_return(house: House, order_no: str, units: int = 1) -> Any:
    """A case whose goods are to be sent back."""
    case = house.ask(order_no, "return_and_refund", "agreed", units)
    house.shop_does(case, "approve")
    return house.case(case)


def offer(house: House, case: Any) -> Any:
    return house.buyer.get(f"/aftersales/{case['case_no']}/pickup")


def book(house: House, case: Any, *, status: int = 200, slot: int = 0) -> Any:
    return house.does(case, "pickup", status=status, starts_at=offer(house, case)["slots"][slot]["starts_at"])


def bring(days: float = 9) -> None:
    """The carrier moves the parcel and tells of it."""
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        watch_packages()
    with clock.frozen(clock.now() + timedelta(seconds=600 * days)):
        party.tell(send=send)
        work()


def test_slots_are_ahead() -> None:
    late = datetime.fromisoformat("2026-01-05T18:30:00+08:00")
    slots = pickup_slots(late)
    assert [slots[0][0].isoformat(), slots[-1][1].isoformat()] == [
        "2026-01-06T09:00:00+08:00",
        "2026-01-07T19:00:00+08:00",
    ]
    assert all(start >= late + timedelta(hours=1) for start, _ in slots)


def test_the_carrier_fetches_it_and_the_insurance_pays_once(house: House) -> None:
    order_no = insured(house)
    product_id = Product.objects.get().pk
    assert house.buyer.get(f"/products/{product_id}/freight-cover") == {
        "covered": True,
        "limit_minor": 1200,
        "used": False,
    }
    assert house.buyer.get(f"/orders/{order_no}/freight-cover")["limit_minor"] == 1200
    balance = f"balance:shop:{house.shop.id}"
    assert (balance_minor(account=balance), balance_minor(account=POOL)) == (-60, 60)
    case = to_return(house, order_no)
    shown = offer(house, case)
    assert (shown["price"]["amount_minor"], shown["covered"]["amount_minor"], len(shown["slots"]) > 0) == (
        1400,
        1200,
        True,
    )
    now = book(house, case)
    assert (now["state"], len(now["parcels"])) == ("merchant_confirm", 1)
    step = now["timeline"][-1]
    assert (step["step"], step["data"]["covered_minor"], step["data"]["price_minor"]) == ("return_shipped", 1200, 1400)
    assert balance_minor(account=CARRIER) == 0  # nothing has come yet
    bring()
    reference = case["case_no"]
    assert Package.objects.get(kind="return").state == "delivered"
    assert [balance_minor(account=code) for code in (POOL, CARRIER, SUBSIDY)] == [0, 1200, 1140]
    assert pay_cover(reference=reference, at=clock.now()) is False
    assert charge_cover(order_no=order_no, at=clock.now()) is False
    assert [balance_minor(account=code) for code in (POOL, CARRIER, balance)] == [0, 1200, -60]
    assert house.buyer.get(f"/orders/{order_no}/freight-cover")["used"] is True
    figures = house.merchant.get(f"/shops/{house.shop.id}/freight-cover")
    assert (figures["orders"], figures["charged_minor"], figures["paid_minor"]) == (1, 60, 1200)
    assert (check().problems, audit().difference_count) == ((), 0)
    FreightCover.objects.update(paid_minor=1100)
    kinds = sorted(row.kind for row in audit().differences.all())
    assert kinds == ["account_total", "account_total", "cover_claim"]  # the carrier's and the platform's
    FreightCover.objects.update(paid_minor=1200, premium_minor=70)
    assert audit().difference_count == 3  # the premium, and so the totals of the shop and of the pool


def test_a_second_parcel_is_not_insured(house: House) -> None:
    order_no = insured(house, 2)
    first, second = to_return(house, order_no), to_return(house, order_no)
    assert offer(house, second)["covered"]["amount_minor"] == 1200
    book(house, first)
    assert offer(house, second)["covered"]["amount_minor"] == 0
    assert book(house, second)["timeline"][-1]["data"]["covered_minor"] == 0
    bring()
    assert balance_minor(account=CARRIER) == 1200
    assert sorted(Pickup.objects.values_list("covered_minor", flat=True)) == [0, 1200]


def test_what_is_not_insured(house: House) -> None:
    order_no = house.received()
    assert FreightCover.objects.count() == 0
    assert house.buyer.get(f"/orders/{order_no}/freight-cover")["covered"] is False
    case = to_return(house, order_no)
    book(house, case)
    bring()
    assert (balance_minor(account=CARRIER), balance_minor(account=POOL)) == (0, 0)


def test_a_product_that_promises_it_is_insured_alone(house: House) -> None:
    promised, other = house.sku(), house.sku()
    Product.objects.filter(skus__id=promised).update(promises=["freight_insurance", "no_reason_return_7d"])
    order_no = house.received((promised, 1), (other, 1))
    assert FreightCover.objects.get().product_ids == [Product.objects.get(skus__id=promised).pk]
    case = house.ask(order_no, "return_and_refund", "agreed", 0, 1)
    house.shop_does(case, "approve")
    assert offer(house, case)["covered"]["amount_minor"] == 0


def test_an_order_that_never_shipped_owes_no_premium(house: House) -> None:
    house.merchant.call("PUT", f"/shops/{house.shop.id}/freight-cover", {"all_products": True})
    order_no = house.paid()
    assert FreightCover.objects.get().charged_at is None
    house.buyer.post(f"/orders/{order_no}/refund", {"reason": "x"})
    work()
    assert balance_minor(account=POOL) == 0
    assert audit().difference_count == 0


def test_terms_are_dated(house: House) -> None:
    judge = operator()
    path = "/operator/freight-cover-terms"
    page = judge.call("POST", path, {"premium_minor": 100, "limit_minor": 2500}, status=201)
    assert page["current"]["limit_minor"] == 2500
    past = {"premium_minor": 1, "limit_minor": 1, "effective_from": "2020-01-01T00:00:00Z"}
    assert judge.error("POST", path, past, status=422)["field"] == "effective_from"
    order_no = insured(house)
    judge.call("POST", path, {"premium_minor": 10, "limit_minor": 100}, status=201)
    case = to_return(house, order_no)
    assert offer(house, case)["covered"]["amount_minor"] == 1400  # as promised, within the price
    for caller in (house.buyer, house.merchant):
        assert caller.error("POST", path, past, status=404)["code"] == "not_found"
        assert caller.error("GET", path, status=404)["code"] == "not_found"


def test_a_slot_that_is_not_offered(house: House) -> None:
    order_no = insured(house)
    case = to_return(house, order_no)
    wrong = (clock.now() + timedelta(hours=5, minutes=1, seconds=7)).isoformat()
    assert house.does(case, "pickup", status=422, starts_at=wrong)["error"]["field"] == "starts_at"
    assert (Pickup.objects.count(), house.case(case)["state"]) == (0, "buyer_return")
    slot = offer(house, case)["slots"][0]["starts_at"]
    stale = {**case, "version": case["version"] + 1}
    assert house.does(stale, "pickup", status=409, starts_at=slot)["error"]["code"] == "stale_case"
    assert SimulatedParcel.objects.filter(reference=case["case_no"]).count() == 0
    stranger = Caller.new_person()
    body = {"version": case["version"], "starts_at": slot}
    assert stranger.error("POST", f"/aftersales/{case['case_no']}/pickup", body, status=404)["code"] == "not_found"
    assert stranger.error("GET", f"/aftersales/{case['case_no']}/pickup", status=404)["code"] == "not_found"
    house.does(case, "ship-return", **tracking())
    assert house.does(house.case(case), "pickup", status=409, starts_at=slot)["error"]["code"] == "wrong_case_state"


def test_a_carrier_that_is_away(house: House, carrier: Wire) -> None:
    order_no = insured(house)
    case = to_return(house, order_no)
    slot = offer(house, case)["slots"][0]["starts_at"]
    carrier.down = True
    assert offer(house, case) is None
    assert house.does(case, "pickup", status=503, starts_at=slot)["error"]["code"] == "carrier_away"
    carrier.down = False
    assert house.does(case, "pickup", starts_at=slot)["state"] == "merchant_confirm"


def test_an_instant_refund_waits_for_goods_that_nobody_has_fetched(house: House) -> None:
    order_no = insured(house)
    case = to_return(house, order_no)
    Case.objects.update(instant=True)
    assert book(house, case)["state"] == "merchant_confirm"


def test_settings_are_the_shops_own(house: House) -> None:
    other = make_shop().member()
    path = f"/shops/{house.shop.id}/freight-cover"
    assert other.error("GET", path, status=404)["code"] == "not_found"
    assert other.error("PUT", path, {"all_products": True}, status=404)["code"] == "not_found"
    assert ShopCover.objects.count() == 0
    order_no = insured(house)
    stranger = Caller.new_person()
    assert stranger.error("GET", f"/orders/{order_no}/freight-cover", status=404)["code"] == "not_found"


def test_the_database_keeps_the_limits(house: House) -> None:
    insured(house)
    cover = FreightCover.objects.get()
    for changes in ({"paid_minor": 1}, {"paid_minor": 1201, "used_by": "x", "paid_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FreightCover.objects.filter(pk=cover.pk).update(**changes)
