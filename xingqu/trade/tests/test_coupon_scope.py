"""Coupons for some products or categories, from the merchant's form to the buyer's quote."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.catalogue.models import Category, Product, Sku
from xingqu.kit import clock
from xingqu.programmes.models import Coupon
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


def offer(shop: Shop, status: int = 201, **changes: Any) -> Any:
    now = clock.now()
    body = {
        "name": "指定商品减 10",
        "kind": "fixed",
        "threshold_minor": 0,
        "discount_minor": 1_000,
        "stock": 5,
        "claim_from": (now - timedelta(minutes=1)).isoformat(),
        "claim_until": (now + timedelta(days=1)).isoformat(),
        "valid_days": 7,
        **changes,
    }
    return shop.member().post(f"/shops/{shop.id}/coupons", body, status=status)


def product_of(sku: int) -> int:
    return int(Sku.objects.get(pk=sku).product_id)


def test_a_coupon_for_one_product_takes_off_that_one() -> None:
    shop, buyer = make_shop(), Caller.new_person()
    first, second = make_sku(shop, price_minor=5_000), make_sku(shop, price_minor=5_000, name="羊毛披肩")
    made = offer(shop, scope="products", scope_ids=[product_of(first)])
    assert (made["scope"], made["scope_ids"], made["scope_names"]) == (
        "products",
        [product_of(first)],
        ["纯棉刺绣四件套"],
    )
    buyer.post(f"/coupons/{made['id']}/claim", status=201)
    quote = buyer.quote((first, 1), (second, 1))
    lines = {line["sku_id"]: line["discount"]["amount_minor"] for line in quote["shops"][0]["lines"]}
    assert lines == {first: 1_000, second: 0}
    other = buyer.quote((second, 1))
    assert other["shops"][0]["coupons"][0]["reason"] == "scope"
    assert other["payable"]["amount_minor"] == 5_000
    parent = buyer.checkout(quote["quote_token"])
    assert parent["payable"]["amount_minor"] == 9_000


def test_a_coupon_for_a_category_is_for_all_below_it() -> None:
    shop, buyer = make_shop(), Caller.new_person()
    sku = make_sku(shop, price_minor=5_000)
    category = Category.objects.get(pk=Product.objects.get(pk=product_of(sku)).category_id)
    above = offer(shop, scope="categories", scope_ids=[category.parent_id])
    elsewhere = Category.objects.exclude(pk__in=[category.pk, category.parent_id]).filter(children=None).first()
    assert elsewhere is not None
    aside = offer(shop, scope="categories", scope_ids=[elsewhere.pk], discount_minor=2_000)
    for one in (above, aside):
        buyer.post(f"/coupons/{one['id']}/claim", status=201)
    quote = buyer.quote((sku, 1))
    assert quote["payable"]["amount_minor"] == 4_000
    assert sorted(option["reason"] or "used" for option in quote["shops"][0]["coupons"]) == ["scope", "used"]


@pytest.mark.parametrize("scope", ["products", "categories"])
def test_a_scope_of_nothing_or_of_others_is_refused(scope: str) -> None:
    shop, other = make_shop(), make_shop()
    theirs = product_of(make_sku(other))
    for ids in ([], [9_999_999], *([[theirs]] if scope == "products" else [])):
        assert offer(shop, status=422, scope=scope, scope_ids=ids)["error"]["field"] == "scope_ids"
    assert Coupon.objects.count() == 0
