"""Another's case is not there, on any endpoint."""

from typing import Any

import pytest

from xingqu.accounts.models import Membership, Person
from xingqu.accounts.services import add_member
from xingqu.aftersale.models import Case, CaseEvent
from xingqu.aftersale.tests.house import ADDRESS, House, operator, tracking
from xingqu.config.api import api
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db
SAY = {"version": 1, "text": "x"}
BODIES: dict[str, dict[str, Any]] = {
    "change": {**SAY, "reason": "agreed"},
    "answer-offer": {**SAY, "accept": True},
    "ship-return": {**SAY, **tracking()},
    "pickup": {**SAY, "starts_at": "2026-11-30T01:00:00Z"},
    "ship-replacement": {**SAY, **tracking()},
    "offer": {**SAY, "amount_minor": 1},
    "refuse": {**SAY, "reason": "used"},
    "dispute-return": {**SAY, "reason": "incomplete"},
    "decide": {**SAY, "outcome": "closed", "clause": "quality"},
}
BUYER_STEPS = (
    "withdraw",
    "change",
    "answer-offer",
    "ship-return",
    "pickup",
    "confirm-replacement",
    "escalate",
    "statements",
)
SHOP_STEPS = (
    "approve",
    "offer",
    "refuse",
    "confirm-return",
    "dispute-return",
    "ship-replacement",
    "refund-instead",
    "submit-evidence",
    "statements",
)
PLATFORM_STEPS = ("take", "ask-evidence", "negotiate", "decide")


@pytest.fixture
def house(db: None) -> House:
    return House()


def test_every_step_of_the_api_is_in_these_lists() -> None:
    """A new endpoint must be added here."""
    found = {path for path in api.get_openapi_schema()["paths"] if "{case_no}/" in path}
    expected = (
        {f"/api/v1/aftersales/{{case_no}}/{step}" for step in BUYER_STEPS}
        | {f"/api/v1/shops/{{shop_id}}/aftersales/{{case_no}}/{step}" for step in (*SHOP_STEPS, "pictures")}
        | {f"/api/v1/operator/aftersales/{{case_no}}/{step}" for step in PLATFORM_STEPS}
    )
    assert found == expected


def test_strangers_find_nothing(house: House) -> None:
    order_no = house.received()
    case_no = house.ask(order_no, "refund_only", "agreed")["case_no"]
    other = House()
    before = (CaseEvent.objects.count(), Case.objects.get().version)
    for stranger in (Caller.new_person(), other.merchant, house.merchant):
        for step in BUYER_STEPS:
            assert stranger.error("POST", f"/aftersales/{case_no}/{step}", BODIES.get(step, SAY), status=404)
        assert stranger.error("GET", f"/aftersales/{case_no}", status=404)
        assert stranger.error("GET", f"/orders/{order_no}/aftersale", status=404)
        assert stranger.get("/aftersales")["items"] == []
        body = {"order_no": order_no, "kind": "refund_only", "lines": [{"line_id": 1, "quantity": 1}]}
        assert stranger.error("POST", "/aftersales/assess", body, status=404)
        assert stranger.error("POST", "/aftersales", {**body, "reason": "agreed"}, status=404)
        assert stranger.error("POST", f"/orders/{order_no}/refund", {"reason": "x"}, status=404)
    # The right shop's number with another shop's case, another shop's number, and somebody who is in no shop.
    for caller, shop_id in (
        (other.merchant, other.shop.id),
        (other.merchant, house.shop.id),
        (house.buyer, house.shop.id),
    ):
        root = f"/shops/{shop_id}/aftersales"
        for step in SHOP_STEPS:
            assert caller.error("POST", f"{root}/{case_no}/{step}", BODIES.get(step, SAY), status=404)
        assert caller.error("GET", f"{root}/{case_no}", status=404)
        assert caller.client.post(f"/api/v1{root}/{case_no}/pictures").status_code in (404, 422)
    outside = f"/shops/{house.shop.id}"
    for path in ("/aftersales", "/aftersales/counts", "/aftersales.csv", "/return-address"):
        assert other.merchant.error("GET", outside + path, status=404)
    assert other.merchant.error("PUT", f"{outside}/return-address", ADDRESS, status=404)
    rows = [{"case_no": case_no, "version": 1}]
    assert other.merchant.error("POST", f"{outside}/aftersales/approve-batch", rows, status=404)
    result = other.merchant.post(f"/shops/{other.shop.id}/aftersales/approve-batch", rows)["items"][0]
    assert (result["done"], result["error"]["code"]) == (False, "not_found")
    assert other.merchant.get(f"/shops/{other.shop.id}/aftersales")["items"] == []
    for caller in (house.buyer, house.merchant):
        for step in PLATFORM_STEPS:
            assert caller.error("POST", f"/operator/aftersales/{case_no}/{step}", BODIES.get(step, SAY), status=404)
        for path in (
            "aftersales",
            "aftersales/counts",
            "aftersales/clauses",
            f"aftersales/{case_no}",
            "aftersale-rules",
        ):
            assert caller.error("GET", f"/operator/{path}", status=404)
    assert (CaseEvent.objects.count(), Case.objects.get().version) == before


def test_a_viewer_reads_and_does_nothing(house: House) -> None:
    case_no = house.ask(house.received(), "refund_only", "agreed")["case_no"]
    viewer = Caller.new_person()
    email = Person.objects.get(pk=viewer.person_id).email
    add_member(organisation_id=house.shop.id, email=email, role=Membership.Role.VIEWER)
    root = f"/shops/{house.shop.id}/aftersales"
    assert viewer.get(f"{root}/{case_no}")["case_no"] == case_no
    for step in SHOP_STEPS:
        assert viewer.error("POST", f"{root}/{case_no}/{step}", BODIES.get(step, SAY), status=403)
    assert viewer.error("PUT", f"/shops/{house.shop.id}/return-address", ADDRESS, status=403)
    assert Case.objects.get().version == 1


def test_queues_counters_and_the_csv_say_the_same(house: House) -> None:
    first = house.ask(house.received(), "refund_only", "agreed")
    second = house.ask(house.received(), "return_and_refund", "agreed")
    house.shop_does(second, "approve")
    root = f"/shops/{house.shop.id}/aftersales"
    counts = house.merchant.get(f"{root}/counts")
    assert {name: count for name, count in counts.items() if count} == {
        "all": 2,
        "open": 2,
        "to_review": 1,
        "waiting_return": 1,
    }
    for queue, count in counts.items():
        assert len(house.merchant.get(f"{root}?queue={queue}")["items"]) == count
    assert [item["case_no"] for item in house.merchant.get(f"{root}?kind=refund_only")["items"]] == [first["case_no"]]
    assert house.merchant.get(f"{root}?q={second['case_no']}")["items"][0]["state"] == "buyer_return"
    answer = house.merchant.client.get(f"/api/v1{root}.csv?queue=to_review")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert (len(lines), lines[1].split(",")[0]) == (2, first["case_no"])
    assert house.buyer.get("/aftersales/counts") == {"open": 2, "mine": 1, "closed": 0}
    assert operator().get("/operator/aftersales/counts")["open"] == 0


def test_many_are_approved_each_on_its_own(house: House) -> None:
    cases = [house.ask(house.received(), "refund_only", "agreed") for _ in range(2)]
    rows = [{"case_no": cases[0]["case_no"], "version": 1}, {"case_no": cases[1]["case_no"], "version": 9}]
    items = house.merchant.post(f"/shops/{house.shop.id}/aftersales/approve-batch", rows)["items"]
    assert [(item["done"], (item["error"] or {}).get("code")) for item in items] == [
        (True, None),
        (False, "stale_case"),
    ]
    assert [house.case(case)["state"] for case in cases] == ["refunding", "merchant_review"]
