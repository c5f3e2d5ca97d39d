"""Withdrawals: asked once, paid once whatever gets lost, back when the bank refuses, never of what is not there."""

import uuid

import pytest

from xingqu.kit.errors import NotFound
from xingqu.ledger.selectors import balance_minor, balances, check
from xingqu.settlement.models import Withdrawal
from xingqu.settlement.providers import get_bank
from xingqu.settlement.providers.protocol import BankUnsure, PayoutReport, PayoutRequest
from xingqu.settlement.providers.sandbox.messages import PLATFORM, sign
from xingqu.settlement.providers.sandbox.models import BankPayout
from xingqu.settlement.services.payouts import carry_out_withdrawals, decide
from xingqu.settlement.tests.house import give_back, later, money, ready_to_withdraw, settle
from xingqu.trade.tests.house import Caller, Shop, Wire, make_shop

pytestmark = pytest.mark.django_db


def ask(owner: Caller, shop: Shop, amount_minor: int, *, key: str | None = None, status: int = 201):
    return owner.post(
        f"/shops/{shop.id}/funds/withdrawals",
        {"amount_minor": amount_minor},
        status=status,
        **{"Idempotency-Key": key or uuid.uuid4().hex},
    )


@pytest.fixture
def owner(shop: Shop, earned: str) -> Caller:
    """The owner of 284.05 in the balance."""
    settle()
    return ready_to_withdraw(shop)


def kept_aside(shop: Shop) -> int:
    return balances(accounts=[f"balance:shop:{shop.id}"])[0].kept_aside_minor


def test_money_is_kept_aside_then_paid(owner: Caller, shop: Shop) -> None:
    asked = ask(owner, shop, 20_000)
    assert (asked["state"], asked["amount"]["amount_minor"], asked["number_end"]) == ("asked", 20_000, "2233")
    funds = owner.get(f"/shops/{shop.id}/funds")
    assert (funds["balance_minor"], funds["available_minor"], funds["withdrawing_minor"]) == (28_405, 8_405, 20_000)
    assert carry_out_withdrawals() == 1
    assert carry_out_withdrawals() == 0
    listed = owner.get(f"/shops/{shop.id}/funds/withdrawals")["items"]
    assert [(row["state"], row["bank_reference"] != "") for row in listed] == [("paid", True)]
    assert (money(shop), kept_aside(shop)) == ({"balance": 8_405}, 0)
    assert balance_minor(account="payout:sandbox_bank") == 20_000
    assert check().problems == ()


def test_the_same_key_asks_once(owner: Caller, shop: Shop) -> None:
    first = ask(owner, shop, 20_000, key="k" * 8)
    assert ask(owner, shop, 20_000, key="k" * 8)["withdrawal_no"] == first["withdrawal_no"]
    assert ask(owner, shop, 20_001, key="k" * 8, status=422)["error"]["code"] == "idempotency_key_reused"
    assert (Withdrawal.objects.count(), kept_aside(shop)) == (1, 20_000)


def test_what_is_not_there_is_not_paid(owner: Caller, shop: Shop, earned: str) -> None:
    ask(owner, shop, 20_000)
    error = ask(owner, shop, 8_406, status=409)["error"]
    assert (error["code"], error["data"]) == ("not_enough_balance", {"available_minor": 8_405})
    assert (Withdrawal.objects.count(), kept_aside(shop)) == (1, 20_000)
    assert ask(owner, shop, 99, status=422)["error"]["data"] == {"least_minor": 100}
    give_back(earned, 20_000, "late")
    assert ask(owner, shop, 100, status=409)["error"]["data"] == {"available_minor": 0}
    assert Withdrawal.objects.count() == 1


def test_a_refund_while_a_withdrawal_is_on_its_way_leaves_a_debt(owner: Caller, shop: Shop, earned: str) -> None:
    ask(owner, shop, 28_405)
    give_back(earned, 10_000, "late")
    carry_out_withdrawals()
    assert money(shop) == {"balance": -9_500}
    assert check().problems == ()


def test_a_bank_that_refuses_gives_the_money_back(shop: Shop, earned: str) -> None:
    settle()
    owner = ready_to_withdraw(shop, "6222020200110000")
    ask(owner, shop, 20_000)
    assert carry_out_withdrawals() == 1
    row = owner.get(f"/shops/{shop.id}/funds/withdrawals")["items"][0]
    assert (row["state"], row["failure"]) == ("failed", "account_closed")
    assert (money(shop), kept_aside(shop)) == ({"balance": 28_405}, 0)
    assert balance_minor(account="payout:sandbox_bank") == 0


def test_a_lost_answer_is_unknown_and_not_paid_twice(shop: Shop, earned: str) -> None:
    settle()
    owner = ready_to_withdraw(shop, "6222020200119999")
    ask(owner, shop, 20_000)
    assert carry_out_withdrawals() == 0
    assert owner.get(f"/shops/{shop.id}/funds/withdrawals")["items"][0]["state"] == "unknown"
    assert (BankPayout.objects.count(), kept_aside(shop)) == (1, 20_000)
    with later(minutes=1):
        assert carry_out_withdrawals() == 1
    assert (BankPayout.objects.count(), money(shop), kept_aside(shop)) == (1, {"balance": 8_405}, 0)


def test_a_bank_that_is_away_is_asked_again(owner: Caller, shop: Shop, wire: Wire) -> None:
    ask(owner, shop, 20_000)
    wire.down = True
    assert carry_out_withdrawals() == 0
    wire.down = False
    assert carry_out_withdrawals() == 0  # not before its time
    with later(minutes=1):
        assert carry_out_withdrawals() == 1
    assert BankPayout.objects.get().amount_minor == 20_000


def test_a_withdrawal_is_decided_once(owner: Caller, shop: Shop) -> None:
    number = ask(owner, shop, 20_000)["withdrawal_no"]
    paid = PayoutReport(number, "paid", 20_000, "CNY", "T1", "")
    assert decide(withdrawal_no=number, report=paid) is True
    before = (money(shop), kept_aside(shop))
    assert decide(withdrawal_no=number, report=paid) is False
    failed = PayoutReport(number, "failed", 20_000, "CNY", "T1", "x")
    assert decide(withdrawal_no=number, report=failed) is False
    assert (money(shop), kept_aside(shop), Withdrawal.objects.get().state) == (*before, "paid")


def test_an_answer_about_something_else_decides_nothing(
    owner: Caller, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(owner, shop, 20_000)["withdrawal_no"]
    other = PayoutReport(number, "paid", 19_999, "CNY", "T1", "")
    monkeypatch.setattr("xingqu.settlement.providers.sandbox.client.SandboxBank.pay", lambda self, request: other)
    assert carry_out_withdrawals() == 0
    assert (Withdrawal.objects.get().state, kept_aside(shop)) == ("asked", 20_000)


def test_a_hold_or_no_account_stops_withdrawals(operator: Caller, shop: Shop, earned: str) -> None:
    settle()
    owner = shop.member()
    assert ask(owner, shop, 100, status=409)["error"]["code"] == "no_payout_account"
    ready_to_withdraw(shop)
    operator.post("/platform/settlement/holds", {"shop_id": shop.id, "reason": "资质核查"}, status=201)
    error = ask(owner, shop, 100, status=409)["error"]
    assert (error["code"], error["data"]) == ("funds_on_hold", {"reason": "资质核查"})
    assert Withdrawal.objects.count() == 0


def test_the_bank_listens_to_the_platform_only(wire: Wire, client) -> None:
    request = PayoutRequest("W1", 100, "CNY", "甲", "62220000111")
    assert get_bank("sandbox_bank").pay(request).state == "paid"
    with pytest.raises(BankUnsure):  # the same number for another amount
        get_bank("sandbox_bank").pay(PayoutRequest("W1", 101, "CNY", "甲", "62220000111"))
    body = b'{"payout_no":"W2","amount_minor":100,"currency":"CNY","holder":"x","number":"62220000111"}'
    old = sign(PLATFORM, body, at_s=1)
    for headers in ({}, old, {**sign(PLATFORM, b"other")}, sign("bank", body)):
        found = client.generic("POST", "/sandbox-bank/api/pay", body, content_type="application/json", headers=headers)
        assert found.status_code == 401
    for bad in (b"{}", b"[]", b"x", body.replace(b"100", b"-1"), body.replace(b'"CNY"', b'"QQQ"')):
        found = client.generic(
            "POST", "/sandbox-bank/api/pay", bad, content_type="application/json", headers=sign(PLATFORM, bad)
        )
        assert found.status_code == 422
    assert BankPayout.objects.count() == 1
    with pytest.raises(NotFound):
        get_bank("nobody")


def test_funds_are_for_the_shops_own_people(operator: Caller, owner: Caller, shop: Shop) -> None:
    stranger = make_shop().member()
    period = "since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"
    for path in (
        "",
        "/settlements",
        "/statements",
        f"/statement?{period}",
        f"/statement/lines?{period}",
        f"/statement.csv?{period}",
        f"/statement.xlsx?{period}",
        "/withdrawals",
        "/deposit",
        "/deposit/changes",
        "/deposit/changes.csv",
        "/deposit/changes.xlsx",
        "/deposit/compensations",
        "/deposit/evidence/1",
    ):
        assert stranger.error("GET", f"/shops/{shop.id}/funds{path}", status=404)["code"] == "not_found"
    for method, path, body in (
        ("POST", "/withdrawals", {"amount_minor": 100}),
        ("POST", "/deposit", {"amount_minor": 100}),
        ("POST", "/deposit/payments", {"amount_minor": 100}),
        ("POST", "/deposit/closing", {}),
        ("DELETE", "/deposit/closing", None),
        ("PUT", "/payout-account", {"holder": "x", "bank_name": "x", "number": "62220000111"}),
    ):
        headers = {"Idempotency-Key": "k" * 8}
        assert stranger.error(method, f"/shops/{shop.id}/funds{path}", body, status=404, **headers)
    for path in ("rules", "orders", "withdrawals", "holds"):
        assert owner.error("GET", f"/platform/settlement/{path}", status=404)["code"] == "not_found"
    assert owner.error("GET", "/platform/audits", status=404)["code"] == "not_found"
    assert (Withdrawal.objects.count(), money(shop)) == (0, {"balance": 28_405})
    assert operator.get("/platform/settlement/orders")["items"][0]["state"] == "settled"
