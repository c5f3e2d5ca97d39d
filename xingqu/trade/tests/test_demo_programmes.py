"""The demo's programmes: made once, and real ones."""

import pytest

from xingqu.catalogue.models import Sku
from xingqu.programmes.models import Coupon, FlashSaleItem, FullReductionOffer
from xingqu.programmes.services import seed_programmes
from xingqu.trade.tests.house import make_shop, make_sku

pytestmark = pytest.mark.django_db


def test_seeded_once() -> None:
    shop = make_shop()
    sku = make_sku(shop, price_minor=19_900)
    said: list[str] = []
    for _ in range(2):
        seed_programmes(shops={"one": shop.id}, say=said.append)
    assert said == ["Programmes: 5 new", "Programmes: 0 new"]
    assert Coupon.objects.filter(shop_id=None).count() == 2
    assert Coupon.objects.filter(shop_id=shop.id).count() == 1
    assert FullReductionOffer.objects.get().shop_id == shop.id
    item = FlashSaleItem.objects.get()
    assert (item.sku_id, item.price_minor) == (sku, 13_900)
    assert item.price_minor < Sku.objects.get().price_minor
