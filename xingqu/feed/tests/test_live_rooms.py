"""Live rooms in the feed: ranked for the actor, gone at once when they end, and what one does in a room shapes the next page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from xingqu.accounts.models import Creator
from xingqu.catalogue.models import Product
from xingqu.content.models import CreatorFollow
from xingqu.feed.live_ranking import PARAMS, chances
from xingqu.feed.tests.conftest import Caller
from xingqu.interest import selectors as interest
from xingqu.kit import clock
from xingqu.live import services as live
from xingqu.live.domain.keys import stream_key
from xingqu.live.models import LiveRoom
from xingqu.live.services import NewItem, RoomChanges


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """Time stands still: a stream that was seen a moment ago stays one, however busy the machine is."""
    with clock.frozen(clock.now()):
        yield


def go_live(product: Product, title: str = "夜场") -> int:
    """A room on air of the product's shop, with the product explained."""
    number = Creator.objects.count()
    creator = Creator.objects.filter(organisation_id=product.shop_id).first() or Creator.objects.create(
        organisation_id=product.shop_id, handle=f"host{number}", display_name=f"主播{number}"
    )
    room_id = live.create_room(shop_id=product.shop_id, creator_id=creator.pk, changes=RoomChanges(title=title))
    room = LiveRoom.objects.get(pk=room_id)
    grant = live.open_stream(key=stream_key(play_name=room.play_name, key_version=room.key_version))
    live.confirm_stream(token=grant.token)
    live.start_room(shop_id=product.shop_id, room_id=room_id)
    [item] = live.add_items(shop_id=product.shop_id, room_id=room_id, items=[NewItem(product_id=product.pk)])
    live.explain_item(shop_id=product.shop_id, room_id=room_id, item_id=item)
    return room_id


def rooms(caller: Caller, more: str = "") -> list[int]:
    return [room["id"] for room in caller.get(f"/feed/live?size=10{more}")]


def of_shops(count: int) -> list[Product]:
    """One product each of different shops and categories."""
    found: dict[int, Product] = {}
    seen: set[int] = set()
    for product in Product.objects.order_by("id"):
        if (
            product.shop_id not in found
            and product.category_id not in seen
            and interest.content_showing(product_id=product.pk)
        ):
            found[product.shop_id] = product
            seen.add(product.category_id)
    return list(found.values())[:count]


def test_a_room_that_ended_is_never_served(guest: Caller) -> None:
    [product] = of_shops(1)
    assert rooms(guest) == []
    room_id = go_live(product)
    [shown] = guest.get("/feed/live")
    assert (shown["id"], shown["explained"]["id"]) == (room_id, product.pk)
    assert shown["play_url"].endswith(".m3u8")
    assert rooms(guest, f"&exclude={room_id}") == []
    live.end_room(shop_id=product.shop_id, room_id=room_id)
    assert rooms(guest) == []


@pytest.mark.parametrize("step", ["pause", "ban", "drop"])
def test_what_is_not_live_is_not_shown(guest: Caller, step: str) -> None:
    [product] = of_shops(1)
    room_id = go_live(product)
    if step == "pause":
        live.pause_room(shop_id=product.shop_id, room_id=room_id)
    elif step == "ban":
        live.ban_room(room_id=room_id, reason="违规")
    else:
        session = LiveRoom.objects.get(pk=room_id).sessions.get()
        live.close_stream(token=session.token, reason="disconnected")
    assert rooms(guest) == []


def test_what_one_does_in_a_room_shapes_the_next_page(guest: Caller, new_caller: Callable[[], Caller]) -> None:
    first, second = of_shops(2)
    one, two = go_live(first), go_live(second)
    before = {room["id"]: room["chances"]["enter"] for room in guest.get("/feed/live")}
    for _ in range(2):
        guest.send("POST", f"/live/rooms/{two}/watch", {"watched_ms": 60_000}, 204)
    after = guest.get("/feed/live")
    assert after[0]["id"] == two
    assert after[0]["chances"]["enter"] > before[two]
    assert interest.interest_tags(actor=guest.actor).event_count == 2  # in, and a stay; the same moment counts once
    stranger = {room["id"]: room["chances"]["enter"] for room in new_caller().get("/feed/live")}
    assert stranger == {one: before[one], two: before[two]}
    live.end_room(shop_id=second.shop_id, room_id=two)
    guest.send("POST", f"/live/rooms/{two}/watch", {"watched_ms": 60_000}, 204)
    assert interest.interest_tags(actor=guest.actor).event_count == 2
    guest.send("POST", "/live/rooms/999999/watch", {"watched_ms": 1}, 404)
    guest.send("POST", f"/live/rooms/{one}/watch", {"watched_ms": 60_001}, 422)


def test_a_followed_host_comes_first(guest: Caller) -> None:
    first, second = of_shops(2)
    one, two = go_live(first), go_live(second)
    host = LiveRoom.objects.get(pk=two).creator_id
    CreatorFollow.objects.create(actor_key=guest.actor.key, creator_id=host)
    assert rooms(guest) == [two, one]
    live_now = guest.get(f"/live/creators?ids={host},999999,x")
    assert live_now == [{"creator_id": host, "room_id": two}]


BASE: dict[str, Any] = {"match": 0.2, "followed": False, "visitors": 100, "stayers": 30, "buyers": 1}


@pytest.mark.parametrize(
    "better",
    [{"match": 0.8}, {"followed": True}, {"stayers": 60}, {"buyers": 10}, {"shown": 200, "shown_entries": 60}],
)
def test_each_of_them_raises_a_room(better: dict[str, Any]) -> None:
    assert chances(**{**BASE, **better}).score > chances(**BASE).score
    assert 0 < chances(**BASE).enter < 1


def test_a_new_room_is_judged_by_what_rooms_have_on_the_whole() -> None:
    fresh = chances(**{**BASE, "visitors": 0, "stayers": 0, "buyers": 0})
    assert (fresh.stay, fresh.buy) == pytest.approx((PARAMS.stay_prior, PARAMS.buy_prior))
    assert fresh.score > PARAMS.least


def test_a_room_that_is_passed_by_is_shown_later(guest: Caller, new_caller: Callable[[], Caller]) -> None:
    first, second = of_shops(2)
    one, two = go_live(first), go_live(second)
    assert rooms(guest) == [one, two]
    for number in range(40):
        live.record_shown(room_id=one, actor_key=f"g{number}")
    assert rooms(guest) == [two, one]
    drawn = chances(**BASE, shown=40, shown_entries=0).enter
    assert drawn < chances(**BASE).enter < chances(**BASE, shown=40, shown_entries=20).enter


def test_who_is_shown_a_room_counts_once_and_comes_in_once(guest: Caller, new_caller: Callable[[], Caller]) -> None:
    room_id = go_live(of_shops(1)[0])
    path = f"/live/rooms/{room_id}"
    for _ in range(2):
        guest.send("POST", f"{path}/shown", None, 204)
        new_caller().send("POST", f"{path}/shown", None, 204)

    def counts() -> tuple[int, int]:
        return LiveRoom.objects.values_list("shown_count", "shown_entry_count").get(pk=room_id)

    assert counts() == (3, 0)
    for _ in range(2):
        guest.send("POST", f"{path}/watch", {"watched_ms": 0}, 204)
    stranger = new_caller()
    stranger.send("POST", f"{path}/watch", {"watched_ms": 0}, 204)
    stranger.send("POST", f"{path}/shown", None, 204)  # who is in it already was not drawn in
    assert counts() == (3, 1)
    guest.send("POST", "/live/rooms/999999/shown", None, 404)
