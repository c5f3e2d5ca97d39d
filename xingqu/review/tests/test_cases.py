"""Reported reviews: who acts, what happens when nobody does, and what others see meanwhile."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.kit.tests.threads import while_open
from xingqu.review import services
from xingqu.review.domain import WrongStep
from xingqu.review.domain.cases import TIMEOUTS, Side, Standing, State, Step, after, waits_for
from xingqu.review.models import ProductScore, Review, ReviewCase, ReviewEvent, ReviewReport
from xingqu.review.selectors import score_sums
from xingqu.review.tests.house import operator, review_of
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
REPORT = {"reason": "false_claim", "text": "并未购买此款"}


def case_of(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/reviews/mine")["items"][0]["case"]
    return found


def summary(review: dict[str, Any]) -> tuple[int, float | None]:
    found = Caller().get(f"/products/{review['product_id']}/reviews")
    assert len(found["items"]) == found["summary"]["count"]
    return found["summary"]["count"], found["summary"]["score"]


def test_hidden_appealed_answered_and_restored(buyer: Caller, sku: int, shop: Shop) -> None:
    review, staff, member = review_of(buyer, shop, sku, 1), operator(), shop.member()
    base = f"/shops/{shop.id}/reviews/{review['id']}"
    member.post(f"{base}/report", REPORT, status=204)
    case = case_of(buyer)
    assert (case["state"], case["waiting_for"], case["by_shop"]) == ("reported", "platform", True)
    assert [row["id"] for row in staff.get("/operator/review-cases")["items"]] == [case["id"]]
    decide = f"/operator/review-cases/{case['id']}/decide"
    assert staff.error("POST", decide, {"hide": True}, status=422)["field"] == "reason"
    detail = staff.post(decide, {"hide": True, "reason": "false_claim", "text": "无购买证据"})
    assert [step["step"] for step in detail["trail"]] == ["write", "report", "hide"]
    deliver_due()
    assert summary(review) == (0, None)
    assert score_sums() == []
    assert cards([review["product_id"]])[review["product_id"]].review_count == 0
    assert buyer.get("/reviews/mine")["items"][0]["hidden"] is True
    assert member.error("POST", f"{base}/appeal", {"text": "x"}, status=409)["code"] == "wrong_step"
    assert buyer.post(f"/reviews/{review['id']}/appeal", {"text": "我有订单"})["case"]["waiting_for"] == "shop"
    assert buyer.error("POST", f"/reviews/{review['id']}/statement", {"text": "x"}, status=409)["code"] == "wrong_step"
    assert member.get(f"/shops/{shop.id}/reviews/counts")["to_act"] == 1
    member.post(f"{base}/statement", {"text": "与商品无关"}, status=204)
    assert [row["id"] for row in staff.get("/operator/review-cases?queue=appeals")["items"]] == [case["id"]]
    staff.post(decide, {"hide": False, "text": "订单属实"})
    deliver_due()
    assert summary(review) == (1, 1.0)
    assert score_sums() == [(review["product_id"], 1, 1)]
    closed = case_of(buyer)
    assert (closed["state"], closed["hidden"], closed["waiting_for"]) == ("closed", False, None)
    assert [step["step"] for step in closed["timeline"]] == ["hide", "appeal", "statement", "keep"]
    assert staff.error("POST", decide, {"hide": False}, status=409)["code"] == "wrong_step"
    for caller in (buyer, member):
        assert [n["kind"] for n in caller.get("/notices")["items"]].count("review_case") == 5


def test_the_shop_appeals_against_a_review_that_stays(buyer: Caller, sku: int, shop: Shop) -> None:
    review, staff, member = review_of(buyer, shop, sku, 1), operator(), shop.member()
    base = f"/shops/{shop.id}/reviews/{review['id']}"
    member.post(f"{base}/report", REPORT, status=204)
    decide = f"/operator/review-cases/{ReviewCase.objects.get().pk}/decide"
    staff.post(decide, {"hide": False})
    assert buyer.error("POST", f"/reviews/{review['id']}/appeal", {"text": "x"}, status=409)["code"] == "wrong_step"
    member.post(f"{base}/appeal", {"text": "聊天记录可证"}, status=204)
    assert case_of(buyer)["waiting_for"] == "author"
    buyer.post(f"/reviews/{review['id']}/statement", {"text": "我说的是实话"})
    staff.post(decide, {"hide": True, "reason": "extortion"})
    assert (summary(review), case_of(buyer)["state"]) == ((0, None), "closed")
    assert ProductScore.objects.get().total == 0


def test_a_readers_report_gives_nobody_an_appeal_and_tells_nobody_who(buyer: Caller, sku: int, shop: Shop) -> None:
    review, reader, staff = review_of(buyer, shop, sku), Caller.new_person(), operator()
    path = f"/reviews/{review['id']}/reports"
    for own in (buyer, shop.member()):
        assert own.error("POST", path, REPORT, status=409)["code"] == "own_review"
    assert Caller().error("POST", path, REPORT, status=401)["code"] == "sign_in_required"
    assert reader.error("POST", path, {"reason": "dislike"}, status=422)["code"] == "invalid_input"
    assert ReviewCase.objects.count() == 0
    reader.post(path, REPORT, status=204)
    assert reader.error("POST", path, REPORT, status=409)["code"] == "already_reported"
    Caller.new_person().post(path, REPORT, status=204)
    assert (ReviewCase.objects.count(), ReviewReport.objects.count()) == (1, 2)
    assert case_of(buyer)["timeline"] == []
    case = staff.get("/operator/review-cases")["items"][0]
    assert len(case["reports"]) == 2
    staff.post(f"/operator/review-cases/{case['id']}/decide", {"hide": False})
    assert case_of(buyer)["state"] == "closed"


@pytest.mark.parametrize("by_shop", [True, False])
def test_a_platform_that_misses_its_time_silences_nobody(buyer: Caller, sku: int, shop: Shop, by_shop: bool) -> None:
    review = review_of(buyer, shop, sku)
    if by_shop:
        shop.member().post(f"/shops/{shop.id}/reviews/{review['id']}/report", REPORT, status=204)
    else:
        Caller.new_person().post(f"/reviews/{review['id']}/reports", REPORT, status=204)
    now = clock.now()
    assert services.run_due_cases(now=now + timedelta(days=2, hours=23)) == 0
    late = now + timedelta(days=3, minutes=1)
    with clock.frozen(late):
        assert services.run_due_cases() == 1
        assert services.run_due_cases() == 0
    assert ReviewCase.objects.get().state == ("kept" if by_shop else "closed")
    with clock.frozen(late + timedelta(days=7, minutes=1)):
        assert services.run_due_cases() == int(by_shop)
    assert ReviewCase.objects.get().state == "closed"
    assert Review.objects.get().hidden is False


def test_an_appeal_is_heard_though_the_other_side_says_nothing(buyer: Caller, sku: int, shop: Shop) -> None:
    review, staff = review_of(buyer, shop, sku), operator()
    Caller.new_person().post(f"/reviews/{review['id']}/reports", REPORT, status=204)
    staff.post(f"/operator/review-cases/{ReviewCase.objects.get().pk}/decide", {"hide": True, "reason": "abuse"})
    buyer.post(f"/reviews/{review['id']}/appeal", {"text": "没有骂人"})
    moment = clock.now()
    for days, state, hidden in ((3, "appealed", True), (5, "closed", False)):
        moment += timedelta(days=days, minutes=1)
        with clock.frozen(moment):
            assert services.run_due_cases() == 1
        case = ReviewCase.objects.get()
        assert (case.state, case.hidden, Review.objects.get().hidden) == (state, hidden, hidden)


def test_only_the_platform_sees_and_decides(buyer: Caller, sku: int, shop: Shop) -> None:
    review = review_of(buyer, shop, sku)
    shop.member().post(f"/shops/{shop.id}/reviews/{review['id']}/report", REPORT, status=204)
    case_id = ReviewCase.objects.get().pk
    for caller in (buyer, shop.member()):
        for method, path in (
            ("GET", ""),
            ("GET", "/counts"),
            ("GET", f"/{case_id}"),
            ("POST", f"/{case_id}/decide"),
        ):
            body = {"hide": True, "reason": "abuse"} if method == "POST" else None
            assert caller.error(method, f"/operator/review-cases{path}", body, status=404)["code"] == "not_found"
    stranger = Caller.new_person()
    for name in ("appeal", "statement"):
        path = f"/reviews/{review['id']}/{name}"
        assert stranger.error("POST", path, {"text": "x"}, status=404)["code"] == "not_found"
    other = make_shop()
    path = f"/shops/{other.id}/reviews/{review['id']}/report"
    assert other.member().error("POST", path, REPORT, status=404)["code"] == "not_found"
    assert (ReviewCase.objects.get().state, ReviewReport.objects.count()) == ("reported", 1)


def test_every_state_ends_and_only_who_waits_may_step() -> None:
    standings = [
        Standing(state, hidden, by_shop, appellant)
        for state, hidden, by_shop, appellant in product(State, (False, True), (False, True), (Side.AUTHOR, Side.SHOP))
    ]
    for standing, step, side in product(standings, Step, (None, *Side)):
        try:
            following = after(standing, step, side)
        except WrongStep:
            continue
        assert standing.state != State.CLOSED
        assert side == (None if step == TIMEOUTS[standing.state] else waits_for(standing))
        assert (waits_for(following) is None) == (following.state == State.CLOSED)
        assert (following.state in TIMEOUTS) == (following.state != State.CLOSED)


@pytest.mark.django_db(transaction=True)
def test_two_first_reports_at_once_open_one_case() -> None:
    house = make_shop()
    review = review_of(Caller.new_person(), house, make_sku(house))
    readers = [Caller.new_person().person_id or 0 for _ in range(2)]

    def report(person_id: int) -> int:
        return services.report_review(person_id=person_id, review_id=review["id"], reason="abuse", text="")

    while_open(lambda: report(readers[0]), lambda: report(readers[1]))
    assert (ReviewCase.objects.count(), ReviewReport.objects.count()) == (1, 2)
    assert ReviewEvent.objects.filter(step="report").count() == 2
