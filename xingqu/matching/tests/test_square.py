"""The creator square: order, bands, consent, strangers."""

import pytest

from xingqu.experience.models import ReputationDay
from xingqu.kit import clock
from xingqu.matching.models import CreatorListing
from xingqu.matching.tests.house import CAMPING, COOKING, Market, list_creators
from xingqu.trade.tests.house import Caller, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listed(market: Market) -> None:
    list_creators(market)


def test_a_product_finds_the_creator_whose_audience_likes_it(market: Market) -> None:
    for kind in (CAMPING, COOKING):
        page = market.shop.member().get(f"{market.path}/creator-square?product_id={market.products[kind]}")
        assert [item["id"] for item in page["items"]] == [market.creators[kind], market.creators[1 - kind]]
        assert page["items"][0]["lift"] > 1.15 > page["items"][1]["lift"]
        assert [one["tag_id"] for one in page["items"][0]["reasons"]] == [market.tags[kind]]
        assert page["items"][1]["reasons"] == []
        assert page["total"] == 2


def test_figures_are_bands_until_the_creator_agrees(market: Market) -> None:
    creator = market.creators[CAMPING]
    path = f"{market.path}/creator-square/{creator}"
    told = market.shop.member().get(path)
    assert (told["gmv_band"], told["gmv_from_minor"], told["gmv_to_minor"]) == (2, 100_000, 1_000_000)
    assert (told["gpm_band"], told["gpm_from_minor"]) == (5, 100_000)
    assert (told["gmv_minor"], told["gpm_minor"], told["orders"]) == (None, None, None)
    assert told["portrait"]["known"] is True
    body = {"is_listed": True, "shows_exact": True, "intro": "爱露营"}
    assert market.callers[CAMPING].call("PUT", f"/creators/{creator}/listing", body) == body
    told = market.shop.member().get(path)
    assert (told["gmv_minor"], told["gpm_minor"], told["orders"], told["intro"]) == (123_456, 123_456, 0, "爱露营")


def test_who_is_not_listed_is_not_found(market: Market) -> None:
    creator = market.creators[CAMPING]
    body = {"is_listed": False, "shows_exact": False}
    market.callers[CAMPING].call("PUT", f"/creators/{creator}/listing", body)
    member = market.shop.member()
    assert [item["id"] for item in member.get(f"{market.path}/creator-square")["items"]] == [market.creators[COOKING]]
    assert member.error("GET", f"{market.path}/creator-square/{creator}", status=404)["field"] == "creator_id"


def test_another_s_listing_is_not_changed(market: Market) -> None:
    path = f"/creators/{market.creators[CAMPING]}/listing"
    body = {"is_listed": False, "shows_exact": True}
    assert market.callers[COOKING].error("PUT", path, body, status=404)["code"] == "not_found"
    assert CreatorListing.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("min_gmv_band=2", [CAMPING]),
        ("min_gmv_band=1", [CAMPING, COOKING]),
        ("min_gpm_band=1", [CAMPING]),
        ("min_followers=20", [COOKING]),
        ("sort=followers", [COOKING, CAMPING]),
        ("sort=gmv", [CAMPING, COOKING]),
        ("category_id=987654", []),
        ("q=nobodyofthisname", []),
    ],
)
def test_filters_and_orders(market: Market, query: str, kinds: list[int]) -> None:
    page = market.shop.member().get(f"{market.path}/creator-square?{query}")
    assert [item["id"] for item in page["items"]] == [market.creators[kind] for kind in kinds]


def test_kept_promises_are_told_and_asked_for(market: Market) -> None:
    camping, cooking = market.creators[CAMPING], market.creators[COOKING]
    for creator_id, value, count in ((camping, 0.9, 10), (cooking, None, 0)):
        ReputationDay.objects.create(
            creator_id=creator_id,
            day=clock.now().date(),
            since=clock.now(),
            until=clock.now(),
            orders=0,
            parts={},
            level=0,
            credit=100,
            gmv_minor=0,
            followers=0,
            indicators={"kept_rate": {"value": value, "count": count}},
            rules={},
            made_at=clock.now(),
        )
    member, path = market.shop.member(), f"{market.path}/creator-square"
    told = {item["id"]: (item["kept_rate"], item["promises"]) for item in member.get(path)["items"]}
    assert told == {camping: (0.9, 10), cooking: (None, 0)}
    for least, found in ((90, [camping]), (91, [])):
        assert [item["id"] for item in member.get(f"{path}?min_kept_percent={least}")["items"]] == found


def test_another_shop_s_product_is_no_measure(market: Market) -> None:
    stranger = make_shop()
    path = f"/shops/{stranger.id}/creator-square?product_id={market.products[CAMPING]}"
    assert stranger.member().error("GET", path, status=404)["field"] == "product_id"


def test_strangers_do_not_enter(market: Market) -> None:
    for rest in ("creator-square", f"creator-square/{market.creators[CAMPING]}"):
        assert Caller().error("GET", f"{market.path}/{rest}", status=401)["code"] == "sign_in_required"
        assert market.callers[CAMPING].error("GET", f"{market.path}/{rest}", status=404)["code"] == "not_found"
