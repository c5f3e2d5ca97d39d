"""The alliance over HTTP: who may what, what is refused, and what each side sees."""

from datetime import timedelta

import pytest

from xingqu.accounts.models import Membership
from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.models import AllianceRule, Link, Plan, PlanCreator, PlanRate
from xingqu.alliance.tests.house import buy_led, new_creator, offer, product_of
from xingqu.kit import clock
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


def test_a_plan_from_opening_to_its_end(shop: Shop, sku: int) -> None:
    owner = shop.member()
    path = f"/shops/{shop.id}/alliance/plans"
    body = {"product_id": product_of(sku), "commission_bp": 2_000}
    made = owner.post(path, body, status=201)
    assert (made["kind"], made["commission_bp"], made["next"], made["product"]["id"]) == (
        "simple_plan",
        2_000,
        None,
        product_of(sku),
    )
    assert owner.error("POST", path, body, status=409)["code"] == "plan_taken"
    risen = owner.call("PUT", f"{path}/{made['id']}/rate", {"commission_bp": 2_500})
    assert (risen["commission_bp"], risen["next"]) == (2_500, None)
    cut = owner.call("PUT", f"{path}/{made['id']}/rate", {"commission_bp": 1_500})
    assert (cut["commission_bp"], cut["next"]["commission_bp"]) == (2_500, 1_500)
    again = owner.call("PUT", f"{path}/{made['id']}/rate", {"commission_bp": 2_600})  # the cut is taken back
    assert (again["commission_bp"], again["next"]) == (2_600, None)
    closed = owner.post(f"{path}/{made['id']}/close")
    assert (closed["commission_bp"], closed["next"]["commission_bp"]) == (2_600, None)
    assert closed["closed_from"] == closed["next"]["effective_from"]
    for method, rest, told in (("POST", "close", None), ("PUT", "rate", {"commission_bp": 3_000})):
        assert owner.error(method, f"{path}/{made['id']}/{rest}", told, status=409)["code"] == "conflict"
    with later(days=1, minutes=1):
        assert owner.get(path)["items"][0]["commission_bp"] is None
    new = owner.post(path, body, status=201)["id"]  # a new one may stand
    assert new != made["id"]
    assert [row["id"] for row in owner.get(f"{path}?kind=simple_plan&limit=1")["items"]] == [new]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"commission_bp": 99}, "commission_bp"),
        ({"commission_bp": 8_001}, "commission_bp"),
        ({"commission_bp": 1_000, "service_bp": 1}, "service_bp"),
        ({"commission_bp": 1_000, "kind": "colonel_activity"}, "colonel_id"),
        ({"commission_bp": 1_000, "colonel_id": 1}, "colonel_id"),
        ({"commission_bp": 1_000, "kind": "targeted_plan"}, "creator_ids"),
        ({"commission_bp": 1_000, "kind": "exclusive_plan", "creator_ids": [987_654]}, "creator_ids"),
        ({"commission_bp": 1_000, "creator_ids": [1]}, "creator_ids"),
        ({"commission_bp": 1_000, "product_id": 987_654}, None),
    ],
)
def test_plans_that_can_not_be(shop: Shop, sku: int, body: dict[str, object], field: str | None) -> None:
    told = {"product_id": product_of(sku), **body}
    status = 422 if field else 404
    refused = shop.member().error("POST", f"/shops/{shop.id}/alliance/plans", told, status=status)
    assert field is None or refused["field"] == field
    assert (Plan.objects.count(), PlanRate.objects.count(), PlanCreator.objects.count()) == (0, 0, 0)


def test_a_shop_s_colonel_is_an_agency(shop: Shop, sku: int) -> None:
    body = {"product_id": product_of(sku), "kind": "colonel_activity", "commission_bp": 1_000, "service_bp": 200}
    path = f"/shops/{shop.id}/alliance/plans"
    assert shop.member().error("POST", path, {**body, "colonel_id": shop.id}, status=422)["field"] == "colonel_id"
    agency = create_organisation(owner_id=create_person(email="a@x.example", password=None), kind="mcn", name="机构")
    made = shop.member().post(path, {**body, "colonel_id": agency}, status=201)
    assert (made["colonel_id"], made["service_bp"]) == (agency, 200)


def test_the_list_of_a_targeted_plan(shop: Shop, sku: int) -> None:
    first, one = new_creator()
    second, two = new_creator()
    owner, path = shop.member(), f"/shops/{shop.id}/alliance/plans"
    body = {"product_id": product_of(sku), "kind": "targeted_plan", "commission_bp": 3_000, "creator_ids": [first]}
    plan_id = owner.post(path, body, status=201)["id"]
    assert [row["commission_bp"] for row in one.get(f"/creators/{first}/alliance/products")["items"]] == [3_000]
    assert two.get(f"/creators/{second}/alliance/products")["items"] == []
    owner.call("PUT", f"{path}/{plan_id}/creators", {"creator_ids": [second]})
    for creator_id, caller in ((first, one), (second, two)):  # struck off from tomorrow
        assert len(caller.get(f"/creators/{creator_id}/alliance/products")["items"]) == 1
    with later(days=1, minutes=1):
        assert one.get(f"/creators/{first}/alliance/products")["items"] == []
        assert len(two.get(f"/creators/{second}/alliance/products")["items"]) == 1
    owner.call("PUT", f"{path}/{plan_id}/creators", {"creator_ids": [first, second]})  # back before midnight
    assert PlanCreator.objects.filter(creator_id=first).values_list("until", flat=True).get() is None


def test_selection_shows_what_can_be_sold_once(shop: Shop) -> None:
    creator_id, caller = new_creator()
    skus = [make_sku(shop, price_minor=10_000 + i) for i in range(3)]
    make_sku(shop)  # in no plan
    for sku in skus:
        offer(shop, sku, 1_000)
    path = f"/creators/{creator_id}/alliance/products"
    first = caller.get(f"{path}?limit=2")
    rest = caller.get(f"{path}?limit=2&cursor={first['next_cursor']}")
    told = [(row["product"]["id"], row["expected_minor"]) for row in first["items"] + rest["items"]]
    assert told == [(product_of(sku), 1_000) for sku in reversed(skus)]
    assert rest["next_cursor"] is None


def test_links(shop: Shop, sku: int) -> None:
    creator_id, caller = new_creator()
    path, body = f"/creators/{creator_id}/alliance/links", {"product_id": product_of(sku)}
    assert caller.error("POST", path, body, status=409)["code"] == "not_offered"
    plan_id = offer(shop, sku, 2_000)
    made = caller.post(path, body, status=201)
    assert (made["plan_id"], made["commission_bp"], made["kind"]) == (plan_id, 2_000, "simple_plan")
    assert caller.post(path, body, status=201) == made
    assert caller.error("POST", path, {**body, "plan_id": plan_id}, status=409)["code"] == "not_offered"
    assert Link.objects.count() == 1
    assert [row["pick_source"] for row in caller.get(path)["items"]] == [made["pick_source"]]


def test_both_sides_see_an_order(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, caller = new_creator()
    offer(shop, sku, 2_000)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    seen = caller.get(f"/creators/{creator_id}/alliance/commissions")
    assert (seen["balance_minor"], seen["items"][0]["order_no"], seen["items"][0]["amount_minor"]) == (
        0,
        order_no,
        5_382,
    )
    shops = shop.member().get(f"/shops/{shop.id}/alliance/commissions")
    assert shops["sums"] == [
        {
            "state": "paid",
            "orders": 1,
            "base_minor": 29_900,
            "estimated_minor": 5_382,
            "amount_minor": 5_382,
            "mcn_minor": 0,
            "colonel_minor": 0,
            "cost_minor": 5_980,
        }
    ]
    assert shop.member().get(f"/shops/{shop.id}/alliance/commissions?state=settled")["items"] == []


def test_nobody_sees_or_changes_another_s(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, caller = new_creator()
    plan_id = offer(shop, sku)
    buy_led(buyer, creator_id, (sku, 1))
    other, stranger = make_shop(), new_creator()[1]
    rate = {"commission_bp": 5_000}
    for rest in ("terms", "plans", "commissions"):
        assert stranger.error("GET", f"/shops/{shop.id}/alliance/{rest}", status=404)["code"] == "not_found"
        assert Caller().error("GET", f"/shops/{shop.id}/alliance/{rest}", status=401)["code"] == "sign_in_required"
    assert other.member().get(f"/shops/{other.id}/alliance/commissions")["items"] == []
    for method, rest, body in (
        ("PUT", "rate", rate),
        ("PUT", "creators", {"creator_ids": [1]}),
        ("POST", "close", None),
    ):
        path = f"/alliance/plans/{plan_id}/{rest}"
        assert other.member().error(method, f"/shops/{other.id}{path}", body, status=404)["code"] == "not_found"
    body = {"product_id": product_of(sku), "commission_bp": 1_000}
    assert other.member().error("POST", f"/shops/{other.id}/alliance/plans", body, status=404)["code"] == "not_found"
    viewer = create_person(email="viewer@x.example", password=None)
    Membership.objects.create(organisation_id=shop.id, person_id=viewer, role="viewer")
    assert (
        Caller.signed_in(viewer).error("PUT", f"/shops/{shop.id}/alliance/plans/{plan_id}/rate", rate, status=403)[
            "code"
        ]
        == "forbidden"
    )
    for rest in ("products", "links", "commissions"):
        path = f"/creators/{creator_id}/alliance/{rest}"
        assert stranger.error("GET", path, status=404)["code"] == "not_found"
        assert Caller().error("GET", path, status=401)["code"] == "sign_in_required"
    told = {"product_id": product_of(sku)}
    assert stranger.error("POST", f"/creators/{creator_id}/alliance/links", told, status=404)["code"] == "not_found"
    assert PlanRate.objects.count() == 1
    assert not Link.objects.exists()
    assert caller.get(f"/creators/{creator_id}/alliance/links")["items"] == []


def test_rules_of_the_platform(operator: Caller, buyer: Caller, shop: Shop, sku: int) -> None:
    path = "/platform/alliance/rules"
    soon = clock.now() + timedelta(hours=1)
    body = {
        "effective_from": soon.isoformat(),
        "platform_bp": 500,
        "min_commission_bp": 2_100,
        "max_commission_bp": 9_000,
    }
    assert operator.get(path)["current"]["platform_bp"] == 1_000
    operator.post(path, body, status=201)
    assert operator.error("POST", path, body, status=409)["field"] == "effective_from"
    past = {**body, "effective_from": (clock.now() - timedelta(minutes=1)).isoformat()}
    assert operator.error("POST", path, past, status=422)["field"] == "effective_from"
    crossed = {**body, "effective_from": (soon + timedelta(hours=1)).isoformat(), "max_commission_bp": 2_000}
    assert operator.error("POST", path, crossed, status=422)["field"] == "min_commission_bp"
    assert AllianceRule.objects.count() == 1
    assert shop.member().error("GET", path, status=404)["code"] == "not_found"
    plans, plan = f"/shops/{shop.id}/alliance/plans", {"product_id": product_of(sku), "commission_bp": 2_000}
    with later(hours=2):
        assert shop.member().error("POST", plans, plan, status=422)["expected"] == "2100 to 9000 basis points"
    shop.member().post(plans, plan, status=201)
