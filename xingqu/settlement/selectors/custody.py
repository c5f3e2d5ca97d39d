"""What is in custody, what came and went, and whether the books say the same."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q, Sum

from xingqu.kit import clock
from xingqu.ledger.contracts import custody_account
from xingqu.ledger.selectors import balance_minor
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import CustodyMove
from xingqu.trade.selectors import paid_charges

Count = Callable[[str, int], None]
KNOWN_AFTER = timedelta(minutes=10)


def custody_minor(*, reference: str) -> int:
    """What the books have in custody for a matter, in minor units."""
    return balance_minor(account=custody_account(reference))


def custody_moves(*, reference: str) -> list[dict[str, Any]]:
    """Movements of a matter's money, oldest first; payments that never came are left out."""
    rows = CustodyMove.objects.filter(reference=reference).exclude(state=CustodyMove.State.LAPSED).order_by("id")
    names = ("move_no", "key", "into", "account", "state", "amount_minor", "at", "done_at")
    return [{name: getattr(row, name) for name in names} for row in rows]


def given_back_minor(*, account: str) -> int:
    """What came back to an account out of custody that its owner had paid in from elsewhere, in minor units, ever."""
    left: defaultdict[str, int] = defaultdict(int)
    moves = CustodyMove.objects.filter(Q(into=True) | Q(is_own=True), account=account).values_list("reference", "into")
    for reference, into, total in moves.annotate(total=Sum("amount_minor")):
        left[reference] += -total if into else total
    return sum(max(minor, 0) for minor in left.values())


def look_at_custody(count: Count, expected: dict[tuple[str, str], int]) -> Iterator[Difference]:
    """Each payment into custody against what trade was paid for it; adds to `expected` what the accounts should hold."""
    moves = CustodyMove.objects.exclude(account="").values_list("reference", "account", "currency", "into")
    for reference, account, currency, into, total in moves.annotate(total=Sum("amount_minor")):
        change = total if into else -total
        expected[custody_account(reference), currency] += change
        expected[account, currency] -= change
    known = {row.move_no: row for row in CustodyMove.objects.filter(account="")}
    count("custody_payments", len(known))
    for charge in paid_charges(kind="custody"):
        expected[charge.account, charge.currency] += charge.amount_minor
        row = known.pop(charge.reference, None)
        ours = "nothing" if row is None else f"{row.state} {row.amount_minor}"
        late = charge.paid_at + KNOWN_AFTER < clock.now()
        if ours != f"done {charge.amount_minor}" and (row is None or late):
            yield Difference(
                "information", "custody_payment", charge.reference, None, f"done {charge.amount_minor}", ours
            )
    for row in known.values():
        if row.state == CustodyMove.State.DONE:
            yield Difference(
                "information", "custody_payment", row.move_no, None, "not paid", f"done {row.amount_minor}"
            )
