"""Withheld tax: paid to the authorities once a month, given back, netted, in every book; and who may."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from xingqu.accounts.models import ActionEntry, Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.kit import clock
from xingqu.ledger.contracts import TAX_REMITTED, TAX_WITHHELD, commission_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.ledger.services import post
from xingqu.settlement.domain.errors import NothingToRemit, TooMuchTax
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.models import AuditDifference, TaxLine, TaxRemittance, TaxReturn, Withdrawal
from xingqu.settlement.selectors.remittances import remittance_preview, tax_payees_page
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.custody import give_from_custody, pay_into_custody
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.services.remittances import remit_tax, return_tax
from xingqu.settlement.services.rules import add_withholding
from xingqu.settlement.services.withdrawals import ask_commission_withdrawal, set_payout_account
from xingqu.settlement.tests.house import ACCOUNT, earn, settle
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = (datetime(2040, month, 10, 4, tzinfo=UTC) for month in (3, 4, 5))
REFUSING = "6222020200110000"
# A fifth of a person's month above 10.00, a tenth of what a company gets.
PERSON, COMPANY = Withholding(1_000, 0, (Bracket(None, 2_000),)), Withholding(0, 0, (Bracket(None, 1_000),))
PATH = "/platform/tax-remittances"


@dataclass
class Payee:
    id: int
    account: str
    asked: int = 0

    def ask(self, amount_minor: int) -> Withdrawal:
        """A payout that the bank has decided."""
        self.asked += 1
        number = ask_commission_withdrawal(
            organisation_id=self.id, account=self.account, amount_minor=amount_minor, person_id=1, key=f"k{self.asked}"
        )
        carry_out_withdrawals()
        return Withdrawal.objects.get(withdrawal_no=number)

    def bank(self, number: str = ACCOUNT["number"]) -> None:
        set_payout_account(shop_id=self.id, person_id=1, **{**ACCOUNT, "number": number})


@pytest.fixture
def payees(buyer: Caller, shop: Shop, sku: int) -> Iterator[list[Payee]]:
    """Two studios and an agency with 600.00 each, in March 2040; rules of both kinds."""
    earn(buyer, shop, sku, units=9)
    settle()
    made = []
    for number, kind in enumerate(("creator", "creator", "mcn")):
        owner = create_person(email=f"p{number}@x.example", password=None)
        organisation = create_organisation(owner_id=owner, kind=kind, name=f"收款方{number}")
        made.append(Payee(organisation, commission_account(kind, 700 + number)))
        made[-1].bank()
    pay_into_custody(reference="F1", key="fee", account=f"balance:shop:{shop.id}", amount_minor=180_000)
    give_from_custody(reference="F1", key="1", shares={row.account: 60_000 for row in made})
    with clock.frozen(MARCH):
        for tax_kind, rule in ((TaxKind.INDIVIDUAL, PERSON), (TaxKind.COMPANY, COMPANY)):
            add_withholding(kind=tax_kind, effective_from=MARCH, rule=rule, note="", person_id=1)
        yield made


@pytest.fixture
def operator(payees: list[Payee], operator: Caller) -> Caller:
    return staying(operator)


def staying(caller: Caller) -> Caller:
    """Signed in for all the months of these tests."""
    Session.objects.update(expire_date=datetime(2060, 1, 1, tzinfo=UTC))
    return caller


def somebody() -> int:
    """Who acts: the log of actions names a person who is there."""
    return int(Person.objects.order_by("id").values_list("id", flat=True)[0])


def remit(period: str, total_minor: int, reference: str) -> str:
    return remit_tax(
        period=period, currency="CNY", total_minor=total_minor, reference=reference, note="", person_id=somebody()
    )


def give_back(row: Withdrawal, amount_minor: int, key: str) -> str:
    return return_tax(
        withdrawal_no=row.withdrawal_no, amount_minor=amount_minor, reason="x", key=key, person_id=somebody()
    )


def books() -> tuple[int, int]:
    return balance_minor(account=TAX_WITHHELD), balance_minor(account=TAX_REMITTED)


def differences() -> list[tuple[str, str, str]]:
    rows = AuditDifference.objects.filter(run=audit()).order_by("id")
    return [(row.kind, row.expected, row.found) for row in rows]


def test_a_month_from_payouts_to_the_receipt(payees: list[Payee], operator: Caller) -> None:
    payees[0].ask(11_000)  # 20.00
    payees[0].ask(5_000)  # 10.00
    payees[2].ask(10_000)  # 10.00
    body = {"period": "2040-03", "total_minor": 4_000, "reference": "3440-1"}
    assert operator.error("POST", PATH, body, status=409)["code"] == "month_not_over"
    with clock.frozen(APRIL):
        payees[1].ask(11_000)  # April's
        told = operator.get(f"{PATH}/preview?period=2040-03")
        sums = ("payouts", "gross_minor", "withheld_minor", "returned_minor", "total_minor")
        assert [(rule["kind"], *(rule[name] for name in sums)) for rule in told["rules"]] == [
            ("individual", 2, 16_000, 3_000, 0, 3_000),
            ("company", 1, 10_000, 1_000, 0, 1_000),
        ]
        assert (told["total_minor"], told["payees"], told["remittance_no"]) == (4_000, 2, None)
        wrong = operator.error("POST", PATH, {**body, "total_minor": 4_001}, status=409)
        assert (wrong["code"], wrong["data"]) == ("remittance_changed", {"total_minor": 4_000})
        assert (TaxRemittance.objects.count(), books()) == (0, (6_000, 0))
        made = operator.post(PATH, body, status=201)
        assert books() == (2_000, 4_000)
        assert (made["total_minor"], made["payees"], made["reference"]) == (4_000, 2, "3440-1")
        assert [rule["total_minor"] for rule in made["rules"]] == [3_000, 1_000]
        number = made["remittance_no"]
        assert operator.get(f"{PATH}/preview?period=2040-03")["remittance_no"] == number
        lines = operator.get(f"{PATH}/{number}/payees")["items"]
        assert [(row["organisation_id"], row["payouts"], row["gross_minor"], row["total_minor"]) for row in lines] == [
            (payees[0].id, 2, 16_000, 3_000),
            (payees[2].id, 1, 10_000, 1_000),
        ]
        assert [row["remittance_no"] for row in operator.get(PATH)["items"]] == [number]
        answer = operator.client.get(f"/api/v1{PATH}/{number}/payees.csv")
        sheet = answer.getvalue().decode("utf-8-sig").splitlines()
        assert len(sheet) == 3
        assert sheet[1].startswith(f"{payees[0].id},收款方0,creator,commission:creator:700,")
        entry = ActionEntry.objects.get(organisation_id=payees[2].id)
        assert (entry.action, entry.subject, entry.by_platform) == ("PLATFORM tax.remit", number, True)
        assert entry.changes == {
            "period": [None, "2040-03"],
            "amount_minor": [None, 1_000],
            "reference": [None, "3440-1"],
        }
    assert (check().problems, differences()) == ((), [])


def test_one_run_a_month(payees: list[Payee], operator: Caller) -> None:
    payees[0].ask(11_000)
    with clock.frozen(APRIL):
        body = {"period": "2040-03", "total_minor": 2_000, "reference": "3440-1"}
        number = operator.post(PATH, body, status=201)["remittance_no"]
        # The same again is the same; anything else is refused, and what came late waits for the next month.
        assert operator.post(PATH, body, status=201)["remittance_no"] == number
        Withdrawal.objects.filter(pk=payees[1].ask(11_000).pk).update(done_at=MARCH)
        again = operator.error("POST", PATH, {**body, "reference": "3440-2"}, status=409)
        assert (again["code"], again["data"]) == ("already_remitted", {"remittance_no": number})
        assert (TaxRemittance.objects.count(), TaxLine.objects.count(), books()) == (1, 1, (2_000, 2_000))
        assert ActionEntry.objects.filter(action="PLATFORM tax.remit").count() == 1
    with clock.frozen(MAY):
        used = {"period": "2040-04", "total_minor": 2_000, "reference": "3440-1"}
        assert operator.error("POST", PATH, used, status=409)["code"] == "receipt_used"
        operator.post(PATH, {**used, "reference": "3440-2"}, status=201)
        assert books() == (0, 4_000)
        nothing = {"period": "2040-02", "total_minor": 1, "reference": "3440-3"}
        assert operator.error("POST", PATH, nothing, status=409)["code"] == "nothing_to_remit"
        assert TaxRemittance.objects.count() == 2
    assert differences() == []


def test_what_was_given_back_is_netted(payees: list[Payee], operator: Caller) -> None:
    first = payees[0].ask(11_000)
    payees[1].ask(6_000)
    path = f"/platform/settlement/withdrawals/{first.withdrawal_no}/tax-returns"
    body, key = {"amount_minor": 500, "reason": "佣金已退回"}, {"Idempotency-Key": "return-1"}
    operator.post(path, body, status=204, **key)
    operator.post(path, body, status=204, **key)
    assert (TaxReturn.objects.count(), books(), balance_minor(account=payees[0].account)) == (1, (2_500, 0), 49_500)
    other = {"amount_minor": 400, "reason": "佣金已退回"}
    assert operator.error("POST", path, other, status=422, **key)["code"] == "idempotency_key_reused"
    more = {"amount_minor": 1_501, "reason": "x"}
    refused = operator.error("POST", path, more, status=409, **{"Idempotency-Key": "return-2"})
    assert (refused["code"], refused["data"]) == ("too_much_tax", {"most_minor": 1_500})
    assert (TaxReturn.objects.count(), books()) == (1, (2_500, 0))
    with clock.frozen(APRIL):
        assert remittance_preview(period="2040-03", currency="CNY")["total_minor"] == 2_500
        number = remit("2040-03", 2_500, "3440-1")
        assert list(TaxLine.objects.values_list("withheld_minor", "returned_minor")) == [(2_000, 500), (1_000, 0)]
        assert [row["remittance_no"] for row in operator.get("/platform/tax-returns")["items"]] == [number]
        # All is with the authorities: nothing is left to give back of, until more was withheld.
        with pytest.raises(TooMuchTax):
            give_back(first, 300, "return-3")
        payees[1].ask(3_000)
        give_back(first, 300, "return-3")
        # What came back is paid out without tax: only the rest of it is income.
        own = payees[0].ask(2_800)
        assert (own.exempt_minor, own.tax_minor) == (800, 200)
    with clock.frozen(MAY):
        told = {row["organisation_id"]: row for row in operator.get("/platform/tax-payees")["items"]}
        assert [
            told[payees[0].id][f"{name}_minor"] for name in ("withheld", "returned", "remitted", "outstanding")
        ] == [
            2_200,
            800,
            1_500,
            -100,
        ]
        remit("2040-04", 400 + 200 - 300, "3440-2")
    assert (books(), differences()) == ((0, 2_800), [])


def test_what_goes_against_a_debt_is_not_paid_out_untaxed(payees: list[Payee], shop: Shop) -> None:
    first = payees[0].ask(60_000)
    post(
        entries=[(payees[0].account, 5_000), (f"balance:shop:{shop.id}", -5_000)],
        currency="CNY",
        reference="x",
        idempotency_key="clawed-back",
    )
    give_back(first, 1_000, "against-it")
    give_back(first, 5_000, "and-more")
    assert list(TaxReturn.objects.order_by("id").values_list("own_minor", flat=True)) == [0, 1_000]


def test_only_operators(payees: list[Payee], shop: Shop) -> None:
    row = payees[0].ask(11_000)
    body = {"period": "2040-03", "total_minor": 2_000, "reference": "3440-1"}
    back = {"amount_minor": 1, "reason": "x"}
    with clock.frozen(APRIL):
        number = remit("2040-03", 2_000, "3440-1")
        for caller in (staying(shop.member()), staying(Caller.new_person())):
            for path in (PATH, f"{PATH}/preview?period=2040-03", f"{PATH}/{number}", f"{PATH}/{number}/payees"):
                assert caller.error("GET", path, status=404)["code"] == "not_found"
            for path in ("/platform/tax-payees", "/platform/tax-returns"):
                assert caller.error("GET", path, status=404)["code"] == "not_found"
            assert caller.error("POST", PATH, body, status=404)["code"] == "not_found"
            path = f"/platform/settlement/withdrawals/{row.withdrawal_no}/tax-returns"
            key = {"Idempotency-Key": "return-1"}
            assert caller.error("POST", path, back, status=404, **key)["code"] == "not_found"
    assert (TaxRemittance.objects.count(), TaxReturn.objects.count(), books()) == (1, 0, (0, 2_000))


@pytest.mark.parametrize("period", ["2040-13", "2040-00", "40-03", "2040-3", "1999-01"])
def test_months_that_are_none(payees: list[Payee], operator: Caller, period: str) -> None:
    body: dict[str, Any] = {"period": period, "total_minor": 1, "reference": "x"}
    assert operator.error("POST", PATH, body, status=422)["field"] == "period"
    assert operator.error("GET", f"{PATH}/preview?period={period}", status=422)["field"] == "period"


def test_a_row_that_says_otherwise_is_found(payees: list[Payee]) -> None:
    first = payees[0].ask(11_000)
    give_back(first, 500, "return-1")
    with clock.frozen(APRIL):
        remit("2040-03", 1_500, "3440-1")
    for table, field_name, kinds in (
        (TaxRemittance, "withheld_minor", {"remittance_rows", "remittance_booked", "account_total"}),
        (TaxReturn, "amount_minor", {"remittance_rows", "tax_return_booked", "account_total"}),
        (TaxLine, "withheld_minor", {"remittance_rows"}),
    ):
        row: Any = table.objects.get()
        more = {field_name: getattr(row, field_name) + 1}
        if table is TaxRemittance:
            more["total_minor"] = row.total_minor + 1
        table.objects.filter(pk=row.pk).update(**more)
        assert {kind for kind, _, _ in differences()} == kinds, table
        table.objects.filter(pk=row.pk).update(**{name: value - 1 for name, value in more.items()})
    assert differences() == []


@dataclass
class Story:
    """What a payee's tax should be, counted beside the tables."""

    withheld: Counter[str] = field(default_factory=Counter)
    returned: Counter[str] = field(default_factory=Counter)
    remitted: Counter[str] = field(default_factory=Counter)

    def agrees(self) -> None:
        """withheld = given back + remitted + outstanding, payee by payee and in the books."""
        found = tax_payees_page(waiting_only=False, after_id=None, limit=50)[0]
        for row in found:
            account = row["account"]
            assert row["withheld_minor"] == self.withheld[account]
            assert row["returned_minor"] == self.returned[account]
            assert row["remitted_minor"] == self.remitted[account]
            parts = row["returned_minor"] + row["remitted_minor"] + row["outstanding_minor"]
            assert row["withheld_minor"] == parts
        assert {row["account"] for row in found} == {key for key, total in self.withheld.items() if total}
        outstanding = self.withheld.total() - self.returned.total() - self.remitted.total()
        assert books() == (outstanding, self.remitted.total())


@pytest.mark.parametrize("seed", range(4))
def test_withheld_is_given_back_remitted_or_outstanding(payees: list[Payee], seed: int) -> None:
    draw, story, now, paid = random.Random(seed), Story(), MARCH, []
    for step in range(40):
        now += timedelta(days=draw.choice([0, 1, 6]))
        with clock.frozen(now):
            deed = draw.choice(["payout", "payout", "refused", "return", "run"])
            if deed in ("payout", "refused"):
                payee = draw.choice(payees)
                payee.bank(REFUSING if deed == "refused" else ACCOUNT["number"])
                if balance_minor(account=payee.account) < 4_000:
                    continue
                row = payee.ask(draw.randrange(200, 4_000))
                assert row.state == ("failed" if deed == "refused" else "paid")
                if row.state == "paid":
                    story.withheld[payee.account] += row.tax_minor
                    paid.append(row)
            elif deed == "return" and paid:
                row = draw.choice(paid)
                amount = draw.randrange(1, 200)
                left = row.tax_minor - sum(
                    TaxReturn.objects.filter(withdrawal=row).values_list("amount_minor", flat=True)
                )
                if amount <= min(left, books()[0]):
                    give_back(row, amount, f"r{step}")
                    story.returned[row.source] += amount
                else:
                    with pytest.raises(TooMuchTax):
                        give_back(row, amount, f"r{step}")
            elif deed == "run":
                _run(story, now, step)
        story.agrees()
    assert TaxRemittance.objects.count() > 0
    assert differences() == []


def _run(story: Story, now: datetime, step: int) -> None:
    """A run for the month before, if there is none: what was withheld and given back until then goes to the authorities."""
    period = (now.replace(day=1) - timedelta(days=3)).strftime("%Y-%m")
    told = remittance_preview(period=period, currency="CNY")
    if told["remittance_no"] is not None:
        return
    if told["total_minor"] <= 0:
        with pytest.raises(NothingToRemit):
            remit(period, 1, f"s{step}")
        return
    number = remit(period, told["total_minor"], f"s{step}")
    for line in TaxLine.objects.filter(remittance__remittance_no=number):
        story.remitted[line.account] += line.withheld_minor - line.returned_minor
