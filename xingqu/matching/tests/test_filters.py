"""Filters of the two squares, exactly: each includes one and leaves one out, together they are all asked, and bad values are
refused."""

from collections.abc import Mapping

import numpy as np
import pytest

from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.plans import open_plan
from xingqu.catalogue.models import Product
from xingqu.catalogue.selectors import find_category
from xingqu.experience.models import ExperienceDay, ReputationDay
from xingqu.kit import clock
from xingqu.matching.selectors import arrays
from xingqu.matching.services.building import _write, build_offers
from xingqu.matching.tests.house import CAMPING, COOKING, Market, make_offer, product_of
from xingqu.trade.tests.house import Caller, make_shop

pytestmark = pytest.mark.django_db
DEAR, OTHERS = 2, 3


def rated(shop_id: int, score_tenths: int) -> None:
    """What was kept of a shop's score today."""
    now = clock.now()
    ExperienceDay.objects.create(
        shop_id=shop_id,
        day=now.date(),
        since=now,
        until=now,
        orders=10,
        score_tenths=score_tenths,
        indicators={},
        rules={},
        made_at=now,
    )


@pytest.fixture
def offers(market: Market) -> Mapping[int, int]:
    """Four offers: two at 100.00 and 20 %; a dear one at 900.00, 30 %, often sold, of pet goods; another shop's, well rated."""
    dear = product_of(
        make_offer(market.shop, "贵的帐篷", market.tags[CAMPING], price_minor=90_000, commission_bp=3_000)
    )
    Product.objects.filter(pk=dear).update(sold_count=50, category_id=find_category(path=["居家", "宠物"]))
    shop = make_shop(name="别家小店")
    others = product_of(make_offer(shop, "别家的锅", market.tags[COOKING], price_minor=20_000, commission_bp=1_000))
    rated(shop.id, 900)
    rated(market.shop.id, 600)
    open_plan(
        shop_id=market.shop.id,
        product_id=market.products[COOKING],
        kind=PlanKind.TARGETED,
        commission_bp=2_500,
        creator_ids=[market.creators[CAMPING]],
        person_id=1,
    )
    build_offers()
    return {CAMPING: market.products[CAMPING], COOKING: market.products[COOKING], DEAR: dear, OTHERS: others}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {CAMPING, COOKING, DEAR, OTHERS}),
        ("q=帐篷", {DEAR}),
        ("min_commission_bp=2000", {CAMPING, COOKING, DEAR}),
        ("min_commission_bp=2500", {COOKING, DEAR}),  # of it one by the plan that names this creator
        ("min_commission_bp=2501", {DEAR}),
        ("min_price_minor=20000", {DEAR, OTHERS}),
        ("min_price_minor=20001", {DEAR}),
        ("max_price_minor=20000", {CAMPING, COOKING, OTHERS}),
        ("max_price_minor=19999", {CAMPING, COOKING}),
        ("min_sold=50", {DEAR}),
        ("min_sold=51", set()),
        ("min_shop_score=90", {OTHERS}),
        ("min_shop_score=60", {CAMPING, COOKING, DEAR, OTHERS}),
        ("min_shop_score=90.1", set()),
        ("plan_kind=targeted_plan", {COOKING}),
        ("plan_kind=simple_plan", {CAMPING, COOKING, DEAR, OTHERS}),
        ("plan_kind=colonel_activity", set()),
        ("min_price_minor=20000&min_shop_score=61", {OTHERS}),
        ("min_price_minor=20000&min_sold=1&max_price_minor=90000", {DEAR}),
        ("min_commission_bp=2500&max_price_minor=10000&plan_kind=targeted_plan", {COOKING}),
        ("min_sold=50&min_shop_score=90", set()),
    ],
)
def test_what_a_creator_asks_for(market: Market, offers: Mapping[int, int], query: str, found: set[int]) -> None:
    page = market.callers[CAMPING].get(f"/creators/{market.creators[CAMPING]}/selection?{query}")
    assert {item["product"]["id"] for item in page["items"]} == {offers[each] for each in found}
    assert page["total"] == len(found)


def test_a_category_holds_for_all_below_it(market: Market, offers: Mapping[int, int]) -> None:
    path, caller = f"/creators/{market.creators[CAMPING]}/selection", market.callers[CAMPING]
    for category, found in (
        (["居家", "宠物"], {DEAR}),
        (["居家", "床品件套"], {CAMPING, COOKING, OTHERS}),
        (["居家"], {CAMPING, COOKING, DEAR, OTHERS}),
    ):
        page = caller.get(f"{path}?category_id={find_category(path=category)}")
        assert {item["product"]["id"] for item in page["items"]} == {offers[each] for each in found}, category


def test_another_creator_s_agreement_is_not_found(market: Market, offers: Mapping[int, int]) -> None:
    """A plan that names one creator raises nobody else's rate, and is nobody else's to filter by."""
    path, caller = f"/creators/{market.creators[COOKING]}/selection", market.callers[COOKING]
    assert caller.get(f"{path}?plan_kind=targeted_plan")["items"] == []
    page = caller.get(f"{path}?min_commission_bp=2001")
    assert [item["product"]["id"] for item in page["items"]] == [offers[DEAR]]


@pytest.mark.parametrize(
    "query",
    [
        "min_commission_bp=-1",
        "min_commission_bp=10001",
        "min_price_minor=-1",
        "max_price_minor=x",
        "min_sold=-1",
        "min_shop_score=100.5",
        "min_shop_score=nan",
        "plan_kind=any",
        "sort=random",
        "category_id=0",
        "limit=51",
    ],
)
def test_values_that_can_not_be_of_the_selection(market: Market, query: str) -> None:
    path = f"/creators/{market.creators[CAMPING]}/selection"
    told = market.callers[CAMPING].error("GET", f"{path}?{query}", status=422)
    assert (told["code"], told["field"]) == ("invalid_input", query.partition("=")[0])


def reputed(creator_id: int, *, score: int, level: int, kept: float) -> None:
    """What was kept of a creator today."""
    now = clock.now()
    ReputationDay.objects.create(
        creator_id=creator_id,
        day=now.date(),
        since=now,
        until=now,
        orders=10,
        parts={},
        score_tenths=score * 10,
        level=level,
        credit=100,
        gmv_minor=0,
        followers=0,
        indicators={"kept_rate": {"value": kept, "count": 10}},
        rules={},
        made_at=now,
    )


@pytest.fixture
def creators(market: Market) -> Market:
    """One sells much and keeps less; the other has more followers, a higher level, and makes pet works."""
    ids = np.array(sorted(market.creators.values()), dtype=np.int64)
    zeros = {name: np.zeros(ids.size, np.int64) for name in ("orders", "works", "last_published_ms")}
    figures = {
        "creator_id": ids,
        "amount_minor": np.array([123_456, 50], dtype=np.int64),
        "views": np.array([1_000, 0], dtype=np.int64),
        "followers": np.array([10, 20], dtype=np.int64),
        "category_id": np.array([0, find_category(path=["居家", "宠物"])], dtype=np.int64),
        **zeros,
    }
    _write(arrays.CREATORS.name, figures)
    arrays.CREATORS.forget()
    reputed(market.creators[CAMPING], score=70, level=2, kept=0.8)
    reputed(market.creators[COOKING], score=90, level=4, kept=0.95)
    return market


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("min_followers=10", {CAMPING, COOKING}),
        ("min_followers=11", {COOKING}),
        ("min_level=2", {CAMPING, COOKING}),
        ("min_level=3", {COOKING}),
        ("min_level=5", set()),
        ("min_score=70", {CAMPING, COOKING}),
        ("min_score=71", {COOKING}),
        ("min_kept_percent=80", {CAMPING, COOKING}),
        ("min_kept_percent=81", {COOKING}),
        ("min_kept_percent=96", set()),
        ("min_gmv_band=2", {CAMPING}),
        ("min_gmv_band=2&min_level=3", set()),
        ("min_followers=20&min_level=4&min_score=90&min_kept_percent=95", {COOKING}),
        ("min_followers=10&min_gmv_band=2&min_score=70", {CAMPING}),
    ],
)
def test_what_a_merchant_asks_for(creators: Market, query: str, found: set[int]) -> None:
    page = creators.shop.member().get(f"{creators.path}/creator-square?{query}")
    assert {item["id"] for item in page["items"]} == {creators.creators[each] for each in found}
    assert page["total"] == len(found)


def test_a_category_of_works(creators: Market) -> None:
    member, path = creators.shop.member(), f"{creators.path}/creator-square"
    for category, found in ((["居家", "宠物"], [COOKING]), (["居家"], [COOKING]), (["居家", "床品件套"], [])):
        page = member.get(f"{path}?category_id={find_category(path=category)}")
        assert [item["id"] for item in page["items"]] == [creators.creators[each] for each in found], category


def test_who_is_unknown_reaches_no_least(creators: Market) -> None:
    """A creator without a kept score is found without these filters only."""
    ReputationDay.objects.filter(creator_id=creators.creators[COOKING]).delete()
    member, path = creators.shop.member(), f"{creators.path}/creator-square"
    for query in ("min_level=1", "min_score=1", "min_kept_percent=1"):
        page = member.get(f"{path}?{query}")
        assert [item["id"] for item in page["items"]] == [creators.creators[CAMPING]], query
    assert member.get(path)["total"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "min_gmv_band=6",
        "min_gpm_band=-1",
        "min_followers=-1",
        "min_level=11",
        "min_score=101",
        "min_kept_percent=101",
        "sort=random",
        "category_id=x",
        "product_id=0",
    ],
)
def test_values_that_can_not_be_of_the_square(creators: Market, query: str) -> None:
    told = creators.shop.member().error("GET", f"{creators.path}/creator-square?{query}", status=422)
    assert (told["code"], told["field"]) == ("invalid_input", query.partition("=")[0])


def test_filters_open_no_other_s_square(creators: Market) -> None:
    stranger = make_shop(name="路过的店").member()
    for caller in (stranger, Caller.new_person()):
        assert caller.error("GET", f"{creators.path}/creator-square?min_level=1", status=404)["code"] == "not_found"
