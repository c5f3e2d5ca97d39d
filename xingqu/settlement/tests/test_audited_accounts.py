"""No account and no journal is left out by the auditor: what is planted in each kind is found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from xingqu.fulfilment.models import FreightCover, Pickup
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import PLATFORM_SUBSIDY, PROTECTION_FUND, RETURN_PREMIUMS, TECH_SERVICE_FEE, UNAPPLIED
from xingqu.ledger.domain import ACCOUNT_KINDS
from xingqu.ledger.selectors import balance_minor
from xingqu.ledger.services import post
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import AuditDifference, Compensation, CustodyMove, DepositChange, Withdrawal
from xingqu.settlement.services import auditing
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.compensations import penalise
from xingqu.settlement.services.custody import give_from_custody, pay_into_custody
from xingqu.settlement.services.deposits import decide_deposit, freeze_deposit, pay_deposit
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.tests.house import earn, ready_to_withdraw, settle
from xingqu.trade.models import ParentOrder, PresaleOrder, Refund
from xingqu.trade.services.presales import close_presales
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_sku
from xingqu.trade.tests.test_presale import offer, reserve

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def found() -> list[tuple[str, str, str]]:
    rows = AuditDifference.objects.filter(run=audit()).order_by("id")
    return [(row.kind, row.expected, row.found) for row in rows]


@pytest.fixture
def story(buyer: Caller, shop: Shop, sku: int) -> str:
    """Withdrawals, deposits, custody, compensation, presales and an insured return parcel. Returns a received order's number."""
    order_no = earn(buyer, shop, sku, units=3)
    settle()
    owner = ready_to_withdraw(shop)
    for key in ("a" * 8, "b" * 8):
        asked = {"Idempotency-Key": key}
        owner.post(f"/shops/{shop.id}/funds/withdrawals", {"amount_minor": 1_000}, status=201, **asked)
        carry_out_withdrawals(limit=1 if key.startswith("a") else 0)
    pay_deposit(shop_id=shop.id, amount_minor=30_000, person_id=1)
    frozen = [freeze_deposit(shop_id=shop.id, amount_minor=2_000, reason="x", person_id=1) for _ in range(3)]
    decide_deposit(change_no=frozen[0], deduct=True, person_id=1)
    decide_deposit(change_no=frozen[1], deduct=False, person_id=1)
    pay_into_custody(reference="C1", key="fee", account=f"balance:shop:{shop.id}", amount_minor=5_000)
    give_from_custody(reference="C1", key="1", shares={"commission:creator:7": 1_500, f"balance:shop:{shop.id}": 500})
    for amount in (4_000, 3_000):
        penalise(
            shop_id=shop.id,
            amount_minor=5_000,
            reason="x",
            evidence_ids=[],
            order_no=order_no,
            compensation_minor=amount,
            person_id=1,
        )
        finish_refunds(limit=1 if amount == 4_000 else 0)
        deliver_due()
    insured(shop, order_no)
    presales(buyer, shop)
    return order_no


def insured(shop: Shop, order_no: str) -> None:
    """A return parcel whose carriage of 12.00 was paid by 1.50 of premiums and by the platform."""
    now, balance = clock.now(), f"balance:shop:{shop.id}"
    Pickup.objects.create(
        reference="case:1",
        order_no=order_no,
        carrier_code="sf",
        tracking_no="SF1",
        starts_at=now,
        ends_at=now,
        price_minor=1_200,
        covered_minor=1_200,
        booked_at=now,
    )
    FreightCover.objects.create(
        order_no=order_no,
        shop_id=shop.id,
        product_ids=[1],
        premium_minor=150,
        limit_minor=1_200,
        promised_at=now,
        charged_at=now,
        used_by="case:1",
        paid_at=now,
        paid_minor=1_200,
    )
    claim = [(RETURN_PREMIUMS, 150), (PLATFORM_SUBSIDY, 1_050), ("freight:carrier:sf", -1_200)]
    for key, entries in {"premium": [(balance, 150), (RETURN_PREMIUMS, -150)], "claim": claim}.items():
        post(entries=entries, currency="CNY", reference=order_no, idempotency_key=f"cover_{key}:{order_no}")


def presales(buyer: Caller, shop: Shop) -> None:
    """One is reserved; of two that ended the shop has a deposit and a buyer's is on its way back."""
    now = clock.now()
    for number, (forfeits, ends) in enumerate(((True, True), (False, True), (True, False))):
        offer(shop, make_sku(shop), now, forfeits=forfeits)
        order = reserve(buyer, 1, f"key{number}")
        buyer.pay(order["order_no"])
        if not ends:
            PresaleOrder.objects.filter(parent__order_no=order["order_no"]).update(final_until=now + 30 * DAY)
            ParentOrder.objects.filter(order_no=order["order_no"]).update(expires_at=now + 30 * DAY)
    assert close_presales(now=now + 4 * DAY) == 2
    deliver_due()


def test_every_kind_of_account_is_known(story: str) -> None:
    assert found() == []
    held = {account.partition(":")[0] for account, _ in _accounts()}
    assert held >= ACCOUNT_KINDS.keys() - {"tax", "remitted"}
    assert balance_minor(account=UNAPPLIED) == 3_000


def _accounts() -> list[tuple[str, int]]:
    from xingqu.ledger.selectors import balances

    return [(row.account, row.balance_minor) for row in balances() if row.debits_minor or row.credits_minor]


PLATFORM = ("provider:sandbox", UNAPPLIED, PLATFORM_SUBSIDY, TECH_SERVICE_FEE, "fee:alliance", "freight:carrier:sf")
STRAY = (
    *PLATFORM,
    RETURN_PREMIUMS,
    PROTECTION_FUND,
    "payout:sandbox_bank",
    "commission:mcn:3",
    "tax:withheld",
    "remitted:tax",
)


@pytest.mark.parametrize("account", STRAY)
def test_a_stray_journal_shows_in_every_account(story: str, shop: Shop, account: str) -> None:
    debit = account in ("provider:sandbox", PLATFORM_SUBSIDY)
    entries = [(account, 7 if debit else -7), (f"balance:shop:{shop.id}", -7 if debit else 7)]
    post(entries=entries, currency="CNY", reference="?", idempotency_key="stray")
    AuditDifference.objects.all().delete()
    audit()
    told = set(AuditDifference.objects.values_list("kind", "reference"))
    assert told == {("account_total", f"{account} CNY"), ("account_total", f"balance:shop:{shop.id} CNY")}


def more(model: Any, field: str = "amount_minor", **which: Any) -> Callable[[], Any]:
    """A row says a cent more than it moved."""

    def plant() -> None:
        row = model.objects.filter(**which).first()
        model.objects.filter(pk=row.pk).update(**{field: getattr(row, field) + 1})

    return plant


FORFEITED, RETURNED = {"ended": "forfeited"}, {"ended": "returned"}
ROWS: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "a withdrawal": (more(Withdrawal, state="paid"), {"withdrawal_booked", "payout_differs"}),
    "its tax": (more(Withdrawal, "tax_minor", state="paid"), {"tax_booked"}),
    "a withdrawal on its way": (more(Withdrawal, state="asked"), {"account_aside"}),
    "a payment into the deposit": (more(DepositChange, kind="pay_in"), {"deposit_booked"}),
    "a deduction at once": (more(DepositChange, kind="deduct"), {"deposit_booked"}),
    "a deduction of what was frozen": (more(DepositChange, kind="freeze", state="deducted"), {"deposit_booked"}),
    "a freeze": (more(DepositChange, state="frozen"), {"account_aside"}),
    "money into custody": (more(CustodyMove, into=True), {"custody_booked"}),
    "money out of custody": (more(CustodyMove, into=False), {"custody_booked"}),
    "a compensation": (more(Compensation, "borne_minor", state="done"), {"compensation_booked"}),
    "a compensation on its way": (more(Compensation, state="asked"), {"account_aside"}),
    "a deposit that was forfeited": (more(PresaleOrder, "deposit_minor", **FORFEITED), {"presale_booked"}),
    "a deposit that went back": (more(PresaleOrder, "deposit_minor", **RETURNED), {"presale_booked"}),
    "a deposit that is held": (more(PresaleOrder, "deposit_minor", ended=""), set()),
    "a payment that goes back": (more(Refund, order=None, done=False), set()),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_says_a_cent_more_is_found(story: str, name: str) -> None:
    plant, kinds = ROWS[name]
    plant()
    told = {kind for kind, _, _ in found()}
    # Most of them change what an account should hold as well.
    assert kinds <= told <= kinds | {"account_total", "paid_amount"}
    assert told


@pytest.mark.parametrize(("then", "told"), [((150, 157), 1), ((150, 158), 0)])
def test_an_account_that_goes_on_moving_differs_by_the_same(
    monkeypatch: pytest.MonkeyPatch, then: tuple[int, int], told: int
) -> None:
    """On a busy site sums of the second look are others than those of the first."""
    looks = [
        [Difference("money", "account_total", "provider:x CNY", None, str(expected), str(found))]
        for expected, found in ((100, 107), then)
    ]
    monkeypatch.setattr(auditing, "_look", lambda count: looks.pop(0))
    assert auditing.audit().difference_count == told
