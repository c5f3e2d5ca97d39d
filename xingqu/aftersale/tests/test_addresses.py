"""One address book of a shop: where returns go is its entry for returns."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from xingqu.aftersale.tests.house import ADDRESS, House
from xingqu.fulfilment.models import ShopAddress
from xingqu.trade.selectors import path_named
from xingqu.trade.tests.house import REGION, make_shop

pytestmark = pytest.mark.django_db


def test_regions_in_words() -> None:
    def names(text: str) -> list[str] | None:
        found = path_named(text)
        return None if found is None else [region.name for region in found]

    assert names("浙江省杭州市余杭区") == names("浙江省 / 杭州市 / 余杭区") == ["浙江省", "杭州市", "余杭区"]
    assert names("北京市东城区") == names("北京市市辖区东城区") == ["北京市", "市辖区", "东城区"]
    assert names("浙江省余杭区") is None
    assert names("浙江省杭州市余杭区仓前") is None
    assert names("") is None


def test_the_entry_for_returns_is_the_address() -> None:
    house = House()
    path = f"/shops/{house.shop.id}/return-address"
    assert house.merchant.get(path) == ADDRESS
    (entry,) = house.merchant.get(f"/shops/{house.shop.id}/shipping-addresses")
    assert (entry["province"], entry["district"], entry["takes_returns"], entry["sends"]) == (
        "浙江省",
        "余杭区",
        True,
        False,
    )
    changed = {**ADDRESS, "region": "香港九龙", "detail": "弥敦道 1 号"}
    assert house.merchant.call("PUT", path, changed) == changed
    (row,) = ShopAddress.objects.all()
    assert (row.region, row.province_id, row.detail) == ("香港九龙", None, "弥敦道 1 号")
    body = {"recipient": "仓库", "phone": "13900139000", "detail": "工业路 8 号", **REGION}
    book = f"/shops/{house.shop.id}/shipping-addresses"
    house.merchant.call("PUT", f"{book}/{row.pk}", {**body, "sends": True, "takes_returns": True})
    assert house.merchant.get(path)["detail"] == "工业路 8 号"
    house.merchant.call("PUT", path, ADDRESS)  # what the shop sends from stays
    assert sorted(ShopAddress.objects.values_list("detail", "sends", "takes_returns")) == [
        (ADDRESS["detail"], False, True),
        ("工业路 8 号", True, False),
    ]
    other = make_shop().member()
    assert other.error("PUT", path, ADDRESS, status=404)["code"] == "not_found"
    assert other.error("GET", path, status=404)["code"] == "not_found"


def test_an_entry_has_a_region() -> None:
    fields: dict[str, Any] = {"shop_id": 1, "recipient": "x", "phone": "1", "detail": "y"}
    wrongs: tuple[dict[str, Any], ...] = ({}, {"region": "x", "province_id": 1}, {"region": "x", "sends": True})
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            ShopAddress.objects.create(**fields, **wrong)


def test_addresses_of_before_are_kept() -> None:
    regions = ((1, "浙江省杭州市余杭区"), (2, "九龙"), (3, "北京市东城区"))
    rows = [SimpleNamespace(shop_id=n, recipient="r", phone="1", region=region, detail="d") for n, region in regions]
    ShopAddress.objects.create(shop_id=3, recipient="kept", phone="1", region="澳门", detail="d", takes_returns=True)
    migration = import_module("xingqu.aftersale.migrations.0002_one_book_of_addresses")
    # The earlier book's table is gone by now, so its rows stand here.
    earlier = SimpleNamespace(objects=SimpleNamespace(using=lambda _: SimpleNamespace(order_by=lambda _: rows)))
    tables: dict[str, Any] = {"ShopAddress": ShopAddress, "ReturnAddress": earlier}
    for _ in range(2):
        migration.move(
            SimpleNamespace(get_model=lambda _room, name: tables[name]), SimpleNamespace(connection=connection)
        )
    found = ShopAddress.objects.order_by("shop_id").values_list("shop_id", "recipient", "region", "takes_returns")
    assert list(found) == [(1, "r", "", True), (2, "r", "九龙", True), (3, "kept", "澳门", True)]
