"""The mall page, search, and what surrounds a product."""

from typing import Any
from uuid import uuid4

import pytest

from bench.feed.world import World, category_of_product, product_of_content
from xingqu.catalogue.models import Product
from xingqu.kit import clock


def like(caller: Any, content_ids: list[int]) -> None:
    now_ms = clock.now_ms()
    events = [
        {"event_id": str(uuid4()), "kind": "like", "content_id": pk, "occurred_at_ms": now_ms} for pk in content_ids
    ]
    assert caller.send("POST", "/signals", {"events": events, "sent_at_ms": now_ms})["accepted"] == len(events)


def sections(caller: Any) -> dict[str, dict[str, Any]]:
    return {section["kind"]: section for section in caller.get("/mall")["sections"]}


def test_the_mall_page_of_a_new_guest(world: World, guest: Any) -> None:
    found = sections(guest)
    assert list(found) == ["categories", "deals", "new", "for_you_products"]
    assert len(found["categories"]["categories"]) == world.categories
    assert [p["id"] for p in found["new"]["products"]] == list(range(60, 50, -1))
    assert len(found["for_you_products"]["products"]) == 20
    assert all(p["list_price"]["amount_minor"] > p["price"]["amount_minor"] for p in found["deals"]["products"])


def test_a_strong_interest_gets_a_shelf_of_its_own(world: World, guest: Any) -> None:
    like(guest, [2, 22, 42])
    category = category_of_product(world, product_of_content(world, 2))
    shelf = sections(guest)["interest_shelf"]
    assert shelf["title_data"]["horizon"] == "instant"
    of_category = [p for p in shelf["products"] if p["category_id"] == category]
    assert len(of_category) > len(shelf["products"]) / 2


def test_the_mall_shows_nothing_that_cannot_be_bought(world: World, guest: Any) -> None:
    Product.objects.filter(pk__lte=40).update(status="offline")
    for section in sections(guest).values():
        assert {p["id"] for p in section["products"]} <= set(range(41, 61))


def test_a_categorys_products_page_without_gaps(world: World, guest: Any) -> None:
    found: list[int] = []
    cursor = ""
    while True:
        page = guest.get(f"/mall/products?category_id=3&sort=price_asc&limit=4{cursor}")
        found += [p["id"] for p in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [pk for pk in range(1, 61) if category_of_product(world, pk) == 3]


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/mall/products?category_id=999", 404, "category_id"),
        ("/mall/products?category_id=0", 422, "category_id"),
        ("/mall/products?sort=random", 422, "sort"),
        ("/mall/products?cursor=abc", 422, "cursor"),
        ("/mall/products?limit=51", 422, "limit"),
        ("/products/999/related", 404, None),
        ("/search?min_price_minor=5&max_price_minor=4", 422, "max_price_minor"),
        ("/search?kind=people", 422, "kind"),
        ("/search?q=%00", 422, "q"),
        ("/search/hot?limit=0", 422, "limit"),
    ],
)
def test_wrong_questions_are_refused(guest: Any, path: str, status: int, field: str | None) -> None:
    assert guest.get(path, status)["error"]["field"] == field


def test_related_contents_show_the_product_and_similar_products_are_others(world: World, guest: Any) -> None:
    related = guest.get("/products/7/related")
    assert {a["product"]["id"] for card in related["contents"] for a in card["anchors"]} == {7}
    assert len(related["similar"]) == 12
    assert 7 not in {p["id"] for p in related["similar"]}
    assert related["similar"][0]["category_id"] == category_of_product(world, 7)


def test_search_of_contents_by_tag_and_word(world: World, guest: Any) -> None:
    page = guest.get("/search?kind=contents&q=周末去山里&limit=5")
    assert (page["kind"], len(page["contents"]), page["products"]) == ("contents", 5, [])
    assert page["items"] == page["contents"]
    assert page["total"] == 300
    assert page["next_cursor"] is not None
    nothing = guest.get("/search?kind=contents&q=zzzzzz")
    assert (nothing["contents"], nothing["total"]) == ([], 0)
    assert len(nothing["suggestions"]) == 8


def test_hot_words_follow_what_people_do(world: World, guest: Any) -> None:
    assert len(guest.get("/search/hot")["items"]) == 10
    assert guest.get("/search/suggest?q=")["items"] == []
