"""Deposits: what is due, paid in both ways, short with a deadline and what follows, deducted with evidence, returned."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from xingqu.accounts.models import ActionEntry, Membership, Notice
from xingqu.accounts.services import create_person
from xingqu.catalogue.selectors import find_category
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor, check
from xingqu.ledger.services import post
from xingqu.settlement.models import Compensation, DepositChange, DepositEvidence, DepositStanding
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.deposits import lapse_payments, sweep_evidence
from xingqu.settlement.services.standing import begin_standing, review_due
from xingqu.settlement.tests.house import give_back, later, money, ready_to_withdraw, settle
from xingqu.trade.models import ParentOrder, PaymentAttempt, Refund
from xingqu.trade.services import expire_unpaid
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import API, Caller, Shop, deliver, make_shop

pytestmark = pytest.mark.django_db
RULE = {
    "company_minor": 10_000,
    "individual_minor": 5_000,
    "grace_days": 7,
    "remind_days": 1,
    "release_days": 30,
    "note": "first",
}


@pytest.fixture
def owner(shop: Shop, sku: int) -> Caller:
    begin_standing(shop_id=shop.id)
    return shop.member()


@pytest.fixture
def rule(operator: Caller, owner: Caller) -> dict[str, Any]:
    """From now on: 100.00 for everybody, 200.00 for bedding."""
    bedding = find_category(path=["居家", "床品件套"])
    home = find_category(path=["居家"])
    body = {
        **RULE,
        "effective_from": (clock.now() + timedelta(minutes=5)).isoformat(),
        "categories": [
            {"category_id": home, "company_minor": 90_000, "individual_minor": 90_000},
            {"category_id": bedding, "company_minor": 20_000, "individual_minor": 15_000},
        ],
    }
    made = operator.post("/platform/deposits/rules", body, status=201)[0]
    return {**made, "after": clock.now() + timedelta(minutes=6)}


def standing(shop: Shop) -> DepositStanding:
    return DepositStanding.objects.get(shop_id=shop.id)


def deposit_of(caller: Caller, shop: Shop) -> dict[str, Any]:
    return caller.get(f"/shops/{shop.id}/funds/deposit")


def told(shop: Shop) -> list[str]:
    rows = Notice.objects.filter(person_id=shop.owner_id, kind__startswith="deposit_").order_by("id")
    return list(rows.values_list("kind", flat=True))


def pay(caller: Caller, shop: Shop, amount_minor: int) -> str:
    """Pay in through the sandbox. Returns the number of the payment."""
    started = caller.post(f"/shops/{shop.id}/funds/deposit/payments", {"amount_minor": amount_minor}, status=201)
    caller.confirm(started["redirect_url"])
    deliver()
    deliver_due()
    return str(started["payment_no"])


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (640, 480), "red").save(file, "PNG")
    file.seek(0)
    file.name = "proof.png"
    return file


def test_what_is_due_is_the_most_that_a_category_asks_for(owner: Caller, shop: Shop, rule: dict[str, Any]) -> None:
    before = deposit_of(owner, shop)
    assert (before["due_minor"], before["category"]) == (0, None)
    with clock.frozen(rule["after"]):
        now = deposit_of(owner, shop)
    # What stands nearer to the product counts, not what is dearer above it.
    assert (now["due_minor"], now["least_minor"], now["short_minor"]) == (20_000, 10_000, 20_000)
    assert now["category"]["name"] == "床品件套"
    assert [row["amount_minor"] for row in now["categories"]] == [20_000]


def test_short_then_reminded_then_stopped_and_free_again_when_topped_up(
    owner: Caller, operator: Caller, shop: Shop, sku: int, earned: str, rule: dict[str, Any]
) -> None:
    settle()
    ready_to_withdraw(shop)
    with later(days=9):
        assert review_due() >= 1
        assert review_due() == 0
        row = standing(shop)
        assert (row.state, row.short_minor) == ("short", 20_000)
        assert row.deadline_at == clock.now() + timedelta(days=7)
        assert owner.get(f"/shops/{shop.id}/qualification/state")["listing_frozen"] is False
    with later(days=15, hours=1):
        review_due()
    with later(days=16, hours=1):
        review_due()
        review_due()
        assert standing(shop).state == "overdue"
        product = owner.get(f"/shops/{shop.id}/products")["items"][0]["id"]
        owner.post(f"/shops/{shop.id}/products/{product}/offline")
        assert owner.error("POST", f"/shops/{shop.id}/products/{product}/online", {}, status=409)["code"] == (
            "listing_frozen"
        )
        asked = {"amount_minor": 100}
        refusal = owner.error(
            "POST", f"/shops/{shop.id}/funds/withdrawals", asked, status=409, **{"Idempotency-Key": "k" * 8}
        )
        assert (refusal["code"], refusal["data"]) == ("deposit_short", {"short_minor": 20_000})
        state = owner.get(f"/shops/{shop.id}/qualification/state")
        assert (state["state"], state["listing_frozen"]) == ("approved", True)
        owner.post(f"/shops/{shop.id}/funds/deposit", {"amount_minor": 20_000}, status=201)
        assert (standing(shop).state, standing(shop).deadline_at) == ("ok", None)
        owner.post(f"/shops/{shop.id}/products/{product}/online")
    assert told(shop) == ["deposit_short", "deposit_reminder", "deposit_overdue", "deposit_restored"]
    assert money(shop) == {"balance": 8_405, "deposit": 20_000}


def test_a_deposit_is_paid_through_a_provider_once(owner: Caller, shop: Shop) -> None:
    payment_no = pay(owner, shop, 20_000)
    assert (money(shop), balance_minor(account="provider:sandbox")) == ({"deposit": 20_000}, 20_000)
    row = owner.get(f"/shops/{shop.id}/funds/deposit/changes")["items"][0]
    assert (row["kind"], row["state"], row["amount"]["amount_minor"]) == ("payment", "done", 20_000)
    assert [(one["key"], one["amount_minor"]) for one in row["journals"]] == [(f"paid:{payment_no}", 20_000)]
    assert audit().difference_count == 0
    assert check().problems == ()


def test_paying_the_same_charge_twice_sends_the_second_back(owner: Caller, shop: Shop) -> None:
    path = f"/shops/{shop.id}/funds/deposit/payments"
    first = owner.post(path, {"amount_minor": 500}, status=201)
    number = PaymentAttempt.objects.get(payment_no=first["payment_no"]).parent.order_no
    second = owner.post(f"/orders/{number}/pay", {})
    for started in (first, second):
        owner.confirm(started["redirect_url"])
    deliver()
    deliver_due()
    finish_refunds()
    assert (money(shop), DepositChange.objects.get().state) == ({"deposit": 500}, "done")
    assert (Refund.objects.get().reason, balance_minor(account="provider:sandbox")) == ("duplicate", 500)
    assert audit().difference_count == 0


def test_a_payment_that_comes_late_is_taken_all_the_same(owner: Caller, shop: Shop) -> None:
    started = owner.post(f"/shops/{shop.id}/funds/deposit/payments", {"amount_minor": 700}, status=201)
    with later(hours=1):
        assert (lapse_payments(), expire_unpaid()) == (1, 1)
        assert DepositChange.objects.get().state == "lapsed"
        assert ParentOrder.objects.get().state == "cancelled"
    owner.confirm(started["redirect_url"])
    deliver()
    deliver_due()
    assert (money(shop), DepositChange.objects.get().state) == ({"deposit": 700}, "done")
    assert Caller.new_person().error("POST", f"/orders/{ParentOrder.objects.get().order_no}/pay", {}, status=404)


def test_out_of_the_balance_frozen_and_decided_once(owner: Caller, operator: Caller, shop: Shop, earned: str) -> None:
    settle()
    path = f"/shops/{shop.id}/funds/deposit"
    assert owner.post(path, {"amount_minor": 20_000}, status=201)["paid_minor"] == 20_000
    assert owner.error("POST", path, {"amount_minor": 8_406}, status=409)["code"] == "not_enough_balance"
    assert money(shop) == {"balance": 8_405, "deposit": 20_000}
    freeze = {"shop_id": shop.id, "amount_minor": 15_000, "reason": "假货投诉"}
    frozen = operator.post("/platform/deposits/freezes", freeze, status=201)["items"][0]
    assert operator.error("POST", "/platform/deposits/freezes", freeze, status=409)["code"] == "not_enough_balance"
    assert DepositChange.objects.count() == 2
    decision = f"/platform/deposits/freezes/{frozen['change_no']}/decide"
    operator.post(decision, {"deduct": True}, status=204)
    assert operator.error("POST", decision, {"deduct": False}, status=409)["code"] == "already_decided"
    assert (money(shop), balance_minor(account="fund:protection")) == ({"balance": 8_405, "deposit": 5_000}, 15_000)
    released = operator.post("/platform/deposits/freezes", {**freeze, "amount_minor": 5_000}, status=201)["items"][0]
    operator.post(f"/platform/deposits/freezes/{released['change_no']}/decide", {"deduct": False}, status=204)
    assert money(shop) == {"balance": 8_405, "deposit": 5_000}
    assert operator.error("POST", "/platform/deposits/freezes/nope/decide", {"deduct": True}, status=404)
    assert audit().difference_count == 0


def test_a_penalty_takes_from_the_deposit_and_the_buyer_is_paid_out_of_the_fund(
    owner: Caller, operator: Caller, shop: Shop, earned: str
) -> None:
    settle()
    pay(owner, shop, 20_000)
    upload = operator.client.post(f"{API}/platform/deposits/evidence", {"file": picture()})
    proof = upload.json()["id"]
    body = {
        "amount_minor": 12_000,
        "reason": "描述不符",
        "evidence_ids": [proof],
        "order_no": earned,
        "compensation_minor": 10_000,
    }
    made = operator.post(f"/platform/deposits/shops/{shop.id}/penalties", body, status=201)
    assert money(shop) == {"balance": 28_405, "deposit": 8_000}
    finish_refunds()
    deliver_due()
    row = Compensation.objects.get()
    # The refund cost the shop 100.00 less its fee of 5.00; the fund bears exactly that.
    assert (row.state, row.borne_minor, row.compensation_no) == ("done", 9_500, made["compensation_no"])
    assert money(shop) == {"balance": 28_405, "deposit": 8_000}
    assert balance_minor(account="fund:protection") == 12_000 - 9_500
    shown = owner.get(f"/shops/{shop.id}/funds/deposit/changes")["items"][0]
    assert (shown["reason"], shown["compensation"]["order_no"], len(shown["evidence"])) == ("描述不符", earned, 1)
    address = f"{API}/shops/{shop.id}/funds/deposit/evidence/{proof}"
    shown_picture = owner.client.get(address)
    assert shown_picture["Content-Type"] == "image/webp"
    assert b"WEBP" in b"".join(shown_picture.streaming_content)[:16]  # type: ignore[attr-defined]
    assert make_shop().member().client.get(address).status_code == 404
    entry = ActionEntry.objects.get(organisation_id=shop.id, by_platform=True)
    assert (entry.action, entry.subject) == ("PLATFORM deposit.penalty", made["change_no"])
    assert (audit().difference_count, check().problems) == (0, ())


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount_minor": 20_001}, 409, "not_enough_balance"),
        ({"evidence_ids": [999]}, 422, "invalid_input"),
        ({"compensation_minor": 29_901, "amount_minor": 20_000}, 409, "refund_too_high"),
        ({"compensation_minor": 12_001}, 409, "not_enough_balance"),
        ({"order_no": "S404", "compensation_minor": 1}, 404, "not_found"),
        ({"amount_minor": 0}, 422, "invalid_input"),
    ],
)
def test_a_penalty_that_is_refused_changes_nothing(
    owner: Caller, operator: Caller, shop: Shop, earned: str, change: dict[str, Any], status: int, code: str
) -> None:
    pay(owner, shop, 20_000)
    body = {"amount_minor": 12_000, "reason": "x", "order_no": earned, "compensation_minor": 0, **change}
    error = operator.error("POST", f"/platform/deposits/shops/{shop.id}/penalties", body, status=status)
    assert error["code"] == code
    assert (money(shop)["deposit"], DepositChange.objects.count()) == (20_000, 1)
    assert (Compensation.objects.count(), Refund.objects.count()) == (0, 0)
    assert not ActionEntry.objects.filter(by_platform=True).exists()


def test_only_what_was_received_is_compensated_and_only_of_this_shop(
    buyer: Caller, operator: Caller, owner: Caller, shop: Shop, sku: int
) -> None:
    pay(owner, shop, 1_000)
    order_no = buyer.buy((sku, 1))
    body = {"amount_minor": 1_000, "reason": "x", "order_no": order_no, "compensation_minor": 500}
    assert (
        operator.error("POST", f"/platform/deposits/shops/{shop.id}/penalties", body, status=422)["field"] == "order_no"
    )
    other = make_shop()
    body = {"amount_minor": 0, "reason": "x", "order_no": order_no, "compensation_minor": 500}
    assert operator.error("POST", f"/platform/deposits/shops/{other.id}/penalties", body, status=404)
    assert (Refund.objects.count(), money(shop)["deposit"]) == (0, 1_000)


def test_a_refund_of_an_order_is_no_compensation(owner: Caller, shop: Shop, earned: str) -> None:
    give_back(earned, 1_000, "case:1")
    assert Compensation.objects.count() == 0
    assert audit().difference_count == 0


def test_a_shop_closes_when_nothing_is_open_and_gets_its_deposit_after_the_wait(
    owner: Caller, operator: Caller, buyer: Caller, shop: Shop, sku: int, rule: dict[str, Any]
) -> None:
    pay(owner, shop, 20_000)
    path = f"/shops/{shop.id}/funds/deposit/closing"
    refusal = owner.error("POST", path, {}, status=409)
    assert (refusal["code"], refusal["data"]["products"]) == ("shop_busy", 1)
    product = owner.get(f"/shops/{shop.id}/products")["items"][0]["id"]
    owner.post(f"/shops/{shop.id}/products/{product}/offline")
    manager = create_person(email="manager@shop.example", password=None)
    Membership.objects.create(organisation_id=shop.id, person_id=manager, role="manager")
    assert Caller.signed_in(manager).error("POST", path, {}, status=403)
    with clock.frozen(rule["after"]):
        assert owner.post(path, {})["state"] == "closing"
        assert owner.error("POST", path, {}, status=409)["code"] == "already_closing"
        assert owner.error("POST", f"/shops/{shop.id}/products/{product}/online", {}, status=409)
    with later(days=29):
        review_due()
        assert money(shop) == {"deposit": 20_000}
    with later(days=31):
        review_due()
        review_due()
        assert (money(shop), standing(shop).state) == ({"balance": 20_000}, "closed")
        assert audit().difference_count == 0
        assert owner.call("DELETE", path)["state"] == "short"
        assert owner.error("DELETE", path, status=409)["code"] == "not_closing"
    assert DepositChange.objects.get(kind="return").amount_minor == 20_000


def test_rules_are_dated_checked_and_taken_back_only_ahead(operator: Caller, rule: dict[str, Any]) -> None:
    body = {**RULE, "effective_from": rule["effective_from"]}
    assert operator.error("POST", "/platform/deposits/rules", body, status=409)["field"] == "effective_from"
    for wrong, field in (
        ({"effective_from": "2020-01-01T00:00:00Z"}, "effective_from"),
        ({"categories": [{"category_id": 10**9, "company_minor": 1, "individual_minor": 1}]}, "categories"),
        ({"remind_days": 8}, "remind_days"),
    ):
        ahead = (clock.now() + timedelta(days=9)).isoformat()
        refused = {**RULE, "effective_from": ahead, **wrong}
        assert operator.error("POST", "/platform/deposits/rules", refused, status=422)["field"] == field
    assert len(operator.get("/platform/deposits/rules")) == 1
    with clock.frozen(rule["after"]):
        assert operator.error("DELETE", f"/platform/deposits/rules/{rule['id']}", status=409)
    assert operator.call("DELETE", f"/platform/deposits/rules/{rule['id']}") == []


def test_the_operators_list_is_filtered_and_exported(operator: Caller, owner: Caller, shop: Shop) -> None:
    other = make_shop("听雨家居")
    begin_standing(shop_id=other.id)
    pay(owner, shop, 900)
    rows = operator.get("/platform/deposits?limit=1")
    rest = operator.get(f"/platform/deposits?limit=1&cursor={rows['next_cursor']}")
    assert [row["shop_id"] for row in rows["items"] + rest["items"]] == [shop.id, other.id]
    assert [row["paid_minor"] for row in rows["items"] + rest["items"]] == [900, 0]
    assert [row["shop_id"] for row in operator.get("/platform/deposits?q=听雨")["items"]] == [other.id]
    assert operator.get("/platform/deposits?state=overdue")["items"] == []
    assert operator.get("/platform/deposits/counts")["ok"] == 2
    text = operator.client.get(f"{API}/platform/deposits.csv").getvalue().decode()
    assert f"{other.id},听雨家居,ok,0,0,0,0," in text
    lines = owner.client.get(f"{API}/shops/{shop.id}/funds/deposit/changes.csv").getvalue().decode().splitlines()
    assert (len(lines), ",payment,done,900,CNY," in lines[1]) == (2, True)
    for path in ("", ".csv", "/rules", "/counts", f"/shops/{shop.id}", f"/shops/{shop.id}/changes", "/evidence/1"):
        assert owner.error("GET", f"/platform/deposits{path}", status=404)
    assert owner.error(
        "POST", f"/platform/deposits/shops/{shop.id}/penalties", {"amount_minor": 1, "reason": "x"}, status=404
    )


def test_evidence_that_nobody_needs_is_swept(operator: Caller) -> None:
    operator.client.post(f"{API}/platform/deposits/evidence", {"file": picture()})
    with later(days=2):
        assert (sweep_evidence(), sweep_evidence(), DepositEvidence.objects.count()) == (1, 0, 0)


def test_the_database_itself_keeps_the_fund_and_the_deposit_covered(shop: Shop) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            entries=[(f"deposit:shop:{shop.id}", 1), ("fund:protection", -1)],
            currency="CNY",
            reference="x",
            idempotency_key="x",
        )
