"""What a visitor of a creator meets over HTTP: the showcase with its search, and a creator's own link; both credit them."""

from typing import Any

import pytest

from xingqu.accounts.services import merge_guest
from xingqu.alliance.models import CommissionOrder
from xingqu.alliance.tests.house import Studio, new_studio, offer, product_of
from xingqu.catalogue.models import Product
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.live.models import LiveExplain, LiveRoom
from xingqu.trade.tests.house import Caller, Shop, make_sku


def _taken_up(shop: Shop, sku: int) -> tuple[Studio, str]:
    """A studio with the product in its showcase, and the pick source of its link."""
    studio = new_studio()
    offer(shop, sku)
    link = studio.owner.post(
        f"/creators/{studio.creator_id}/alliance/links", {"product_id": product_of(sku)}, status=201
    )
    return studio, link["pick_source"]


def _buy(buyer: Caller, sku: int, attribution: dict[str, Any]) -> str:
    line = {"sku_id": sku, "quantity": 1, "attribution": attribution}
    quote = buyer.post("/checkout/quote", {"lines": [line], "address_id": buyer.address_id()})
    parent = buyer.checkout(quote["quote_token"])
    buyer.pay(parent["order_no"])
    deliver_due()
    return str(parent["shop_orders"][0]["order_no"])


def test_a_creators_link_leads_to_the_product_and_credits_them(shop: Shop, sku: int, buyer: Caller) -> None:
    studio, pick = _taken_up(shop, sku)
    told = buyer.get(f"/picks/{pick}")
    assert (told["product_id"], told["creator_id"]) == (product_of(sku), studio.creator_id)
    order_no = _buy(buyer, sku, {"surface": "creator", "touch": told["touch"]})
    assert CommissionOrder.objects.values_list("order_no", "creator_id").get() == (order_no, studio.creator_id)


def test_the_link_opened_before_signing_in_counts_after_it(shop: Shop, sku: int) -> None:
    """A guest opens the link, then signs in and buys without it: the opening is theirs."""
    studio, pick = _taken_up(shop, sku)
    guest = Caller()
    touch = guest.get(f"/picks/{pick}")["touch"]
    body = {"product_id": product_of(sku), "surface": "creator", "touch": touch}
    guest.post("/touches", body, status=204)
    assert guest.key.startswith("g")
    buyer = Caller.new_person()
    stolen = buyer.error("POST", "/touches", body, status=422)
    assert stolen["code"] == "bad_touch"
    order_no = _buy(buyer, sku, {"surface": "creator", "touch": touch})
    assert not CommissionOrder.objects.filter(order_no=order_no).exists()
    merge_guest(guest_key=int(guest.key[1:]), person_id=buyer.person_id or 0)
    deliver_due()
    order_no = _buy(buyer, sku, {})
    assert CommissionOrder.objects.values_list("order_no", "creator_id").get() == (order_no, studio.creator_id)


def test_an_unknown_link_leads_nowhere(buyer: Caller, db: None) -> None:
    assert buyer.error("GET", "/picks/nobody", status=404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("q", "found"), [("", [1, 0]), ("露营", [1, 0]), ("灯", [0]), ("露营 帐篷", [1]), ("LED", [0]), ("没有", [])]
)
def test_visitors_search_within_the_showcase(shop: Shop, buyer: Caller, q: str, found: list[int]) -> None:
    skus = [make_sku(shop, name="露营led灯"), make_sku(shop, name="露营帐篷")]
    studio, _ = _taken_up(shop, skus[0])
    offer(shop, skus[1])
    studio.owner.post(f"/creators/{studio.creator_id}/alliance/links", {"product_id": product_of(skus[1])}, status=201)
    items = buyer.get(f"/creators/{studio.creator_id}/showcase?q={q}&limit=5")["items"]
    assert [item["product"]["id"] for item in items] == [product_of(skus[at]) for at in found]


def test_what_cannot_be_bought_or_is_hidden_is_not_shown(shop: Shop, sku: int, buyer: Caller) -> None:
    studio, _ = _taken_up(shop, sku)
    path = f"/creators/{studio.creator_id}/showcase"
    assert len(buyer.get(path)["items"]) == 1
    item = f"/creators/{studio.creator_id}/alliance/showcase/{product_of(sku)}"
    studio.owner.call("PATCH", item, {"is_hidden": True}, status=204)
    assert buyer.get(path)["items"] == []
    studio.owner.call("PATCH", item, {"is_hidden": False}, status=204)
    Product.objects.filter(pk=product_of(sku)).update(status="offline")
    assert buyer.get(path)["items"] == []


def test_the_showcase_says_what_was_explained_on_air(shop: Shop, sku: int, buyer: Caller) -> None:
    studio, _ = _taken_up(shop, sku)
    path = f"/creators/{studio.creator_id}/showcase"
    assert buyer.get(path)["items"][0]["explained_at"] is None
    room = LiveRoom.objects.create(
        shop_id=studio.id, creator_id=studio.creator_id, title="夜场", state="ended", play_name=f"p{studio.id}"
    )
    now = clock.now().replace(microsecond=0)
    LiveExplain.objects.create(room=room, product_id=product_of(sku), started_at=now, ended_at=now)
    (item,) = buyer.get(path)["items"]
    assert (item["explained_at"][:19], item["clip_id"]) == (now.isoformat()[:19], None)
    LiveRoom.objects.update(state="banned")
    assert buyer.get(path)["items"][0]["explained_at"] is None
