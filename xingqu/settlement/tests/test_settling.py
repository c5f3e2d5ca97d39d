"""From receipt to the balance: periods by score and date, what holds an order, refunds before and after."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.kit import clock
from xingqu.ledger.selectors import check
from xingqu.settlement.domain.terms import Terms, Tier, check_tiers
from xingqu.settlement.models import RiskHold, Settlement, SettlementRule
from xingqu.settlement.services import set_score
from xingqu.settlement.services.settling import plan_settlement, settle_due
from xingqu.settlement.tests.house import earn, give_back, later, money, settle
from xingqu.trade.models import ShopOrder
from xingqu.trade.selectors import refundable_of
from xingqu.trade.services import everything_left, hold_settlement, refund_parts, release_settlement, settle_order
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_shop

pytestmark = pytest.mark.django_db


def rule(**changes: object) -> dict[str, object]:
    body = {
        "effective_from": (clock.now() + timedelta(minutes=1)).isoformat(),
        "tiers": [{"min_score": 90, "days": 1}, {"min_score": 70, "days": 3}],
        "unrated_days": 14,
        "min_withdrawal_minor": 5_000,
    }
    return {**body, **changes}


def test_an_order_settles_when_its_period_is_over(shop: Shop, earned: str) -> None:
    assert money(shop) == {"receivable": 28_405}
    assert settle(days=6) == 0
    assert money(shop) == {"receivable": 28_405}
    assert settle(days=8) == 1
    assert settle(days=9) == 0
    assert money(shop) == {"balance": 28_405}
    row = Settlement.objects.get()
    assert (row.state, row.net_minor, row.days, row.score) == ("settled", 28_405, 7, None)
    assert check().problems == ()


def test_rules_count_from_their_day_on_and_by_score(
    operator: Caller, buyer: Caller, shop: Shop, sku: int, earned: str
) -> None:
    operator.post("/platform/settlement/rules", rule(), status=201)
    days = [Settlement.objects.get().days]
    with later(minutes=2):
        for score in (None, 69, 70, 95):
            if score is not None:
                set_score(shop_id=shop.id, score=score)
            days.append(Settlement.objects.get(order_no=earn(buyer, shop, sku)).days)
    # Before the rule, the settings' week; then unrated, below every tier, and the two tiers.
    assert days == [7, 14, 14, 3, 1]
    with later(days=1, hours=1):
        assert settle_due() == 1


def test_rules_are_for_the_future_and_taken_back_only_there(operator: Caller) -> None:
    past = rule(effective_from=(clock.now() - timedelta(seconds=1)).isoformat())
    assert operator.error("POST", "/platform/settlement/rules", past, status=422)["field"] == "effective_from"
    backwards = rule(tiers=[{"min_score": 90, "days": 5}, {"min_score": 70, "days": 3}])
    assert operator.error("POST", "/platform/settlement/rules", backwards, status=422)["field"] == "tiers"
    assert SettlementRule.objects.count() == 0
    body = rule()
    rule_id = operator.post("/platform/settlement/rules", body, status=201)["rules"][0]["id"]
    assert operator.error("POST", "/platform/settlement/rules", body, status=409)["code"] == "conflict"
    with later(minutes=2):
        operator.error("DELETE", f"/platform/settlement/rules/{rule_id}", status=409)
        assert operator.get("/platform/settlement/rules")["unrated_days"] == 14
    assert SettlementRule.objects.count() == 1
    assert operator.call("DELETE", f"/platform/settlement/rules/{rule_id}")["rules"] == []


@given(score=st.none() | st.integers(0, 100), tiers=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 180))))
def test_the_highest_tier_that_is_reached_counts(score: int | None, tiers: list[tuple[int, int]]) -> None:
    terms = Terms(tuple(Tier(*tier) for tier in tiers), 30, 1)
    reached = [tier for tier in tiers if score is not None and tier[0] <= score]
    allowed = {days for least, days in reached if least == max(reached)[0]} if reached else {30}
    assert terms.days_for(score) in allowed
    ordered = sorted(tiers)
    fits = len({least for least, _ in tiers}) == len(tiers) and all(
        low[1] >= high[1] for low, high in pairwise(ordered)
    )
    assert (check_tiers(terms.tiers) is None) == fits


def test_a_fact_that_comes_twice_plans_once(shop: Shop, earned: str) -> None:
    plan_settlement(order_no=earned, shop_id=shop.id, currency="CNY", received_at=clock.now() + timedelta(days=5))
    assert Settlement.objects.get().due_at < clock.now() + timedelta(days=8)


def test_an_open_case_keeps_the_money(shop: Shop, earned: str) -> None:
    hold_settlement(order_no=earned)
    hold_settlement(order_no=earned)
    assert settle() == 0
    assert (Settlement.objects.get().waits_for, money(shop)) == ("open_case", {"receivable": 28_405})
    release_settlement(order_no=earned)
    assert settle(days=9) == 0
    release_settlement(order_no=earned)
    assert settle(days=10) == 1
    assert money(shop) == {"balance": 28_405}


def test_a_refund_on_its_way_keeps_the_money(shop: Shop, earned: str) -> None:
    parts = everything_left(refundable_of(order_no=earned))
    refund_parts(order_no=earned, parts=parts, reason="x", reference="c1")
    assert settle() == 0
    assert Settlement.objects.get().waits_for == "refund_pending"
    finish_refunds()
    assert settle(days=9) == 0
    assert (Settlement.objects.get().state, money(shop)) == ("void", {})


def test_refunds_before_settlement_lower_what_is_settled(shop: Shop, earned: str) -> None:
    give_back(earned, 10_000, "c1")
    assert Settlement.objects.get().net_minor == 18_905
    settle()
    assert money(shop) == {"balance": 18_905}
    assert check().problems == ()


def test_refunds_after_settlement_are_netted_against_the_next(
    buyer: Caller, shop: Shop, sku: int, earned: str, operator: Caller
) -> None:
    settle()
    owner = shop.member()
    give_back(earned, 29_900, "c1")
    assert money(shop) == {}
    second = earn(buyer, shop, sku)
    with later(days=8):
        settle_due()
        assert money(shop) == {"balance": 28_405}
    # The money was withdrawn meanwhile: the next refund leaves a debt.
    ShopOrder.objects.filter(order_no=second).update(settled_at=clock.now())
    from xingqu.settlement.services.deposits import pay_deposit

    pay_deposit(shop_id=shop.id, amount_minor=28_405, person_id=shop.owner_id)
    give_back(second, 10_000, "c2")
    assert money(shop) == {"balance": -9_500, "deposit": 28_405}
    found = owner.get(f"/shops/{shop.id}/funds")
    assert (found["available_minor"], found["deposit_minor"]) == (-9_500, 28_405)
    earn(buyer, shop, sku)
    settle()
    assert money(shop) == {"balance": 18_905, "deposit": 28_405}
    assert check().problems == ()


def test_a_risk_hold_keeps_a_shops_money_until_it_is_lifted(
    operator: Caller, buyer: Caller, shop: Shop, sku: int, earned: str
) -> None:
    other = earn(buyer, shop, sku)
    hold = operator.post(
        "/platform/settlement/holds", {"shop_id": shop.id, "order_no": other, "reason": "疑似刷单"}, status=201
    )[0]
    assert settle() == 1
    assert Settlement.objects.get(order_no=other).waits_for == "risk_hold"
    whole = operator.post("/platform/settlement/holds", {"shop_id": shop.id, "reason": "资质核查"}, status=201)
    again = {"shop_id": shop.id, "reason": "资质核查"}
    assert operator.error("POST", "/platform/settlement/holds", again, status=409)["code"] == "conflict"
    found = shop.member().get(f"/shops/{shop.id}/funds")
    assert (found["hold"]["reason"], found["on_hold_orders"], found["on_hold_minor"]) == ("资质核查", 1, 28_405)
    operator.post(f"/platform/settlement/holds/{hold['id']}/lift", {"reason": "已核实"})
    assert operator.error("POST", f"/platform/settlement/holds/{hold['id']}/lift", {"reason": "x"}, status=409)[
        "code"
    ] == ("already_lifted")
    assert settle(days=9) == 0  # the shop's own hold stands
    whole_id = next(row["id"] for row in whole if not row["order_no"])
    operator.post(f"/platform/settlement/holds/{whole_id}/lift", {"reason": "已核实"})
    assert settle(days=9) == 1
    assert money(shop) == {"balance": 56_810}
    assert RiskHold.objects.filter(lifted_at=None).count() == 0


def test_a_hold_is_on_an_order_of_the_shop(operator: Caller, earned: str) -> None:
    body = {"shop_id": make_shop().id, "order_no": earned, "reason": "x"}
    assert operator.error("POST", "/platform/settlement/holds", body, status=404)["code"] == "not_found"
    assert RiskHold.objects.count() == 0


@pytest.mark.parametrize("state", ["paid", "shipped", "refunding", "cancelled"])
def test_only_received_orders_settle(shop: Shop, earned: str, state: str) -> None:
    ShopOrder.objects.update(state=state)
    assert settle_order(order_no=earned).outcome == "not_received"
    assert money(shop) == {"receivable": 28_405}


def test_an_order_settles_once(shop: Shop, earned: str) -> None:
    assert settle_order(order_no=earned).outcome == "settled"
    assert settle_order(order_no=earned).outcome == "already"
    assert money(shop) == {"balance": 28_405}
    assert settle() == 1
    assert money(shop) == {"balance": 28_405}


def test_what_was_settled_before_is_written_down_as_it_was(shop: Shop, earned: str) -> None:
    """Settled, and partly given back, before its own row says so."""
    assert settle_order(order_no=earned).net_minor == 28_405
    settled_at = ShopOrder.objects.get(order_no=earned).settled_at
    give_back(earned, 10_000, "c1")
    assert money(shop) == {"balance": 18_905}
    assert settle() == 1
    row = Settlement.objects.get()
    assert (row.state, row.net_minor, row.settled_at) == ("settled", 28_405, settled_at)
