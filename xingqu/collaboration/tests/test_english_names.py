"""A shop's English name goes wherever its name goes."""

from typing import Any

import pytest

from xingqu.accounts.models import Organisation
from xingqu.collaboration.tests.house import Creator, Desk
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db


def names(row: Any) -> tuple[str, str]:
    return row["shop_name"], row["shop_name_en"]


def test_shops_have_both_names(shop: Shop, sku: int, buyer: Caller) -> None:
    Organisation.objects.filter(pk=shop.id).update(name="素屋家居", name_en="Plain House")
    both, desk, creator = ("素屋家居", "Plain House"), Desk(shop), Creator()
    offer = desk.offer(sku)
    (seen,) = creator.caller.get(f"{creator.path}/sample-offers")["items"]
    assert (names(seen), names(seen["product"])) == (both, both)
    creator.ask(offer["id"])
    (mine,) = creator.caller.get(f"{creator.path}/samples")["items"]
    assert names(mine) == both
    product = creator.caller.get(f"/products/{seen['product']['id']}")
    assert (product["shop"]["name"], product["shop"]["name_en"]) == both
    chat = buyer.call("PUT", f"/chats/shops/{shop.id}")
    assert (chat["shop"]["name"], chat["shop"]["name_en"]) == both
