from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xingqu.catalogue import selectors, services
from xingqu.catalogue.contracts import SALE_STATES
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.money import Money

Make = Callable[..., int]


def test_a_card_shows_the_lowest_price_that_can_be_bought(make_product: Make, shop_id: int) -> None:
    product_id = make_product()
    card = selectors.cards([product_id])[product_id]
    assert card.price == Money(29900, "CNY")
    assert card.list_price == Money(39900, "CNY")
    assert (card.shop_id, card.shop_name) == (shop_id, "素屋")
    assert card.sale_state == SALE_STATES["on_sale"]
    assert card.available == 13
    assert (card.sold_count, card.score, card.review_count) == (0, None, 0)
    cheap = selectors.product_detail(product_id=product_id)["skus"][0]["id"]
    services.hold_stock(order_ref="o1", lines=[(cheap, 10)], expires_at=clock.now() + timedelta(minutes=5))
    card = selectors.cards([product_id])[product_id]
    assert card.price == Money(31900, "CNY")
    assert card.list_price is None
    assert card.available == 3


def test_cards_take_a_constant_number_of_queries(make_product: Make) -> None:
    ids = [make_product(name=f"纯棉四件套{n}号") for n in range(4)]
    counts = []
    for some in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queries:
            assert set(selectors.cards([*some, 9_999_999])) == set(some)
        counts.append(len(queries))
    assert counts == [4, 4]


def test_an_offer_says_why_it_cannot_be_bought(make_product: Make, shop_id: int) -> None:
    product_id = make_product()
    sku_id = selectors.product_detail(product_id=product_id)["skus"][1]["id"]
    offer = selectors.skus_for_sale([sku_id, 9_999_999])[sku_id]
    assert (offer.option_text, offer.price_minor, offer.available) == ("米白", 31900, 3)
    assert offer.sale_state == SALE_STATES["on_sale"]
    services.take_offline(shop_id=shop_id, product_id=product_id)
    assert selectors.skus_for_sale([sku_id])[sku_id].sale_state == SALE_STATES["offline"]
    services.delete_product(shop_id=shop_id, product_id=product_id)
    assert selectors.skus_for_sale([sku_id])[sku_id].sale_state == SALE_STATES["deleted"]


def test_a_draft_is_not_shown_to_the_public(make_product: Make) -> None:
    product_id = make_product(online=False)
    with pytest.raises(NotFound):
        selectors.product_detail(product_id=product_id)


def test_the_shelf_pages_without_gaps_or_repeats(make_product: Make, bedding_id: int) -> None:
    ids = [make_product(name=f"纯棉四件套{n}号") for n in range(5)]
    for sort in ("sales", "price_asc", "price_desc", "new"):
        seen: list[int] = []
        cursor = None
        while True:
            page = selectors.product_page(category_id=bedding_id, sort=sort, cursor=cursor, limit=2)
            seen += page.ids
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(seen) == ids
        assert len(seen) == 5


def test_changes_come_in_order_and_resume(make_product: Make, shop_id: int) -> None:
    first, second = make_product(), make_product(name="亚麻四件套")
    services.take_offline(shop_id=shop_id, product_id=first)
    rows = selectors.changed_since()
    assert [row.product_id for row in rows] == [second, first]
    assert [row.can_buy for row in rows] == [True, False]
    last = rows[0]
    assert [row.product_id for row in selectors.changed_since(after=(last.updated_at, last.product_id))] == [first]


def test_the_category_tree_counts_whole_branches(make_product: Make, bedding_id: int) -> None:
    make_product()
    make_product(online=False)
    tree = {node["slug"]: node for node in selectors.category_tree()}
    assert tree["home"]["product_count"] == 1
    assert {child["slug"]: child["product_count"] for child in tree["home"]["children"]}["bedding"] == 1
    assert tree["food"]["product_count"] == 0
    assert [card.name for card in selectors.category_path(category_id=bedding_id)] == ["居家", "床品件套"]
