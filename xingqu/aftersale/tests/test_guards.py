"""What must not happen: each guard of after-sale, and that a refusal changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.aftersale.domain.rules import Rules
from xingqu.aftersale.models import Case, CaseEvent, CasePicture
from xingqu.aftersale.services import run_due, sweep_pictures
from xingqu.aftersale.services.timers import time_out
from xingqu.aftersale.tests.house import House, operator, pass_time, tracking, work
from xingqu.catalogue.models import Product, Sku
from xingqu.fulfilment.models import ShopAddress
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.private_files import open_private
from xingqu.trade.models import OrderLine, Refund, ShopOrder
from xingqu.trade.tests.house import API, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> House:
    return House()


def everything() -> tuple[Any, ...]:
    """What a refusal must leave as it is."""
    cases = list(Case.objects.order_by("id").values_list("case_no", "state", "version", "agreed_minor", "due_at"))
    return cases, CaseEvent.objects.count(), Refund.objects.count(), list(ShopOrder.objects.values_list("open_cases"))


def refused(house: House, order_no: str, kind: str, reason: str, *units: int, status: int = 409, **fields: Any) -> Any:
    before = everything()
    error = house.buyer.error(
        "POST", "/aftersales", house.body(order_no, kind, reason, *units, **fields), status=status
    )
    assert everything() == before
    return error


def test_units_are_in_one_open_case_only(house: House) -> None:
    order_no = house.received((house.sku(), 3))
    house.ask(order_no, "refund_only", "agreed", 2)
    error = refused(house, order_no, "exchange", "size", 2)
    assert (error["code"], error["data"]["free"]) == ("units_taken", 1)
    second = house.ask(order_no, "exchange", "size", 1)
    assert refused(house, order_no, "return_and_refund", "agreed", 1)["code"] == "units_taken"
    house.does(second, "withdraw")
    assert house.ask(order_no, "refund_only", "agreed", 1)["state"] == "merchant_review"


def test_units_that_went_back_are_gone(house: House) -> None:
    order_no = house.received((house.sku(), 2))
    case = house.ask(order_no, "no_reason_return_7d", "size", 1)
    house.shop_does(case, "approve")
    house.does(house.case(case), "ship-return", **tracking())
    house.shop_does(case, "confirm-return")
    assert refused(house, order_no, "exchange", "size", 2)["data"]["free"] == 1  # the refund is on its way
    work()
    assert refused(house, order_no, "exchange", "size", 2)["data"]["free"] == 1


def test_no_more_goes_back_than_was_paid(house: House) -> None:
    order_no = house.received((house.sku(price_minor=10001), 3))
    error = refused(house, order_no, "refund_only", "agreed", 1, status=422, amount_minor=10002)
    assert (error["code"], error["data"]["max_minor"]) == ("amount_too_high", 10001)
    assert refused(house, order_no, "refund_only", "agreed", status=422, amount_minor=0)["code"] == "invalid_input"
    first = house.ask(order_no, "refund_only", "agreed", 3, amount_minor=30000)
    house.shop_does(first, "approve")
    work()
    second = house.ask(order_no, "refund_only", "agreed", 3)
    assert second["asked"]["amount_minor"] == 3
    house.shop_does(second, "approve")
    work()
    assert refused(house, order_no, "refund_only", "agreed", 1)["code"] == "kind_not_allowed"  # nothing of it is left
    assert ShopOrder.objects.get().refunded_minor == 30003


def test_money_that_waits_in_a_case_is_not_promised_twice(house: House) -> None:
    sku = house.sku(price_minor=10000)
    order_no = house.received((sku, 2))
    Sku.objects.filter(pk=sku).update(price_minor=6000)
    protected = house.ask(order_no, "price_protection", "price_fell")
    work()
    assert house.case(protected)["agreed"]["amount_minor"] == 8000
    house.ask(order_no, "refund_only", "agreed", 1)  # its unit's share of 10000 is still there ...
    error = refused(house, order_no, "refund_only", "agreed", 1, status=422, amount_minor=2001)
    assert (error["code"], error["data"]["max_minor"]) == ("amount_too_high", 2000)  # ... and leaves this much


@pytest.mark.parametrize(
    ("kind", "reason", "state", "why"),
    [
        ("refund_only", "agreed", "paid", "state"),
        ("pre_ship", "changed_mind", "shipped", "state"),
        ("repair", "worn", "shipped", "state"),
        ("no_reason_return_7d", "size", "unpromised", "promise"),
        ("refund_only", "agreed", "late", "window"),
    ],
)
def test_kinds_are_for_their_time(house: House, kind: str, reason: str, state: str, why: str) -> None:
    order_no = {"paid": house.paid, "shipped": house.shipped}.get(state, house.received)()
    if state == "unpromised":
        Product.objects.update(promises=[])
    if state == "late":
        ShopOrder.objects.update(done_at=clock.now() - timedelta(days=15))
    error = refused(house, order_no, kind, reason)
    assert (error["code"], error["data"]["why"]) == ("kind_not_allowed", why)


def test_reasons_are_of_the_kind_and_some_need_a_picture(house: House) -> None:
    order_no = house.received()
    assert refused(house, order_no, "refund_only", "size", status=422)["field"] == "reason"
    assert refused(house, order_no, "refund_only", "quality", status=422)["code"] == "evidence_needed"
    strange = house.upload(house.received())
    error = refused(house, order_no, "refund_only", "quality", status=422, picture_ids=[strange])
    assert error["field"] == "picture_ids"  # a picture of another order


def test_the_same_request_is_one_case(house: House) -> None:
    order_no = house.received((house.sku(), 2))
    first = house.ask(order_no, "refund_only", "agreed", 1, request_key="k1")
    before = everything()
    assert house.ask(order_no, "refund_only", "agreed", 1, request_key="k1")["case_no"] == first["case_no"]
    assert everything() == before
    assert refused(house, order_no, "refund_only", "agreed", 2, request_key="k1")["code"] == "request_key_reused"


def test_a_stale_version_is_told_the_new_state(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "refund_only", "agreed")
    house.shop_does(case, "refuse", reason="used")
    before = everything()
    error = house.does(case, "withdraw", status=409)["error"]
    assert (error["code"], error["data"]) == ("stale_case", {"state": "refused", "version": 2})
    path = f"/shops/{house.shop.id}/aftersales/{case['case_no']}/approve"
    assert house.merchant.error("POST", path, {"version": 1}, status=409)["code"] == "stale_case"
    assert everything() == before


def test_steps_out_of_turn_change_nothing(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "return_and_refund", "agreed")
    before = everything()
    for step, fields in (
        ("ship-return", tracking()),
        ("confirm-replacement", {}),
        ("escalate", {}),
        ("answer-offer", {"accept": True}),
    ):
        assert house.does(case, step, status=409, **fields)["error"]["code"] == "wrong_case_state"
    for step, fields in (
        ("confirm-return", {}),
        ("dispute-return", {"reason": "incomplete"}),
        ("ship-replacement", tracking()),
        ("refund-instead", {}),
        ("submit-evidence", {"text": "x"}),
    ):
        assert house.shop_does(case, step, status=409, **fields)["error"]["code"] == "wrong_case_state"
    judge = operator()
    verdict = {"outcome": "seller_wins", "clause": "quality", "text": "x"}
    assert house.platform_does(judge, case, "decide", status=409, **verdict)["error"]["code"] == "wrong_case_state"
    assert house.shop_does(case, "offer", status=422, amount_minor=case["asked"]["amount_minor"])
    assert house.shop_does(case, "refuse", status=422, reason="nonsense")
    assert house.shop_does(case, "refuse", status=422, reason="other")["error"]["field"] == "text"
    assert everything() == before


def test_a_return_needs_an_address(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "return_and_refund", "agreed")
    ShopAddress.objects.all().delete()
    before = everything()
    assert house.shop_does(case, "approve", status=409)["error"]["code"] == "no_return_address"
    assert everything() == before
    pass_time(days=3)  # neither an answer nor an address: the buyer keeps the goods
    now = house.case(case)
    assert (now["state"], now["needs_return"], ShopOrder.objects.get().refunded_minor) == ("success", False, 29900)


def test_time_outs_happen_once_and_not_before(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "refund_only", "agreed")
    due = Case.objects.get().due_at
    assert due is not None
    assert run_due(now=due - timedelta(seconds=1)) == 0
    assert run_due(now=due) == 1
    assert run_due(now=due) == 0
    work()
    before = everything()
    work()
    assert everything() == before
    assert house.case(case)["state"] == "success"
    assert OutboxFact.objects.filter(name="CaseClosed").count() == 1


def test_a_verdict_is_made_once_within_what_was_paid(house: House) -> None:
    judge = operator()
    order_no = house.received()
    case = house.ask(order_no, "refund_only", "agreed")
    house.shop_does(case, "refuse", reason="used")
    house.does(house.case(case), "escalate")
    verdict = {"outcome": "buyer_wins", "clause": "quality", "text": "x"}
    before = everything()
    assert house.platform_does(judge, case, "decide", status=422, **{**verdict, "amount_minor": 29901})
    assert house.platform_does(judge, case, "decide", status=422, **{**verdict, "clause": "none"})
    assert house.platform_does(judge, case, "decide", status=422, **{**verdict, "text": ""})
    assert everything() == before
    house.platform_does(judge, case, "decide", **verdict)
    assert house.platform_does(judge, case, "decide", status=409, **verdict)["error"]["code"] == "wrong_case_state"
    work()
    assert ShopOrder.objects.get().refunded_minor == 29900


def test_an_open_case_holds_the_settlement(house: House) -> None:
    order_no = house.received((house.sku(), 2))
    first = house.ask(order_no, "refund_only", "agreed", 1)
    second = house.ask(order_no, "exchange", "size", 1)
    assert ShopOrder.objects.get().open_cases == 2
    house.does(first, "withdraw")
    house.does(second, "withdraw")
    assert ShopOrder.objects.get().open_cases == 0
    facts = [name for name in OutboxFact.objects.order_by("id").values_list("name", flat=True) if "Case" in name]
    assert facts == ["CaseOpened", "CaseOpened", "CaseClosed", "CaseClosed"]


def test_what_cannot_be_paid_fails_and_says_so(house: House) -> None:
    order_no = house.received()
    case = house.ask(order_no, "refund_only", "agreed")
    OrderLine.objects.update(refunded_minor=29900)
    pass_time(days=3)
    now = house.case(case)
    assert (now["state"], now["timeline"][-1]["data"]["code"]) == ("failed", "refund_too_high")
    assert ShopOrder.objects.get().open_cases == 0


def test_evidence_is_for_the_two_sides_and_the_platform(house: House) -> None:
    order_no = house.received()
    waiting = house.upload(order_no)
    address = f"/aftersale-pictures/{waiting}"
    assert house.merchant.client.get(API + address).status_code == 404  # not shown yet
    case = house.ask(order_no, "refund_only", "quality", picture_ids=[waiting])
    shown = case["timeline"][0]["pictures"][0]["url"]
    assert shown == API + address
    for reader in (house.buyer, house.merchant, operator()):
        answer = reader.client.get(shown)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert b"WEBP" in b"".join(answer.streaming_content)[:16]  # type: ignore[attr-defined]
    for stranger in (Caller.new_person(), House().merchant, Caller()):
        assert stranger.client.get(shown).status_code == 404
    path = CasePicture.objects.get(pk=waiting).path
    assert path.startswith("evidence/")
    with open_private(path) as file:
        assert file.read(4) == b"RIFF"
    assert house.buyer.client.get(f"/media/{path}").status_code == 404


def test_evidence_is_of_the_side_and_the_order(house: House) -> None:
    order_no, other = house.received(), house.received()
    mine, of_another = house.upload(order_no), house.upload(other)
    for pictures in ([of_another], [mine, of_another], [mine, mine], [mine, 10**9]):
        body = house.body(order_no, "refund_only", "quality", picture_ids=pictures)
        assert house.buyer.error("POST", "/aftersales", body, status=422)["field"] == "picture_ids"
    assert Case.objects.count() == 0
    assert CasePicture.objects.filter(event=None).count() == 2
    case = house.ask(order_no, "refund_only", "quality", picture_ids=[mine])
    body = house.body(other, "refund_only", "quality", picture_ids=[mine])  # taken
    assert house.buyer.error("POST", "/aftersales", body, status=422)["field"] == "picture_ids"
    assert CasePicture.objects.get(pk=mine).event.case.case_no == case["case_no"]


def test_pictures_without_an_entry_are_swept(house: House) -> None:
    order_no = house.received()
    waiting, taken = house.upload(order_no), house.upload(order_no)
    house.ask(order_no, "refund_only", "quality", picture_ids=[taken])
    CasePicture.objects.update(created_at=clock.now() - timedelta(days=2))
    paths = dict(CasePicture.objects.values_list("id", "path"))
    assert (sweep_pictures(), sweep_pictures()) == (1, 0)
    open_private(paths[taken]).close()  # the same picture, uploaded twice: each row has a file of its own
    with pytest.raises(FileNotFoundError):
        open_private(paths[waiting])
    assert list(CasePicture.objects.values_list("id", flat=True)) == [taken]
    assert CasePicture.objects.filter(pk=waiting).count() == 0


def test_rules_hold_for_cases_opened_after_they_begin(house: House) -> None:
    judge = operator()
    order_no = house.received((house.sku(), 2))
    first = house.ask(order_no, "refund_only", "agreed", 1)
    values = {**Rules().as_json(), "review_s": 3600}
    page = judge.post("/operator/aftersale-rules", {"effective_from": None, "note": "双十一", "values": values})
    assert (page["current"]["review_s"], page["items"][0]["in_force"]) == (3600, True)
    second = house.ask(order_no, "refund_only", "agreed", 1)
    assert [house.case(case)["rules"]["review_s"] for case in (first, second)] == [172800, 3600]
    past = {"effective_from": "2020-01-01T00:00:00Z", "note": "", "values": values}
    assert judge.error("POST", "/operator/aftersale-rules", past, status=422)["field"] == "effective_from"
    low = {"effective_from": None, "note": "", "values": {**values, "no_reason_days": 6}}
    assert judge.error("POST", "/operator/aftersale-rules", low, status=422)["field"] == "no_reason_days"


def test_the_database_keeps_its_own_guards(house: House) -> None:
    order_no = house.received()
    house.ask(order_no, "refund_only", "agreed")
    case = Case.objects.get()
    for changes in ({"state": "success"}, {"offered_minor": 29900}, {"agreed_minor": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.create(case=case, version=1, step="x", state=case.state, at=clock.now())


def test_nothing_is_said_in_a_case_that_is_over(house: House) -> None:
    case = house.ask(house.received(), "refund_only", "agreed")
    house.does(case, "withdraw")
    before = everything()
    assert house.does(house.case(case), "statements", status=409, text="x")["error"]["code"] == "wrong_case_state"
    assert house.shop_does(case, "statements", status=409, text="x")["error"]["code"] == "wrong_case_state"
    assert everything() == before


def test_lines_are_of_the_order_and_each_once(house: House) -> None:
    order_no, other = house.received((house.sku(), 2)), house.received((house.sku(), 1))
    mine, others = house.wanted(order_no, 1), house.wanted(other)
    for lines, status in ((others, 404), (mine + others, 404), (mine + mine, 422)):
        assert refused(house, order_no, "refund_only", "agreed", status=status, lines=lines)


def test_a_time_out_looks_at_the_time_again(house: House) -> None:
    """What was due when the worker looked may have got more time before its turn came."""
    case = house.ask(house.received(), "refund_only", "agreed")
    before = everything()
    assert time_out(case_no=case["case_no"], at=clock.now()) is False
    assert everything() == before
