"""The money flow: what providers and the bank say, against the books."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from xingqu.kit import clock
from xingqu.ledger.selectors import booked_amounts, check
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Withdrawal
from xingqu.settlement.providers import get_bank
from xingqu.settlement.providers.protocol import BankUnsure, PayoutReport
from xingqu.trade.selectors import audited_payments, audited_refunds, captured_twice, reconciliation_differences

BANK_LIST_AT_ONCE = 500
# A withdrawal that the bank has carried out and we have not heard of is normal for a while.
HEARD_AFTER = timedelta(hours=6)
BILL_ZONE, BILL_DAYS = ZoneInfo("Asia/Shanghai"), 7
Count = Callable[[str, int], None]
PAID = ("applied", "shared")


def look_at_books() -> Iterator[Difference]:
    """Whether the ledger proves itself."""
    for problem in check().problems:
        yield Difference("money", "ledger", problem[:80], None, "balanced books", problem)


def look_at_payments(count: Count) -> Iterator[Difference]:
    """Every payment and refund that a provider carried out stands in the books with its amount."""
    for payments in audited_payments():
        count("payments", len(payments))
        keys = {f"{'paid' if row.outcome in PAID else 'unapplied'}:{row.payment_no}": row for row in payments}
        booked = booked_amounts(keys=list(keys), kind="provider")
        for key, row in keys.items():
            yield from _compare("payment_booked", row.payment_no, row.amount_minor, booked.get(key))
            if row.outcome in PAID and row.amount_minor != row.payable_minor:
                yield Difference(
                    "money", "paid_amount", row.order_no, None, str(row.payable_minor), str(row.amount_minor)
                )
    for order_no in captured_twice():
        yield Difference("money", "captured_twice", order_no, None, "one payment", "two")
    for refunds in audited_refunds():
        count("refunds", len(refunds))
        by_key = {f"refunded:{row.refund_no}": row for row in refunds}
        booked = booked_amounts(keys=list(by_key), kind="provider")
        for key, refund in by_key.items():
            yield from _compare("refund_booked", refund.refund_no, -refund.amount_minor, booked.get(key))


def look_at_bills() -> Iterator[Difference]:
    """What the providers' own lists of the last days said otherwise, as far as nobody has cleared it up."""
    today = clock.now().astimezone(BILL_ZONE).date()
    for back in range(BILL_DAYS, -1, -1):
        for row in reconciliation_differences(day=today - timedelta(days=back), unresolved_only=True):
            ours = f"{row.ours_state or 'nothing'} {row.ours_minor if row.ours_minor is not None else ''}".strip()
            theirs = (
                f"{row.theirs_state or 'nothing'} {row.theirs_minor if row.theirs_minor is not None else ''}".strip()
            )
            yield Difference("money", f"bill_{row.kind}", row.key, None, theirs, ours)


def _compare(kind: str, reference: str, expected: int, found: int | None) -> Iterator[Difference]:
    if found != expected:
        yield Difference("money", kind, reference, None, str(expected), "nothing" if found is None else str(found))


def look_at_bank(count: Count) -> Iterator[Difference]:
    """The bank's own list against our withdrawals, both ways."""
    name = settings.ENVIRONMENT.payout_bank
    try:
        told = {row.payout_no: row for row in _bank_list(name)}
    except BankUnsure as error:
        yield Difference("money", "bank_list", name, None, "a list", str(error))
        return
    count("payouts", len(told))
    for row in Withdrawal.objects.filter(bank=name).order_by("id").iterator():
        yield from _withdrawal(row, told.pop(row.withdrawal_no, None))
    for unknown in told.values():
        yield Difference("money", "payout_unknown", unknown.payout_no, None, "nothing", _words(unknown))


def _withdrawal(row: Withdrawal, told: PayoutReport | None) -> Iterator[Difference]:
    expected = {Withdrawal.State.PAID: "paid", Withdrawal.State.FAILED: "failed"}.get(Withdrawal.State(row.state))
    if expected is None:
        late = row.asked_at + HEARD_AFTER < clock.now()
        if told is not None and told.state != "pending" and late:
            yield Difference("money", "payout_unheard", row.withdrawal_no, row.shop_id, _words(told), "asked")
        return
    ours = f"{expected} {row.amount_minor} {row.currency}"
    theirs = "nothing" if told is None else _words(told)
    if theirs != ours:
        yield Difference("money", "payout_differs", row.withdrawal_no, row.shop_id, ours, theirs)


def _words(row: PayoutReport) -> str:
    return f"{row.state} {row.amount_minor} {row.currency}"


def _bank_list(name: str) -> Iterator[PayoutReport]:
    after = ""
    while rows := get_bank(name).payouts(after=after, limit=BANK_LIST_AT_ONCE):
        yield from rows
        after = rows[-1].payout_no
