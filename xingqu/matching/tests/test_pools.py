"""Pools: made, filled by rule, shared, matched, held out, reported."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.alliance.services.plans import take_up
from xingqu.kit import clock
from xingqu.matching.domain.pools import Arm
from xingqu.matching.models import PoolMatch, PoolProduct, PoolShare, ProductPool
from xingqu.matching.services import fill_rules, match_pools
from xingqu.matching.services.building import build_offers
from xingqu.matching.services.matching import mark_seen
from xingqu.matching.tests.house import CAMPING, COOKING, Market, agency, make_offer, product_of
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, make_shop

pytestmark = pytest.mark.django_db


def pool_of(market: Market, **fields: Any) -> dict[str, Any]:
    body = {"name": "春游", "product_ids": list(market.products.values()), **fields}
    return dict(market.shop.member().post(f"{market.path}/product-pools", body, status=201))


def camping_pool(market: Market, **fields: Any) -> dict[str, Any]:
    """A pool that suits one of the two creators."""
    more = [product_of(make_offer(market.shop, f"露营{n}", market.tags[CAMPING])) for n in range(3)]
    build_offers()
    return pool_of(market, product_ids=[market.products[CAMPING], *more], **fields)


def test_a_pool_by_hand(market: Market) -> None:
    made = pool_of(market, note="要出门的")
    assert [product["id"] for product in made["products"]] == list(market.products.values())
    assert (made["is_own"], made["rule"], made["products_count"]) == (True, None, 2)
    member, path = market.shop.member(), f"{market.path}/product-pools"
    assert member.error("POST", path, {"name": "春游"}, status=409)["code"] == "pool_name_taken"
    changed = member.call("PUT", f"{path}/{made['id']}", {"name": "夏天", "product_ids": [market.products[COOKING]]})
    assert ([one["id"] for one in changed["products"]], changed["name"]) == ([market.products[COOKING]], "夏天")
    assert [row["name"] for row in member.get(path)["items"]] == ["夏天"]
    assert member.post(f"{path}/{made['id']}/close")["closed_at"] is not None
    for method, rest, body in (
        ("PUT", "", {"name": "又一个"}),
        ("PUT", "/shares", {"creator_ids": []}),
        ("POST", "/close", {}),
    ):
        assert member.error(method, f"{path}/{made['id']}{rest}", body, status=409)["code"] == "pool_closed"


def test_what_is_not_offered_does_not_get_in(market: Market) -> None:
    member, path = market.shop.member(), f"{market.path}/product-pools"
    bare = product_of(make_offer(market.shop, "没有计划", market.tags[CAMPING], commission_bp=0))
    foreign = product_of(make_offer(make_shop(), "别家的", market.tags[CAMPING]))
    for pk in (bare, foreign, 987_654):
        assert member.error("POST", path, {"name": "坏", "product_ids": [pk]}, status=422)["field"] == "product_ids"
    assert member.error("POST", path, {"name": "坏", "product_ids": [bare], "rule": {}}, status=422)
    assert (ProductPool.objects.count(), PoolProduct.objects.count()) == (0, 0)
    agency_id, owner = agency()
    made = owner.post(f"/shops/{agency_id}/product-pools", {"name": "挑", "product_ids": [foreign]}, status=201)
    assert [one["id"] for one in made["products"]] == [foreign]


def test_a_pool_by_rule_follows_the_offers(market: Market) -> None:
    rule = {"tag_ids": [market.tags[CAMPING]], "min_commission_bp": 1_500}
    member, path = market.shop.member(), f"{market.path}/product-pools"
    preview = member.post(f"{path}/preview", rule)
    assert (preview["total"], [one["id"] for one in preview["products"]]) == (1, [market.products[CAMPING]])
    assert ProductPool.objects.count() == 0
    made = pool_of(market, product_ids=[], rule=rule)
    assert [one["id"] for one in made["products"]] == [market.products[CAMPING]]
    new = product_of(make_offer(market.shop, "新露营", market.tags[CAMPING]))
    make_offer(make_shop(), "别家露营", market.tags[CAMPING])
    build_offers()
    assert fill_rules() == 1
    again = member.get(f"{path}/{made['id']}")
    assert {one["id"] for one in again["products"]} == {market.products[CAMPING], new}


def test_sharing(market: Market) -> None:
    made = pool_of(market)
    agency_id, owner = agency()
    creator, caller = market.creators[CAMPING], market.callers[CAMPING]
    path = f"{market.path}/product-pools/{made['id']}/shares"
    member = market.shop.member()
    assert caller.get(f"/creators/{creator}/product-pools")["items"] == []
    assert caller.error("GET", f"/creators/{creator}/product-pools/{made['id']}", status=404)["field"] == "pool_id"
    assert owner.error("GET", f"/shops/{agency_id}/product-pools/{made['id']}", status=404)["field"] == "pool_id"
    body = {"creator_ids": [creator], "organisation_ids": [agency_id]}
    told = member.call("PUT", path, body)
    assert [one["id"] for one in told["creators"]] == [creator]
    assert [one["id"] for one in told["organisations"]] == [agency_id]
    assert member.call("PUT", path, body)["creators"] == told["creators"]
    assert PoolShare.objects.count() == 2
    [seen] = caller.get(f"/creators/{creator}/product-pools")["items"]
    assert (seen["id"], seen["match"]) == (made["id"], None)
    inside = caller.get(f"/creators/{creator}/product-pools/{made['id']}")
    assert [one["product"]["id"] for one in inside["products"]] == [market.products[CAMPING], market.products[COOKING]]
    theirs = owner.get(f"/shops/{agency_id}/product-pools/{made['id']}")
    assert (theirs["is_own"], theirs["creators"], theirs["organisations"]) == (False, [], [])
    assert [row["id"] for row in owner.get(f"/shops/{agency_id}/product-pools?shared=true")["items"]] == [made["id"]]
    assert owner.error("PUT", f"/shops/{agency_id}/product-pools/{made['id']}", {"name": "x"}, status=404)
    member.call("PUT", path, {})
    assert caller.error("GET", f"/creators/{creator}/product-pools/{made['id']}", status=404)
    assert PoolShare.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [({"creator_ids": [987_654]}, "creator_ids"), ({"organisation_ids": [987_654]}, "organisation_ids")],
)
def test_shares_with_nobody(market: Market, body: dict[str, Any], field: str) -> None:
    path = f"{market.path}/product-pools/{pool_of(market)['id']}/shares"
    assert market.shop.member().error("PUT", path, body, status=422)["field"] == field
    assert PoolShare.objects.count() == 0


def test_a_pool_meets_whom_it_suits_once_a_round(market: Market, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"pool_held_out_bp": 0})
    made = camping_pool(market, is_public=True)
    assert match_pools() == 1
    assert match_pools() == 0  # what is drawn stays
    match = PoolMatch.objects.get()
    assert (match.creator_id, match.arm, match.tag_ids) == (market.creators[CAMPING], "shown", [market.tags[CAMPING]])
    assert (match.seen_by_creator_at, match.seen_by_owner_at) == (None, None)
    [pool] = market.callers[CAMPING].get(f"/creators/{market.creators[CAMPING]}/product-pools")["items"]
    assert (pool["id"], pool["match"]["tags"][0]["id"]) == (made["id"], market.tags[CAMPING])
    assert pool["match"]["lift"] > 1.15
    [creator] = market.shop.member().get(f"{market.path}/product-pools/{made['id']}/creators")["items"]
    assert creator["creator_id"] == market.creators[CAMPING]
    match.refresh_from_db()
    assert match.seen_by_creator_at is not None
    assert match.seen_by_owner_at is not None
    with later(days=28):
        assert match_pools() == 1
    assert sorted(PoolMatch.objects.values_list("round", flat=True)) == [match.round, match.round + 1]


def test_a_pool_that_is_not_public_is_for_whom_it_is_shared_with(market: Market, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"pool_held_out_bp": 0})
    made = camping_pool(market)
    assert match_pools() == 0
    path = f"{market.path}/product-pools/{made['id']}/shares"
    market.shop.member().call("PUT", path, {"creator_ids": list(market.creators.values())})
    assert match_pools() == 1


def test_who_is_held_out_is_shown_to_nobody(market: Market, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"pool_held_out_bp": 10_000})
    made = camping_pool(market, is_public=True)
    assert match_pools() == 1
    match = PoolMatch.objects.get()
    assert match.arm == Arm.HELD_OUT
    assert market.callers[CAMPING].get(f"/creators/{market.creators[CAMPING]}/product-pools")["items"] == []
    assert market.shop.member().get(f"{market.path}/product-pools/{made['id']}/creators")["items"] == []
    mark_seen(match_ids=[match.pk], by_owner=True)
    match.refresh_from_db()
    assert match.seen_by_owner_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolMatch.objects.filter(pk=match.pk).update(seen_by_owner_at=clock.now())


def test_the_report_counts_what_came_of_both_arms(market: Market, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"pool_held_out_bp": 0})
    camping_pool(market, is_public=True)
    match_pools()
    held = PoolMatch.objects.create(
        pool=ProductPool.objects.get(),
        creator_id=market.creators[COOKING],
        round=0,
        arm=Arm.HELD_OUT.value,
        lift=1.3,
        earned_minor=1,
        product_ids=[market.products[COOKING]],
        tag_ids=[],
        matched_at=clock.now(),
    )
    take_up(creator_id=market.creators[CAMPING], product_id=market.products[CAMPING])
    take_up(creator_id=market.creators[COOKING], product_id=market.products[CAMPING])  # not of its pair
    path, member = f"{market.path}/product-pools/lift", market.shop.member()
    early = member.get(path)
    assert (early["waiting"], early["shown"]["pairs"], early["held_out"]["pairs"]) == (2, 0, 0)
    with later(days=15):
        told = member.get(path)
    assert (told["waiting"], told["outcome_days"]) == (0, 14)
    assert (told["shown"]["pairs"], told["shown"]["taken_pairs"], told["shown"]["rate"]) == (1, 1, 1.0)
    assert (told["held_out"]["pairs"], told["held_out"]["taken_pairs"], told["held_out"]["rate"]) == (1, 0, 0.0)
    assert told["rate_difference"] == {"value": None, "low": None, "high": None}  # too few to say
    PoolMatch.objects.filter(pk=held.pk).update(matched_at=held.matched_at - timedelta(days=400))
    with later(days=15):
        assert member.get(path)["held_out"]["pairs"] == 0
        assert make_shop().member().error("GET", path, status=404)["code"] == "not_found"


def test_operators_see_the_whole_site(market: Market) -> None:
    assert market.shop.member().error("GET", "/platform/matching/lift", status=404)["code"] == "not_found"
    assert Caller().error("GET", "/platform/matching/lift", status=401)["code"] == "sign_in_required"


def test_another_s_pool_is_not_there(market: Market) -> None:
    made, stranger = pool_of(market), make_shop()
    base = f"/shops/{stranger.id}/product-pools/{made['id']}"
    body = {"name": "我的了", "product_ids": []}
    for method, rest, told in (
        ("GET", "", None),
        ("PUT", "", body),
        ("PUT", "/shares", {}),
        ("POST", "/close", {}),
        ("GET", "/creators", None),
    ):
        assert stranger.member().error(method, f"{base}{rest}", told, status=404)["field"] == "pool_id"
    row = ProductPool.objects.get()
    assert (row.name, row.closed_at, row.products.count()) == ("春游", None, 2)
