"""Freight by template: pure properties, then quotes, checkouts and changes of address with them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.models import Sku
from xingqu.trade.domain.freight import FREE, Freight
from xingqu.trade.domain.freight_templates import (
    Carriage,
    Load,
    Template,
    Zone,
    carriage_minor,
    refusal,
    template_freight_minor,
    zone_for,
)
from xingqu.trade.domain.regions import path_of, regions
from xingqu.trade.models import FreightTemplate, ProductFreight, ShopOrder
from xingqu.trade.tests.house import ADDRESS, Caller, Shop, make_shop, make_sku

fees = st.integers(0, 10**7)
zones = st.builds(
    Zone,
    region_ids=st.just(frozenset()),
    first_units=st.integers(1, 10_000),
    first_minor=fees,
    extra_units=st.integers(1, 10_000),
    extra_minor=fees,
)
PLACE = path_of(1, 32, 376)
assert PLACE is not None


@given(zones, st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 10**9))
def test_freight_is_never_negative_and_grows_with_the_units(zone: Zone, units: int, more: int, goods: int) -> None:
    one = template_freight_minor(zone, units=units, goods_minor=goods)
    assert 0 <= one <= template_freight_minor(zone, units=units + more, goods_minor=goods)


@given(
    zones,
    st.lists(st.tuples(st.integers(1, 99), st.integers(0, 5_000), st.integers(0, 10**6)), min_size=1, max_size=5),
    st.sampled_from(["piece", "weight"]),
)
def test_lines_of_one_template_count_together(zone: Zone, lines: list[tuple[int, int, int]], by: Any) -> None:
    template = Template(1, by, (zone,))
    loads = [Load(Carriage(template, weight), quantity, goods) for quantity, weight, goods in lines]
    units = sum(quantity * (weight if by == "weight" else 1) for quantity, weight, _ in lines)
    expected = template_freight_minor(zone, units=units, goods_minor=sum(goods for *_, goods in lines))
    assert carriage_minor(loads, FREE, PLACE) == expected


def test_exact_fees() -> None:
    zone = Zone(frozenset(), first_units=1000, first_minor=800, extra_units=500, extra_minor=200)
    found = [template_freight_minor(zone, units=units, goods_minor=0) for units in (1, 1000, 1001, 1500, 1501)]
    assert found == [800, 800, 1000, 1000, 1200]
    free = Zone(frozenset(), first_minor=800, free_from_minor=9_900, free_from_units=3)
    asked = [(1, 9_899), (1, 9_900), (2, 0), (3, 0)]
    assert [template_freight_minor(free, units=u, goods_minor=g) for u, g in asked] == [800, 0, 800, 0]


def test_the_city_goes_before_the_province_and_before_everywhere_else() -> None:
    city, province, rest = Zone(frozenset([32])), Zone(frozenset([1])), Zone(frozenset())
    template = Template(1, "piece", (rest, province, city))
    assert zone_for(template, PLACE) is city
    assert zone_for(Template(1, "piece", (rest, province)), PLACE) is province
    assert zone_for(template, ()) is rest
    assert zone_for(Template(1, "piece", (Zone(frozenset([2])),)), PLACE) is None
    refused = Template(1, "piece", (rest, Zone(frozenset([1]), refused="易碎")))
    assert (refusal(Carriage(refused), PLACE), refusal(Carriage(refused), ())) == ("易碎", None)
    assert carriage_minor([Load(Carriage(None), 1, 500)], Freight(base_minor=700), PLACE) == 700


ZONES = [
    {"region_ids": [], "first_units": 1, "first_minor": 800, "extra_units": 1, "extra_minor": 300},
    {"region_ids": [1], "first_units": 2, "first_minor": 500, "extra_units": 1, "extra_minor": 100},
]


def template(shop: Shop, *, status: int = 201, **changes: Any) -> Any:
    body = {"name": "通用", "by": "piece", "zones": ZONES, "is_default": True, **changes}
    return shop.member().call("POST", f"/shops/{shop.id}/freight/templates", body, status=status)


def product_of(sku: int) -> int:
    return Sku.objects.get(pk=sku).product_id


def bring(shop: Shop, sku: int, template_id: int | None, weight_g: int | None = None, *, status: int = 200) -> Any:
    body = {"product_ids": [product_of(sku)], "template_id": template_id, "weight_g": weight_g}
    return shop.member().call("PUT", f"/shops/{shop.id}/freight/products", body, status=status)


@pytest.mark.django_db
def test_quotes_by_template(buyer: Caller, sku: int, shop: Shop) -> None:
    assert buyer.quote((sku, 3))["freight_total"]["amount_minor"] == 0
    template(shop)
    assert buyer.quote((sku, 3))["freight_total"]["amount_minor"] == 600  # the buyer lives in province 1
    heavy = make_sku(shop, name="实木床架")
    zone = {"region_ids": [], "first_units": 1000, "first_minor": 1000, "extra_units": 1000, "extra_minor": 400}
    by_weight = template(shop, name="大件", by="weight", zones=[zone], is_default=False)
    bring(shop, heavy, by_weight["id"], 2_500)
    assert buyer.quote((heavy, 1))["freight_total"]["amount_minor"] == 1_800
    assert buyer.quote((heavy, 1), (sku, 1))["freight_total"]["amount_minor"] == 2_300
    listed = shop.member().get(f"/shops/{shop.id}/freight/templates")
    assert [(one["name"], one["products"]) for one in listed] == [("通用", 0), ("大件", 1)]


@pytest.mark.django_db
def test_where_nothing_is_brought_to(buyer: Caller, sku: int, shop: Shop) -> None:
    refused = [ZONES[0], {"region_ids": [1], "refused": "大件不发该地区"}]
    made = template(shop, zones=ZONES)
    quote = buyer.quote((sku, 1))
    changed = {"name": "通用", "by": "piece", "zones": refused, "is_default": True, "version": made["version"]}
    shop.member().call("PUT", f"/shops/{shop.id}/freight/templates/{made['id']}", changed)
    problem = buyer.quote((sku, 1))["problems"][0]
    place = regions()[1].name
    assert (problem["code"], problem["data"]) == ("not_deliverable", {"reason": "大件不发该地区", "region": place})
    error = buyer.checkout(quote["quote_token"], status=409)["error"]
    assert (error["code"], error["data"]["skus"][0]["code"]) == ("not_for_sale", "not_deliverable")
    assert ShopOrder.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zones", "field"),
    [
        ([ZONES[1]], "zones"),
        ([ZONES[0], ZONES[0]], "zones"),
        ([ZONES[0], ZONES[1], ZONES[1]], "zones.2.region_ids"),
        ([ZONES[0], {"region_ids": [376]}], "zones.1.region_ids"),
        ([ZONES[0], {"region_ids": [999_999]}], "zones.1.region_ids"),
        ([{**ZONES[0], "extra_units": 0}], "zones.0.extra_units"),
        ([{**ZONES[0], "first_minor": -1}], "zones.0.first_minor"),
    ],
)
def test_zones_that_make_no_sense(shop: Shop, zones: list[Any], field: str) -> None:
    assert template(shop, zones=zones, status=422)["error"]["field"] == field
    assert FreightTemplate.objects.count() == 0


@pytest.mark.django_db
def test_templates_are_the_shops_own(sku: int, shop: Shop) -> None:
    made, other = template(shop), make_shop()
    path = f"/shops/{other.id}/freight/templates/{made['id']}"
    change = {"name": "x", "by": "piece", "zones": ZONES, "version": 0}
    for method, body in (("PUT", change), ("DELETE", None)):
        assert other.member().error(method, path, body, status=404)["code"] == "not_found"
        strange = path.replace(str(other.id), str(shop.id), 1)
        assert other.member().error(method, strange, body, status=404)["code"] == "not_found"
    assert bring(other, sku, None, status=404)["error"]["code"] == "not_found"
    body = {"product_ids": [product_of(make_sku(other))], "template_id": made["id"]}
    other.member().error("PUT", f"/shops/{other.id}/freight/products", body, status=404)
    assert ProductFreight.objects.count() == 0
    assert FreightTemplate.objects.get().name == "通用"


@pytest.mark.django_db
def test_changing_and_removing(sku: int, shop: Shop) -> None:
    made = template(shop)
    path = f"/shops/{shop.id}/freight/templates/{made['id']}"
    change = {"name": "新", "by": "piece", "zones": ZONES, "is_default": True, "version": made["version"]}
    assert shop.member().call("PUT", path, change)["version"] == made["version"] + 1
    assert shop.member().error("PUT", path, change, status=409)["code"] == "conflict"
    second = template(shop, name="第二")
    assert [one["is_default"] for one in shop.member().get(f"/shops/{shop.id}/freight/templates")] == [True, False]
    assert template(shop, name="第二", status=422)["error"]["field"] == "name"
    bring(shop, sku, second["id"])
    refused = shop.member().error("DELETE", f"/shops/{shop.id}/freight/templates/{second['id']}", status=409)
    assert refused["data"] == {"products": 1}
    shop.member().call("DELETE", path, status=204)
    assert FreightTemplate.objects.filter(removed_at=None).count() == 1


def elsewhere(buyer: Caller, **changes: Any) -> int:
    place = {"province_id": 2, "city_id": 33, "district_id": 0, **changes}
    district = next(r.id for r in regions().values() if r.parent_id == place["city_id"])
    return int(buyer.post("/addresses", {**ADDRESS, **place, "district_id": district}, status=201)["id"])


@pytest.mark.django_db
def test_an_order_goes_elsewhere(buyer: Caller, sku: int, shop: Shop) -> None:
    template(shop, zones=[ZONES[0], {**ZONES[1], "region_ids": [2]}])
    order_no = buyer.buy((sku, 1))
    paid = ShopOrder.objects.get().freight_minor
    assert paid == 800
    path = f"/orders/{order_no}/address"
    address_id = elsewhere(buyer)
    shown = buyer.post(path, {"address_id": address_id})
    assert shown["address"]["province"] == regions()[2].name
    order = ShopOrder.objects.get()
    assert (order.freight_minor, order.payable_minor) == (paid, 29_900 + paid)  # cheaper there: nothing goes back
    home = buyer.get("/addresses")[0]["id"]
    back = buyer.post(path, {"address_id": home})
    assert back["address"]["province"] == regions()[1].name
    assert [event["code"] for event in back["timeline"]][-2:] == ["address_changed", "address_changed"]
    stranger = Caller.new_person()
    assert stranger.error("POST", path, {"address_id": stranger.address_id()}, status=404)["code"] == "not_found"
    assert buyer.error("POST", path, {"address_id": stranger.address_id()}, status=404)["code"] == "not_found"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "code"), [({"first_minor": 801}, "freight_dearer"), ({"refused": "不送"}, "not_deliverable")]
)
def test_where_an_order_may_not_go(buyer: Caller, sku: int, shop: Shop, zone: dict[str, Any], code: str) -> None:
    template(shop, zones=[ZONES[0], {"region_ids": [2], **zone}])
    order_no = buyer.buy((sku, 1))
    error = buyer.error("POST", f"/orders/{order_no}/address", {"address_id": elsewhere(buyer)}, status=409)
    assert error["code"] == code
    assert ShopOrder.objects.get().changed_address is None
