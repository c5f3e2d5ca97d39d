"""The auditor: finds nothing where nothing is wrong, and each planted difference, exactly."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from xingqu.catalogue.models import StockHold
from xingqu.fulfilment.models import PackageLine
from xingqu.kit import clock
from xingqu.ledger.models import Journal, LedgerAccount
from xingqu.ledger.services import post
from xingqu.settlement import jobs
from xingqu.settlement.models import AuditDifference, AuditRun, Settlement, Withdrawal
from xingqu.settlement.providers.sandbox.models import BankPayout
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.tests.house import earn, give_back, ready_to_withdraw, settle
from xingqu.trade.models import OrderLine, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.tests.house import Caller, Shop, Wire

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(buyer: Caller, shop: Shop, sku: int, earned: str) -> dict[str, str]:
    """Orders in every state of their money, refunds of each, withdrawals, a deposit."""
    settle()
    give_back(earned, 5_000, "after-settlement")
    waiting = earn(buyer, shop, sku, units=2)
    give_back(waiting, 7_000, "before-settlement")
    paid = buyer.buy((sku, 1))
    back = buyer.buy((sku, 1))
    buyer.post(f"/orders/{back}/refund", {"reason": "不要了"})
    from xingqu.trade.services.refunds import finish_refunds

    finish_refunds()
    owner = ready_to_withdraw(shop)
    for key in ("a" * 8, "b" * 8):
        owner.post(
            f"/shops/{shop.id}/funds/withdrawals", {"amount_minor": 1_000}, status=201, **{"Idempotency-Key": key}
        )
        if key.startswith("a"):
            carry_out_withdrawals()
    owner.post(f"/shops/{shop.id}/funds/deposit", {"amount_minor": 3_000}, status=201)
    return {"settled": earned, "waiting": waiting, "paid": paid, "back": back}


def found() -> list[tuple[str, str, str, str, str]]:
    run = audit()
    rows = AuditDifference.objects.filter(run=run).order_by("id")
    return [(row.flow, row.kind, row.reference, row.expected, row.found) for row in rows]


def test_a_site_that_is_right_has_no_differences(story: dict[str, str]) -> None:
    assert found() == []
    assert AuditRun.objects.get().checked == {
        "orders": 4,
        "payments": 4,
        "refunds": 3,
        "covers": 0,
        "deposit_payments": 0,
        "custody_payments": 0,
        "shares": 1,
        "journals": 3,
        "remittances": 0,
        "payouts": 1,
    }
    call_command("audit_books")


def change(model: type, order_no: str, **values: object) -> None:
    """Tamper with a row of an order."""
    name = "order_no" if model in (ShopOrder, Settlement, PackageLine) else "order__order_no"
    assert model.objects.filter(**{name: order_no}).update(**values) > 0  # type: ignore[attr-defined]


def tamper_hold(s: dict[str, str]) -> None:
    StockHold.objects.filter(order_ref=s["paid"]).update(quantity=2)


PLANTED: dict[str, tuple[Callable[[dict[str, str]], object], set[tuple[str, str, str]]]] = {
    "stock says two were taken": (tamper_hold, {("goods", "units_taken", "paid")}),
    "a package says one went off": (
        lambda s: change(PackageLine, s["waiting"], quantity=1),
        {("goods", "units_shipped", "waiting")},
    ),
    "a unit is marked as back that no refund names": (
        lambda s: change(OrderLine, s["paid"], refunded_quantity=1),
        {("goods", "units_returned", "paid"), ("goods", "units_refunded", "paid")},
    ),
    "a refund is of more than its order remembers": (
        lambda s: change(Refund, s["settled"], amount_minor=5_001),
        {("money", "refund_booked", "REFUND"), ("information", "refund_sum", "settled")},
    ),
    "a line remembers less than went back": (
        lambda s: change(OrderLine, s["settled"], refunded_minor=4_999),
        {("information", "refund_lines", "settled")},
    ),
    "an order forgot that it went back": (
        lambda s: change(ShopOrder, s["back"], state="paid"),
        {("information", "refunded_state", "back")},
    ),
    "an order says it went back": (
        lambda s: change(ShopOrder, s["paid"], state="refunded"),
        {("information", "refunded_state", "paid")},
    ),
    "a settlement got lost": (
        lambda s: (
            Settlement.objects.filter(order_no=s["waiting"]).delete(),
            change(ShopOrder, s["waiting"], done_at=clock.now() - timedelta(hours=1)),
        ),
        {("information", "settlement_missing", "waiting")},
    ),
    "a settlement says it is done": (
        lambda s: change(Settlement, s["waiting"], state="settled"),
        {("information", "settlement_state", "waiting")},
    ),
    "a settlement is of another sum": (
        lambda s: change(Settlement, s["settled"], net_minor=1),
        {("money", "settlement_booked", "settled")},
    ),
    "an order says it earned more": (
        lambda s: change(ShopOrder, s["waiting"], income_minor=60_000),
        {("money", "receipt_booked", "waiting")},
    ),
    "a payment says it was of more": (
        lambda s: PaymentAttempt.objects.filter(parent__shop_orders__order_no=s["paid"]).update(amount_minor=30_000),
        {("money", "payment_booked", "PAYMENT"), ("money", "paid_amount", "PARENT")},
    ),
    "money was posted that no order knows of": (
        lambda s: post(
            entries=[("provider:sandbox", 77), (f"escrow:shop:{ShopOrder.objects.all()[0].shop_id}", -77)],
            currency="CNY",
            reference="?",
            idempotency_key="stray",
        ),
        {("money", "account_total", "escrow"), ("money", "account_total", "provider:sandbox CNY")},
    ),
    "an account was tampered with": (
        lambda s: LedgerAccount.objects.filter(code="fee:tech_service").update(credits_minor=10**6),
        {("money", "ledger", "fee:tech_service CNY differs from the sum of its transfers"), ("money", "ledger", "SUM")},
    ),
    "the bank paid another sum": (
        lambda s: BankPayout.objects.update(amount_minor=999),
        {("money", "payout_differs", "PAYOUT")},
    ),
    "the bank paid what nobody asked for": (
        lambda s: BankPayout.objects.create(
            payout_no="W-STRANGE", reference="T", amount_minor=5, currency="CNY", state="paid", made_at=clock.now()
        ),
        {("money", "payout_unknown", "W-STRANGE")},
    ),
    "the bank forgot a payout": (
        lambda s: BankPayout.objects.all().delete(),
        {("money", "payout_differs", "PAYOUT")},
    ),
    "the bank paid long ago and we never heard": (
        lambda s: (
            BankPayout.objects.create(
                payout_no=Withdrawal.objects.get(state="asked").withdrawal_no,
                reference="T",
                amount_minor=1_000,
                currency="CNY",
                state="paid",
                made_at=clock.now(),
            ),
            Withdrawal.objects.filter(state="asked").update(asked_at=clock.now() - timedelta(days=1)),
        ),
        {("money", "payout_unheard", "PAYOUT")},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_difference_is_found_and_nothing_else(story: dict[str, str], name: str) -> None:
    plant, expected = PLANTED[name]
    plant(story)
    names = {order_no: which for which, order_no in story.items()}
    shortened = set()
    for flow, kind, reference, wanted, seen in found():
        assert wanted != seen
        short = names.get(reference, reference)
        for start, word in (
            ("R2", "REFUND"),
            ("Y2", "PAYMENT"),
            ("P2", "PARENT"),
            ("W2", "PAYOUT"),
            ("escrow", "escrow"),
        ):
            short = word if reference.startswith(start) else short
        short = "SUM" if "sums to" in reference else short
        # Marks that were changed on an order change what its shop's account should hold as well.
        if kind == "account_total" and not any(entry[1] == "account_total" for entry in expected):
            continue
        shortened.add((flow, kind, short))
    assert shortened == expected
    with pytest.raises(CommandError, match="differences in"):
        call_command("audit_books")


def test_a_lost_journal_is_found(story: dict[str, str]) -> None:
    """As if a posting had been undone by hand, triggers and all."""
    key = f"received:{story['waiting']}"
    journal = Journal.objects.get(idempotency_key=key)
    with connection.cursor() as cursor:
        off, on = ("ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'")
            kept = cursor.fetchall()
            before, after = [f"DROP TRIGGER {name}" for name, _ in kept], [sql for _, sql in kept]
        else:
            tables = ("ledger_transfer", "ledger_journal")
            # What the story wrote is checked now: a table with checks to come can't be altered.
            before = ["SET CONSTRAINTS ALL IMMEDIATE", *(off.format(t) for t in tables)]
            after = [on.format(t) for t in tables]
        for statement in before:
            cursor.execute(statement)
        cursor.execute("DELETE FROM ledger_transfer WHERE journal_id = %s", [journal.pk])
        cursor.execute("DELETE FROM ledger_journal WHERE id = %s", [journal.pk])
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in after:
            cursor.execute(statement)
    assert ("money", "receipt_booked", story["waiting"], "59800", "nothing") in found()


def test_a_bank_that_is_away_is_told(story: dict[str, str], wire: Wire) -> None:
    wire.down = True
    assert [row[:3] for row in found()] == [("money", "bank_list", "sandbox_bank")]


def test_the_auditor_looks_once_a_night(story: dict[str, str], operator: Caller, shop: Shop) -> None:
    assert jobs.audit_nightly() == 0
    assert jobs.audit_nightly() is None
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert jobs.audit_nightly() == 0
    Settlement.objects.filter(order_no=story["settled"]).update(net_minor=1)
    run = audit()
    listed = operator.get("/platform/audits")
    assert sorted(row["difference_count"] for row in listed) == [0, 0, 1]
    rows = operator.get(f"/platform/audits/{run.pk}/differences")["items"]
    assert [(row["kind"], row["reference"], row["shop_id"]) for row in rows] == [
        ("settlement_booked", story["settled"], shop.id)
    ]
    assert operator.error("GET", "/platform/audits/999999/differences", status=404)["code"] == "not_found"
