"""A shop's list of orders: filters, pages that miss and repeat nothing, counters, marks, files."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.kit.sql import fetch
from xingqu.trade.domain.transitions import TO_SHIP
from xingqu.trade.models import OrderLine, OrderMark, ParentOrder, ShopOrder
from xingqu.trade.selectors import merchant_counts
from xingqu.trade.selectors.merchant_list import OrderQuery, export_rows, orders_page
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def orders(shop: Shop) -> list[str]:
    """Five paid orders of one buyer and one of another, the first of them the oldest."""
    sku = make_sku(shop, stock=50)
    one, other = Caller.new_person(), Caller.new_person()
    return [*(one.buy((sku, 1 + number)) for number in range(5)), other.buy((sku, 1))]


def numbers(shop: Shop, **query: Any) -> list[str]:
    """Order numbers over all pages, two at a time."""
    found: list[str] = []
    after = None
    while True:
        items, after = orders_page(shop_id=shop.id, query=OrderQuery(**query), after=after, limit=2)
        found += [item["order_no"] for item in items]
        if after is None:
            return found


def test_pages_miss_and_repeat_nothing_even_at_equal_times(shop: Shop, orders: list[str]) -> None:
    assert numbers(shop) == orders[::-1]
    ShopOrder.objects.update(created_at=clock.now())
    assert numbers(shop) == orders[::-1]
    assert numbers(shop, state="to_ship") == orders[::-1]


def test_states_are_merged_by_time(shop: Shop, orders: list[str]) -> None:
    for number in orders[::2]:
        ShopOrder.objects.filter(order_no=number).update(state="part_shipped")
    assert numbers(shop, state="to_ship") == orders[::-1]
    assert numbers(shop, state="part_shipped") == orders[::2][::-1]
    ShopOrder.objects.filter(order_no=orders[0]).update(ship_by=clock.now() - timedelta(hours=1))
    assert numbers(shop, state="late_to_ship") == [orders[0]]


def test_filters(shop: Shop, orders: list[str]) -> None:
    price = ShopOrder.objects.get(order_no=orders[0]).payable_minor
    assert numbers(shop, min_minor=price * 2, max_minor=price * 3) == orders[1:3][::-1]
    assert numbers(shop, like=orders[0]) == orders[:5][::-1]
    assert numbers(shop, like=orders[5]) == [orders[5]]
    ShopOrder.objects.filter(order_no=orders[2]).update(note="请轻放")
    assert numbers(shop, has_note=True) == [orders[2]]
    assert len(numbers(shop, has_note=False)) == 5
    OrderLine.objects.filter(order__order_no=orders[3]).update(attribution={"surface": "live"}, product_id=77)
    assert numbers(shop, source="live") == [orders[3]]
    assert numbers(shop, product_id=77) == [orders[3]]
    assert numbers(shop, q=orders[4]) == [orders[4]]
    assert numbers(shop, q=ParentOrder.objects.get(shop_orders__order_no=orders[1]).order_no) == [orders[1]]
    assert len(numbers(shop, q="四件套")) == 6
    cut = ShopOrder.objects.get(order_no=orders[2]).created_at
    assert numbers(shop, since=cut) == orders[2:][::-1]
    assert numbers(shop, until=cut) == orders[:2][::-1]


def test_a_common_product_is_found_too(shop: Shop, orders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xingqu.trade.selectors.merchant_list.RARE_ORDERS", 2)
    assert numbers(shop, product_id=Sku.objects.get().product_id) == orders[::-1]


def test_counters_stop_at_their_limit(shop: Shop, orders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert merchant_counts.order_counts(shop_id=shop.id)["to_ship"] == 6
    monkeypatch.setattr(merchant_counts, "COUNT_LIMIT", 4)
    assert merchant_counts.order_counts(shop_id=shop.id)["to_ship"] == 4


def test_a_mark_is_the_sellers_own(shop: Shop, orders: list[str]) -> None:
    member, stranger = shop.member(), make_shop().member()
    path = f"/shops/{shop.id}/orders/{orders[0]}/mark"
    shown = member.call("PUT", path, {"flag": "red", "note": "老客户，多送一份"})
    assert (shown["flag"], shown["seller_note"]) == ("red", "老客户，多送一份")
    assert numbers(shop, flag="red") == [orders[0]]
    assert (numbers(shop, flag="any"), numbers(shop, flag="blue")) == ([orders[0]], [])
    buyer = Caller.signed_in(int(ShopOrder.objects.get(order_no=orders[0]).buyer_key[1:]))
    assert "老客户" not in str(buyer.get(f"/orders/{orders[0]}"))
    assert stranger.error("PUT", path, {"flag": "blue"}, status=404)["code"] == "not_found"
    assert OrderMark.objects.get().flag == "red"
    member.call("PUT", path, {})
    assert not OrderMark.objects.exists()


def test_another_shop_marks_and_finds_nothing(shop: Shop, orders: list[str]) -> None:
    other = make_shop()
    member = other.member()
    own = f"/shops/{other.id}/orders"
    assert member.error("PUT", f"{own}/{orders[0]}/mark", {"flag": "red"}, status=404)["code"] == "not_found"
    assert member.error("GET", f"{own}?like={orders[0]}", status=404)["code"] == "not_found"
    assert member.get(f"{own}?q={orders[0]}")["items"] == []
    for kind in ("csv", "xlsx"):
        assert member.error("GET", f"/shops/{shop.id}/orders.{kind}", status=404)["code"] == "not_found"
    assert not OrderMark.objects.exists()
    assert len(list(export_rows(shop_id=other.id, query=OrderQuery()))) == 1


@pytest.fixture
def hostile(orders: list[str]) -> str:
    ShopOrder.objects.filter(order_no=orders[0]).update(note='=HYPERLINK("http://x")')
    return orders[0]


def test_files_hold_the_filtered_list_and_no_formula(shop: Shop, orders: list[str], hostile: str) -> None:
    member = shop.member()
    base = f"/api/v1/shops/{shop.id}/orders"
    text = member.client.get(f"{base}.csv?q={hostile}").getvalue().decode()
    assert text.count("\r\n") == 2
    assert "'=HYPERLINK" in text
    book = load_workbook(io.BytesIO(member.client.get(f"{base}.xlsx?has_note=true").getvalue()))
    rows = list(book["orders"].iter_rows())
    assert [row[0].value for row in rows] == ["order_no", hostile]
    assert all(cell.data_type != "f" for row in rows for cell in row)


def test_an_export_goes_on_behind_its_first_chunk(
    shop: Shop, orders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xingqu.trade.selectors.merchant_list.EXPORT_CHUNK", 2)
    rows = list(export_rows(shop_id=shop.id, query=OrderQuery()))
    assert [row[0] for row in rows[1:]] == orders[::-1]


@pytest.mark.parametrize("query", ["flag=pink", "min_minor=-1", "product_id=0", "source=a b", "cursor=WzFd"])
def test_nonsense_is_refused(shop: Shop, query: str) -> None:
    assert shop.member().error("GET", f"/shops/{shop.id}/orders?{query}", status=422)["code"] == "invalid_input"


def test_a_search_goes_on_behind_its_window(shop: Shop, orders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xingqu.trade.selectors.merchant_list.WINDOW", 3)
    monkeypatch.setattr("xingqu.trade.selectors.merchant_list.RARE_ORDERS", 0)
    ShopOrder.objects.filter(order_no__in=(orders[0], orders[1])).update(search_text="王五", note="急")
    ShopOrder.objects.filter(order_no__in=orders[::2]).update(state="part_shipped")
    page, after = orders_page(shop_id=shop.id, query=OrderQuery(q="王五"), after=None, limit=2)
    assert page == []
    assert after is not None
    assert numbers(shop, q="王五") == [orders[1], orders[0]]
    assert numbers(shop, q="王五", state="to_ship") == [orders[1], orders[0]]
    assert numbers(shop, q="四件套") == orders[2:][::-1]
    assert numbers(shop, q="四件套", state="to_ship") == orders[2:][::-1]
    assert numbers(shop, has_note=True) == [orders[1], orders[0]]
    ShopOrder.objects.update(created_at=clock.now())
    assert numbers(shop, q="四件套") == orders[2:][::-1]
    assert numbers(shop, flag="any") == []


def test_an_order_number_is_looked_up_and_nothing_else(shop: Shop, orders: list[str]) -> None:
    gone = "S261123abcdefgh1234"
    ShopOrder.objects.update(search_text=f"{gone} 四件套")
    with CaptureQueriesContext(connection) as asked:
        assert orders_page(shop_id=shop.id, query=OrderQuery(q=gone), after=None, limit=2) == ([], None)
    assert not any('search_text" LIKE' in query["sql"] or "UPPER" in query["sql"] for query in asked)
    assert numbers(shop, q=orders[4]) == [orders[4]]


def test_what_waits_is_counted_along_an_index_of_its_own(shop: Shop, orders: list[str]) -> None:
    ShopOrder.objects.filter(order_no=orders[0]).update(ship_by=clock.now() - timedelta(hours=1), state="part_shipped")
    ShopOrder.objects.filter(order_no=orders[1]).update(ship_by=clock.now() - timedelta(hours=1), state="shipped")
    counts = merchant_counts.order_counts(shop_id=shop.id)
    assert (counts["to_ship"], counts["late_to_ship"], counts["shipped"]) == (5, 1, 1)
    (index,) = [each for each in ShopOrder._meta.indexes if each.name == "shop_order_waiting"]
    assert index.condition == Q(state__in=tuple(state.value for state in TO_SHIP))
    if connection.vendor == "sqlite":
        late = f"{merchant_counts._WAITING} AND ship_by < 'x'"
        plan = fetch(f"EXPLAIN QUERY PLAN SELECT 1 FROM trade_shoporder WHERE shop_id = %s AND {late}", [1])
        assert "shop_order_waiting" in str(plan)
