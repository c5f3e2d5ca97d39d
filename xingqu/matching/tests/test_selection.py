"""The selection square: order, terms, filters, strangers, and that nobody can be read from an audience."""

import pytest

from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.models import Plan
from xingqu.alliance.services.plans import close_plan, open_plan
from xingqu.catalogue.models import Product
from xingqu.matching.services.building import build_offers
from xingqu.matching.tests.house import CAMPING, COOKING, Market, agency, make_offer, product_of, write_audiences
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def ids_of(page: dict) -> list[int]:
    return [item["product"]["id"] for item in page["items"]]


def test_each_creator_finds_what_their_audience_likes_first(market: Market) -> None:
    for kind in (CAMPING, COOKING):
        page = market.callers[kind].get(f"/creators/{market.creators[kind]}/selection")
        assert ids_of(page) == [market.products[kind], market.products[1 - kind]]
        assert (page["total"], page["audience_known"], page["next_cursor"]) == (2, True, None)
        first = page["items"][0]
        assert first["lift"] > 1.15 > page["items"][1]["lift"]
        assert (first["commission_bp"], first["expected_minor"], first["kind"]) == (2_000, 2_000, "simple_plan")
        assert first["earned_per_mille_minor"] == pytest.approx(first["sales_per_mille"] * 2_000, rel=0.01)
        why = first["reasons"][0]
        assert (why["code"], why["tag_id"], why["share"], why["share_of_everybody"]) == (
            "audience_likes",
            market.tags[kind],
            1.0,
            0.5,
        )
        assert why["tag"] == f"测试标签{kind}"


def test_without_a_known_audience_nothing_is_told_of_one(market: Market) -> None:
    """The guard is the least size of a group: 19 people are told nothing of, 20 are."""
    creator, caller = market.creators[CAMPING], market.callers[CAMPING]
    write_audiences(market, people=19)
    page = caller.get(f"/creators/{creator}/selection")
    assert page["audience_known"] is False
    assert [item["lift"] for item in page["items"]] == [None, None]
    assert [item["reasons"] for item in page["items"]] == [[], []]
    portrait = caller.get(f"/creators/{creator}/audience")
    assert (portrait["known"], portrait["tags"], portrait["people_from"], portrait["price_from_minor"]) == (
        False,
        [],
        None,
        None,
    )
    assert portrait["group_least"] == 20
    write_audiences(market, people=20)
    assert caller.get(f"/creators/{creator}/audience")["known"] is True


def test_a_portrait_has_bands_and_steps(market: Market) -> None:
    portrait = market.callers[CAMPING].get(f"/creators/{market.creators[CAMPING]}/audience")
    assert (portrait["people_from"], portrait["people_to"]) == (20, 50)  # they are 30
    assert [(tag["tag_id"], tag["share"], tag["share_of_everybody"]) for tag in portrait["tags"]] == [
        (market.tags[CAMPING], 1.0, 0.5)
    ]
    assert (portrait["price_from_minor"], portrait["price_to_minor"]) == (10_000, 10_000)


def test_terms_are_the_creator_s_own(market: Market) -> None:
    creator, caller = market.creators[CAMPING], market.callers[CAMPING]
    named = {"kind": PlanKind.TARGETED, "shop_id": market.shop.id, "person_id": 1, "creator_ids": [creator]}
    open_plan(product_id=market.products[COOKING], commission_bp=5_000, **named)
    item = next(
        one
        for one in caller.get(f"/creators/{creator}/selection")["items"]
        if one["product"]["id"] == market.products[COOKING]
    )
    assert (item["kind"], item["commission_bp"], item["expected_minor"]) == ("targeted_plan", 5_000, 5_000)
    assert "named_plan" in [one["code"] for one in item["reasons"]]
    other = market.callers[COOKING].get(f"/creators/{market.creators[COOKING]}/selection")
    assert {one["commission_bp"] for one in other["items"]} == {2_000}
    only = caller.get(f"/creators/{creator}/selection?plan_kind=targeted_plan")
    assert ids_of(only) == [market.products[COOKING]]


def test_a_colonel_s_activity_that_pays_more_is_what_is_offered(market: Market) -> None:
    colonel, _ = agency()
    plan = open_plan(
        shop_id=market.shop.id,
        product_id=market.products[CAMPING],
        kind=PlanKind.COLONEL,
        commission_bp=3_000,
        service_bp=200,
        colonel_id=colonel,
        person_id=1,
    )
    build_offers()
    creator, caller = market.creators[CAMPING], market.callers[CAMPING]
    item = caller.get(f"/creators/{creator}/selection?plan_kind=colonel_activity")["items"][0]
    assert (item["plan_id"], item["kind"], item["commission_bp"], item["taken_up"]) == (
        plan,
        "colonel_activity",
        3_000,
        False,
    )
    body = {"product_id": market.products[CAMPING], "plan_id": plan}
    caller.post(f"/creators/{creator}/alliance/links", body, status=201)
    item = caller.get(f"/creators/{creator}/selection?plan_kind=colonel_activity")["items"][0]
    assert (item["plan_id"], item["taken_up"]) == (plan, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("min_commission_bp=2001", []),
        ("min_commission_bp=2000&min_price_minor=10001", [2]),
        ("max_price_minor=10000", [0, 1]),
        ("min_sold=1", []),
        ("min_shop_score=1", []),
        ("plan_kind=exclusive_plan", []),
        ("sort=commission", [2, 0, 1]),
        ("sort=new", [2, 1, 0]),
        ("q=好物甲", [0]),
        ("q=根本没有这种东西", []),
        ("category_id=987654", []),
    ],
)
def test_filters_and_orders(market: Market, query: str, found: list[int]) -> None:
    dear = product_of(make_offer(market.shop, "贵的东西", market.tags[CAMPING], price_minor=90_000))
    build_offers()
    ids = {CAMPING: market.products[CAMPING], COOKING: market.products[COOKING], 2: dear}
    caller, creator = market.callers[CAMPING], market.creators[CAMPING]
    page = caller.get(f"/creators/{creator}/selection?{query}")
    assert ids_of(page) == [ids[kind] for kind in found]
    assert page["total"] == len(found)


def test_pages_go_on(market: Market) -> None:
    path, caller = f"/creators/{market.creators[CAMPING]}/selection?limit=1", market.callers[CAMPING]
    first = caller.get(path)
    second = caller.get(f"{path}&cursor={first['next_cursor']}")
    assert ids_of(first) + ids_of(second) == [market.products[CAMPING], market.products[COOKING]]
    assert second["next_cursor"] is None
    assert caller.error("GET", f"{path}&cursor=x", status=422)["field"] == "cursor"


def test_what_ended_or_left_the_shelf_is_not_offered(market: Market) -> None:
    """Also while the arrays do not know it yet: what is shown is asked for anew."""
    caller, path = market.callers[CAMPING], f"/creators/{market.creators[CAMPING]}/selection"
    Product.objects.filter(pk=market.products[CAMPING]).update(status=Product.Status.OFFLINE)
    assert ids_of(caller.get(path)) == [market.products[COOKING]]
    assert caller.error("GET", f"{path}/{market.products[CAMPING]}", status=404)["code"] == "not_found"
    Product.objects.filter(pk=market.products[CAMPING]).update(status=Product.Status.ONLINE)
    plan = Plan.objects.get(product_id=market.products[CAMPING])
    since = close_plan(shop_id=market.shop.id, plan_id=plan.pk, person_id=1)
    plan.rates.filter(commission_bp__isnull=False).update(effective_from=since.replace(year=2090))
    assert ids_of(caller.get(path)) == [market.products[COOKING]]


def test_the_detail_has_reviews_and_a_trend(market: Market) -> None:
    told = market.callers[CAMPING].get(f"/creators/{market.creators[CAMPING]}/selection/{market.products[CAMPING]}")
    assert told["product"]["id"] == market.products[CAMPING]
    assert told["reviews"] == {"count": 0, "score": None}
    assert len(told["trend"]) == 30
    assert {(day["orders"], day["amount_minor"]) for day in told["trend"]} == {(0, 0)}


@pytest.mark.parametrize(
    "rest", ["selection", "audience", "listing", "product-pools", "selection/1", "product-pools/1"]
)
def test_only_the_creator_reads_it(market: Market, rest: str) -> None:
    path = f"/creators/{market.creators[CAMPING]}/{rest}"
    assert Caller().error("GET", path, status=401)["code"] == "sign_in_required"
    assert market.callers[COOKING].error("GET", path, status=404)["code"] == "not_found"
