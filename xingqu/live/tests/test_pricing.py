"""A merchant's prices in creators' rooms: found, given for a time, seen by the host, ended by the merchant alone."""

import importlib
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection

from xingqu.accounts.models import Notice
from xingqu.kit import clock
from xingqu.live import services
from xingqu.live.models import LiveItem, LiveRoom
from xingqu.live.tests.conftest import Caller, Studio
from xingqu.live.tests.test_selling import sku_of, states
from xingqu.programmes.models import FlashSale, FlashSaleItem, FlashTake


def placed(host: Studio, room_id: int, product_id: int, shop_id: int) -> int:
    """A product that the host's account took up stands in its run of show."""
    position = LiveItem.objects.filter(room_id=room_id).count() + 1
    return LiveItem.objects.create(room_id=room_id, product_id=product_id, shop_id=shop_id, position=position).pk


def body(product_id: int, **changes: Any) -> dict[str, Any]:
    price = {"sku_id": sku_of(product_id), "price_minor": 6900, "units": 3, "limit_per_person": 1}
    return {"prices": [price], **changes}


def test_a_merchant_prices_its_goods_in_a_creators_room(
    studio: Studio, other_studio: Studio, caller: type[Caller]
) -> None:
    lamp, room_id = studio.product(), other_studio.room(title="达人专场")
    other_studio.items(room_id, other_studio.product())
    item_id = placed(other_studio, room_id, lamp, studio.shop_id)
    merchant, host = caller(studio.owner_id), caller(other_studio.owner_id)
    base = f"/shops/{studio.shop_id}"
    [room] = merchant.get(f"{base}/live-prices/rooms").json()
    assert (room["id"], room["is_own"], room["creator"]["id"]) == (room_id, False, other_studio.creator_id)
    assert [(item["id"], item["product"]["id"], item["prices"]) for item in room["items"]] == [(item_id, lamp, [])]
    ends_at = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    path = f"{base}/live-rooms/{room_id}/items/{item_id}/prices"
    [made] = merchant.post(path, body(lamp, ends_at=ends_at.isoformat())).json()
    assert (made["state"], datetime.fromisoformat(made["ends_at"])) == ("paused", ends_at)
    [_, seen] = host.get(f"/shops/{other_studio.shop_id}/live-rooms/{room_id}").json()["items"]
    assert [(one["sale_id"], one["price"]["amount_minor"], one["left"]) for one in seen["prices"]] == [
        (made["sale_id"], 6900, 3)
    ]
    other_studio.push(room_id)
    services.start_room(shop_id=other_studio.shop_id, room_id=room_id)
    item = FlashSaleItem.objects.get(sale_id=made["sale_id"])
    for ref, state in (("S1", "taken"), ("S2", "released")):
        FlashTake.objects.create(
            item=item, person_id=9, order_ref=ref, shop_id=studio.shop_id, quantity=2, state=state, at=clock.now()
        )
    [row] = merchant.get(f"{base}/live-prices").json()["items"]
    assert (row["state"], row["taken"], row["left"], row["usual"]["amount_minor"]) == ("running", 2, 3, 9900)
    assert (row["product_id"], row["room"]["title"], row["room"]["state"]) == (lamp, "达人专场", "live")
    end = f"live-rooms/{room_id}/sales/{made['sale_id']}/end"
    assert host.post(f"/shops/{other_studio.shop_id}/{end}").status_code == 404
    assert states(room_id) == [("room_price", "running")]
    assert merchant.post(f"{base}/{end}").status_code == 204
    [row] = merchant.get(f"{base}/live-prices").json()["items"]
    assert (row["state"], row["left"]) == ("ended", 0)
    told = Notice.objects.order_by("id").values_list("kind", "person_id", "data__live_room_id", "data__shop_id")
    assert list(told) == [
        (kind, other_studio.owner_id, room_id, other_studio.shop_id)
        for kind in ("live_price_given", "live_price_ended")
    ]
    services.end_room(shop_id=other_studio.shop_id, room_id=room_id)
    assert merchant.get(f"{base}/live-prices/rooms").json() == []


def test_a_price_has_a_time(studio: Studio, caller: type[Caller]) -> None:
    room_id, lamp = studio.room(), studio.product()
    [item_id] = studio.items(room_id, lamp)
    merchant, now = caller(studio.owner_id), clock.now()
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}/items/{item_id}/prices"
    wrong = [
        {"ends_at": now - timedelta(minutes=1)},
        {"starts_at": now + timedelta(days=3), "ends_at": now + timedelta(days=2)},
        {"ends_at": now + timedelta(days=91)},
        {"starts_at": now + timedelta(days=91)},
    ]
    for times in wrong:
        answer = merchant.post(path, body(lamp, **{name: at.isoformat() for name, at in times.items()}))
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "ends_at"), times
    assert not FlashSale.objects.exists()
    studio.push(room_id)
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    later = now + timedelta(hours=1)
    [made] = merchant.post(path, body(lamp, starts_at=later.isoformat())).json()
    assert (made["state"], made["left"]) == ("upcoming", 3)
    [past] = merchant.post(path, body(lamp, starts_at=(now - timedelta(days=1)).isoformat())).json()
    assert past["state"] == "running"
    assert FlashSale.objects.get(pk=past["sale_id"]).starts_at >= now


def test_prices_are_the_shops_own_and_come_in_pages(studio: Studio, other_studio: Studio, caller: type[Caller]) -> None:
    room_id = studio.room()
    lamps = [studio.product() for _ in range(3)]
    for item_id, lamp in zip(studio.items(room_id, *lamps), lamps, strict=True):
        price = services.NewPrice(sku_of(lamp), 6900, 2, 1)
        services.set_room_prices(shop_id=studio.shop_id, room_id=room_id, item_id=item_id, prices=[price])
    base, merchant, stranger = (
        f"/shops/{studio.shop_id}/live-prices",
        caller(studio.owner_id),
        caller(other_studio.owner_id),
    )
    first = merchant.get(f"{base}?limit=2").json()
    assert [row["product_id"] for row in first["items"]] == [lamps[2], lamps[1]]
    second = merchant.get(f"{base}?limit=2&cursor={first['next_cursor']}").json()
    assert ([row["product_id"] for row in second["items"]], second["next_cursor"]) == ([lamps[0]], None)
    for path in (base, f"{base}/rooms"):
        assert (stranger.get(path).status_code, caller().get(path).status_code) == (404, 401)
    for name in ("", "/rooms"):
        listed = stranger.get(f"/shops/{other_studio.shop_id}/live-prices{name}").json()
        assert (listed["items"] if not name else listed) == []


def test_whose_goods_stand_in_old_rooms(studio: Studio, other_studio: Studio) -> None:
    room_id, lamp = other_studio.room(), studio.product()
    studio_room = studio.room()
    assert [LiveItem.objects.get(pk=pk).shop_id for pk in studio.items(studio_room, lamp)] == [studio.shop_id]
    placed(other_studio, room_id, lamp, 0)
    placed(other_studio, room_id, 999_999, 0)
    LiveItem.objects.update(shop_id=0)
    module = importlib.import_module("xingqu.live.migrations.0007_whose_goods")
    module.write_shops(apps, SimpleNamespace(connection=connection))
    found = LiveItem.objects.order_by("product_id", "id").values_list("product_id", "shop_id")
    assert list(found) == [(lamp, studio.shop_id), (lamp, studio.shop_id), (999_999, 0)]
    assert LiveRoom.objects.count() == 2
