"""Figures: everything is counted once, at the minute it happened."""

from datetime import UTC, datetime, timedelta

import pytest

from xingqu.accounts.contracts import Actor
from xingqu.accounts.services import create_person
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.live import selectors, services
from xingqu.live.contracts import Arrival
from xingqu.live.models import LiveSale, RoomMinute, RoomPresence
from xingqu.live.tests.conftest import Studio

START = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def figures(studio: Studio, room_id: int) -> dict[str, object]:
    return selectors.desk_figures(shop_id=studio.shop_id, room_id=room_id)


def test_entries_count_each_time_and_visitors_once(studio: Studio) -> None:
    planned = studio.room()
    with clock.frozen(START):
        room_id, _ = studio.live_room()
        came = [Arrival(room_id, "p1"), Arrival(room_id, "g7"), Arrival(room_id, "p1"), Arrival(planned, "p1")]
        services.record_arrivals(arrivals=came)
    with clock.frozen(START + timedelta(minutes=1)):
        services.record_arrivals(arrivals=[Arrival(room_id, "p1"), Arrival(room_id, "p2")])
    found = figures(studio, room_id)
    assert (found["entries"], found["visitors"]) == (5, 3)
    assert [(m["entries"], m["visitors"]) for m in found["minutes"]] == [(3, 2), (2, 1)]  # type: ignore[attr-defined]
    assert not RoomMinute.objects.filter(room_id=planned).exists()


def test_a_visitor_counts_once_whoever_tells_first(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    watcher = Actor(create_person(email="watcher@people.example", password=None), None)
    services.record_watch(room_id=room_id, actor=watcher, watched_ms=0)
    services.record_arrivals(arrivals=[Arrival(room_id, watcher.key)])
    services.record_watch(room_id=room_id, actor=watcher, watched_ms=5_000)
    found = figures(studio, room_id)
    assert (found["entries"], found["visitors"]) == (1, 1)


def test_the_desk_hears_how_far_behind_the_picture_is(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    now = clock.now()

    def delay() -> object:
        return selectors.desk_figures(shop_id=studio.shop_id, room_id=room_id)["delay"]

    def tell(guest_key: int, latency_ms: int | None) -> None:
        actor = Actor(person_id=None, guest_key=guest_key)
        services.record_watch(actor=actor, room_id=room_id, watched_ms=0, latency_ms=latency_ms)

    with clock.frozen(now):
        tell(1, None)
        assert delay() is None
        for guest_key, latency_ms in ((1, 9_000), (1, 2_500), (2, 3_100), (3, 20_000)):
            tell(guest_key, latency_ms)
        assert delay() == {"median_ms": 3_100, "viewers": 3}
    with clock.frozen(now + timedelta(seconds=74)):
        tell(4, 2_000)
        assert delay() == {"median_ms": 2_800, "viewers": 4}
    with clock.frozen(now + timedelta(seconds=80)):
        assert delay() == {"median_ms": 2_000, "viewers": 1}


def test_viewers_of_all_edges_that_still_live(studio: Studio) -> None:
    with clock.frozen(START):
        room_id, _ = studio.live_room()
        services.record_presence(edge="a", viewers={room_id: 4, 999_999: 1})
        services.record_presence(edge="b", viewers={room_id: 3})
        services.record_presence(edge="a", viewers={room_id: 2})
        assert selectors.room_figures(room_ids=[room_id])[room_id].viewers == 5
    with clock.frozen(START + timedelta(seconds=20)):
        services.record_presence(edge="a", viewers={room_id: 1})
        assert selectors.room_figures(room_ids=[room_id])[room_id].viewers == 1
        assert figures(studio, room_id)["viewers_most"] == 7
    with clock.frozen(START + timedelta(minutes=5)):
        services.record_presence(edge="c", viewers={room_id: 1})
    assert RoomPresence.objects.count() == 1


def test_a_sale_is_counted_once_and_refunds_are_shown_apart(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    services.record_arrivals(arrivals=[Arrival(room_id, "p1"), Arrival(room_id, "p2")])
    sale = {
        "room_id": room_id,
        "order_no": "E1",
        "shop_id": studio.shop_id,
        "buyer_key": "p1",
        "currency": "CNY",
        "lines": [(11, 1, 2, 5000), (12, 2, 1, 1500)],
        "paid_at": START,
    }
    assert [services.record_sale(**sale), services.record_sale(**sale)] == [True, False]  # type: ignore[arg-type]
    assert services.record_sale(**{**sale, "room_id": 999_999}) is False  # type: ignore[arg-type]
    for _ in range(2):  # the same refund told again, with a line that is not the room's
        services.record_refund(order_no="E1", refund_no="R1", lines=[(12, 1000), (13, 800)])
    found = figures(studio, room_id)
    assert (found["orders"], found["buyers"], found["units"]) == (1, 1, 3)
    assert (found["gmv"], found["refunded"]) == (
        {"amount_minor": 6500, "currency": "CNY"},
        {"amount_minor": 1000, "currency": "CNY"},
    )
    assert (found["gpm"], found["buy_rate"]) == ({"amount_minor": 3_250_000, "currency": "CNY"}, 0.5)
    services.record_refund(order_no="E1", refund_no="R2", lines=[(11, 999_999), (12, 999_999)])
    assert LiveSale.objects.get().refunded_minor == 6500
    assert [m.gmv_minor for m in RoomMinute.objects.filter(room_id=room_id, orders=1)] == [6500]


def test_likes_and_clicks(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    studio.items(room_id, lamp)
    services.record_likes(likes={room_id: 7, 999_999: 1})
    services.record_likes(likes={room_id: 2})
    services.record_click(room_id=room_id, product_id=lamp)
    with pytest.raises(NotFound):
        services.record_click(room_id=room_id, product_id=lamp + 1)
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    services.record_likes(likes={room_id: 5})
    services.record_click(room_id=room_id, product_id=lamp)
    found = figures(studio, room_id)
    assert (found["likes"], found["clicks"]) == (9, 1)


def test_what_each_product_came_to(studio: Studio) -> None:
    start = clock.now()
    with clock.frozen(start):
        room_id, _ = studio.live_room()
        lamp, rope, tent = studio.product(), studio.product(), studio.product()
        item, _, gone = studio.items(room_id, lamp, rope, tent)
        own = {"shop_id": studio.shop_id, "room_id": room_id}
        services.explain_item(**own, item_id=item)
        for product_id in (lamp, lamp, tent):
            services.record_click(room_id=room_id, product_id=product_id)
        services.remove_item(**own, item_id=gone)
    with clock.frozen(start + timedelta(seconds=30)):
        services.stop_explaining(**own, item_id=item)
        services.explain_item(**own, item_id=item)
    sale = {"room_id": room_id, "shop_id": studio.shop_id, "currency": "CNY", "paid_at": start}
    services.record_sale(**sale, order_no="E1", buyer_key="p1", lines=[(11, lamp, 1, 4_000), (12, lamp, 2, 6_000)])
    services.record_sale(**sale, order_no="E2", buyer_key="p2", lines=[(11, lamp, 1, 4_000), (21, rope, 1, 900)])
    services.record_refund(order_no="E1", refund_no="R1", lines=[(12, 2_500)])
    with clock.frozen(start + timedelta(seconds=40)):
        found = selectors.desk_figures(**own)["products"]
    names = ("product_id", "explained", "explained_ms", "clicks", "orders", "units")
    assert [tuple(row[name] for name in names) for row in found] == [
        (lamp, 2, 40_000, 2, 2, 4),
        (rope, 0, 0, 0, 1, 1),
        (tent, 0, 0, 1, 0, 0),
    ]
    assert [(row["gmv"]["amount_minor"], row["refunded"]["amount_minor"]) for row in found] == [
        (14_000, 2_500),
        (900, 0),
        (0, 0),
    ]
