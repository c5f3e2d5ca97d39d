"""Deposits against the books and against what was paid through the providers."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Sum

from xingqu.kit import clock
from xingqu.ledger.contracts import PROTECTION_FUND, balance_account, deposit_account
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Compensation, DepositChange
from xingqu.trade.selectors import paid_charges

Count = Callable[[str, int], None]
KNOWN_AFTER = timedelta(minutes=10)


def look_at_deposit_payments(count: Count) -> Iterator[Difference]:
    """Each payment into a deposit against what trade was paid for it, both ways."""
    known = {row.change_no: row for row in DepositChange.objects.filter(kind=DepositChange.Kind.PAYMENT)}
    count("deposit_payments", len(known))
    for charge in paid_charges(kind="deposit"):
        row = known.pop(charge.reference, None)
        ours = "nothing" if row is None else f"{row.state} {row.amount_minor}"
        late = charge.paid_at + KNOWN_AFTER < clock.now()
        if ours != f"done {charge.amount_minor}" and (row is None or late):
            shop_id = row.shop_id if row is not None else None
            expected = f"done {charge.amount_minor}"
            yield Difference("information", "deposit_payment", charge.reference, shop_id, expected, ours)
    for row in known.values():
        if row.state == DepositChange.State.DONE:
            found = f"done {row.amount_minor}"
            yield Difference("information", "deposit_payment", row.change_no, row.shop_id, "not paid", found)


def add_deposits(expected: dict[tuple[str, str], int]) -> None:
    """Add what deposits, their payments and compensations say that the accounts should hold."""
    kinds, states = DepositChange.Kind, DepositChange.State
    changes = DepositChange.objects.exclude(kind=kinds.PAYMENT).values_list("shop_id", "currency", "kind", "state")
    for shop_id, currency, kind, state, total in changes.annotate(total=Sum("amount_minor")):
        if state == states.DEDUCTED:
            expected[deposit_account(shop_id), currency] -= total
            expected[PROTECTION_FUND, currency] += total
        elif state == states.DONE:
            into = -total if kind == kinds.RETURN else total
            expected[balance_account(shop_id), currency] -= into
            expected[deposit_account(shop_id), currency] += into
    for charge in paid_charges(kind="deposit"):
        expected[charge.account, charge.currency] += charge.amount_minor
    borne = Compensation.objects.filter(state=Compensation.State.DONE).values_list("shop_id", "currency")
    for shop_id, currency, total in borne.annotate(total=Sum("borne_minor")):
        expected[balance_account(shop_id), currency] += total
        expected[PROTECTION_FUND, currency] -= total
