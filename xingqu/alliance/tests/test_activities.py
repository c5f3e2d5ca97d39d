"""Colonels' activities: opened, enrolled, reviewed, taken up, ended; and what can't be."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.models import Activity, CommissionOrder, Enrolment, Plan
from xingqu.alliance.tests.house import buy_led, new_studio, offer, product_of
from xingqu.kit import clock
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def colonel(db: None) -> tuple[int, Caller]:
    owner = create_person(email="colonel@x.example", password=None)
    return create_organisation(owner_id=owner, kind="service_provider", name="团长"), Caller.signed_in(owner)


def activity(colonel: tuple[int, Caller], **more: Any) -> int:
    now = clock.now()
    body = {
        "title": "双十一专场",
        "min_commission_bp": 2_000,
        "service_bp": 500,
        "enrol_until": (now + timedelta(days=2)).isoformat(),
        "starts_at": (now + timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=5)).isoformat(),
        **more,
    }
    return int(colonel[1].post(f"/shops/{colonel[0]}/activities", body, status=201)["id"])


def enrol(shop: Shop, sku: int, activity_id: int, commission_bp: int = 2_500) -> int:
    body = {"activity_id": activity_id, "product_id": product_of(sku), "commission_bp": commission_bp}
    return int(shop.member().post(f"/shops/{shop.id}/alliance/enrolments", body, status=201)["id"])


def approve(colonel: tuple[int, Caller], activity_id: int, enrolment_id: int) -> Any:
    path = f"/shops/{colonel[0]}/activities/{activity_id}/enrolments/{enrolment_id}/review"
    return colonel[1].post(path, {"approve": True, "answer": "欢迎"})


def test_an_activity_from_its_terms_to_its_fee(
    buyer: Caller, shop: Shop, sku: int, colonel: tuple[int, Caller]
) -> None:
    studio = new_studio()
    offer(shop, sku, 1_000)
    activity_id = activity(colonel)
    assert [row["id"] for row in shop.member().get(f"/shops/{shop.id}/alliance/activities")["items"]] == [activity_id]
    enrolment_id = enrol(shop, sku, activity_id)
    made = approve(colonel, activity_id, enrolment_id)
    assert (made["state"], made["answer"], made["service_bp"]) == ("approved", "欢迎", 500)
    links, pasted = (f"/creators/{studio.creator_id}/alliance/{name}" for name in ("links", "pasted"))
    body = {"product_id": product_of(sku), "plan_id": made["plan_id"]}
    assert studio.owner.error("POST", links, body, status=409)["code"] == "not_offered"  # begins tomorrow
    with later(days=1, minutes=1):
        told = studio.owner.post(
            pasted, {"text": f"https://x.example/product/{product_of(sku)}?plan={made['plan_id']}"}
        )
        assert (told["best"]["commission_bp"], told["linked"]["commission_bp"]) == (1_000, 2_500)
        studio.owner.post(links, body, status=201)
        buy_led(buyer, studio.creator_id, (sku, 1))
    with later(days=5, minutes=1):  # over: what is left is the simple plan
        buy_led(buyer, studio.creator_id, (sku, 1))
    rows = CommissionOrder.objects.order_by("pk").values_list("commission_bp", "service_bp", "colonel_minor")
    assert list(rows) == [(2_500, 500, 1_495 - 149), (1_000, 0, 0)]
    (listed,) = colonel[1].get(f"/shops/{colonel[0]}/activities")["items"]
    assert (listed["approved"], listed["orders"], listed["fee_minor"]) == (1, 1, 1_346)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"min_commission_bp": 99}, "min_commission_bp"),
        ({"min_commission_bp": 8_001}, "min_commission_bp"),
        ({"service_bp": 6_001}, "service_bp"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"ends_at": "2190-01-01T00:00:00Z"}, "ends_at"),
        ({"enrol_until": "2020-01-01T00:00:00Z"}, "enrol_until"),
        ({"enrol_until": "2190-01-01T00:00:00Z"}, "enrol_until"),
    ],
)
def test_terms_that_can_not_be(colonel: tuple[int, Caller], change: dict[str, object], field: str) -> None:
    now = clock.now()
    body = {
        "title": "x",
        "min_commission_bp": 2_000,
        "service_bp": 500,
        "enrol_until": (now + timedelta(days=2)).isoformat(),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=5)).isoformat(),
        **change,
    }
    refused = colonel[1].error("POST", f"/shops/{colonel[0]}/activities", body, status=422)
    assert (refused["field"], Activity.objects.count()) == (field, 0)


def test_enrolments_that_can_not_be(shop: Shop, sku: int, colonel: tuple[int, Caller]) -> None:
    activity_id, owner, path = activity(colonel), shop.member(), f"/shops/{shop.id}/alliance/enrolments"
    body = {"activity_id": activity_id, "product_id": product_of(sku), "commission_bp": 2_000}
    for low in (1_999, 7_501):
        assert owner.error("POST", path, {**body, "commission_bp": low}, status=422)["field"] == "commission_bp"
    stranger = make_shop()
    foreign = f"/shops/{stranger.id}/alliance/enrolments"
    assert stranger.member().error("POST", foreign, body, status=404)["field"] == "product_id"
    owner.post(path, body, status=201)
    assert owner.error("POST", path, body, status=409)["code"] == "enrolment_taken"
    with later(days=2, minutes=1):
        assert owner.error("POST", path, body, status=409)["code"] == "activity_over"
    assert Enrolment.objects.count() == 1


def test_taking_out_keeps_today_s_promise(buyer: Caller, shop: Shop, sku: int, colonel: tuple[int, Caller]) -> None:
    studio, owner = new_studio(), shop.member()
    activity_id = activity(colonel, starts_at=clock.now().isoformat())
    first = enrol(shop, sku, activity_id)
    withdraw = f"/shops/{shop.id}/alliance/enrolments/{{}}/withdraw"
    owner.post(withdraw.format(first))  # while it waits: at once
    second = enrol(shop, sku, activity_id)
    plan_id = approve(colonel, activity_id, second)["plan_id"]
    links = f"/creators/{studio.creator_id}/alliance/links"
    studio.owner.post(links, {"product_id": product_of(sku), "plan_id": plan_id}, status=201)
    owner.post(withdraw.format(second))
    assert owner.error("POST", withdraw.format(second), {}, status=409)["code"] == "conflict"
    buy_led(buyer, studio.creator_id, (sku, 1))
    with later(days=1, minutes=1):
        buy_led(buyer, studio.creator_id, (sku, 1))
    assert CommissionOrder.objects.values_list("commission_bp", flat=True).get() == 2_500
    for path in (f"/shops/{colonel[0]}/activities/{activity_id}/enrolments/{first}/review",):
        assert colonel[1].error("POST", path, {"approve": True}, status=409)["code"] == "conflict"


def test_a_cancelled_activity_ends_with_the_day(shop: Shop, sku: int, colonel: tuple[int, Caller]) -> None:
    activity_id = activity(colonel)
    plan_id = approve(colonel, activity_id, enrol(shop, sku, activity_id))["plan_id"]
    assert colonel[1].post(f"/shops/{colonel[0]}/activities/{activity_id}/cancel")["state"] == "cancelled"
    refused = colonel[1].error("POST", f"/shops/{colonel[0]}/activities/{activity_id}/cancel", {}, status=409)
    assert refused["code"] == "activity_over"
    closed = Plan.objects.get(pk=plan_id).closed_from
    assert closed is not None
    assert closed <= clock.now()  # it had not begun


def test_a_colonel_decides_about_its_own(shop: Shop, sku: int, colonel: tuple[int, Caller]) -> None:
    activity_id = activity(colonel)
    enrolment_id = enrol(shop, sku, activity_id)
    owner = create_person(email="rival@x.example", password=None)
    rival = create_organisation(owner_id=owner, kind="mcn", name="别的团长")
    caller = Caller.signed_in(owner)
    for base in (f"/shops/{rival}/activities/{activity_id}", f"/shops/{colonel[0]}/activities/{activity_id}"):
        review = f"{base}/enrolments/{enrolment_id}/review"
        assert caller.error("POST", review, {"approve": True}, status=404)["code"] == "not_found"
        assert caller.error("POST", f"{base}/cancel", {}, status=404)["code"] == "not_found"
        assert caller.error("GET", f"{base}/enrolments", status=404)["code"] == "not_found"
    mine = activity((rival, caller))
    crossed = f"/shops/{rival}/activities/{mine}/enrolments/{enrolment_id}/review"
    assert caller.error("POST", crossed, {"approve": True}, status=404)["code"] == "not_found"
    stranger = make_shop()
    path = f"/shops/{stranger.id}/alliance/enrolments/{enrolment_id}/withdraw"
    assert stranger.member().error("POST", path, {}, status=404)["code"] == "not_found"
    assert stranger.member().get(f"/shops/{stranger.id}/alliance/enrolments")["items"] == []
    assert Enrolment.objects.get().state == "applied"
    owner_of_shop = shop.member()  # a shop is no colonel
    body = {
        "title": "x",
        "min_commission_bp": 2_000,
        "service_bp": 0,
        "enrol_until": (clock.now() + timedelta(days=1)).isoformat(),
        "starts_at": clock.now().isoformat(),
        "ends_at": (clock.now() + timedelta(days=2)).isoformat(),
    }
    assert owner_of_shop.error("POST", f"/shops/{shop.id}/activities", body, status=404)["code"] == "not_found"
