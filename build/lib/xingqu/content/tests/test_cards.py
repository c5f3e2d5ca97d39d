"""Content cards: what they hold, how many statements they cost, what other rooms read."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xingqu.catalogue.models import FeatureTag
from xingqu.content import selectors, services
from xingqu.content.contracts import ContentCardOut, card_json
from xingqu.content.models import Content, ContentTag
from xingqu.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_has_the_shape_that_the_document_says(world: Any, shop: Any, guest: Any) -> None:
    product_id = world.product(shop, tags=("帐篷",))
    content_id = world.content(shop, products=(product_id,), caption="下雨也不怕")
    written = orjson.loads(orjson.dumps(card_json(selectors.card(content_id=content_id, viewer=guest.actor))))
    assert ContentCardOut.model_validate(written).model_dump().keys() == written.keys()
    asset_id = Content.objects.get(pk=content_id).assets.get().asset_id
    assert written["poster_url"] == f"/media/assets/{asset_id}/poster.webp"
    assert written["hls_url"] == f"/media/assets/{asset_id}/master.m3u8"
    assert (written["mp4_url"], written["pictures"], written["duration_ms"]) == (None, [], 8000)
    assert [t["name"] for t in written["topic_tags"]] == ["露营"]
    assert written["anchors"][0]["product"]["price"] == {"amount_minor": 9900, "currency": "CNY"}
    assert written["anchors"][0]["product"]["sale_state"] == {"code": "on_sale", "can_buy": True}
    assert written["creator"]["id"] == shop.creator_id
    assert guest.get(f"/contents/{content_id}").json() == written


def test_cards_cost_the_same_however_many(world: Any, shop: Any, guest: Any) -> None:
    product_id = world.product(shop)
    ids = [world.content(shop, products=(product_id,)) for _ in range(6)]
    costs = []
    for wanted in (ids[:1], ids):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            found = selectors.cards(ids=wanted, viewer=guest.actor)
        assert list(found) == wanted
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 10


def test_cards_keep_the_order_and_leave_out_what_cannot_be_seen(world: Any, shop: Any) -> None:
    a, b, hidden = world.content(shop), world.content(shop), world.content(shop, published=False)
    assert list(selectors.cards(ids=[b, hidden, a, b, 424242])) == [b, a]
    assert selectors.visible_ids(ids=[a, hidden, b]) == {a, b}
    assert selectors.cards(ids=[]) == {}


def test_tags_come_from_topics_words_and_products(world: Any, shop: Any) -> None:
    for name in ("帐篷", "营地"):
        FeatureTag.objects.get_or_create(name=name)
    product_id = world.product(shop, tags=("防水",))
    content_id = world.content(shop, products=(product_id,), topics=["#露营", "露营"], caption="帐篷搭好了")
    found = {
        name: (round(weight, 2), topic)
        for name, weight, topic in ContentTag.objects.filter(content_id=content_id).values_list(
            "tag__name", "weight", "is_topic"
        )
    }
    assert found == {"露营": (1.0, True), "营地": (0.8, False), "帐篷": (0.5, False), "防水": (0.3, False)}


def test_the_snapshot_tells_of_withdrawn_contents_too(world: Any, shop: Any) -> None:
    product_id = world.product(shop, tags=("防水",), price_minor=12_300)
    content_id, draft = world.content(shop, products=(product_id,)), world.content(shop, published=False)
    before = clock.now() + timedelta(milliseconds=1)
    rows = {row.content_id: row for row in selectors.snapshot_rows()}
    assert draft not in rows
    row = rows[content_id]
    assert (row.product_id, row.price_minor, row.shop_id, row.visible) == (product_id, 12_300, shop.id, True)
    assert row.creator_id == shop.creator_id
    assert len(row.tag_ids) == len(row.tag_weights) == 2
    with clock.frozen(before + timedelta(seconds=1)):
        services.unpublish_content(shop_id=shop.id, content_id=content_id)
    changed = list(selectors.snapshot_rows(since=before))
    assert [(r.content_id, r.visible) for r in changed] == [(content_id, False)]


def test_contents_of_a_product_and_search(world: Any, shop: Any, guest: Any) -> None:
    product_id = world.product(shop)
    hung = [world.content(shop, products=(product_id,)) for _ in range(3)]
    world.content(shop, title="厨房里的早晨", topics=["早餐"])
    first, more = selectors.contents_of_product(product_id=product_id, limit=2)
    rest, end = selectors.contents_of_product(product_id=product_id, limit=2, cursor=more)
    assert ([c.id for c in first + rest], end) == ([*reversed(hung)], None)
    tag_id = FeatureTag.objects.get(name="早餐").pk
    by_tag, _, total = selectors.search_contents(q="", tag_ids=[tag_id])
    assert ([c.title for c in by_tag], total) == (["厨房里的早晨"], 1)
    by_word, _, total = selectors.search_contents(q="厨房 早晨", tag_ids=[])
    assert ([c.title for c in by_word], total) == (["厨房里的早晨"], 1)
    listed = guest.get(f"/creators/{shop.creator_id}/contents?limit=3").json()
    rest = guest.get(f"/creators/{shop.creator_id}/contents?limit=3&cursor={listed['next_cursor']}").json()
    assert len(listed["items"]) + len(rest["items"]) == 4


@pytest.mark.parametrize("path", ["/me/liked", "/me/saved", "/me/following"])
def test_a_foreign_cursor_is_refused(guest: Any, path: str) -> None:
    for cursor in ("nonsense", "WzEsMl0", "bnVsbA"):
        answer = guest.get(f"{path}?cursor={cursor}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "cursor")
