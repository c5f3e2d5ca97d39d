"""The units of a flash sale: set aside when it is made, on sale while it runs, back in general stock when it is over."""

from datetime import timedelta

import pytest

from xingqu.catalogue.selectors import allotments_of, skus_for_sale
from xingqu.kit import clock
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.models import FlashSaleItem
from xingqu.programmes.services import turn_campaigns
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db


def make_sale(shop: Shop, sku: int, *, allotment: int, starts_in_s: int = -60, status: int = 201) -> object:
    now = clock.now()
    body = {
        "name": "秒杀",
        "starts_at": (now + timedelta(seconds=starts_in_s)).isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
        "items": [{"sku_id": sku, "price_minor": 9_900, "allotment": allotment, "limit_per_person": min(5, allotment)}],
    }
    return shop.member().post(f"/shops/{shop.id}/flash-sales", body, status=status)


def units() -> tuple[int, int, int]:
    campaign = flash_campaign(FlashSaleItem.objects.get().pk)
    return allotments_of(campaigns=[campaign])[campaign]


def offered(sku: int) -> tuple[int, int]:
    offer = skus_for_sale([sku])[sku]
    return offer.available, offer.general_available


def test_a_sale_sets_its_units_aside_until_it_starts() -> None:
    shop = make_shop()
    sku = make_sku(shop, stock=10)
    make_sale(shop, sku, allotment=8, starts_in_s=600)
    assert (units(), offered(sku)) == ((8, 0, 0), (2, 2))
    assert turn_campaigns() == 0
    with clock.frozen(clock.now() + timedelta(seconds=601)):
        assert turn_campaigns() == 1
        assert turn_campaigns() == 0
        assert offered(sku) == (10, 2)


def test_flash_units_are_sold_when_general_stock_is_gone_and_the_other_way_round() -> None:
    shop = make_shop()
    sku = make_sku(shop, stock=10, price_minor=29_900)
    make_sale(shop, sku, allotment=4)
    first, second = Caller.new_person(), Caller.new_person()
    first.order((sku, 4))
    assert (units(), offered(sku)) == ((0, 4, 0), (6, 6))
    quote = second.quote((sku, 6))
    assert quote["payable"]["amount_minor"] == 6 * 29_900
    second.checkout(quote["quote_token"])
    assert second.quote((sku, 1))["problems"] == [
        {"code": "sold_out", "sku_id": sku, "data": {"requested": 1, "available": 0}}
    ]
    with clock.frozen(clock.now() + timedelta(hours=2)):
        expire_unpaid()
        assert units() == (4, 0, 0)
        turn_campaigns()
    assert (units(), offered(sku), stock_of(sku)) == ((0, 0, 0), (10, 10), (10, 0))


def test_a_paused_sale_is_not_on_sale_and_an_ended_one_gives_back() -> None:
    shop = make_shop()
    sku = make_sku(shop, stock=5)
    sale = make_sale(shop, sku, allotment=5)[0]["id"]  # type: ignore[index]
    assert offered(sku) == (5, 0)
    path = f"/shops/{shop.id}/flash-sales/{sale}"
    shop.member().call("PATCH", path, {"state": "paused"})
    assert offered(sku) == (0, 0)
    shop.member().call("PATCH", path, {"state": "running"})
    assert offered(sku) == (5, 0)
    shop.member().call("PATCH", path, {"state": "ended"})
    assert (units(), offered(sku)) == ((0, 0, 0), (5, 5))


def test_a_sale_of_more_than_there_is_is_refused_whole() -> None:
    shop = make_shop()
    sku = make_sku(shop, stock=5)
    error = make_sale(shop, sku, allotment=6, status=409)["error"]  # type: ignore[index]
    assert (error["code"], error["data"]) == ("not_enough_stock", {"sku_id": sku, "available": 5})
    assert (FlashSaleItem.objects.count(), offered(sku)) == (0, (5, 5))
