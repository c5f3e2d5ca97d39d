"""Pools handed on: by an agency to creators of its own, and by link; and products looked up for a pool by hand."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.alliance.tests.house import Studio, new_studio
from xingqu.alliance.tests.test_agencies import sign
from xingqu.kit import clock
from xingqu.matching.models import PoolGift, PoolShare
from xingqu.matching.selectors.pools import creators_pools
from xingqu.matching.services.building import build_offers
from xingqu.matching.tests.house import CAMPING, COOKING, Market, agency, make_offer, product_of
from xingqu.matching.tests.test_pools import pool_of
from xingqu.trade.tests.house import Caller, make_shop

pytestmark = pytest.mark.django_db


def pools(studio: Studio) -> list[dict[str, Any]]:
    return list(studio.owner.get(f"/creators/{studio.creator_id}/product-pools")["items"])


def shared_with(market: Market, agency_id: int) -> str:
    """A pool of the shop's that the agency sees: its address at the agency."""
    pool_id = pool_of(market, is_public=False)["id"]
    path = f"{market.path}/product-pools/{pool_id}/shares"
    market.shop.member().call("PUT", path, {"organisation_ids": [agency_id]})
    return f"/shops/{agency_id}/product-pools/{pool_id}"


def test_an_agency_gives_a_pool_to_its_creators(market: Market) -> None:
    house: tuple[int, Caller] = agency()
    ours, other = new_studio(), new_studio()
    sign(house, ours)
    pool = shared_with(market, house[0])
    assert pools(ours) == []
    refused = house[1].error("PUT", f"{pool}/gifts", {"creator_ids": [ours.creator_id, other.creator_id]}, status=422)
    assert (refused["field"], PoolGift.objects.count()) == ("creator_ids", 0)
    told = house[1].call("PUT", f"{pool}/gifts", {"creator_ids": [ours.creator_id]})
    assert [one["id"] for one in told["given"]] == [ours.creator_id]
    (seen,) = pools(ours)
    assert (seen["name"], seen["given_by"], seen["match"]) == ("春游", f"机构{house[1].person_id}", None)
    pool_id = seen["id"]
    assert len(ours.owner.get(f"/creators/{ours.creator_id}/product-pools/{pool_id}")["products"]) == 2
    assert other.owner.error("GET", f"/creators/{other.creator_id}/product-pools/{pool_id}", status=404)
    house[1].call("PUT", f"{pool}/gifts", {"creator_ids": []})
    assert pools(ours) == []


def test_a_gift_ends_with_the_share_and_with_the_contract(market: Market) -> None:
    house = agency()
    studio = new_studio()
    contract = sign(house, studio)
    pool = shared_with(market, house[0])
    house[1].call("PUT", f"{pool}/gifts", {"creator_ids": [studio.creator_id]})
    pool_id = int(pool.rsplit("/", 1)[1])
    PoolShare.objects.all().delete()  # the shop took it back from the agency
    assert pools(studio) == []
    assert house[1].error("PUT", f"{pool}/gifts", {"creator_ids": []}, status=404)
    PoolShare.objects.create(pool_id=pool_id, organisation_id=house[0], created_at=clock.now())
    assert len(pools(studio)) == 1
    studio.owner.post(f"/shops/{studio.id}/agencies/{contract}/notice")
    with clock.frozen(clock.now() + timedelta(days=400)):
        assert creators_pools(creator_id=studio.creator_id) == ([], [])


def test_a_pool_that_the_agency_does_not_see_is_not_there(market: Market) -> None:
    house, studio = agency(), new_studio()
    sign(house, studio)
    pool_id = pool_of(market, is_public=False)["id"]
    path = f"/shops/{house[0]}/product-pools/{pool_id}"
    refused = house[1].error("PUT", f"{path}/gifts", {"creator_ids": [studio.creator_id]}, status=404)
    assert (refused["field"], PoolGift.objects.count()) == ("pool_id", 0)
    assert house[1].error("PUT", f"{path}/link", status=404)


def test_a_pool_by_link(market: Market) -> None:
    studio, later = new_studio(), new_studio()
    path = f"{market.path}/product-pools/{pool_of(market, is_public=False)['id']}"
    member = market.shop.member()
    key = member.call("PUT", f"{path}/link")["link_key"]
    assert member.call("PUT", f"{path}/link")["link_key"] == key
    for _ in range(2):
        opened = studio.owner.post(f"/creators/{studio.creator_id}/product-pools/opened", {"key": key})
        assert (opened["name"], len(opened["products"])) == ("春游", 2)
    assert PoolShare.objects.count() == 1
    assert [row["name"] for row in pools(studio)] == ["春游"]
    wrong = {"key": "x" * 24}
    assert later.owner.error("POST", f"/creators/{later.creator_id}/product-pools/opened", wrong, status=404)
    assert member.call("DELETE", f"{path}/link")["link_key"] is None
    assert later.owner.error("POST", f"/creators/{later.creator_id}/product-pools/opened", {"key": key}, status=404)
    assert (pools(later), len(pools(studio))) == ([], 1)
    stranger = {"key": key}
    assert later.owner.error("POST", f"/creators/{studio.creator_id}/product-pools/opened", stranger, status=404)


def test_products_for_a_pool_by_hand(market: Market) -> None:
    foreign = product_of(make_offer(make_shop(), "别家露营灯", market.tags[CAMPING]))
    make_offer(market.shop, "没有计划", market.tags[COOKING], commission_bp=0)
    build_offers()
    own = {row["id"] for row in market.shop.member().get(f"{market.path}/product-pools/products")}
    assert own == set(market.products.values())
    agency_id, owner = agency()
    path = f"/shops/{agency_id}/product-pools"
    assert {row["id"] for row in owner.get(f"{path}/products")} == own | {foreign}
    assert [row["id"] for row in owner.get(f"{path}/products?q=别家")] == [foreign]
    found = market.shop.member().get(f"{market.path}/product-pools/agencies?q=机构")
    assert [row["id"] for row in found] == [agency_id]
