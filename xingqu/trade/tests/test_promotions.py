"""Promotions from the merchant's hand to the books: claimed, quoted, locked, paid, given back."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.catalogue.models import Sku
from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.models import CouponUse, FlashQuota, FlashSaleItem
from xingqu.programmes.services import note_customer
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, deliver, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db


def at(**ahead: float) -> str:
    return (clock.now() + timedelta(**ahead)).isoformat()


def coupon_body(**changes: Any) -> dict[str, Any]:
    body = {
        "name": "满200减30",
        "kind": "fixed",
        "threshold_minor": 20_000,
        "discount_minor": 3_000,
        "stock": 5,
        "claim_from": at(hours=-1),
        "claim_until": at(days=1),
        "valid_days": 7,
    }
    return {**body, **changes}


def offer_coupon(shop: Shop, **changes: Any) -> int:
    return int(shop.member().post(f"/shops/{shop.id}/coupons", coupon_body(**changes), status=201)["id"])


def operator() -> Caller:
    from xingqu.accounts.services import create_person

    person_id = create_person(email="operator@platform.example", password=None, is_operator=True)
    return Caller.signed_in(person_id)


def flash_units() -> int:
    """Units of the one flash item in orders that stand."""
    campaign = flash_campaign(FlashSaleItem.objects.get().pk)
    return sum(allotments_of(campaigns=[campaign])[campaign][1:])


def offer_flash(shop: Shop, sku: int, **changes: Any) -> int:
    item = {"sku_id": sku, "price_minor": 9_900, "allotment": 2, "limit_per_person": 1, **changes}
    body = {"name": "秒杀", "starts_at": at(minutes=-1), "ends_at": at(hours=1), "items": [item]}
    return int(shop.member().post(f"/shops/{shop.id}/flash-sales", body, status=201)[0]["id"])


def offer_full_reduction(shop: Shop) -> None:
    steps = [
        {"threshold_minor": 20_000, "reduction_minor": 2_000},
        {"threshold_minor": 50_000, "reduction_minor": 8_000},
    ]
    body = {"name": "满减", "starts_at": at(minutes=-1), "ends_at": at(hours=1), "steps": steps}
    shop.member().post(f"/shops/{shop.id}/full-reductions", body, status=201)


def claim(buyer: Caller, coupon_id: int) -> None:
    buyer.post(f"/coupons/{coupon_id}/claim", status=201)


def payable(quote: dict[str, Any]) -> int:
    return int(quote["payable"]["amount_minor"])


def test_from_claim_to_the_merchants_money(buyer: Caller, shop: Shop, sku: int) -> None:
    offer_full_reduction(shop)
    mine = offer_coupon(shop)
    platform = operator().post("/platform/coupons", coupon_body(discount_minor=1_000), status=201)["id"]
    for coupon_id in (mine, platform):
        claim(buyer, coupon_id)
    quote = buyer.quote((sku, 1))
    # 299.00 − 20.00 (full-reduction) − 30.00 (shop) − 10.00 (platform)
    assert payable(quote) == 23_900
    shop_quote = quote["shops"][0]
    assert [(d["kind"], d["payer"], d["amount"]["amount_minor"]) for d in shop_quote["discounts"]] == [
        ("full_reduction", "merchant", 2_000),
        ("shop_coupon", "merchant", 3_000),
    ]
    assert [(d["kind"], d["payer"], d["amount"]["amount_minor"]) for d in quote["discounts"]] == [
        ("platform_coupon", "platform", 1_000)
    ]
    assert [(h["code"], h["data"]["missing"]["amount_minor"]) for h in quote["hints"]] == [
        ("full_reduction_next", 20_100)
    ]
    order_no = buyer.checkout(quote["quote_token"])["shop_orders"][0]["order_no"]
    assert [c["state"] for c in buyer.get("/me/coupons?tab=used")["items"]] == ["locked", "locked"]
    buyer.pay(order_no)
    line = OrderLine.objects.get()
    assert (line.discount_minor, [part["amount_minor"] for part in line.discounts]) == (6_000, [2_000, 3_000, 1_000])
    assert balance_minor(account="provider:sandbox") == 23_900
    assert balance_minor(account="subsidy:platform") == 1_000
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 24_900
    amounts = [(a["code"], a["amount"]["amount_minor"]) for a in buyer.get(f"/orders/{order_no}")["amounts"]]
    assert amounts == [
        ("goods", 29_900),
        ("freight", 0),
        ("full_reduction", -2_000),
        ("shop_coupon", -3_000),
        ("platform_coupon", -1_000),
    ]
    shop.member().post(
        f"/shops/{shop.id}/orders/{order_no}/ship", {"carrier_code": "sf", "tracking_no": "SF123456789012"}
    )
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    earned = balance_minor(account=f"receivable:shop:{shop.id}") + balance_minor(account="fee:tech_service")
    assert earned == 24_900
    assert check().problems == ()
    listed = shop.member().get(f"/shops/{shop.id}/coupons")[0]
    assert (listed["claimed"], listed["used"], listed["cost"]["amount_minor"]) == (1, 1, 3_000)


def test_the_buyer_may_pick_another_coupon_or_none(buyer: Caller, shop: Shop, sku: int) -> None:
    best, other = offer_coupon(shop), offer_coupon(shop, discount_minor=1_000, name="满200减10")
    for coupon_id in (best, other):
        claim(buyer, coupon_id)
    quote = buyer.quote((sku, 1))
    options = {option["name"]: option for option in quote["shops"][0]["coupons"]}
    assert {name: (o["used"], o["saves"]["amount_minor"]) for name, o in options.items()} == {
        "满200减30": (True, 3_000),
        "满200减10": (False, 1_000),
    }
    lines = [{"sku_id": sku, "quantity": 1}]
    picked = [options["满200减10"]["claimed_id"]]
    assert payable(buyer.post("/checkout/quote", {"lines": lines, "coupon_ids": picked})) == 28_900
    assert payable(buyer.post("/checkout/quote", {"lines": lines, "coupon_ids": []})) == 29_900
    body = {"lines": lines, "coupon_ids": picked, "address_id": buyer.address_id()}
    assert buyer.checkout(buyer.post("/checkout/quote", body)["quote_token"])["payable"]["amount_minor"] == 28_900


def test_a_better_coupon_claimed_later_does_not_change_a_quote(buyer: Caller, shop: Shop, sku: int) -> None:
    token = buyer.quote((sku, 1))["quote_token"]
    claim(buyer, offer_coupon(shop))
    assert buyer.checkout(token)["payable"]["amount_minor"] == 29_900


def test_one_coupon_in_two_tabs_pays_once(buyer: Caller, shop: Shop, sku: int) -> None:
    claim(buyer, offer_coupon(shop))
    first, second = buyer.quote((sku, 1))["quote_token"], buyer.quote((sku, 1))["quote_token"]
    buyer.checkout(first)
    error = buyer.checkout(second, status=409)["error"]
    assert (error["code"], error["data"]["reason"]) == ("price_changed", "price")
    assert error["data"]["quote"]["payable"]["amount_minor"] == 29_900
    assert ShopOrder.objects.count() == 1
    assert stock_of(sku) == (10, 1)


def test_a_coupon_lost_between_look_and_lock_is_asked(buyer: Caller, shop: Shop, sku: int, monkeypatch) -> None:
    from xingqu.programmes.services import ProgrammeGone
    from xingqu.trade.services import checkout

    claim(buyer, offer_coupon(shop))
    token = buyer.quote((sku, 1))["quote_token"]

    def too_late(**_: Any) -> None:
        raise ProgrammeGone

    monkeypatch.setattr(checkout, "take_programmes", too_late)
    assert buyer.checkout(token, status=409)["error"]["code"] == "price_changed"
    assert (ShopOrder.objects.count(), CouponUse.objects.count(), stock_of(sku)) == (0, 0, (10, 0))


@pytest.mark.parametrize("how", ["cancel", "timeout"])
def test_an_order_that_ends_unpaid_gives_all_back(buyer: Caller, shop: Shop, sku: int, how: str, settings) -> None:
    other = make_sku(shop)
    offer_flash(shop, other)
    claim(buyer, offer_coupon(shop))
    order = buyer.order((sku, 1), (other, 1))
    assert flash_units() == 1
    if how == "cancel":
        buyer.post(f"/orders/{order['order_no']}/cancel", {})
    else:
        with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
            assert expire_unpaid() == 1
    assert (flash_units(), FlashQuota.objects.get().taken) == (0, 0)
    assert list(CouponUse.objects.values_list("state", flat=True)) == ["released"]
    assert payable(buyer.quote((sku, 1), (other, 1))) == 29_900 - 3_000 + 9_900


def test_a_refund_gives_back_what_was_paid_and_the_discounts(buyer: Caller, shop: Shop, sku: int) -> None:
    elsewhere = make_sku(make_shop(), price_minor=10_000)
    claim(buyer, offer_coupon(shop))
    claim(buyer, operator().post("/platform/coupons", coupon_body(discount_minor=1_000), status=201)["id"])
    parent = buyer.order((sku, 1), (elsewhere, 1))
    buyer.pay(parent["order_no"])
    first, second = (part["order_no"] for part in parent["shop_orders"])
    paid = {row.order_no: row.payable_minor for row in ShopOrder.objects.all()}
    assert sum(paid.values()) == 39_900 - 3_000 - 1_000
    buyer.post(f"/orders/{first}/refund", {"reason": "不要了"})
    deliver()
    assert finish_refunds() == 1
    assert balance_minor(account="provider:sandbox") == paid[second]
    # The shop's coupon is free again, the platform's goes on for what remains bought.
    states = dict(CouponUse.objects.values_list("shop_id", "state"))
    assert states == {shop.id: "released", None: "used"}
    buyer.post(f"/orders/{second}/refund", {"reason": "不要了"})
    assert finish_refunds() == 1
    assert dict(CouponUse.objects.values_list("shop_id", "state")) == {shop.id: "released", None: "released"}
    for account in ("provider:sandbox", "subsidy:platform", f"escrow:shop:{shop.id}"):
        assert balance_minor(account=account) == 0
    assert check().problems == ()


def test_a_late_payment_takes_its_discounts_again_or_goes_back(buyer: Caller, shop: Shop, sku: int, settings) -> None:
    offer_flash(shop, sku, allotment=1)
    order = buyer.order((sku, 1))
    started = buyer.start_payment(order["order_no"])
    after = timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)
    with clock.frozen(clock.now() + after):
        expire_unpaid()
    rival = Caller.new_person()
    rival.order((sku, 1))
    buyer.confirm(started["redirect_url"])
    deliver()
    assert ShopOrder.objects.get(parent__order_no=order["order_no"]).state == "cancelled"
    assert balance_minor(account="unapplied:buyers") == 9_900
    assert flash_units() == 1
    assert check().problems == ()


def test_a_late_payment_whose_coupon_pays_for_another_order_goes_back(
    buyer: Caller, shop: Shop, sku: int, settings
) -> None:
    claim(buyer, offer_coupon(shop))
    late = buyer.order((sku, 1))["order_no"]
    started = buyer.start_payment(late)
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
        expire_unpaid()
    paid = buyer.buy((sku, 1))
    buyer.confirm(started["redirect_url"])
    deliver()
    assert ShopOrder.objects.get(parent__order_no=late).state == "cancelled"
    assert ShopOrder.objects.get(order_no=paid).payable_minor == 26_900
    assert balance_minor(account="unapplied:buyers") == 26_900
    assert sorted(CouponUse.objects.values_list("state", flat=True)) == ["released", "used"]
    assert stock_of(sku) == (9, 0)
    assert check().problems == ()


def test_a_late_payment_finds_its_discounts_still_there(buyer: Caller, shop: Shop, sku: int, settings) -> None:
    offer_flash(shop, sku, allotment=1)
    order = buyer.order((sku, 1))
    started = buyer.start_payment(order["order_no"])
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
        expire_unpaid()
    assert flash_units() == 0
    buyer.confirm(started["redirect_url"])
    deliver()
    assert ShopOrder.objects.get().state == "paid"
    assert (flash_units(), FlashQuota.objects.get().taken) == (1, 1)


def test_a_flash_price_by_person_and_allotment(shop: Shop, sku: int, guest: Caller) -> None:
    offer_flash(shop, sku)
    first, second, third = (Caller.new_person() for _ in range(3))
    assert first.get(f"/flash-prices?product_id={Sku.objects.get(pk=sku).product_id}")[0]["left"] == 2
    token = third.quote((sku, 1))["quote_token"]
    assert payable(first.quote((sku, 1))) == 9_900
    first.order((sku, 1))
    again = first.quote((sku, 1))
    assert (payable(again), again["hints"][0]["code"]) == (29_900, "flash_limit")
    assert second.order((sku, 1))["payable"]["amount_minor"] == 9_900
    error = third.checkout(token, status=409)["error"]
    assert (error["code"], error["data"]["quote"]["hints"][0]["code"]) == ("price_changed", "flash_gone")
    assert flash_units() == 2
    # A guest is no person that could be counted.
    asked = guest.quote((sku, 1))
    assert (payable(asked), asked["hints"][0]["code"]) == (29_900, "sign_in")


def test_a_flash_sale_that_is_paused_or_over_is_no_price(buyer: Caller, shop: Shop, sku: int) -> None:
    sale = offer_flash(shop, sku)
    token = buyer.quote((sku, 1))["quote_token"]
    shop.member().call("PATCH", f"/shops/{shop.id}/flash-sales/{sale}", {"state": "paused"})
    assert buyer.checkout(token, status=409)["error"]["code"] == "price_changed"
    shop.member().call("PATCH", f"/shops/{shop.id}/flash-sales/{sale}", {"state": "running"})
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert payable(buyer.quote((sku, 1))) == 29_900
    assert flash_units() == 0


def test_newcomers_coupons(buyer: Caller, shop: Shop, sku: int) -> None:
    claim(buyer, offer_coupon(shop, audience="new_customer"))
    assert payable(buyer.quote((sku, 1))) == 26_900
    note_customer(person_id=buyer.person_id or 0, shop_id=shop.id)
    quote = buyer.quote((sku, 1))
    assert payable(quote) == 29_900
    assert quote["shops"][0]["coupons"][0]["reason"] == "new_customer_only"


def test_who_has_bought_claims_no_newcomers_coupon(buyer: Caller, shop: Shop) -> None:
    coupon_id = offer_coupon(shop, audience="new_customer")
    note_customer(person_id=buyer.person_id or 0, shop_id=shop.id)
    error = buyer.error("POST", f"/coupons/{coupon_id}/claim", status=409)
    assert (error["code"], error["data"]) == ("coupon_not_claimable", {"reason": "new_customer_only"})
    assert buyer.get("/me/coupons")["items"] == []
    assert Caller.new_person().get(f"/coupons/on-offer?shop_id={shop.id}")[0]["left"] == 5


def test_a_guest_must_sign_in_to_claim(guest: Caller, shop: Shop) -> None:
    coupon_id = offer_coupon(shop)
    assert guest.error("POST", f"/coupons/{coupon_id}/claim", status=401)["code"] == "sign_in_required"
    assert guest.get(f"/coupons/on-offer?shop_id={shop.id}")[0]["left"] == 5


def test_anothers_shop_and_the_platform_are_closed(buyer: Caller, shop: Shop, sku: int) -> None:
    stranger = make_shop().member()
    coupon_id = offer_coupon(shop)
    stranger.call("PATCH", f"/shops/{shop.id}/coupons/{coupon_id}", {"state": "ended"}, status=404)
    stranger.post(f"/shops/{shop.id}/coupons", coupon_body(), status=404)
    shop.member().post("/platform/coupons", coupon_body(), status=404)
    other = make_shop()
    item = {"sku_id": sku, "price_minor": 100, "allotment": 1}
    body = {"name": "x", "starts_at": at(), "ends_at": at(hours=1), "items": [item]}
    assert other.member().post(f"/shops/{other.id}/flash-sales", body, status=422)["error"]["field"] == "items"
    claimed_by_another = Caller.new_person()
    claim(claimed_by_another, coupon_id)
    claimed_id = claimed_by_another.get("/me/coupons")["items"][0]["claimed_id"]
    lines = [{"sku_id": sku, "quantity": 1}]
    quote = buyer.post("/checkout/quote", {"lines": lines, "coupon_ids": [claimed_id]})
    assert payable(quote) == 29_900
    assert quote["shops"][0]["coupons"] == []


def test_two_flash_sales_of_one_sku_do_not_overlap(shop: Shop, sku: int) -> None:
    offer_flash(shop, sku)
    item = {"sku_id": sku, "price_minor": 100, "allotment": 1}
    body = {"name": "x", "starts_at": at(), "ends_at": at(hours=1), "items": [item]}
    error = shop.member().post(f"/shops/{shop.id}/flash-sales", body, status=409)["error"]
    assert (error["code"], error["data"]["sku_ids"]) == ("flash_sale_overlaps", [sku])
    assert FlashSaleItem.objects.count() == 1
