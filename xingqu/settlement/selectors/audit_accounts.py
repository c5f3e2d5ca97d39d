"""Every account of the books against the sums of what orders, payments, withdrawals, deposits and custody say of it.

No account is left out: one that nothing is expected of must be empty, so that a journal nobody's record asks for is seen
wherever it moved money.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Sum

from xingqu.ledger.contracts import (
    PLATFORM_SUBSIDY,
    PROTECTION_FUND,
    TAX_WITHHELD,
    TECH_SERVICE_FEE,
    UNAPPLIED,
    balance_account,
    deposit_account,
    escrow_account,
    payout_account,
    presale_account,
    provider_account,
    receivable_account,
)
from xingqu.ledger.selectors import balances
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Compensation, DepositChange, Withdrawal
from xingqu.settlement.selectors.audit_deposits import add_deposits
from xingqu.trade.contracts import AuditedOrder
from xingqu.trade.selectors import audited_deposits, audited_providers, unapplied_sums

Sums = dict[tuple[str, str], int]


@dataclass
class Totals:
    """What the accounts should hold: (account, currency) -> minor units."""

    expected: Sums = field(default_factory=lambda: defaultdict(int))

    def add(self, order: AuditedOrder) -> None:
        """An order's money is in escrow, in the receivable or in the balance; the fee and the discounts are the platform's."""
        sold, back = order.payable_minor + order.subsidy_minor, order.refunded_minor + order.refunded_subsidy_minor
        self.expected[PLATFORM_SUBSIDY, order.currency] += order.subsidy_minor - order.refunded_subsidy_minor
        if order.done_at is None:
            self.expected[escrow_account(order.shop_id), order.currency] += sold - back
            return
        since_receipt = back - (sold - order.income_minor)
        fee = order.fee_minor - order.fee_returned_minor
        account = receivable_account if order.settled_at is None else balance_account
        self.expected[account(order.shop_id), order.currency] += order.income_minor - since_receipt - fee
        self.expected[TECH_SERVICE_FEE, order.currency] += fee


def look_at_totals(totals: Totals) -> Iterator[Difference]:
    """All accounts against the sums of what the rooms say; with what withdrawals, freezes and compensations keep aside."""
    expected, aside = totals.expected, _kept_aside()
    _add_withdrawals(expected)
    for provider, currency, minor in audited_providers():
        expected[provider_account(provider), currency] += minor
    for currency, minor in unapplied_sums().items():
        expected[UNAPPLIED, currency] += minor
    for shop_id, currency, held, lost in audited_deposits():
        expected[presale_account(shop_id), currency] += held
        expected[balance_account(shop_id), currency] += lost
    add_deposits(expected)
    rows = {(row.account, row.currency): row for row in balances()}
    for key in sorted(expected.keys() | rows.keys() | aside.keys()):
        row = rows.get(key)
        found = (row.balance_minor, row.kept_aside_minor) if row is not None else (0, 0)
        yield from _same("account_total", key, expected.get(key, 0), found[0])
        yield from _same("account_aside", key, aside.get(key, 0), found[1])


def _add_withdrawals(expected: Sums) -> None:
    paid = Withdrawal.objects.filter(state=Withdrawal.State.PAID).values_list("shop_id", "source", "bank", "currency")
    for shop_id, source, bank, currency, net, tax in paid.annotate(net=Sum("amount_minor"), tax=Sum("tax_minor")):
        expected[source or balance_account(shop_id), currency] -= net + tax
        expected[payout_account(bank), currency] += net
        expected[TAX_WITHHELD, currency] += tax


def _kept_aside() -> Sums:
    """What is promised and not decided: (account, currency) -> minor units."""
    aside: Sums = defaultdict(int)
    asked = Withdrawal.objects.filter(state=Withdrawal.State.ASKED).values_list("shop_id", "source", "currency")
    for shop_id, source, currency, net, tax in asked.annotate(net=Sum("amount_minor"), tax=Sum("tax_minor")):
        aside[source or balance_account(shop_id), currency] += net + tax
    frozen = DepositChange.objects.filter(state=DepositChange.State.FROZEN).values_list("shop_id", "currency")
    for shop_id, currency, total in frozen.annotate(total=Sum("amount_minor")):
        aside[deposit_account(shop_id), currency] += total
    under_way = Compensation.objects.filter(state=Compensation.State.ASKED).values_list("currency")
    for currency, total in under_way.annotate(total=Sum("amount_minor")):
        aside[PROTECTION_FUND, currency] += total
    return aside


def _same(kind: str, key: tuple[str, str], expected: int, found: int) -> Iterator[Difference]:
    if expected == found:
        return
    account, currency = key
    owner = account.rpartition(":")[2]
    shop_id = int(owner) if ":shop:" in account and owner.isdigit() else None
    yield Difference("money", kind, f"{account} {currency}", shop_id, str(expected), str(found))
