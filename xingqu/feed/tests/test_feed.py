"""The feed over HTTP: first page, instant reaction, visibility, explanations."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.feed.world import World, category_of_content
from xingqu.catalogue.models import Product, Sku, StockLevel
from xingqu.content import selectors as content
from xingqu.content.models import Content
from xingqu.feed import services
from xingqu.feed.hydrators import flash
from xingqu.interest.storage import snapshots
from xingqu.kit import clock
from xingqu.programmes.services import NewFlashItem, create_flash_sale


def ids(page: dict[str, Any]) -> list[int]:
    return [item["content"]["id"] for item in page["items"]]


def tell(caller: Any, events: list[dict[str, Any]]) -> dict[str, Any]:
    now_ms = clock.now_ms()
    rows = [{"event_id": str(uuid4()), "occurred_at_ms": now_ms} | event for event in events]
    return caller.send("POST", "/signals", {"events": rows, "sent_at_ms": now_ms})


def seen(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"kind": "impression", "content_id": pk, "request_id": page["request_id"]} for pk in ids(page)]


def test_a_guests_first_page_is_varied(world: World, guest: Any) -> None:
    page = guest.get("/feed?size=10")
    assert len(page["items"]) == 10
    assert [item["position"] for item in page["items"]] == list(range(10))
    assert page["personalised"] is True
    assert page["exhausted"] is False
    assert len({category_of_content(world, pk) for pk in ids(page)}) >= 5
    assert len({item["content"]["creator"]["id"] for item in page["items"]}) >= 8
    assert max(Counter(item["content"]["creator"]["id"] for item in page["items"]).values()) <= 2


def test_lingering_on_one_interest_shows_in_the_next_ten(world: World, guest: Any) -> None:
    first = guest.get("/feed?size=20")
    shown = Counter(category_of_content(world, pk) for pk in ids(first)[:10])
    wanted = min(range(1, world.categories + 1), key=lambda category: shown[category])
    of_wanted = [pk for pk in range(1, 301) if category_of_content(world, pk) == wanted]
    events = seen(first)
    for pk in of_wanted[:5]:
        events += [
            {"kind": "impression", "content_id": pk},
            {"kind": "dwell", "content_id": pk, "value_ms": 15_000},
            {"kind": "completion", "content_id": pk},
        ]
    told = tell(guest, events)
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (35, 0, [])
    page = guest.get("/feed?size=10")
    after = sum(category_of_content(world, pk) == wanted for pk in ids(page))
    assert set(ids(page)).isdisjoint({*ids(first), *of_wanted[:5]})
    assert after >= shown[wanted] + 3
    reasons = [tag for item in page["items"] for tag in item["why"]["tags"]]
    assert {tag["horizon"] for tag in reasons} == {"instant"}
    assert {tag["words"] for tag in reasons} <= {"strong", "medium", "light"}


def test_not_interested_removes_it_and_blocking_a_tag_removes_all_of_it(world: World, guest: Any) -> None:
    page = guest.get("/feed?size=5")
    gone = ids(page)[0]
    tell(guest, [{"kind": "not_interested", "content_id": gone, "reason": "content"}])
    tag_id = page["items"][1]["content"]["topic_tags"][0]["id"]
    blocked = guest.send("PUT", f"/interest/tags/{tag_id}", {"action": "block"})
    assert [(tag["tag_id"], tag["blocked"]) for tag in blocked["tags"] if tag["blocked"]] == [(tag_id, True)]
    for _ in range(3):
        page = guest.get("/feed?size=20")
        assert gone not in ids(page)
        assert all(tag["id"] != tag_id for item in page["items"] for tag in item["content"]["topic_tags"])


def test_what_the_client_holds_is_not_sent_again(world: World, guest: Any) -> None:
    first = ids(guest.get("/feed?size=10"))
    second = ids(guest.get(f"/feed?size=10&exclude={','.join(map(str, first))}"))
    assert len(second) == 10
    assert set(first).isdisjoint(second)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("size=0", "size"),
        ("size=21", "size"),
        ("size=99999999999999999999", "size"),
        ("surface=everything", "surface"),
        ("exclude=1,x", "exclude"),
        ("exclude=-4", "exclude"),
        ("exclude=" + ",".join(["9007199254740992"]), "exclude"),
        ("exclude=" + ",".join(["1"] * 201), "exclude"),
    ],
)
def test_a_wrong_question_is_refused_with_its_field(guest: Any, query: str, field: str) -> None:
    error = guest.get(f"/feed?{query}", 422)["error"]
    assert (error["code"], error["field"]) == ("invalid_input", field)


def test_withdrawn_contents_vanish_before_the_next_snapshot(world: World, guest: Any) -> None:
    version = snapshots().get().items.version
    Content.objects.filter(pk__gt=8).update(state="unpublished")
    page = guest.get("/feed?size=20")
    assert set(ids(page)) <= set(range(1, 9))
    assert page["exhausted"] is True
    assert snapshots().get().items.version == version


def test_contents_that_sell_only_what_cannot_be_bought_stay_away(world: World, guest: Any) -> None:
    Product.objects.filter(pk__lte=30).update(status="offline")
    StockLevel.objects.filter(sku__product_id__gt=30).update(free=0, received=0)
    for _ in range(3):
        page = guest.get("/feed?size=20")
        assert [item["content"]["anchors"] for item in page["items"]] == [[]] * len(page["items"])


def test_why_is_answered_to_the_one_who_was_served(world: World, guest: Any, new_caller: Callable[[], Any]) -> None:
    tell(guest, [{"kind": "like", "content_id": 5}, {"kind": "completion", "content_id": 5}])
    page = guest.get("/feed?size=10")
    item = next(item for item in page["items"] if item["why"]["tags"])
    path = f"/feed/why/{item['content']['id']}?request_id={page['request_id']}"
    why = guest.get(path)
    assert why["position"] == item["position"]
    assert why["tags"] == item["why"]["tags"]
    assert why["channel"] == item["why"]["channel"]
    assert why["text_code"] == item["why"]["text_code"] == "interest_of_the_moment"
    assert why["surface"] == "for_you"
    assert 0 < why["propensity"] <= 1
    assert new_caller().get(path, 404)["error"]["code"] == "not_found"
    assert guest.get(f"/feed/why/4000?request_id={page['request_id']}", 404)["error"]["field"] == "content_id"
    assert guest.get(f"/feed/why/5?request_id={'0' * 24}", 404)["error"]["field"] == "request_id"
    assert guest.get("/feed/why/5?request_id=..", 422)["error"]["field"] == "request_id"


def test_following_shows_followed_creators_only(world: World, guest: Any) -> None:
    empty = guest.get("/feed?surface=following&size=10")
    assert (empty["items"], empty["exhausted"]) == ([], True)
    tell(guest, [{"kind": "follow", "creator_id": 3}])
    page = guest.get("/feed?surface=following&size=5")
    assert {item["content"]["creator"]["id"] for item in page["items"]} == {3}
    assert {item["why"]["text_code"] for item in page["items"]} == {"creator_you_follow"}


def test_a_fresh_content_is_served_after_the_next_look_of_the_worker(world: World, guest: Any) -> None:
    assert services.build_if_due() is None
    model = Content.objects.get(pk=1)
    model.pk, model.published_at, model.updated_at = 301, clock.now(), clock.now()
    model.save(force_insert=True)
    services.mark_dirty()
    services.snapshot._builder().rest_until_s = 0
    version = services.build_if_due()
    assert version is not None
    assert snapshots().refresh().items.version == version
    assert snapshots().get().items.rows_of([301])[0] == 300
    assert tell(guest, [{"kind": "like", "content_id": 301}])["accepted"] == 1


def test_signals_are_refused_one_by_one_over_http(world: World, guest: Any) -> None:
    now_ms = clock.now_ms()
    events = [
        {"event_id": str(uuid4()), "kind": "like", "content_id": 1, "occurred_at_ms": now_ms},
        {"event_id": str(uuid4()), "kind": "like", "content_id": 999, "occurred_at_ms": now_ms},
        {"event_id": str(uuid4()), "kind": "like", "content_id": 2, "occurred_at_ms": now_ms + 60_000},
        {"kind": "like"},
    ]
    told = guest.send("POST", "/signals", {"events": events, "sent_at_ms": now_ms})
    assert told["accepted"] == 1
    assert [(row["index"], row["code"]) for row in told["rejected"]] == [
        (1, "unknown_content"),
        (2, "event_in_future"),
        (3, "invalid_input"),
    ]
    again = guest.send("POST", "/signals", {"events": events[:1], "sent_at_ms": now_ms})
    assert (again["accepted"], again["duplicates"]) == (0, 1)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"[]", "invalid_input", None),
        (b'{"events": [], "sent_at_ms": 1}', "invalid_input", "events"),
        (b'{"events": [1], "sent_at_ms": -1}', "invalid_input", "sent_at_ms"),
        (b'{"events": [1], "sent_at_ms": 1}', "clock_skew", "sent_at_ms"),
        (b'{"events": [' + b",".join([b"1"] * 101) + b'], "sent_at_ms": 1}', "invalid_input", "events"),
    ],
)
def test_a_malformed_batch_is_refused_whole(guest: Any, body: bytes, code: str, field: str | None) -> None:
    error = guest.send("POST", "/signals", body, 422)["error"]
    assert error["code"] == code
    if field is not None:
        assert error["field"] == field
    assert guest.get("/interest/tags") == {"personalised": True, "tags": [], "event_count": 0}


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"events": [{"query": "\xc3\x28"}], "sent_at_ms": 1}', b"{"])
def test_what_is_not_json_in_utf8_is_refused(guest: Any, body: bytes) -> None:
    assert guest.send("POST", "/signals", body, 400)["error"]["code"] == "invalid_input"
    assert guest.get("/interest/tags")["event_count"] == 0


def test_the_interest_page(world: World, guest: Any) -> None:
    tell(guest, [{"kind": "like", "content_id": 5}])
    tags = guest.get("/interest/tags")
    assert tags["event_count"] == 1
    first = tags["tags"][0]
    assert (first["horizon"], first["pinned"], first["blocked"]) == ("instant", False, False)
    guest.send("DELETE", f"/interest/tags/{first['tag_id']}", None, 204)
    assert first["tag_id"] not in {tag["tag_id"] for tag in guest.get("/interest/tags")["tags"]}
    assert guest.send("DELETE", f"/interest/tags/{first['tag_id']}", None, 404)["error"]["code"] == "not_found"
    off = guest.send("PUT", "/interest/settings", {"personalised": False})
    assert off["personalised"] is False
    page = guest.get("/feed?size=10")
    assert page["personalised"] is False
    assert [item["why"]["tags"] for item in page["items"]] == [[]] * 10
    assert all(item["why"]["text_code"].startswith("not_personalised_") for item in page["items"])
    export = guest.get("/interest/export")
    assert [row["kind"] for row in export["signals"]] == ["like"]
    assert len(export["served"]) == 1
    guest.send("DELETE", "/interest", None, 204)
    assert guest.get("/interest/tags") == {"personalised": True, "tags": [], "event_count": 0}
    assert guest.get("/interest/export")["served"] == []


def _flash(product_id: int, price_minor: int, *, units: int = 5) -> None:
    """A flash price of a product's first SKU that runs now."""
    sku = Sku.objects.filter(product_id=product_id).order_by("pk").first()
    assert sku is not None
    create_flash_sale(
        shop_id=Product.objects.get(pk=product_id).shop_id,
        name="秒杀",
        items=[NewFlashItem(sku_id=sku.pk, price_minor=price_minor, allotment=units, limit_per_person=1)],
        starts_at=clock.now() - timedelta(minutes=1),
        ends_at=clock.now() + timedelta(hours=1),
    )


def test_flash_prices_stand_on_the_cards_for_two_statements_a_page(world: World, guest: Any) -> None:
    none = guest.get("/feed?size=20")
    products = {
        anchor["product"]["id"]: anchor["product"] for item in none["items"] for anchor in item["content"]["anchors"]
    }
    assert len(products) >= 3
    assert all(item["flash"] == [] for item in none["items"])
    cards = list(content.cards(ids=ids(none), viewer=guest.actor).values())
    costs = []
    for wanted in (list(products)[:1], list(products)[1:]):
        for product_id in wanted:
            _flash(product_id, products[product_id]["price"]["amount_minor"] - 1)
        with CaptureQueriesContext(connection) as statements:
            found = flash.hydrate(cards=cards)
        costs.append((len(found), len(statements)))
    assert costs == [(1, 2), (len(products), 2)]
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert flash.hydrate(cards=cards) == {}


def test_a_flash_price_without_units_is_not_promised(world: World, guest: Any) -> None:
    page = guest.get("/feed?size=20")
    shown = next(item["content"] for item in page["items"] if item["content"]["anchors"])
    product = shown["anchors"][0]["product"]
    _flash(product["id"], product["price"]["amount_minor"] - 1)
    cards = list(content.cards(ids=[shown["id"]], viewer=guest.actor).values())
    assert flash.hydrate(cards=cards)[product["id"]]["price"]["amount_minor"] == product["price"]["amount_minor"] - 1
    StockLevel.objects.filter(campaign__startswith="flash:").update(received=0, free=0)
    assert flash.hydrate(cards=cards) == {}
