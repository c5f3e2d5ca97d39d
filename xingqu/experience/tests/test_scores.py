"""Scores of shops: kept by the day, traceable to rows, read by settlement, and compared with nobody in particular."""

from datetime import date, timedelta
from typing import Any

import pytest

from xingqu.experience.domain.formula import Rules
from xingqu.experience.models import ExperienceDay
from xingqu.experience.selectors import peers_of
from xingqu.experience.services import keep_scores_if_due, score_shop, set_rules
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.review.models import Review
from xingqu.review.tests.house import operator, review_of
from xingqu.settlement.models import ShopScore
from xingqu.settlement.selectors.terms import score_at
from xingqu.settlement.services import set_computed_score, set_score
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop

pytestmark = pytest.mark.django_db


def few_are_enough() -> None:
    """A score from the first order on."""
    values = {**Rules().as_json(), "min_orders": 1}
    rules = Rules(**{name: values[name] for name in ("window_days", "min_orders", "peer_min_shops")})
    set_rules(person_id=1, rules=rules, effective_from=None, note="")


def tomorrow() -> Any:
    return clock.frozen(clock.now() + timedelta(days=1))


def test_a_day_is_kept_once_and_settlement_reads_it(buyer: Caller, sku: int, shop: Shop) -> None:
    few_are_enough()
    review_of(buyer, shop, sku, 2, "质量差")
    deliver_due()
    with tomorrow():
        assert [keep_scores_if_due(), keep_scores_if_due()] == [1, 0]
        row = ExperienceDay.objects.get()
        first = (row.score_tenths, row.indicators)
        assert score_at(shop_id=shop.id, at=clock.now()) == round((row.score_tenths or 0) / 10)
        assert ShopScore.objects.get().note == f"experience {row.day}"
        again = score_shop(shop_id=shop.id, day=row.day)
        assert ((again.score_tenths, again.indicators), ShopScore.objects.count()) == (first, 1)
    assert row.indicators["goods_stars"]["total"] == 2
    assert row.orders == 1


def test_too_few_orders_make_no_score(buyer: Caller, sku: int, shop: Shop) -> None:
    review_of(buyer, shop, sku)
    with tomorrow():
        keep_scores_if_due()
    row = ExperienceDay.objects.get()
    assert (row.score_tenths, row.goods_tenths, row.orders) == (None, None, 1)
    assert score_at(shop_id=shop.id, at=clock.now() + timedelta(days=2)) is None
    found = shop.member().get(f"/shops/{shop.id}/experience")
    assert (found["score"], found["parts"][0]["points"], found["orders"]) == (None, None, 1)


def test_an_operators_score_holds_for_its_time(shop: Shop) -> None:
    set_score(shop_id=shop.id, score=40, person_id=1, until=clock.now() + timedelta(days=3))
    assert set_computed_score(shop_id=shop.id, score=90, note="experience 2026-01-01")
    assert not set_computed_score(shop_id=shop.id, score=90, note="experience 2026-01-02")
    assert score_at(shop_id=shop.id, at=clock.now()) == 40
    assert score_at(shop_id=shop.id, at=clock.now() + timedelta(days=4)) == 90


def test_figures_lead_to_rows(buyer: Caller, sku: int, shop: Shop) -> None:
    few_are_enough()
    review = review_of(buyer, shop, sku, 1)
    ShopOrder.objects.update(ship_by=clock.now() - timedelta(minutes=5))
    order_no = ShopOrder.objects.get().order_no
    Review.objects.create(
        order_no="D1",
        sku_id=sku,
        product_id=review["product_id"],
        shop_id=shop.id,
        person_id=1,
        product_name="x",
        goods_score=5,
        service_score=5,
        logistics_score=5,
        is_default=True,
        created_at=clock.now(),
    )
    with tomorrow():
        keep_scores_if_due()
    member = shop.member()
    path = f"/shops/{shop.id}/experience/rows?indicator="
    stars = member.get(path + "goods_stars")["items"]
    assert [(row["kind"], row["reference"], row["value"]) for row in stars] == [("review", str(review["id"]), 1)]
    late = member.get(path + "on_time_rate")["items"]
    assert [(row["kind"], row["reference"]) for row in late] == [("order", order_no)]
    parts = {part["name"]: part for part in member.get(f"/shops/{shop.id}/experience")["parts"]}
    on_time = next(one for one in parts["logistics"]["indicators"] if one["name"] == "on_time_rate")
    assert (on_time["total"], on_time["count"]) == (0, 1)
    for name in ("experience", "experience.xlsx", "diagnosis", "experience/rows?indicator=on_time_rate"):
        error = Caller.new_person().error("GET", f"/shops/{shop.id}/{name}", status=404)
        assert error["code"] == "not_found"


def test_the_diagnosis_names_what_costs_most(buyer: Caller, sku: int, shop: Shop) -> None:
    for number in range(3):
        review_of(buyer, shop, sku, 1, f"质量太差{number}")
    deliver_due()
    found = shop.member().get(f"/shops/{shop.id}/diagnosis")
    effects = [one["effect"] for one in found["problems"]]
    assert effects == sorted(effects, reverse=True)
    by_code = {one["code"]: one for one in found["problems"]}
    assert (by_code["bad_aspect"]["detail"], by_code["bad_aspect"]["count"]) == ("quality", 3)
    assert by_code["goods_stars"]["detail"] == "1.00"
    assert by_code["no_picture"]["effect_kind"] == "sales"
    assert by_code["no_picture"]["effect"] == 100.0
    assert {one["code"]: one["count"] for one in found["waiting"]} == {"reviews_unanswered": 3}


def test_a_new_shop_has_an_empty_page() -> None:
    shop = make_shop()
    member = shop.member()
    found = member.get(f"/shops/{shop.id}/experience")
    assert (found["day"], found["score"], found["parts"], found["history"]) == (None, None, [], [])
    assert member.get(f"/shops/{shop.id}/diagnosis")["problems"] == []


def test_peers_are_never_fewer_than_told() -> None:
    day, now = date(2026, 1, 1), clock.now()
    for number in range(6):
        score = 500 + 100 * min(number, 4)
        ExperienceDay.objects.create(
            shop_id=number,
            day=day,
            since=now,
            until=now,
            category_id=7,
            orders=10,
            score_tenths=score,
            goods_tenths=score,
            logistics_tenths=score,
            service_tenths=score,
            indicators={},
            rules={},
            made_at=now,
        )
    found = peers_of(day=day, category_id=7, shop_id=5, least=5)
    assert found is not None
    assert (found["shops"], found["score"]) == (5, [60, 70, 80])
    assert peers_of(day=day, category_id=7, shop_id=5, least=6) is None
    assert peers_of(day=day, category_id=8, shop_id=5, least=3) is None


def test_only_operators_set_rules_and_never_for_the_past(buyer: Caller) -> None:
    staff = operator()
    assert buyer.error("GET", "/operator/experience-rules", status=404)["code"] == "not_found"
    values = staff.get("/operator/experience-rules")["current"]
    body = {"values": {**values, "min_orders": 20}, "note": "更严"}
    assert staff.post("/operator/experience-rules", body)["current"]["min_orders"] == 20
    past = {"values": values, "effective_from": (clock.now() - timedelta(days=1)).isoformat()}
    assert staff.error("POST", "/operator/experience-rules", past, status=422)["field"] == "effective_from"
    assert buyer.error("POST", "/operator/experience-rules", body, status=404)["code"] == "not_found"
