"""Units that campaigns have for themselves, several warehouses, and people who wait for a SKU to come back."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from xingqu.accounts.models import Notice, Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.models import Sku, StockHold, StockLevel, StockMovement, StockWatch, Warehouse
from xingqu.catalogue.tests.test_stock import levels, soon
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import deliver_due

F1 = "flash:1"


def free(sku_id: int, campaign: str = "") -> list[int]:
    rows = StockLevel.objects.filter(sku_id=sku_id, campaign=campaign).order_by("warehouse_id", "bucket")
    return list(rows.values_list("free", flat=True))


def hold(ref: str, sku_id: int, units: int, campaign: str = "") -> None:
    services.hold_stock(order_ref=ref, lines=[(sku_id, units, campaign)], expires_at=soon())


def test_a_campaign_has_its_units_for_itself(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=8, is_open=True)
    assert (sum(free(sku)), sum(free(sku, F1))) == (2, 8)
    assert len(free(sku, F1)) == (2 if connection.vendor == "postgresql" else 1)
    with pytest.raises(services.SoldOut) as refusal:
        hold("o1", sku, 3)
    assert refusal.value.data["skus"] == [{"sku_id": sku, "requested": 3, "available": 2}]
    hold("o2", sku, 8, F1)
    with pytest.raises(services.SoldOut) as refusal:
        hold("o3", sku, 1, F1)
    assert refusal.value.data["skus"] == [{"sku_id": sku, "requested": 1, "available": 0, "campaign": F1}]
    offer = selectors.skus_for_sale([sku])[sku]
    assert (offer.available, offer.general_available) == (2, 2)
    assert selectors.allotments_of(campaigns=[F1, "flash:2"]) == {F1: (0, 8, 0)}


def test_a_line_takes_from_several_buckets_and_what_is_left_is_spread(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    house = Warehouse.objects.get()
    StockLevel.objects.filter(sku_id=sku).update(free=0, received=0)
    for bucket, units in enumerate((3, 0, 4)):
        StockLevel.objects.create(sku_id=sku, warehouse=house, campaign=F1, bucket=bucket, received=units, free=units)
    hold("o1", sku, 5, F1)
    assert sorted(free(sku, F1)) == [0, 1, 1]
    assert sorted(StockHold.objects.values_list("part", "quantity")) == [(0, 3), (1, 2)]
    services.resolve_hold(order_ref="o1", outcome="release")
    assert sum(free(sku, F1)) == 7
    with pytest.raises(services.SoldOut):
        hold("o2", sku, 8, F1)
    assert sum(free(sku, F1)) == 7


def test_units_that_are_not_open_are_not_shown(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=10, is_open=False)
    assert selectors.skus_for_sale([sku])[sku].sale_state.code == "sold_out"
    assert services.open_allotments(campaigns=[F1], is_open=True) == len(free(sku, F1))
    assert services.open_allotments(campaigns=[F1], is_open=True) == 0
    assert selectors.skus_for_sale([sku])[sku].available == 10


def test_more_than_general_stock_cannot_be_set_aside(sku_ids: list[int]) -> None:
    with pytest.raises(services.NotEnoughStock):
        services.allot_stock(campaign=F1, sku_id=sku_ids[0], quantity=11, is_open=True)
    services.allot_stock(campaign=F1, sku_id=sku_ids[0], quantity=2, is_open=True)
    with pytest.raises(InvalidInput):
        services.allot_stock(campaign=F1, sku_id=sku_ids[0], quantity=2, is_open=True)
    assert (free(sku_ids[0]), free(sku_ids[0], F1)) == ([8], [2])


def test_what_a_campaign_did_not_sell_comes_back_also_when_released_late(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=6, is_open=True)
    hold("paid", sku, 2, F1)
    hold("late", sku, 1, F1)
    services.resolve_hold(order_ref="paid", outcome="consume")
    assert services.return_allotment(campaign=F1) == 3
    assert services.return_allotment(campaign=F1) == 0
    services.resolve_hold(order_ref="late", outcome="release")
    assert services.return_allotment(campaign=F1) == 1
    assert (sum(free(sku)), sum(free(sku, F1)), levels(sku)) == (8, 0, (8, 0))
    kinds = StockMovement.objects.filter(sku_id=sku, campaign=F1).order_by("id").values_list("kind", "on_hand_delta")
    assert list(kinds) == [
        ("allot", 6),
        ("hold", 0),
        ("hold", 0),
        ("consume", -2),
        ("takeback", -3),
        ("release", 0),
        ("takeback", -1),
    ]


def test_a_late_payment_holds_again_where_it_held_before(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=2, is_open=True)
    hold("o1", sku, 2, F1)
    services.resolve_hold(order_ref="o1", outcome="release")
    services.hold_again(order_ref="o1", new_ref="o1-late", expires_at=soon())
    assert (sum(free(sku)), sum(free(sku, F1))) == (8, 0)
    services.resolve_hold(order_ref="o1-late", outcome="release")
    services.open_allotments(campaigns=[F1], is_open=False)
    services.return_allotment(campaign=F1)
    services.hold_again(order_ref="o1", new_ref="o1-later", expires_at=soon())
    assert (sum(free(sku)), levels(sku)) == (8, (10, 2))
    with pytest.raises(NotFound):
        services.hold_again(order_ref="nobody", new_ref="x", expires_at=soon())


def test_an_order_takes_from_the_preferred_warehouse_and_from_the_next(sku_ids: list[int], shop_id: int) -> None:
    sku = sku_ids[0]
    product_id = Sku.objects.get(pk=sku).product_id
    first = Warehouse.objects.get()
    second = services.save_warehouse(shop_id=shop_id, name="东仓", priority=1)
    services.change_stock(
        shop_id=shop_id, product_id=product_id, sku_id=sku, delta=4, reason="到货", warehouse_id=second
    )
    services.move_stock(shop_id=shop_id, sku_id=sku, source_id=first.pk, target_id=second, quantity=7)
    assert free(sku) == [3, 11]
    hold("o1", sku, 12)
    assert free(sku) == [0, 2]
    services.resolve_hold(order_ref="o1", outcome="consume")
    services.return_stock(order_ref="o1", lines=[(sku, 5)])
    assert (free(sku), levels(sku)) == ([3, 4], (7, 0))
    with pytest.raises(services.NotEnoughStock):
        services.move_stock(shop_id=shop_id, sku_id=sku, source_id=first.pk, target_id=second, quantity=4)
    with pytest.raises(services.Duplicate):
        services.save_warehouse(shop_id=shop_id, name="东仓", priority=1)
    assert free(sku) == [3, 4]


def test_the_database_keeps_each_row_and_each_line_once(sku_ids: list[int]) -> None:
    hold("o1", sku_ids[0], 1)
    level = StockLevel.objects.get(sku_id=sku_ids[0])
    for wrong in (
        lambda: StockLevel.objects.create(sku_id=sku_ids[0], warehouse_id=level.warehouse_id),
        lambda: StockHold.objects.create(order_ref="o1", sku_id=sku_ids[0], level=level, quantity=1, expires_at=soon()),
        lambda: Warehouse.objects.create(shop_id=level.warehouse.shop_id, name="x", is_default=True),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    assert levels(sku_ids[0]) == (10, 1)


def signed_in(email: str) -> tuple[Client, int]:
    person_id = create_person(email=email, password=None)
    client = Client()
    client.force_login(Person.objects.get(pk=person_id), "allauth.account.auth_backends.AuthenticationBackend")
    return client, person_id


def test_who_waits_is_told_once_when_it_is_back(sku_ids: list[int], shop_id: int) -> None:
    client, person_id = signed_in("waiting@mail.example")
    sku = sku_ids[1]
    product_id = Sku.objects.get(pk=sku).product_id
    hold("all", sku, 3)
    for _ in range(2):
        assert client.put(f"/api/v1/stock-watches/{sku}").status_code == 204
    assert client.get(f"/api/v1/products/{product_id}/stock-watches").json() == {"sku_ids": [sku]}
    deliver_due()
    assert not Notice.objects.filter(kind="back_in_stock").exists()
    services.resolve_hold(order_ref="all", outcome="release")
    services.change_stock(shop_id=shop_id, product_id=product_id, sku_id=sku, delta=1, reason="到货")
    deliver_due()
    notice = Notice.objects.get(kind="back_in_stock")
    assert (notice.person_id, notice.data["product_id"], notice.data["sku_id"]) == (person_id, product_id, sku)
    assert not StockWatch.objects.exists()
    assert client.put("/api/v1/stock-watches/99999999").status_code == 404
    assert Client().put(f"/api/v1/stock-watches/{sku}").status_code == 401
    client.put(f"/api/v1/stock-watches/{sku}")
    assert client.delete(f"/api/v1/stock-watches/{sku}").status_code == 204
    assert not StockWatch.objects.exists()


def test_movements_by_filter_and_never_another_shops(
    sku_ids: list[int], shop_id: int, make_product: Callable[..., int]
) -> None:
    client, person_id = signed_in("keeper@mail.example")
    other = create_organisation(owner_id=person_id, kind="merchant", name="别家")
    theirs = make_product(shop=other)
    hold("o1", sku_ids[0], 2)
    base = f"/api/v1/shops/{other}"
    rows = client.get(f"{base}/stock-movements").json()["items"]
    assert {row["product_id"] for row in rows} == {theirs}
    assert [row["kind"] for row in rows] == ["initial", "initial"]
    assert client.get(f"{base}/stock-movements?kind=hold").json()["items"] == []
    assert client.get(f"{base}/stock-movements?sku_id={sku_ids[0]}").json()["items"] == []
    found, _ = selectors.movements_page(shop_id=shop_id, order_ref="o1")
    assert [(row["kind"], row["held_delta"], row["warehouse_name"]) for row in found] == [("hold", 2, "默认仓")]
    assert client.get(f"{base}/skus/{sku_ids[0]}/levels").status_code == 404
    assert client.get(f"/api/v1/shops/{shop_id}/stock-movements").status_code == 404
    assert client.get(f"/api/v1/shops/{shop_id}/warehouses").status_code == 404
    mine = Warehouse.objects.get(shop_id=shop_id).pk
    move = {"sku_id": sku_ids[0], "source_id": mine, "target_id": mine + 1, "quantity": 1}
    post = {"content_type": "application/json"}
    assert client.post(f"{base}/stock-moves", move, **post).status_code == 404
    assert client.put(f"{base}/warehouses/{mine}", {"name": "抢", "priority": 0}, **post).status_code == 404
    assert client.post(f"{base}/warehouses", {"name": "西仓"}, **post).status_code == 201
    assert free(sku_ids[0]) == [8]


def test_one_sku_comes_from_one_place(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=4, is_open=True)
    with pytest.raises(InvalidInput):
        services.hold_stock(order_ref="o1", lines=[(sku, 1), (sku, 1, F1)], expires_at=soon())
    assert StockHold.objects.count() == 0
    assert (sum(free(sku)), sum(free(sku, F1))) == (6, 4)


def test_a_campaign_sets_aside_once(sku_ids: list[int]) -> None:
    sku = sku_ids[0]
    services.allot_stock(campaign=F1, sku_id=sku, quantity=4, is_open=True)
    with pytest.raises(InvalidInput):
        services.allot_stock(campaign=F1, sku_id=sku, quantity=1, is_open=True)
    assert (sum(free(sku)), sum(free(sku, F1))) == (6, 4)
