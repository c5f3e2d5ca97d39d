"""Commission leaves the platform: asked once, taxed by the rule, paid by the bank, netted, in every book."""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts.models import Creator
from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.plans import take_up
from xingqu.alliance.tests.house import Studio, buy_led, new_studio, offer, product_of, receive
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import TAX_WITHHELD
from xingqu.ledger.selectors import balance_minor, balances, check
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.models import Withdrawal
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.services.rules import add_withholding
from xingqu.settlement.tests.house import give_back, later, settle
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db
BANK = {"holder": "林夏", "bank_name": "示例银行", "number": "6222020200112233"}
# A fifth of everything above 10.00.
RULE = Withholding(1_000, 0, (Bracket(None, 2_000),))


@pytest.fixture
def studio(db: None) -> Studio:
    made = new_studio()
    made.owner.call("PUT", f"/shops/{made.id}/earnings/payout-account", BANK)
    return made


def tax_from_now() -> None:
    soon = clock.now() + timedelta(seconds=1)
    add_withholding(kind=TaxKind.INDIVIDUAL, effective_from=soon, rule=RULE, note="", person_id=1)


def earn(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> str:
    """One settled order: 53.82 are the creator's."""
    order_no = buy_led(buyer, studio.creator_id, (sku, 1))
    receive(buyer, shop, order_no)
    settle()
    with later(days=9):
        deliver_due()
    return order_no


def ask(studio: Studio, amount_minor: int, *, key: str | None = None, status: int = 201) -> dict[str, Any]:
    path = f"/shops/{studio.id}/earnings/creator/{studio.creator_id}/payouts"
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    if status >= 400:
        return studio.owner.error("POST", path, {"amount_minor": amount_minor}, status=status, **headers)
    found: dict[str, Any] = studio.owner.post(path, {"amount_minor": amount_minor}, status=status, **headers)
    return found


def differences() -> list[tuple[str, str, str, str]]:
    return [(row.kind, row.reference, row.expected, row.found) for row in audit().differences.all()]


def test_a_payout_from_settlement_to_the_bank(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    earn(buyer, shop, sku, studio)
    tax_from_now()
    with later(days=9):
        quote = studio.owner.get(
            f"/shops/{studio.id}/earnings/creator/{studio.creator_id}/payout-quote?amount_minor=5000"
        )
        assert quote == {"gross_minor": 5_000, "exempt_minor": 0, "tax_minor": 800, "net_minor": 4_200}
        asked = ask(studio, 5_000, key="the-first-one")
        assert (asked["amount"]["amount_minor"], asked["tax"]["amount_minor"], asked["state"]) == (4_200, 800, "asked")
        told = studio.owner.get(f"/shops/{studio.id}/earnings")
        assert told["payees"] == [
            {
                "payee": "creator",
                "id": studio.creator_id,
                "name": told["payees"][0]["name"],
                "balance_minor": 5_382,
                "available_minor": 382,
                "withdrawing_minor": 5_000,
                "estimated_minor": 0,
                "settled_minor": 5_382,
                "currency": "CNY",
            }
        ]
        assert (told["tax_kind"], told["paid_month_minor"], told["withheld_month_minor"]) == ("individual", 5_000, 800)
        assert (ask(studio, 5_000, key="the-first-one"), Withdrawal.objects.count()) == (asked, 1)
        assert ask(studio, 382, key="the-first-one", status=422)["code"] == "idempotency_key_reused"
        assert ask(studio, 383, status=409)["data"] == {"available_minor": 382}
        assert carry_out_withdrawals() == 1
        # The rest of the month is taxed with what came before: all of it above the free part.
        assert ask(studio, 382)["tax"]["amount_minor"] == 76
        assert carry_out_withdrawals() == 1
        assert carry_out_withdrawals() == 0
    assert balance_minor(account=f"commission:creator:{studio.creator_id}") == 0
    assert (balance_minor(account=TAX_WITHHELD), balance_minor(account="payout:sandbox_bank")) == (876, 4_506)
    assert check().problems == ()
    assert differences() == []


def test_a_refusing_bank_gives_everything_back(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    earn(buyer, shop, sku, studio)
    tax_from_now()
    studio.owner.call("PUT", f"/shops/{studio.id}/earnings/payout-account", {**BANK, "number": "6222020200110000"})
    with later(days=9):
        ask(studio, 5_000)
        assert carry_out_withdrawals() == 1
        (row,) = balances(accounts=[f"commission:creator:{studio.creator_id}"])
        assert (row.balance_minor, row.kept_aside_minor, balance_minor(account=TAX_WITHHELD)) == (5_382, 0, 0)
        page = studio.owner.get(f"/shops/{studio.id}/earnings/creator/{studio.creator_id}/payouts")
        assert [(item["state"], item["failure"]) for item in page["items"]] == [("failed", "account_closed")]
        # What was not paid is not taxed: the next one begins the month.
        assert ask(studio, 5_000)["tax"]["amount_minor"] == 800
    assert differences() == []


def test_a_lost_answer_pays_once(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    earn(buyer, shop, sku, studio)
    studio.owner.call("PUT", f"/shops/{studio.id}/earnings/payout-account", {**BANK, "number": "6222020200119999"})
    with later(days=9):
        ask(studio, 5_000)
        assert carry_out_withdrawals() == 0
    with later(days=9, minutes=20):
        assert carry_out_withdrawals() == 1
    assert (balance_minor(account="payout:sandbox_bank"), differences()) == (5_000, [])


def test_what_was_paid_out_and_came_back_is_netted(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    order_no = earn(buyer, shop, sku, studio)
    with later(days=9):
        ask(studio, 5_382)
        carry_out_withdrawals()
        give_back(order_no, 29_900, "all-of-it")
        account = f"commission:creator:{studio.creator_id}"
        assert balance_minor(account=account) == -5_382
        assert ask(studio, 100, status=409)["data"] == {"available_minor": 0}
    earn(buyer, shop, sku, studio)
    assert balance_minor(account=account) == 0
    assert Withdrawal.objects.count() == 1
    assert differences() == []


def test_a_statement_line_by_line(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    order_no = earn(buyer, shop, sku, studio)
    with later(days=9):
        give_back(order_no, 10_000, "a-third")
        number = ask(studio, 3_000)["withdrawal_no"]
        carry_out_withdrawals()
    base = f"/shops/{studio.id}/earnings/creator/{studio.creator_id}"
    period = "since=2026-01-01T00:00:00Z&until=2100-01-01T00:00:00Z"
    lines = studio.owner.get(f"{base}/statement/lines?{period}")["items"]
    assert [(line["kind"], line["order_no"], line["amount_minor"]) for line in lines] == [
        ("commission", order_no, 5_382),
        ("commission_back", order_no, -1_800),
        ("withdrawn", "", -3_000),
    ]
    assert lines[2]["document"] == number
    told = studio.owner.get(f"{base}/statement?{period}")
    assert [(part["account"], part["opening_minor"], part["closing_minor"]) for part in told["accounts"]] == [
        ("creator", 0, 582)
    ]
    answer = studio.owner.client.get(f"/api/v1{base}/statement.csv?{period}")
    told_rows = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(told_rows)))
    assert [int(row["balance"]) for row in rows] == [0, 5_382, 3_582, 582]
    assert studio.owner.client.get(f"/api/v1{base}/statement.xlsx?{period}").status_code == 200
    with later(days=9):
        assert [row["month"] for row in studio.owner.get(f"{base}/statements")]


def test_a_colonel_is_paid_as_a_company(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    owner_id = create_person(email="colonel@x.example", password=None)
    colonel = create_organisation(owner_id=owner_id, kind="mcn", name="团长")
    boss = Caller.signed_in(owner_id)
    activity = offer(shop, sku, 2_000, PlanKind.COLONEL, service_bp=500, colonel_id=colonel)
    take_up(creator_id=studio.creator_id, product_id=product_of(sku), plan_id=activity)
    earn(buyer, shop, sku, studio)
    tax_from_now()
    boss.call("PUT", f"/shops/{colonel}/earnings/payout-account", BANK)
    path = f"/shops/{colonel}/earnings/colonel/{colonel}/payouts"
    with later(days=9):
        told = boss.get(f"/shops/{colonel}/earnings")
        assert [(row["payee"], row["available_minor"]) for row in told["payees"]] == [("mcn", 0), ("colonel", 1_346)]
        assert told["tax_kind"] == "company"
        made = boss.post(path, {"amount_minor": 1_346}, status=201, **{"Idempotency-Key": "colonel-1"})
        assert made["tax"]["amount_minor"] == 0
        carry_out_withdrawals()
    assert differences() == []


def test_a_hold_stops_payouts(buyer: Caller, shop: Shop, sku: int, studio: Studio, operator: Caller) -> None:
    offer(shop, sku)
    earn(buyer, shop, sku, studio)
    operator.post("/platform/settlement/holds", {"shop_id": studio.id, "reason": "核查"}, status=201)
    with later(days=9):
        assert ask(studio, 1_000, status=409)["code"] == "funds_on_hold"
    assert not Withdrawal.objects.exists()


def test_nobody_takes_another_s(buyer: Caller, shop: Shop, sku: int, studio: Studio) -> None:
    offer(shop, sku)
    earn(buyer, shop, sku, studio)
    other = new_studio()
    period = "since=2026-01-01T00:00:00Z&until=2100-01-01T00:00:00Z"
    own = f"/shops/{studio.id}/earnings"
    wrong = f"/shops/{other.id}/earnings/creator/{studio.creator_id}"  # one's own workplace, somebody else's creator
    for rest in (
        "commissions",
        "statements",
        f"statement?{period}",
        f"statement/lines?{period}",
        f"statement.csv?{period}",
        f"statement.xlsx?{period}",
        "payouts",
        "payout-quote?amount_minor=100",
    ):
        assert other.owner.error("GET", f"{wrong}/{rest}", status=404)["code"] == "not_found"
        theirs = f"{own}/creator/{studio.creator_id}/{rest}"
        assert other.owner.error("GET", theirs, status=404)["code"] == "not_found"
        assert Caller().error("GET", theirs, status=401)["code"] == "sign_in_required"
    headers = {"Idempotency-Key": "stranger-1"}
    for path in (f"{wrong}/payouts", f"{own}/creator/{studio.creator_id}/payouts", f"{own}/mcn/{studio.id}/payouts"):
        assert other.owner.error("POST", path, {"amount_minor": 100}, status=404, **headers)["code"] == "not_found"
    assert other.owner.error("GET", own, status=404)["code"] == "not_found"
    assert other.owner.error("PUT", f"{own}/payout-account", BANK, status=404)["code"] == "not_found"
    assert studio.owner.error("GET", f"{own}/colonel/{studio.id}/payouts", status=404)["code"] == "not_found"
    assert not Withdrawal.objects.exists()
    assert Creator.objects.get(pk=studio.creator_id).organisation_id == studio.id
