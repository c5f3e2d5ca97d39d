"""Stock is never sold twice and never lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.records import OptionRecord, SkuRecord
from xingqu.catalogue.models import Product, Sku, StockHold, StockLevel, StockMovement
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.models import OutboxFact


def soon(seconds: int = 60):  # type: ignore[no-untyped-def]
    return clock.now() + timedelta(seconds=seconds)


def levels(sku_id: int) -> tuple[int, int]:
    sku = Sku.objects.get(pk=sku_id)
    return sku.on_hand, sku.held


def movements(sku_id: int) -> list[tuple[str, int, int]]:
    rows = StockMovement.objects.filter(sku_id=sku_id).order_by("id")
    return list(rows.values_list("kind", "on_hand_delta", "held_delta"))


def test_a_hold_keeps_units_from_others(sku_ids: list[int]) -> None:
    first, second = sku_ids
    services.hold_stock(order_ref="o1", lines=[(second, 1), (first, 4), (second, 1)], expires_at=soon())
    assert (levels(first), levels(second)) == ((10, 4), (3, 2))
    assert selectors.skus_for_sale([first])[first].available == 6
    assert movements(second) == [("initial", 3, 0), ("hold", 0, 2)]


def test_all_or_nothing(sku_ids: list[int]) -> None:
    first, second = sku_ids
    with pytest.raises(services.SoldOut) as refusal:
        services.hold_stock(order_ref="o1", lines=[(first, 4), (second, 4), (9_999_999, 1)], expires_at=soon())
    assert refusal.value.data["skus"] == [
        {"sku_id": second, "requested": 4, "available": 3},
        {"sku_id": 9_999_999, "requested": 1, "available": 0},
    ]
    assert (levels(first), levels(second)) == ((10, 0), (3, 0))
    assert StockHold.objects.count() == 0
    assert StockMovement.objects.filter(kind="hold").count() == 0


def test_more_than_is_free_is_not_held(sku_ids: list[int]) -> None:
    with pytest.raises(services.SoldOut) as refusal:
        services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 11)], expires_at=soon())
    assert refusal.value.data["skus"] == [{"sku_id": sku_ids[0], "requested": 11, "available": 10}]
    assert levels(sku_ids[0]) == (10, 0)
    assert StockHold.objects.count() == 0


def test_an_order_holds_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    with pytest.raises(services.HoldExists):
        services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 1)], expires_at=soon())
    assert levels(sku_ids[0]) == (10, 4)


@pytest.mark.parametrize("lines", [[], [(1, 0)], [(1, -1)], [(1, 10_000)]])
def test_impossible_quantities_are_refused(sku_ids: list[int], lines: list[tuple[int, int]]) -> None:
    with pytest.raises(InvalidInput):
        services.hold_stock(order_ref="o1", lines=[(sku_ids[0], q) for _, q in lines], expires_at=soon())
    assert levels(sku_ids[0]) == (10, 0)


def test_a_hold_is_consumed_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert services.resolve_hold(order_ref="o1", outcome="consume") is True
    assert services.resolve_hold(order_ref="o1", outcome="consume") is False
    with pytest.raises(services.HoldResolved):
        services.resolve_hold(order_ref="o1", outcome="release")
    assert levels(sku_ids[0]) == (6, 0)
    assert movements(sku_ids[0]) == [("initial", 10, 0), ("hold", 0, 4), ("consume", -4, -4)]


def test_a_hold_is_released_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert services.resolve_hold(order_ref="o1", outcome="release") is True
    assert services.resolve_hold(order_ref="o1", outcome="release") is False
    with pytest.raises(services.HoldResolved):
        services.resolve_hold(order_ref="o1", outcome="consume")
    assert levels(sku_ids[0]) == (10, 0)


def test_an_unknown_order_has_nothing_to_resolve(sku_ids: list[int]) -> None:
    with pytest.raises(NotFound):
        services.resolve_hold(order_ref="nobody", outcome="consume")


def test_units_of_a_refunded_order_come_back_once(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 10)], expires_at=soon())
    with pytest.raises(services.HoldResolved):
        services.return_stock(order_ref="o1", lines=[(sku_ids[0], 1)])
    services.resolve_hold(order_ref="o1", outcome="consume")
    services.return_stock(order_ref="o1", lines=[(sku_ids[0], 4)])
    assert levels(sku_ids[0]) == (4, 0)
    for lines in ([(sku_ids[0], 7)], [(sku_ids[0], 6), (sku_ids[1], 1)]):
        with pytest.raises(services.HoldResolved):
            services.return_stock(order_ref="o1", lines=lines)
        assert levels(sku_ids[0]) == (4, 0)
    services.return_stock(order_ref="o1", lines=[(sku_ids[0], 6)])
    assert levels(sku_ids[0]) == (10, 0)
    assert [row for row in movements(sku_ids[0]) if row[0] == "return"] == [("return", 4, 0), ("return", 6, 0)]
    with pytest.raises(services.HoldResolved):
        services.return_stock(order_ref="o1", lines=[(sku_ids[0], 1)])
    assert levels(sku_ids[0]) == (10, 0)


def test_only_expired_holds_are_released(sku_ids: list[int]) -> None:
    services.hold_stock(order_ref="late", lines=[(sku_ids[0], 4)], expires_at=soon(10))
    services.hold_stock(order_ref="paid", lines=[(sku_ids[0], 2)], expires_at=soon(10))
    services.hold_stock(order_ref="fresh", lines=[(sku_ids[0], 1)], expires_at=soon(100))
    services.resolve_hold(order_ref="paid", outcome="consume")
    assert services.release_expired_holds(now=soon(20), grace_s=60) == 0
    assert services.release_expired_holds(now=soon(20)) == 1
    assert services.release_expired_holds(now=soon(20)) == 0
    assert levels(sku_ids[0]) == (8, 1)


def test_facts_tell_of_running_out_and_coming_back(sku_ids: list[int]) -> None:
    OutboxFact.objects.all().delete()
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    assert not OutboxFact.objects.exists()
    services.hold_stock(order_ref="o2", lines=[(sku_ids[0], 6)], expires_at=soon())
    services.resolve_hold(order_ref="o2", outcome="release")
    told = [(fact.name, fact.payload["available"]) for fact in OutboxFact.objects.order_by("id")]
    assert told == [("StockChanged", 0), ("StockChanged", 6)]


def test_a_merchant_cannot_take_held_units(sku_ids: list[int], shop_id: int) -> None:
    product_id = Sku.objects.get(pk=sku_ids[0]).product_id
    services.hold_stock(order_ref="o1", lines=[(sku_ids[0], 4)], expires_at=soon())
    common = {"shop_id": shop_id, "product_id": product_id, "sku_id": sku_ids[0], "reason": "盘点"}
    with pytest.raises(services.NotEnoughStock):
        services.change_stock(**common, delta=-7)
    with pytest.raises(services.NotEnoughStock):
        services.change_stock(**common, set_to=3)
    with pytest.raises(InvalidInput):
        services.change_stock(**common, delta=-11)
    with pytest.raises(InvalidInput):
        services.change_stock(**common, delta=1, set_to=3)
    assert levels(sku_ids[0]) == (10, 4)
    assert services.change_stock(**common, set_to=4) == 0
    assert services.change_stock(**common, delta=5) == 5
    assert levels(sku_ids[0]) == (9, 4)


def test_the_database_itself_refuses_impossible_stock(sku_ids: list[int]) -> None:
    wrong = (
        {"free": -1, "received": -1},
        {"held": -1, "received": 9},
        {"sold": -1, "received": 9},
        {"free": 11},
        {"held": 1},
        {"received": 9},
    )
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            StockLevel.objects.filter(sku_id=sku_ids[0]).update(**change)
    assert levels(sku_ids[0]) == (10, 0)


def test_a_replaced_sku_cannot_be_held(make_product: Callable[..., int], shop_id: int) -> None:
    product_id = make_product()
    gone = Sku.objects.get(product_id=product_id, option_text="米白").pk
    version = Product.objects.get(pk=product_id).version
    services.replace_skus(
        shop_id=shop_id,
        product_id=product_id,
        version=version,
        options=[OptionRecord("颜色", ("雾蓝",))],
        skus=[SkuRecord(("雾蓝",), 29900)],
    )
    with pytest.raises(services.SoldOut):
        services.hold_stock(order_ref="o1", lines=[(gone, 1)], expires_at=soon())
    assert levels(gone) == (3, 0)
    assert selectors.skus_for_sale([gone])[gone].sale_state.code == "deleted"


def test_another_shops_stock_is_not_found(sku_ids: list[int], shop_id: int) -> None:
    product_id = Sku.objects.get(pk=sku_ids[0]).product_id
    with pytest.raises(NotFound):
        services.change_stock(shop_id=shop_id + 1, product_id=product_id, sku_id=sku_ids[0], delta=1, reason="盘点")
    assert levels(sku_ids[0]) == (10, 0)
