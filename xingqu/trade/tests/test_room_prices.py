"""Prices that are a live room's own, through quote and checkout: who gets them, how many, and what else lowers them."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.catalogue.models import Sku
from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.models import FlashSale, FlashSaleItem, FlashTake
from xingqu.programmes.services import NewFlashItem, create_flash_sale, name_winners, turn_room_sales
from xingqu.signals.services import seal_touch
from xingqu.trade.domain.discounts import EXCLUDED_BY, Kind
from xingqu.trade.models import OrderLine, ParentOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku
from xingqu.trade.tests.test_promotions import claim, coupon_body, offer_coupon, offer_full_reduction, operator

pytestmark = pytest.mark.django_db
ROOM = 31


def priced(shop: Shop, sku: int, price: int = 19_900, **changes: Any) -> int:
    given: dict[str, Any] = {"live_room_id": ROOM, "kind": "room_price", **changes}
    units, limit = given.pop("units", 3), given.pop("limit", 2)
    now = clock.now()
    return create_flash_sale(
        shop_id=shop.id,
        name="夜场",
        items=[NewFlashItem(sku, price, units, limit)],
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(days=1),
        **given,
    )


def touch(buyer: Caller, sku: int, room_id: int | None = ROOM) -> str:
    product_id = int(Sku.objects.get(pk=sku).product_id)
    return seal_touch(actor_key=buyer.key, product_ids=[product_id], creator_id=3, live_room_id=room_id)


def quoted(buyer: Caller, sku: int, units: int = 1, token: str | None = None, **fields: Any) -> dict[str, Any]:
    line: dict[str, Any] = {"sku_id": sku, "quantity": units}
    if token is not None:
        line["attribution"] = {"surface": "live", "touch": token}
    found: dict[str, Any] = buyer.post(
        "/checkout/quote", {"lines": [line], "address_id": buyer.address_id() if buyer.person_id else None, **fields}
    )
    return found


def told(quote: dict[str, Any]) -> tuple[int, str | None, list[str]]:
    line = quote["shops"][0]["lines"][0]
    return line["unit_price"]["amount_minor"], line["price_kind"], [hint["code"] for hint in quote["hints"]]


def left(sale_id: int) -> int:
    campaign = flash_campaign(FlashSaleItem.objects.get(sale_id=sale_id).pk)
    return allotments_of(campaigns=[campaign])[campaign][0]


def test_only_who_buys_out_of_the_room_has_its_price(buyer: Caller, shop: Shop, sku: int) -> None:
    priced(shop, sku)
    assert told(quoted(buyer, sku)) == (29_900, None, [])
    assert told(quoted(buyer, sku, token=touch(buyer, sku, room_id=32))) == (29_900, None, [])
    stolen = touch(Caller.new_person(), sku)
    assert told(quoted(buyer, sku, token=stolen)) == (29_900, None, [])
    assert told(quoted(buyer, sku, token=touch(buyer, sku))) == (19_900, "room_price", [])
    product_id = Sku.objects.get(pk=sku).product_id
    assert buyer.get(f"/products/{product_id}/programmes")["flash"] == []


def test_of_two_products_each_has_the_prices_of_the_room_it_comes_from(buyer: Caller, shop: Shop, sku: int) -> None:
    other = make_sku(shop, name="乳胶枕")
    for one in (sku, other):
        priced(shop, one)
    came = [(sku, ROOM), (other, 32)]

    def told_of_both() -> tuple[list[tuple[int, str | None]], list[str]]:
        lines = [
            {"sku_id": one, "quantity": 1, "attribution": {"surface": "live", "touch": touch(buyer, one, room_id)}}
            for one, room_id in came
        ]
        quote = buyer.post("/checkout/quote", {"lines": lines, "address_id": buyer.address_id()})
        found = {row["sku_id"]: row for row in quote["shops"][0]["lines"]}
        prices = [(found[one]["unit_price"]["amount_minor"], found[one]["price_kind"]) for one, _ in came]
        return prices, [hint["code"] for hint in quote["hints"]]

    assert told_of_both() == ([(19_900, "room_price"), (29_900, None)], [])
    turn_room_sales(live_room_id=ROOM, state="ended", kinds=("room_price",))
    assert told_of_both() == ([(29_900, None), (29_900, None)], ["room_price_over"])


def test_a_later_creators_click_takes_credit_and_price(buyer: Caller, shop: Shop, sku: int) -> None:
    priced(shop, sku)
    product_id = int(Sku.objects.get(pk=sku).product_id)
    buyer.post("/touches", {"product_id": product_id, "surface": "live", "touch": touch(buyer, sku)}, status=204)
    assert told(quoted(buyer, sku))[1] == "room_price"
    later = seal_touch(actor_key=buyer.key, product_ids=[product_id], content_id=9, creator_id=4)
    buyer.post("/touches", {"product_id": product_id, "surface": "for_you", "touch": later}, status=204)
    assert told(quoted(buyer, sku)) == (29_900, None, [])


def test_it_ends_with_the_room_and_a_quote_of_before_is_asked_again(buyer: Caller, shop: Shop, sku: int) -> None:
    sale = priced(shop, sku)
    token = touch(buyer, sku)
    quote = quoted(buyer, sku, token=token)
    turn_room_sales(live_room_id=ROOM, state="ended", kinds=("room_price",))
    assert left(sale) == 0
    refused = buyer.checkout(quote["quote_token"], status=409)["error"]
    assert (refused["code"], ParentOrder.objects.count()) == ("price_changed", 0)
    assert told(refused["data"]["quote"]) == (29_900, None, ["room_price_over"])
    assert told(quoted(buyer, sku, token=token)) == (29_900, None, ["room_price_over"])


def test_before_the_room_is_live_there_is_none(buyer: Caller, shop: Shop, sku: int) -> None:
    priced(shop, sku, state="paused")
    assert told(quoted(buyer, sku, token=touch(buyer, sku))) == (29_900, None, [])
    assert turn_room_sales(live_room_id=ROOM, state="running", kinds=("room_price",)) == 1
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[1] == "room_price"


def test_one_that_begins_later_is_not_over(buyer: Caller, shop: Shop, sku: int) -> None:
    sale = priced(shop, sku)
    for state in ("running", "paused", "ended"):
        FlashSale.objects.filter(pk=sale).update(starts_at=clock.now() + timedelta(hours=1), state=state)
        assert told(quoted(buyer, sku, token=touch(buyer, sku))) == (29_900, None, []), state
    FlashSale.objects.filter(pk=sale).update(
        starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now() - timedelta(hours=1), state="running"
    )
    assert told(quoted(buyer, sku, token=touch(buyer, sku))) == (29_900, None, ["room_price_over"])


def test_limit_per_person_and_units(buyer: Caller, shop: Shop, sku: int) -> None:
    sale = priced(shop, sku, units=3, limit=2)
    assert told(quoted(buyer, sku, 3, touch(buyer, sku))) == (29_900, None, ["room_price_limit"])
    buyer.checkout(quoted(buyer, sku, 2, touch(buyer, sku))["quote_token"])
    assert (left(sale), FlashTake.objects.get().quantity) == (1, 2)
    assert told(quoted(buyer, sku, 1, touch(buyer, sku))) == (29_900, None, ["room_price_limit"])
    other = Caller.new_person()
    other.checkout(quoted(other, sku, 1, touch(other, sku))["quote_token"])
    third = Caller.new_person()
    assert told(quoted(third, sku, 1, touch(third, sku))) == (29_900, None, ["room_price_gone"])
    line = OrderLine.objects.order_by("id").first()
    assert line is not None
    assert (line.attribution["campaign"], line.attribution["live_room_id"]) == (f"room_price:{sale}", ROOM)
    assert (line.unit_price_minor, line.usual_price_minor) == (19_900, 29_900)


def test_a_guest_is_told_to_sign_in(guest: Caller, shop: Shop, sku: int) -> None:
    priced(shop, sku)
    guest.get("/session")
    assert told(quoted(guest, sku, token=touch(guest, sku))) == (29_900, None, ["sign_in"])


def test_of_several_prices_the_lowest_that_is_left(buyer: Caller, shop: Shop, sku: int) -> None:
    priced(shop, sku, 24_900, live_room_id=None, kind="flash_sale")
    priced(shop, sku, 19_900)
    in_room = priced(shop, sku, 9_900, kind="flash_sale", units=1, limit=1)
    assert told(quoted(buyer, sku))[:2] == (24_900, "flash_sale")
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[:2] == (9_900, "flash_sale")
    buyer.checkout(quoted(buyer, sku, 1, touch(buyer, sku))["quote_token"])
    assert left(in_room) == 0
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[:2] == (19_900, "room_price")


@pytest.mark.parametrize(
    ("kind", "price", "expected"),
    [
        # usual 299.00: full-reduction 20.00, shop coupon 30.00, platform coupon 30.00
        (None, None, 29_900 - 2_000 - 3_000 - 3_000),
        ("flash_sale", 20_000, 20_000 - 3_000),
        ("room_price", 20_000, 20_000 - 3_000 - 3_000),
    ],
)
def test_what_goes_with_it(
    buyer: Caller, shop: Shop, sku: int, kind: str | None, price: int | None, expected: int
) -> None:
    offer_full_reduction(shop)
    claim(buyer, offer_coupon(shop))
    claim(buyer, int(operator().post("/platform/coupons", coupon_body(), status=201)["id"]))
    if kind is not None and price is not None:
        priced(shop, sku, price, kind=kind)
    assert quoted(buyer, sku, token=touch(buyer, sku))["payable"]["amount_minor"] == expected


def test_the_table_of_what_goes_with_which_price() -> None:
    expected = {
        "flash_sale": {Kind.FULL_REDUCTION, Kind.SHOP_COUPON},
        "room_price": {Kind.FULL_REDUCTION},
        "prize": {Kind.FULL_REDUCTION, Kind.SHOP_COUPON, Kind.PLATFORM_COUPON},
    }
    assert expected == EXCLUDED_BY


def test_a_prize_is_for_its_winners_once(buyer: Caller, guest: Caller, shop: Shop, sku: int) -> None:
    sale = priced(shop, sku, 100, kind="prize", units=1, limit=1)
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[:2] == (29_900, None)
    name_winners(sale_id=sale, person_ids=[buyer.person_id or 0])
    name_winners(sale_id=sale, person_ids=[buyer.person_id or 0])
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[:2] == (100, "prize")
    assert told(quoted(buyer, sku)) == (100, "prize", [])  # wherever the winner comes from
    other = Caller.new_person()
    guest.get("/session")
    assert told(quoted(other, sku, token=touch(other, sku))) == (29_900, None, [])
    assert told(quoted(guest, sku, token=touch(guest, sku))) == (29_900, None, [])
    buyer.checkout(quoted(buyer, sku, token=touch(buyer, sku))["quote_token"])
    assert told(quoted(buyer, sku, token=touch(buyer, sku)))[:2] == (29_900, None)


def test_a_prize_is_brought_free_of_charge_and_nothing_else_with_it(buyer: Caller, shop: Shop, sku: int) -> None:
    shop.member().call("PUT", f"/shops/{shop.id}/freight", {"base_minor": 1_000, "remote_extra_minor": 0})
    pillow = make_sku(shop, name="乳胶枕")
    assert quoted(buyer, sku)["shops"][0]["freight"]["amount_minor"] == 1_000
    sale = priced(shop, sku, 1, kind="prize", units=1, limit=1)
    name_winners(sale_id=sale, person_ids=[buyer.person_id or 0])
    quote = quoted(buyer, sku)
    assert (quote["shops"][0]["freight"]["amount_minor"], quote["payable"]["amount_minor"]) == (0, 1)
    lines = [{"sku_id": one, "quantity": 1} for one in (sku, pillow)]
    both = buyer.post("/checkout/quote", {"lines": lines, "address_id": buyer.address_id()})
    assert (both["shops"][0]["freight"]["amount_minor"], both["payable"]["amount_minor"]) == (1_000, 29_900 + 1 + 1_000)


def test_another_shop_cannot_end_it(shop: Shop, sku: int) -> None:
    sale = priced(shop, sku)
    other = make_shop()
    error = other.member().error("POST", f"/shops/{other.id}/flash-sales/{sale}/state", {"state": "ended"}, status=404)
    assert (error["code"], left(sale)) == ("not_found", 3)
    assert make_sku(other) > 0
