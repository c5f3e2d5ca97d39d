"""Reviews: after receipt, by the buyer, one a line; the shop answers once; names are masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.selectors import cards
from xingqu.kit.outbox import deliver_due
from xingqu.review.domain import mask_name, score_hundredths
from xingqu.review.models import ProductScore, Review
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


def received(buyer: Caller, shop: Shop, *skus: int) -> str:
    order_no = buyer.buy(*((sku, 1) for sku in skus))
    number = f"SF{int(ShopOrder.objects.count()):013d}"
    body = {"carrier_code": "sf", "tracking_no": number}
    shop.member().post(f"/shops/{shop.id}/orders/{order_no}/ship", body)
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    return order_no


def line(sku: int, goods: int = 5, text: str = "很好") -> dict[str, object]:
    return {"sku_id": sku, "goods_score": goods, "service_score": 4, "logistics_score": 4, "text": text}


def test_a_review_and_its_way_to_the_card(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    written = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 4)]}, status=201)["items"][0]
    assert (written["score"], written["goods_score"], written["reply"]) == (4.0, 4, None)
    assert written["author_name"].startswith("买***")
    order = buyer.get(f"/orders/{order_no}")
    assert (order["can"], order["next_step"]["code"]) == (["buy_again"], "none")
    deliver_due()
    product_id = written["product_id"]
    card = cards([product_id])[product_id]
    assert (card.score, card.review_count, card.sold_count) == (4.0, 1, 1)
    assert "review_new" in [notice["kind"] for notice in shop.member().get("/notices")["items"]]
    found = Caller().get(f"/products/{product_id}/reviews")
    assert found["summary"] == {"count": 1, "score": 4.0, "histogram": {"5": 0, "4": 1, "3": 0, "2": 0, "1": 0}}


def test_each_line_once(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=100)
    order_no = received(buyer, shop, sku, other)
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku)]}, status=201)
    assert ShopOrder.objects.get().reviewed is False
    error = buyer.error("POST", f"/orders/{order_no}/reviews", {"lines": [line(other), line(sku)]}, status=409)
    assert (error["code"], error["data"]) == ("already_reviewed", {"sku_id": sku})
    assert Review.objects.count() == 1
    assert ProductScore.objects.count() == 1
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(other)]}, status=201)
    assert ShopOrder.objects.get().reviewed is True


@pytest.mark.parametrize("state", ["unpaid", "paid", "shipped", "cancelled", "refunding", "refunded"])
def test_not_before_receipt(buyer: Caller, sku: int, state: str) -> None:
    order_no = buyer.buy((sku, 1))
    ShopOrder.objects.update(state=state)
    error = buyer.error("POST", f"/orders/{order_no}/reviews", {"lines": [line(sku)]}, status=409)
    assert (error["code"], error["data"]) == ("not_received", {"state": state})
    assert (Review.objects.count(), ProductScore.objects.count()) == (0, 0)


def test_only_by_the_buyer_and_only_of_what_was_bought(buyer: Caller, guest: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    path, body = f"/orders/{order_no}/reviews", {"lines": [line(sku)]}
    assert Caller.new_person().error("POST", path, body, status=404)["code"] == "not_found"
    assert guest.error("POST", path, body, status=401)["code"] == "sign_in_required"
    for lines in ([line(9999)], [line(sku), line(sku)], [], [line(sku, 0)], [line(sku, 6)], [line(sku, 5, "x" * 1001)]):
        assert buyer.error("POST", path, {"lines": lines}, status=422)["code"] == "invalid_input"
    assert Review.objects.count() == 0


def test_the_shop_answers_once(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    review = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 2)]}, status=201)["items"][0]
    path = f"/reviews/{review['id']}/reply"
    stranger = make_shop()
    for shop_id in (shop.id, stranger.id):
        error = stranger.member().error("POST", f"/shops/{shop_id}{path}", {"text": "x"}, status=404)
        assert error["code"] == "not_found"
    member = shop.member()
    assert [r["order_no"] for r in member.get(f"/shops/{shop.id}/reviews?answered=false")["items"]] == [order_no]
    member.post(f"/shops/{shop.id}{path}", {"text": "谢谢"}, status=204)
    assert member.error("POST", f"/shops/{shop.id}{path}", {"text": "再谢"}, status=409)["code"] == "already_replied"
    assert member.get(f"/shops/{shop.id}/reviews?answered=false")["items"] == []
    assert member.get(f"/shops/{shop.id}/reviews?max_score=1")["items"] == []
    assert Caller().get(f"/products/{review['product_id']}/reviews")["items"][0]["reply"]["text"] == "谢谢"


@pytest.mark.parametrize("sort", ["new", "score_high", "score_low"])
def test_pages_show_every_review_once(buyer: Caller, sku: int, shop: Shop, sort: str) -> None:
    order_no = received(buyer, shop, sku)
    review = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 3)]}, status=201)["items"][0]
    first = Review.objects.get()
    for number, score in enumerate([5, 1, 3, 5, 3]):
        first.pk, first.order_no, first.goods_score = None, f"S{number}", score
        first.save()
    path = f"/products/{review['product_id']}/reviews?limit=2&sort={sort}"
    scores, cursor = [], ""
    for _ in range(3):
        page = buyer.get(path + (f"&cursor={cursor}" if cursor else ""))
        scores += [(row["goods_score"], row["id"]) for row in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    key = {"new": lambda r: -r[1], "score_high": lambda r: (-r[0], -r[1]), "score_low": lambda r: (r[0], -r[1])}
    assert len(set(scores)) == 6
    assert scores == sorted(scores, key=key[sort])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_the_average_is_rounded_half_up(scores: list[int]) -> None:
    exact = sum(scores) / len(scores)
    found = score_hundredths(sum(scores), len(scores))
    assert abs(found - exact * 100) <= 0.5 + 1e-9
    assert 100 <= found <= 500


def test_names_are_masked() -> None:
    assert [mask_name(name) for name in ("李小雨", "李", "", "Anna Lee")] == ["李***雨", "李***", "***", "A***e"]
