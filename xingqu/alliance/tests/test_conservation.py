"""Money is conserved: merchant + creator + agency + colonel + platform + tax + paid out + given back = paid, in whatever
order refunds, the settlement, payouts and the bank come."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.alliance.tests.house import new_studio, receive
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import ALLIANCE_FEE, TAX_WITHHELD, TECH_SERVICE_FEE, commission_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.models import PayoutAccount, Withdrawal
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.services.rules import add_withholding
from xingqu.settlement.services.settling import settle_due
from xingqu.settlement.services.withdrawals import ask_commission_withdrawal
from xingqu.settlement.tests.house import give_back, money
from xingqu.trade.contracts import LineShareTerms
from xingqu.trade.models import OrderLine
from xingqu.trade.services import share_order
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
PLATFORM = (ALLIANCE_FEE, TECH_SERVICE_FEE, TAX_WITHHELD)
BANK = "payout:sandbox_bank"
_numbers = itertools.count(1)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["refund", "settle", "payout", "bank"]), st.integers(1, 100)), min_size=3, max_size=9
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(500, 50_000),
    commission=st.integers(100, 5_000),
    service=st.integers(0, 2_000),
    mcn_bp=st.integers(0, 10_000),
    bank_refuses=st.booleans(),
    deeds=DEEDS,
)
def test_what_was_paid_is_somebody_s(
    db: None,
    price: int,
    commission: int,
    service: int,
    mcn_bp: int,
    bank_refuses: bool,
    deeds: list[tuple[str, int]],
) -> None:
    number, shop = next(_numbers), make_shop()
    start = clock.now() + timedelta(hours=number)
    with clock.frozen(start):
        buyer, sku, studio = Caller.new_person(), make_sku(shop, price_minor=price), new_studio()
        rule = Withholding(10, 2_000, (Bracket(1_000, 2_000), Bracket(None, 3_000)))
        add_withholding(kind=TaxKind.INDIVIDUAL, effective_from=start, rule=rule, note="", person_id=1)
        PayoutAccount.objects.create(
            shop_id=studio.id,
            holder="x",
            bank_name="x",
            number="622202020011" + ("0000" if bank_refuses else "2233"),
            changed_by_id=1,
            changed_at=start,
        )
        accounts = {who: commission_account(who, studio.creator_id) for who in ("creator", "mcn", "colonel")}
        had = {code: balance_minor(account=code) for code in (*PLATFORM, BANK)}
        order_no = _order(buyer, shop, sku, studio.creator_id, (commission, service, mcn_bp))
    given_back = 0
    for place, (deed, size) in enumerate(deeds, start=1):
        at = start + timedelta(days=3 * place, hours=1)
        given_back += _do(deed, size, at, order_no, price - given_back, studio.id, accounts)
        _check(shop, had, accounts, given_back, price)
    with clock.frozen(start + timedelta(days=39)):
        settle_due()  # also so that nothing of this order moves while the next one is looked at
        deliver_due()
        carry_out_withdrawals()
        _check(shop, had, accounts, given_back, price)
        assert [(row.kind, row.reference, row.expected, row.found) for row in audit().differences.all()] == _NOTHING


_NOTHING: list[tuple[str, str, str, str]] = []


def _order(buyer: Caller, shop: Shop, sku: int, payee_id: int, rates: tuple[int, int, int]) -> str:
    parent = buyer.order((sku, 1))
    order_no = str(parent["shop_orders"][0]["order_no"])
    buyer.pay(parent["order_no"])
    terms = LineShareTerms(
        creator_id=payee_id,
        reference="x",
        commission_bp=rates[0],
        service_bp=rates[1],
        mcn_bp=rates[2],
        platform_bp=1_000,
        mcn_id=payee_id,
        colonel_id=payee_id,
    )
    share_order(order_no=order_no, terms={OrderLine.objects.get(order__order_no=order_no).pk: terms})
    deliver_due()
    receive(buyer, shop, order_no)
    return order_no


def _do(deed: str, size: int, at: datetime, order_no: str, left: int, studio_id: int, accounts: dict[str, str]) -> int:
    """One deed, `size` per cent of what there is. Returns what the buyer got back by it."""
    with clock.frozen(at):
        if deed == "refund" and (back := left * size // 100):
            give_back(order_no, back, f"{order_no}-{at:%d%H}")
            return back
        if deed == "settle":
            settle_due()
            deliver_due()
        if deed == "bank":
            carry_out_withdrawals()
        if deed == "payout":
            for who, account in accounts.items():
                amount = max(balance_minor(account=account) * size // 100, 1)
                try:
                    ask_commission_withdrawal(
                        organisation_id=studio_id,
                        account=account,
                        amount_minor=amount,
                        person_id=1,
                        key=f"{who}-{order_no}-{at:%d%H}",
                    )
                except BusinessError:
                    continue  # too little, or kept aside already: nothing has changed
    return 0


def _check(shop: Shop, had: dict[str, int], accounts: dict[str, str], given_back: int, price: int) -> None:
    funds = money(shop)
    merchant = sum(funds.get(kind, 0) for kind in ("escrow", "receivable", "balance"))
    platform = sum(balance_minor(account=code) - had[code] for code in (*PLATFORM, BANK))
    shares = sum(balance_minor(account=account) for account in accounts.values())
    assert merchant + platform + shares + given_back == price
    paid = Withdrawal.objects.filter(source__in=accounts.values(), state="paid")
    assert sum(row.amount_minor for row in paid) == balance_minor(account=BANK) - had[BANK]
    assert check().problems == ()
