"""Follow-ups, answers, votes, the silent, and what a product page asks for."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.review import services
from xingqu.review.domain import FollowUpClosed
from xingqu.review.domain.rules import Rules
from xingqu.review.models import FollowUp, ProductScore, Review, ReviewDue, ReviewEvent, ReviewVote
from xingqu.review.selectors import score_sums
from xingqu.review.tests.house import line, operator, received, review_of
from xingqu.trade.contracts import RefundPart
from xingqu.trade.models import ShopOrder
from xingqu.trade.selectors import refundable_of
from xingqu.trade.services import refund_parts
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


def kinds(caller: Caller) -> list[str]:
    return [notice["kind"] for notice in caller.get("/notices")["items"]]


def test_a_follow_up_once_within_its_time(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku)
    path = f"/reviews/{review['id']}/follow-up"
    assert Caller.new_person().error("POST", path, {"text": "我的"}, status=404)["code"] == "not_found"
    assert buyer.error("POST", path, {"text": "加微信 abc12345"}, status=422)["code"] == "text_refused"
    late = clock.frozen(clock.now() + timedelta(days=180, minutes=1))
    with late, pytest.raises(FollowUpClosed):
        services.follow_up(person_id=buyer.person_id or 0, review_id=review["id"], text="晚了", picture_ids=[])
    assert FollowUp.objects.count() == 0
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        written = buyer.post(path, {"text": "用了一个月，没有起球"}, status=201)
        assert (written["follow_up"]["text"], written["follow_up"]["days_after_receipt"]) == (
            "用了一个月，没有起球",
            1,
        )
        assert written["follow_up_until"] is None
        assert buyer.error("POST", path, {"text": "再来"}, status=409)["code"] == "already_followed_up"
        deliver_due()
    assert "review_followed_up" in kinds(shop.member())
    shown = Caller().get(f"/products/{review['product_id']}/reviews?show=follow_up")
    assert [row["follow_up"]["text"] for row in shown["items"]] == ["用了一个月，没有起球"]
    assert shown["summary"]["follow_ups"] == 1


def test_an_answer_can_be_changed_for_a_day(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku, 2)
    path, member = f"/shops/{shop.id}/reviews/{review['id']}/reply", shop.member()
    assert member.error("PUT", path, {"text": "x"}, status=404)["code"] == "not_found"
    member.post(path, {"text": "抱歉"}, status=204)
    member.call("PUT", path, {"text": "抱歉，已补发"}, status=204)
    assert member.error("POST", path, {"text": "追", "part": "follow_up"}, status=404)["code"] == "not_found"
    buyer.post(f"/reviews/{review['id']}/follow-up", {"text": "收到补发"}, status=201)
    assert [r["id"] for r in member.get(f"/shops/{shop.id}/reviews?queue=follow_up_unanswered")["items"]] == [
        review["id"]
    ]
    member.post(path, {"text": "谢谢追评", "part": "follow_up"}, status=204)
    assert member.get(f"/shops/{shop.id}/reviews?queue=follow_up_unanswered")["items"] == []
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert member.error("PUT", path, {"text": "改"}, status=409)["code"] == "reply_closed"
    shown = Caller().get(f"/products/{review['product_id']}/reviews")["items"][0]
    assert (shown["reply"]["text"], shown["follow_up"]["reply"]["text"]) == ("抱歉，已补发", "谢谢追评")
    assert shown["reply"]["edited_at"] is not None
    trail = ReviewEvent.objects.filter(review_id=review["id"]).order_by("id")
    assert [(event.step, event.data.get("before")) for event in trail] == [
        ("write", None),
        ("reply", None),
        ("edit_reply", "抱歉"),
        ("follow_up", None),
        ("reply", None),
    ]
    deliver_due()
    assert kinds(buyer).count("review_replied") == 2


def test_a_vote_is_one_a_person_and_of_strangers(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku)
    path, reader = f"/reviews/{review['id']}/helpful", Caller.new_person()
    for own in (buyer, shop.member()):
        assert own.error("PUT", path, status=409)["code"] == "own_review"
    assert Caller().error("PUT", path, status=401)["code"] == "sign_in_required"
    assert ReviewVote.objects.count() == 0
    assert [reader.call("PUT", path)["helpful_count"] for _ in range(2)] == [1, 1]
    assert Caller.new_person().call("PUT", path)["helpful_count"] == 2
    assert reader.get(f"/products/{review['product_id']}/reviews")["items"][0]["found_helpful"] is True
    assert [reader.call("DELETE", path)["helpful_count"] for _ in range(2)] == [1, 1]
    assert reader.get(f"/products/{review['product_id']}/reviews")["items"][0]["found_helpful"] is False


def test_who_wants_no_name_has_none(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku)], "anonymous": True}, status=201)
    shown = Caller().get(f"/products/{Review.objects.get().product_id}/reviews")["items"][0]
    assert (shown["anonymous"], shown["author_name"], shown["author_avatar_url"]) == (True, "***", "")


def test_the_silent_get_a_review_that_counts_in_no_score(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=100)
    order_no = received(buyer, shop, sku, other)
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(other, 3)]}, status=201)
    deliver_due()
    assert services.give_defaults(now=clock.now() + timedelta(days=14, hours=23)) == 0
    later = clock.now() + timedelta(days=15, minutes=1)
    assert services.give_defaults(now=later) == 1
    assert services.give_defaults(now=later) == 0
    given = Review.objects.get(sku_id=sku)
    assert (given.is_default, given.goods_score, given.text) == (True, 5, "")
    assert ShopOrder.objects.get().reviewed is True
    found = Caller().get(f"/products/{given.product_id}/reviews")
    assert (found["items"], found["summary"]["count"], found["summary"]["score"]) == ([], 0, None)
    assert found["summary"]["defaults"] == 1
    assert score_sums() == [(Review.objects.get(sku_id=other).product_id, 3, 1)]  # what the ranking reads
    assert len(Caller().get(f"/products/{given.product_id}/reviews?show=default")["items"]) == 1
    assert cards([given.product_id])[given.product_id].score is None
    buyer.post(f"/reviews/{given.pk}/follow-up", {"text": "补一句，不错"}, status=201)
    assert len(Caller().get(f"/products/{given.product_id}/reviews")["items"]) == 1


def test_nobody_is_silent_who_spoke_or_got_the_money_back(buyer: Caller, sku: int, shop: Shop) -> None:
    spoke, back = received(buyer, shop, sku), received(buyer, shop, sku)
    deliver_due()
    buyer.post(f"/orders/{spoke}/reviews", {"lines": [line(sku)]}, status=201)
    assert list(ReviewDue.objects.values_list("order_no", flat=True)) == [back]
    ShopOrder.objects.filter(order_no=back).update(state="refunded")
    assert services.give_defaults(now=clock.now() + timedelta(days=16)) == 0
    assert (Review.objects.count(), ReviewDue.objects.count()) == (1, 0)


def test_what_went_back_in_full_is_not_reviewed(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=100)
    order_no = received(buyer, shop, sku, other)
    bought = next(one for one in refundable_of(order_no=order_no).lines if one.sku_id == other)
    part = RefundPart(bought.line_id, bought.paid_minor, bought.quantity)
    refund_parts(order_no=order_no, parts=[part], reason="质量问题", reference="c1")
    finish_refunds()
    assert refundable_of(order_no=order_no).state == "done"
    path = f"/orders/{order_no}/reviews"
    error = buyer.error("POST", path, {"lines": [line(sku), line(other)]}, status=409)
    assert (error["code"], error["data"]) == ("nothing_kept", {"sku_id": other})
    assert Review.objects.count() == 0
    buyer.post(path, {"lines": [line(sku)]}, status=201)
    assert ShopOrder.objects.get().reviewed is True


def test_the_product_page_filters_sorts_and_pages(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku)
    first = Review.objects.get()
    for number, (score, votes, pictures) in enumerate([(2, 5, True), (3, 1, False), (5, 1, True)]):
        first.pk, first.order_no = None, f"S{number}"
        first.goods_score, first.helpful_count, first.has_pictures = score, votes, pictures
        first.save()
    path = f"/products/{review['product_id']}/reviews"

    def scores(query: str) -> list[int]:
        return [row["goods_score"] for row in Caller().get(f"{path}?{query}")["items"]]

    assert scores("sort=helpful") == [2, 5, 3, 5]
    assert scores("show=pictures") == [5, 2]
    assert [scores(f"show={name}") for name in ("good", "middle", "low")] == [[5, 5], [3], [2]]
    page = Caller().get(f"{path}?sort=helpful&limit=3")
    rest = Caller().get(f"{path}?sort=helpful&limit=3&cursor={page['next_cursor']}")
    assert (len(page["items"]), [row["goods_score"] for row in rest["items"]]) == (3, [5])


def test_the_desk(buyer: Caller, sku: int, shop: Shop) -> None:
    good, bad = review_of(buyer, shop, sku), review_of(buyer, shop, sku, 1, "=破了")
    member, stranger = shop.member(), make_shop().member()
    base = f"/shops/{shop.id}"
    for method, path in (
        ("GET", "/reviews"),
        ("GET", "/reviews.csv"),
        ("GET", "/reviews/counts"),
        ("GET", "/saved-replies"),
        ("POST", "/reviews/reply-batch"),
        ("POST", f"/reviews/{bad['id']}/report"),
        ("POST", f"/reviews/{bad['id']}/appeal"),
        ("POST", f"/reviews/{bad['id']}/statement"),
        ("PUT", f"/reviews/{bad['id']}/reply"),
    ):
        body = {"text": "x", "reason": "abuse", "review_ids": [bad["id"]]}
        error = stranger.error(method, base + path, None if method == "GET" else body, status=404)
        assert error["code"] == "not_found", path
    assert [row["id"] for row in member.get(f"{base}/reviews?q=破了")["items"]] == [bad["id"]]
    assert [row["id"] for row in member.get(f"{base}/reviews?q={bad['id']}")["items"]] == [bad["id"]]
    assert member.get(f"{base}/reviews/counts") == {
        "unanswered": 2,
        "low": 1,
        "follow_up_unanswered": 0,
        "reported": 0,
        "hidden": 0,
        "to_act": 0,
    }
    member.post(f"{base}/reviews/{good['id']}/reply", {"text": "谢谢"}, status=204)
    other_shop = make_shop()
    other = review_of(buyer, other_shop, make_sku(other_shop))
    body = {"review_ids": [good["id"], bad["id"], other["id"]], "text": "抱歉"}
    answered = member.post(f"{base}/reviews/reply-batch", body)["items"]
    assert [row["code"] for row in answered] == ["already_replied", None, "not_found"]
    file = member.client.get(f"/api/v1{base}/reviews.csv?max_score=2").getvalue().decode()
    assert len(file.strip().split("\r\n")) == 2
    assert "'=破了" in file


def test_saved_replies(shop: Shop) -> None:
    member, path = shop.member(), f"/shops/{shop.id}/saved-replies"
    kept = member.post(path, {"title": "感谢", "text": "谢谢支持"}, status=201)
    assert member.error("POST", path, {"title": "感谢", "text": "x"}, status=409)["code"] == "conflict"
    member.call("PUT", f"{path}/{kept['id']}", {"title": "感谢", "text": "谢谢您"})
    assert member.get(path) == [{"id": kept["id"], "title": "感谢", "text": "谢谢您"}]
    stranger = make_shop()
    own = f"/shops/{stranger.id}/saved-replies/{kept['id']}"
    assert stranger.member().error("DELETE", own, status=404)["code"] == "not_found"
    member.call("DELETE", f"{path}/{kept['id']}", status=204)
    assert member.get(path) == []


def test_rules_have_a_date_and_hold_from_it_on(buyer: Caller, sku: int, shop: Shop) -> None:
    staff = operator()
    assert buyer.error("GET", "/operator/review-rules", status=404)["code"] == "not_found"
    begins = clock.now() + timedelta(days=1)
    values: dict[str, Any] = {**Rules().as_json(), "default_good_days": 0}
    body = {"values": values, "effective_from": begins.isoformat(), "note": "无默认好评"}
    page = staff.post("/operator/review-rules", body)
    assert (page["current"]["default_good_days"], page["items"][0]["in_force"]) == (15, False)
    past = {"values": values, "effective_from": (clock.now() - timedelta(days=1)).isoformat()}
    assert staff.error("POST", "/operator/review-rules", past, status=422)["field"] == "effective_from"
    too_long = {"values": {**values, "appeal_s": 10**9}}
    assert staff.error("POST", "/operator/review-rules", too_long, status=422)["field"] == "appeal_s"
    assert not services.expect_review(order_no="A", received_at=begins)
    assert services.expect_review(order_no="B", received_at=clock.now())
    assert ProductScore.objects.count() == 0
