"""Carries out withdrawals with the bank: paid exactly once whatever gets lost, and back in the balance when refused."""

import logging
from datetime import timedelta

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.transactions import retried
from xingqu.ledger.services import resolve
from xingqu.settlement.models import Withdrawal
from xingqu.settlement.providers import get_bank
from xingqu.settlement.providers.protocol import BankUnsure, PayoutReport, PayoutRequest

log = logging.getLogger(__name__)
FIRST_RETRY_S = 5
LAST_RETRY_S = 600


def carry_out_withdrawals(*, limit: int = 50) -> int:
    """Ask the bank to pay what is due. Returns how many were decided. For the worker.

    The bank knows a withdrawal by its number, so asking again after a time-out never pays twice.
    """
    now = clock.now()
    due = Withdrawal.objects.filter(state=Withdrawal.State.ASKED, due_at__lte=now).order_by("due_at")
    decided = 0
    for row in list(due[:limit]):
        wait_s = min(FIRST_RETRY_S * 2 ** min(row.tries, 10), LAST_RETRY_S)
        mine = Withdrawal.objects.filter(pk=row.pk, state=Withdrawal.State.ASKED, tries=row.tries)
        if not mine.update(tries=row.tries + 1, due_at=now + timedelta(seconds=wait_s)):
            continue
        report = _ask(row)
        if report is not None and report.state != "pending":
            decided += decide(withdrawal_no=row.withdrawal_no, report=report)
    return decided


def _ask(row: Withdrawal) -> PayoutReport | None:
    try:
        report = get_bank(row.bank).pay(
            PayoutRequest(
                payout_no=row.withdrawal_no,
                amount_minor=row.amount_minor,
                currency=row.currency,
                holder=row.holder,
                number=row.number,
            )
        )
    except BankUnsure as error:
        log.warning("withdrawal %s is unknown: %s", row.withdrawal_no, error)
        Withdrawal.objects.filter(pk=row.pk, state=Withdrawal.State.ASKED).update(unsure=True)
        return None
    if (report.payout_no, report.amount_minor, report.currency) != (row.withdrawal_no, row.amount_minor, row.currency):
        log.error("withdrawal %s: the bank speaks of %s", row.withdrawal_no, report)
        return None
    return report


@retried
@transaction.atomic
def decide(*, withdrawal_no: str, report: PayoutReport) -> bool:
    """What the bank has decided, once: the money has left, or is in the balance again. False when it was decided before."""
    state = Withdrawal.State.PAID if report.state == "paid" else Withdrawal.State.FAILED
    asked = Withdrawal.objects.filter(withdrawal_no=withdrawal_no, state=Withdrawal.State.ASKED)
    if not asked.update(
        state=state,
        unsure=False,
        done_at=clock.now(),
        bank_reference=report.reference,
        failure=report.failure,
    ):
        return False
    outcome = "post" if state == Withdrawal.State.PAID else "void"
    resolve(
        pending_key=f"withdrawal:{withdrawal_no}",
        outcome=outcome,
        idempotency_key=f"withdrawn:{withdrawal_no}" if outcome == "post" else f"withdrawal_void:{withdrawal_no}",
    )
    row = Withdrawal.objects.get(withdrawal_no=withdrawal_no)
    data = {"withdrawal_no": withdrawal_no, "amount_minor": row.amount_minor, "currency": row.currency}
    if row.source:
        data["source"] = row.source  # which page tells of it
    kind = "withdrawal_paid" if state == Withdrawal.State.PAID else "withdrawal_failed"
    notify(organisation_id=row.shop_id, kind=kind, data=data)
    return True
