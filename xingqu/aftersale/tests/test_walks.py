"""Each kind of after-sale through HTTP to its end, with the money, the units and the order's settlement at the end of it."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.aftersale.models import Case
from xingqu.aftersale.services import parcel_delivered, timers
from xingqu.aftersale.tests.house import House, operator, pass_time, tracking, work
from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.tests.house import stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> House:
    return House()


def paid_back(order_no: str) -> int:
    return int(ShopOrder.objects.get(order_no=order_no).refunded_minor)


def assert_over(case: Any, house: House, state: str = "success") -> None:
    now = house.case(case)
    assert (now["state"], now["can"], now["next_step"]["who"]) == (state, [], None)
    assert ShopOrder.objects.get(order_no=case["order_no"]).open_cases == 0


def test_pre_ship_of_an_unshipped_order_is_granted_at_once(house: House) -> None:
    sku = house.sku()
    order_no = house.paid((sku, 2))
    case = house.ask(order_no, "pre_ship", "changed_mind")
    assert (case["state"], case["agreed"]["amount_minor"]) == ("refunding", 59800)
    assert [entry["step"] for entry in case["timeline"]] == ["opened", "auto_approved"]
    assert ShopOrder.objects.get(order_no=order_no).open_cases == 1
    work()
    assert_over(case, house)
    order = ShopOrder.objects.get(order_no=order_no)
    assert (order.state, order.refunded_minor) == ("refunded", 59800)
    assert stock_of(sku) == (10, 0)


def test_pre_ship_of_some_units_lets_the_rest_go(house: House) -> None:
    order_no = house.paid((house.sku(), 3))
    case = house.ask(order_no, "pre_ship", "wrong_choice", 1)
    work()
    assert_over(case, house)
    assert paid_back(order_no) == 29900
    order = ShopOrder.objects.get(order_no=order_no)
    assert (order.state, order.shipping_stopped_at) == ("paid", None)
    house.merchant.post(f"/shops/{house.shop.id}/orders/{order_no}/ship", tracking())
    assert OrderLine.objects.get(order=order).shipped_quantity == 2


def test_pre_ship_gives_all_of_it_back_whatever_amount_was_asked_for(house: House) -> None:
    order_no = house.paid((house.sku(), 2))
    case = house.ask(order_no, "pre_ship", "changed_mind", amount_minor=1)
    assert (case["asked"]["amount_minor"], case["agreed"]["amount_minor"]) == (59800, 59800)
    work()
    assert_over(case, house)
    order = ShopOrder.objects.get(order_no=order_no)
    assert (order.state, order.refunded_minor) == ("refunded", 59800)


def test_pre_ship_unit_by_unit_ends_with_the_freight(house: House) -> None:
    """The second case opens while the money of the first is on its way: the freight is nobody's then."""
    house.merchant.call("PUT", f"/shops/{house.shop.id}/freight", {"base_minor": 800, "remote_extra_minor": 0})
    order_no = house.paid((house.sku(), 2))
    first = house.ask(order_no, "pre_ship", "wrong_choice", 1)
    second = house.ask(order_no, "pre_ship", "wrong_choice", 1)
    assert [case["agreed"]["amount_minor"] for case in (first, second)] == [29900, 30700]
    assert ShopOrder.objects.get(order_no=order_no).state == "refunding"
    work()
    assert_over(first, house)
    assert_over(second, house)
    order = ShopOrder.objects.get(order_no=order_no)
    assert (order.state, order.refunded_minor, order.payable_minor) == ("refunded", 60600, 60600)


def test_pre_ship_waits_for_the_merchant_when_something_was_shipped(house: House) -> None:
    sku = house.sku()
    order_no = house.paid((sku, 3))
    body = {**tracking(), "lines": [{"sku_id": sku, "quantity": 1}]}
    house.merchant.post(f"/shops/{house.shop.id}/orders/{order_no}/ship", body)
    case = house.ask(order_no, "pre_ship", "late", 2)
    assert case["state"] == "merchant_review"
    refused = house.merchant.error("POST", f"/shops/{house.shop.id}/orders/{order_no}/ship", tracking(), status=409)
    assert refused["code"] == "wrong_state"
    # Refused: the goods may go; asked again: they may not.
    house.shop_does(case, "refuse", reason="shipped")
    assert ShopOrder.objects.get(order_no=order_no).shipping_stopped_at is None
    house.does(house.case(case), "change", reason="late")
    assert ShopOrder.objects.get(order_no=order_no).shipping_stopped_at is not None
    house.shop_does(case, "approve")
    work()
    assert_over(case, house)
    assert (paid_back(order_no), ShopOrder.objects.get(order_no=order_no).state) == (59800, "shipped")


def test_refund_only_with_a_smaller_offer(house: House) -> None:
    order_no = house.received((house.sku(), 1))
    case = house.ask(order_no, "refund_only", "quality", amount_minor=10000, picture_ids=[house.upload(order_no)])
    offered = house.shop_does(case, "offer", amount_minor=4000, text="补偿 40 元可以吗")
    assert (offered["state"], offered["offered"]["amount_minor"]) == ("offered", 4000)
    declined = house.does(house.case(case), "answer-offer", accept=False)
    assert (declined["state"], declined["offered"]) == ("merchant_review", None)
    house.shop_does(case, "offer", amount_minor=6000)
    house.does(house.case(case), "answer-offer", accept=True)
    work()
    assert_over(case, house)
    assert (paid_back(order_no), house.case(case)["fault"]) == (6000, "merchant")
    assert ShopOrder.objects.get(order_no=order_no).state == "done"


def test_return_and_refund(house: House) -> None:
    sku = house.sku()
    order_no = house.received((sku, 2))
    case = house.ask(order_no, "return_and_refund", "wrong_item", 1, picture_ids=[house.upload(order_no)])
    assert (case["asked"]["amount_minor"], case["freight_payer"]) == (29900, "merchant")
    assert case["path"] == ["merchant_review", "buyer_return", "merchant_confirm", "refunding", "success"]
    approved = house.shop_does(case, "approve")
    assert (approved["state"], approved["return_address"]["recipient"]) == ("buyer_return", "退货组")
    sent = house.does(house.case(case), "ship-return", **tracking())
    assert (sent["state"], sent["parcels"][0]["kind"]) == ("merchant_confirm", "return")
    house.shop_does(case, "confirm-return")
    work()
    assert_over(case, house)
    assert (paid_back(order_no), stock_of(sku)) == (29900, (9, 0))


def test_no_reason_return_within_seven_days(house: House) -> None:
    sku = house.sku()
    order_no = house.received((sku, 1))
    case = house.ask(order_no, "no_reason_return_7d", "size")
    assert case["freight_payer"] == "buyer"
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    pass_time(days=11)  # the merchant does not answer: the time-out refunds
    assert_over(case, house)
    assert (paid_back(order_no), stock_of(sku), house.case(case)["fault"]) == (29900, (10, 0), "buyer")
    assert ShopOrder.objects.get(order_no=order_no).state == "refunded"


@pytest.mark.parametrize("kind", ["exchange", "repair"])
def test_goods_go_back_and_others_come(house: House, kind: str) -> None:
    order_no = house.received()
    case = house.ask(order_no, kind, "quality", picture_ids=[house.upload(order_no)])
    assert (case["pays_back"], case["asked"]["amount_minor"]) == (False, 0)
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    assert house.shop_does(case, "confirm-return")["state"] == "merchant_ship"
    sent = house.shop_does(case, "ship-replacement", **tracking())
    assert [parcel["kind"] for parcel in sent["parcels"]] == ["return", kind]
    house.does(house.case(case), "confirm-replacement")
    assert_over(case, house)
    assert (paid_back(order_no), house.case(case)["refund_no"]) == (0, "")


def test_exchange_that_is_not_sent_becomes_a_refund(house: House) -> None:
    sku = house.sku()
    order_no = house.received((sku, 1))
    case = house.ask(order_no, "exchange", "size")
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    house.shop_does(case, "confirm-return")
    pass_time(days=4)
    assert_over(case, house)
    assert (paid_back(order_no), stock_of(sku), house.case(case)["fault"]) == (29900, (10, 0), "merchant")


def test_resend(house: House) -> None:
    order_no = house.shipped()
    case = house.ask(order_no, "resend", "missing_parts", picture_ids=[house.upload(order_no)], received=True)
    assert house.shop_does(case, "approve")["state"] == "merchant_ship"
    house.shop_does(case, "ship-replacement", **tracking())
    pass_time(days=11)  # the buyer does not answer: it has come
    assert_over(case, house)
    assert paid_back(order_no) == 0


def test_price_protection_pays_the_difference_at_once(house: House) -> None:
    sku = house.sku()
    order_no = house.received((sku, 2))
    nothing = house.buyer.error(
        "POST", "/aftersales", house.body(order_no, "price_protection", "price_fell"), status=409
    )
    assert nothing["code"] == "nothing_to_refund"
    Sku.objects.filter(pk=sku).update(price_minor=24900)
    case = house.ask(order_no, "price_protection", "price_fell")
    assert (case["state"], case["agreed"]["amount_minor"]) == ("refunding", 10000)
    work()
    assert_over(case, house)
    assert paid_back(order_no) == 10000
    again = house.buyer.error("POST", "/aftersales", house.body(order_no, "price_protection", "price_fell"), status=409)
    assert again["code"] == "nothing_to_refund"


def test_arbitration_from_a_refusal_to_a_verdict_for_the_buyer(house: House) -> None:
    judge = operator()
    order_no = house.received((house.sku(), 1))
    case = house.ask(order_no, "refund_only", "damaged", picture_ids=[house.upload(order_no)])
    house.shop_does(case, "refuse", reason="not_our_fault", text="外包装完好")
    raised = house.does(house.case(case), "escalate", text="拆开就是碎的")
    assert (raised["state"], raised["next_step"]["who"], raised["rounds"][0]["verdict"]) == (
        "handling",
        "platform",
        None,
    )
    house.platform_does(judge, case, "take")
    asked = house.platform_does(judge, case, "ask-evidence", text="请提供出库照片")
    assert (asked["state"], asked["next_step"]["who"]) == ("merchant_evidence", "merchant")
    house.shop_does(case, "submit-evidence", text="出库视频截图", picture_ids=[house.shop_upload(case["case_no"])])
    decided = house.platform_does(
        judge,
        case,
        "decide",
        outcome="buyer_wins",
        clause="delivery_risk",
        fault="carrier",
        amount_minor=20000,
        text="签收前的损坏由出卖人承担",
    )
    assert decided["state"] == "refunding"
    work()
    assert_over(case, house)
    end = house.case(case)
    assert (paid_back(order_no), end["fault"]) == (20000, "carrier")
    verdict = end["rounds"][0]
    assert (verdict["verdict"], verdict["clause"], verdict["amount"]["amount_minor"]) == (
        "buyer_wins",
        "delivery_risk",
        20000,
    )
    assert verdict["clause_text"].startswith("《民法典》")


def test_arbitration_for_the_seller_of_a_disputed_return(house: House) -> None:
    judge = operator()
    order_no = house.received()
    case = house.ask(order_no, "no_reason_return_7d", "colour")
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    disputed = house.shop_does(case, "dispute-return", reason="damaged_by_buyer", text="有穿着痕迹")
    assert disputed["state"] == "handling"
    house.platform_does(judge, case, "negotiate", text="建议商家折价退款")
    house.platform_does(
        judge, case, "decide", outcome="seller_wins", clause="buyer_use", fault="buyer", text="照片可见磨损"
    )
    assert_over(case, house, "closed")
    end = house.case(case)
    assert (end["fault"], end["close_reason"], paid_back(order_no)) == ("buyer", "seller_wins", 0)


def test_the_silence_of_each_side(house: House) -> None:
    """Time-outs: review -> granted; return -> closed; refusal that nobody answers -> closed; offer -> taken."""
    first, second, third, fourth = (house.received((house.sku(), 1)) for _ in range(4))
    granted = house.ask(first, "refund_only", "agreed", amount_minor=25000)
    returning = house.ask(second, "no_reason_return_7d", "size")
    refused = house.ask(third, "refund_only", "agreed")
    offered = house.ask(fourth, "refund_only", "agreed", amount_minor=22000)
    house.shop_does(returning, "approve")
    house.shop_does(refused, "refuse", reason="no_evidence")
    house.shop_does(offered, "offer", amount_minor=3000)
    pass_time(days=8)
    assert [house.case(case)["state"] for case in (granted, returning, refused, offered)] == [
        "success",
        "closed",
        "closed",
        "success",
    ]
    assert [paid_back(number) for number in (first, second, third, fourth)] == [25000, 0, 0, 3000]
    assert house.case(returning)["close_reason"] == "return_timeout"


def test_instant_refund_of_a_buyer_in_good_standing(house: House) -> None:
    sku = house.sku(price_minor=9900, stock=50)
    for _ in range(2):
        house.received((sku, 1))
    order_no = house.received((sku, 1))
    case = house.ask(order_no, "no_reason_return_7d", "size")
    assert (case["state"], case["instant"]) == ("buyer_return", True)
    assert house.does(case, "ship-return", **tracking())["state"] == "refunding"
    work()
    assert_over(case, house)
    assert paid_back(order_no) == 9900
    # Above the amount the merchant looks first.
    dear = house.received((house.sku(price_minor=20100), 1))
    assert house.ask(dear, "no_reason_return_7d", "size")["state"] == "merchant_review"


def test_a_parcel_that_arrives_shortens_the_merchants_time(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "no_reason_return_7d", "size")
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    now = clock.now()
    assert parcel_delivered(reference=case["case_no"], kind="return", at=now) is True
    assert parcel_delivered(reference=case["case_no"], kind="return", at=now) is False
    row = Case.objects.get(case_no=case["case_no"])
    assert row.due_at == now + timedelta(days=2)
    assert house.case(case)["timeline"][-1]["step"] == "parcel_delivered"


def test_an_exchange_of_units_whose_money_is_back_already_comes_to_an_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The merchant does not answer, goods can't go back, and of their money nothing is left: found by the soak."""
    monkeypatch.setattr(timers, "return_address_of", lambda **_: None)
    order_no = house.received((house.sku(), 1), (house.sku(), 1))
    refund = house.ask(order_no, "refund_only", "agreed", 1)
    house.shop_does(refund, "approve")
    work()
    assert paid_back(order_no) == 29900
    case = house.ask(order_no, "exchange", "size", 1)
    pass_time(days=3)
    pass_time(days=3, minutes=1)
    assert_over(case, house)
    now = house.case(case)
    assert [entry["step"] for entry in now["timeline"]] == ["opened", "review_timeout", "refund_done"]
    assert (now["agreed"]["amount_minor"], paid_back(order_no)) == (0, 29900)
