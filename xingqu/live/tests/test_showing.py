"""The run of show and what is explained: one at a time, and only what can be bought."""

import pytest
from django.db import IntegrityError, transaction

from xingqu.catalogue.models import Sku
from xingqu.catalogue.services import ban_product, change_stock, take_offline
from xingqu.content.services import TextRefused
from xingqu.kit import outbox
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.live import services
from xingqu.live.domain.errors import ItemNotForSale, NotExplaining, TooManyItems, WrongState
from xingqu.live.models import LiveExplain, LiveItem, RoomEvent
from xingqu.live.selectors.rooms import room_items
from xingqu.live.services import NewItem
from xingqu.live.tests.conftest import Studio


def explaining(room_id: int) -> list[int | None]:
    rows = LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True)
    return list(rows.values_list("item_id", flat=True))


def told(room_id: int) -> list[tuple[str, int]]:
    rows = RoomEvent.objects.filter(room_id=room_id, kind__in=("explain", "unexplain")).order_by("id")
    return [(row.kind, row.data["product_id"]) for row in rows]


def test_one_product_is_explained_at_a_time(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp, rope = studio.product(), studio.product()
    first, second = studio.items(room_id, lamp, rope)
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=first)
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=first)
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=second)
    assert (explaining(room_id), told(room_id)) == (
        [second],
        [("explain", lamp), ("unexplain", lamp), ("explain", rope)],
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveExplain.objects.update(ended_at=None)
    assert [item["state"] for item in room_items(room_id=room_id)] == ["explained", "explaining"]
    with pytest.raises(NotExplaining):
        services.stop_explaining(shop_id=studio.shop_id, room_id=room_id, item_id=first)
    services.stop_explaining(shop_id=studio.shop_id, room_id=room_id, item_id=second)
    assert explaining(room_id) == []


def test_only_what_can_be_bought_is_explained(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    sold_out, offline = studio.product(stock=0), studio.product()
    items = studio.items(room_id, sold_out, offline)
    take_offline(shop_id=studio.shop_id, product_id=offline)
    for item_id, reason in zip(items, ("sold_out", "offline"), strict=True):
        with pytest.raises(ItemNotForSale) as refusal:
            services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=item_id)
        assert refusal.value.data == {"sale_state": reason}
    assert (explaining(room_id), told(room_id)) == ([], [])


def test_nothing_is_explained_before_the_start(studio: Studio) -> None:
    room_id = studio.room()
    (item_id,) = studio.items(room_id, studio.product())
    with pytest.raises(WrongState):
        services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=item_id)
    assert told(room_id) == []


def test_what_sells_out_or_is_banned_on_air_leaves_the_screen(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp, rope = studio.product(), studio.product()
    first, second = studio.items(room_id, lamp, rope)
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=first)
    assert services.stop_unsellable() == 0
    sku_id = Sku.objects.get(product_id=lamp).pk
    change_stock(shop_id=studio.shop_id, product_id=lamp, sku_id=sku_id, set_to=0, reason="卖完")
    assert (services.stop_unsellable(), services.stop_unsellable(), explaining(room_id)) == (1, 0, [])
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=second)
    ban_product(product_id=rope, shop_id=studio.shop_id, reason="违禁品")
    outbox.deliver_due()
    assert (explaining(room_id), told(room_id)[-1]) == ([], ("unexplain", rope))


def test_the_bag_holds_the_shops_own_products_each_once(studio: Studio, other_studio: Studio, settings: object) -> None:
    room_id = studio.room()
    lamp, rope, foreign = studio.product(), studio.product(), other_studio.product()
    first, second = studio.items(room_id, lamp, rope)
    assert studio.items(room_id, rope) == [second]
    with pytest.raises(InvalidInput) as refusal:
        studio.items(room_id, foreign, lamp)
    assert refusal.value.data == {"product_ids": [foreign]}
    with pytest.raises(InvalidInput):
        services.order_items(shop_id=studio.shop_id, room_id=room_id, item_ids=[first, first])
    assert [item["id"] for item in room_items(room_id=room_id)] == [first, second]
    services.order_items(shop_id=studio.shop_id, room_id=room_id, item_ids=[second, first])
    assert [item["id"] for item in room_items(room_id=room_id)] == [second, first]
    with pytest.raises(NotFound):
        services.remove_item(shop_id=other_studio.shop_id, room_id=room_id, item_id=first)
    services.remove_item(shop_id=studio.shop_id, room_id=room_id, item_id=first)
    assert [item["id"] for item in room_items(room_id=room_id)] == [second]


def test_the_bag_has_an_end(studio: Studio, monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "live_items_max", 1)  # type: ignore[attr-defined]
    room_id = studio.room()
    with pytest.raises(TooManyItems):
        services.add_items(
            shop_id=studio.shop_id,
            room_id=room_id,
            items=[NewItem(product_id=studio.product()), NewItem(product_id=studio.product())],
        )
    assert LiveItem.objects.count() == 0


def test_taking_out_what_is_explained_ends_that(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    lamp = studio.product()
    (item_id,) = studio.items(room_id, lamp)
    services.explain_item(shop_id=studio.shop_id, room_id=room_id, item_id=item_id)
    services.remove_item(shop_id=studio.shop_id, room_id=room_id, item_id=item_id)
    assert (told(room_id), room_items(room_id=room_id)) == ([("explain", lamp), ("unexplain", lamp)], [])


def test_what_stands_on_a_card_is_said_in_public(studio: Studio, other_studio: Studio) -> None:
    room_id = studio.room()
    lamp = studio.product()
    (item_id,) = studio.items(room_id, lamp)
    where = {"shop_id": studio.shop_id, "room_id": room_id, "item_id": item_id}
    services.label_item(**where, label="三档亮度")
    assert [item["label"] for item in room_items(room_id=room_id)] == ["三档亮度"]
    with pytest.raises(TextRefused):
        services.label_item(**where, label="加微信 abc12345")
    with pytest.raises(TextRefused):
        services.add_items(
            shop_id=studio.shop_id,
            room_id=room_id,
            items=[NewItem(product_id=studio.product(), label="加微信 abc12345")],
        )
    with pytest.raises(NotFound):
        services.label_item(**{**where, "shop_id": other_studio.shop_id}, label="别人的")
    assert [item["label"] for item in room_items(room_id=room_id)] == ["三档亮度"]
    services.label_item(**where, label="")
    assert [item["label"] for item in room_items(room_id=room_id)] == [""]
    assert RoomEvent.objects.filter(room_id=room_id, kind="items").count() == 3
