"""A room's own prices and flash sales, from the desk to their end."""

from typing import Any

import pytest

from xingqu.accounts.models import Notice
from xingqu.catalogue.models import Sku
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.live import services
from xingqu.live.domain.errors import WrongState
from xingqu.live.selectors.rooms import room_prices
from xingqu.live.services import NewPrice
from xingqu.live.tests.conftest import Studio
from xingqu.programmes.models import FlashSale


def sku_of(product_id: int) -> int:
    return int(Sku.objects.get(product_id=product_id).pk)


def states(room_id: int) -> list[tuple[str, str]]:
    rows = FlashSale.objects.filter(live_room_id=room_id).order_by("id")
    return list(rows.values_list("kind", "state"))


def give(studio: Studio, room_id: int, item_id: int, product_id: int, **changes: Any) -> int:
    price = NewPrice(
        **{"sku_id": sku_of(product_id), "price_minor": 6900, "units": 3, "limit_per_person": 1, **changes}
    )
    return services.set_room_prices(shop_id=studio.shop_id, room_id=room_id, item_id=item_id, prices=[price])


def test_a_rooms_price_begins_and_ends_with_it(studio: Studio) -> None:
    room_id = studio.room()
    lamp = studio.product()
    [item] = studio.items(room_id, lamp)
    give(studio, room_id, item, lamp)
    assert states(room_id) == [("room_price", "paused")]
    studio.push(room_id)
    services.start_room(shop_id=studio.shop_id, room_id=room_id)
    assert states(room_id) == [("room_price", "running")]
    [shown] = room_prices(room_id=room_id)[lamp]
    assert (shown["left"], shown["units"], shown["price"]["amount_minor"]) == (3, 3, 6900)
    services.pause_room(shop_id=studio.shop_id, room_id=room_id)
    assert states(room_id) == [("room_price", "running")]
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    assert (states(room_id), room_prices(room_id=room_id)) == ([("room_price", "ended")], {})


def test_a_new_price_replaces_the_one_of_before(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    [item] = studio.items(room_id, lamp)
    give(studio, room_id, item, lamp)
    give(studio, room_id, item, lamp, price_minor=5900, units=5)
    assert states(room_id) == [("room_price", "ended"), ("room_price", "running")]
    assert [one["price"]["amount_minor"] for one in room_prices(room_id=room_id)[lamp]] == [5900]


def test_a_flash_sale_counts_down_and_is_banned_with_its_room(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    [item] = studio.items(room_id, lamp)
    price = NewPrice(sku_of(lamp), 4900, 2, 1)
    start = {"shop_id": studio.shop_id, "room_id": room_id, "item_id": item, "prices": [price]}
    for wrong_s in (29, 7201):
        with pytest.raises(InvalidInput):
            services.start_room_flash(**start, duration_s=wrong_s)  # type: ignore[arg-type]
    assert states(room_id) == []
    services.start_room_flash(**start, duration_s=60)  # type: ignore[arg-type]
    services.ban_room(room_id=room_id, reason="违规")
    assert states(room_id) == [("flash_sale", "ended")]
    with pytest.raises(WrongState):
        services.start_room_flash(**start, duration_s=60)  # type: ignore[arg-type]


def test_only_the_goods_merchant_sets_a_price(studio: Studio, other_studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    [item] = studio.items(room_id, lamp)
    with pytest.raises(NotFound):
        give(other_studio, room_id, item, lamp)
    with pytest.raises(InvalidInput):
        give(studio, room_id, item, studio.product())  # another product's SKU
    assert states(room_id) == []
    sale_id = give(studio, room_id, item, lamp)
    with pytest.raises(NotFound):
        services.end_room_sale(shop_id=other_studio.shop_id, room_id=room_id, sale_id=sale_id)
    services.end_room_sale(shop_id=studio.shop_id, room_id=room_id, sale_id=sale_id)
    assert states(room_id) == [("room_price", "ended")]
    assert not Notice.objects.exists()  # one's own room


def test_over_http_it_is_the_shops_own(studio: Studio, other_studio: Studio, caller: Any) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    [item] = studio.items(room_id, lamp)
    body = {"prices": [{"sku_id": sku_of(lamp), "price_minor": 6900, "units": 2, "limit_per_person": 1}]}
    stranger = caller(other_studio.owner_id)
    for name, more in (("prices", {}), ("flash", {"duration_s": 60})):
        path = f"/live-rooms/{room_id}/items/{item}/{name}"
        assert stranger.post(f"/shops/{studio.shop_id}{path}", {**body, **more}).status_code == 404
        assert stranger.post(f"/shops/{other_studio.shop_id}{path}", {**body, **more}).status_code == 404
    assert states(room_id) == []
    host = caller(studio.owner_id)
    made = host.post(f"/shops/{studio.shop_id}/live-rooms/{room_id}/items/{item}/prices", body)
    assert (made.status_code, made.json()[0]["left"]) == (201, 2)
    end = f"/live-rooms/{room_id}/sales/{made.json()[0]['sale_id']}/end"
    assert stranger.post(f"/shops/{other_studio.shop_id}{end}").status_code == 404
    assert host.post(f"/shops/{studio.shop_id}{end}").status_code == 204
