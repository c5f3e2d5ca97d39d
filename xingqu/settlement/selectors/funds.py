"""A shop's money: what is whose, what waits for what, and until when."""

from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from xingqu.kit import clock
from xingqu.ledger.contracts import balance_account, deposit_account, receivable_account
from xingqu.ledger.selectors import balances
from xingqu.settlement.models import PayoutAccount, RiskHold, Settlement, Withdrawal
from xingqu.settlement.selectors.terms import active_hold, score_at, terms_at
from xingqu.trade.selectors import unearned_of

UPCOMING_DAYS = 31


def available_minor(*, shop_id: int, currency: str) -> int:
    """What a shop can withdraw: its balance less what withdrawals keep aside. Below zero when it owes."""
    row = _accounts(shop_id, currency).get(balance_account(shop_id))
    return row.balance_minor - row.kept_aside_minor if row is not None else 0


def left_minor(*, account: str, currency: str) -> int:
    """What can be withdrawn of any account: its balance less what is kept aside. Below zero when it owes."""
    for row in balances(accounts=[account]):
        if row.currency == currency:
            return row.balance_minor - row.kept_aside_minor
    return 0


def funds_of(*, shop_id: int, currency: str = "CNY") -> dict[str, Any]:
    """Everything a merchant wants to know of their money on one page."""
    now = clock.now()
    accounts = _accounts(shop_id, currency)
    balance = accounts.get(balance_account(shop_id))
    receivable = accounts.get(receivable_account(shop_id))
    deposit = accounts.get(deposit_account(shop_id))
    unearned, unearned_orders = unearned_of(shop_id=shop_id)
    pending = Settlement.objects.filter(shop_id=shop_id, state=Settlement.State.PENDING, currency=currency)
    held = pending.exclude(waits_for="").aggregate(total=Sum("net_minor"), orders=Count("id"))
    hold = active_hold(shop_id=shop_id)
    terms, score = terms_at(at=now), score_at(shop_id=shop_id, at=now)
    return {
        "currency": currency,
        "balance_minor": balance.balance_minor if balance else 0,
        "available_minor": available_minor(shop_id=shop_id, currency=currency),
        "withdrawing_minor": balance.kept_aside_minor if balance else 0,
        "pending_minor": receivable.balance_minor if receivable else 0,
        "pending_orders": pending.count(),
        "on_hold_minor": held["total"] or 0,
        "on_hold_orders": held["orders"],
        "unearned_minor": unearned,
        "unearned_orders": unearned_orders,
        "deposit_minor": deposit.balance_minor if deposit else 0,
        "deposit_frozen_minor": deposit.kept_aside_minor if deposit else 0,
        "upcoming": _upcoming(pending.filter(waits_for="")),
        "hold": None if hold is None else {"reason": hold.reason, "placed_at": hold.placed_at},
        "score": score,
        "settlement_days": terms.days_for(score),
        "min_withdrawal_minor": terms.min_withdrawal_minor,
        "payout_account": payout_account_of(shop_id=shop_id),
    }


def _accounts(shop_id: int, currency: str) -> dict[str, Any]:
    codes = [balance_account(shop_id), receivable_account(shop_id), deposit_account(shop_id)]
    return {row.account: row for row in balances(accounts=codes) if row.currency == currency}


def _upcoming(pending: Any) -> list[dict[str, Any]]:
    """What will be settled on which day (of the site's time zone), the next days first."""
    rows = pending.annotate(day=TruncDate("due_at")).values("day").annotate(total=Sum("net_minor"), orders=Count("id"))
    return [
        {"day": row["day"], "amount_minor": row["total"], "orders": row["orders"]}
        for row in rows.order_by("day")[:UPCOMING_DAYS]
    ]


def payout_account_of(*, shop_id: int) -> dict[str, Any] | None:
    """Where withdrawals go; of the number the last four places."""
    row = PayoutAccount.objects.filter(shop_id=shop_id).first()
    if row is None:
        return None
    return {
        "holder": row.holder,
        "bank_name": row.bank_name,
        "number_end": row.number[-4:],
        "changed_at": row.changed_at,
    }


def settlements_page(
    *, shop_id: int | None, state: str | None, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Orders on their way to the balance, newest first. `state` is pending, settled, void or on_hold; no shop is all shops."""
    rows = Settlement.objects.order_by("-id")
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if state == "on_hold":
        rows = rows.filter(state=Settlement.State.PENDING).exclude(waits_for="")
    elif state is not None:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: limit + 1])
    page = found[:limit]
    items = [
        {
            "order_no": row.order_no,
            "shop_id": row.shop_id,
            "state": row.state,
            "waits_for": row.waits_for,
            "received_at": row.received_at,
            "due_at": row.due_at,
            "days": row.days,
            "net": {"amount_minor": row.net_minor, "currency": row.currency},
            "settled_at": row.settled_at,
        }
        for row in page
    ]
    return items, page[-1].pk if len(found) > limit else None


def withdrawals_page(
    *, shop_id: int | None, state: str | None, before_id: int | None, limit: int, source: str | None = None
) -> tuple[list[dict[str, Any]], int | None]:
    """Withdrawals, newest first; no shop is all of them (for operators). `source`: of a commission's account, empty of the
    balance alone."""
    rows = Withdrawal.objects.order_by("-id")
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if source is not None:
        rows = rows.filter(source=source)
    if state is not None:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: limit + 1])
    page = found[:limit]
    return [_withdrawal(row) for row in page], page[-1].pk if len(found) > limit else None


def withdrawal_of(*, shop_id: int, withdrawal_no: str) -> dict[str, Any]:
    """One withdrawal of a shop."""
    return _withdrawal(Withdrawal.objects.get(shop_id=shop_id, withdrawal_no=withdrawal_no))


def _withdrawal(row: Withdrawal) -> dict[str, Any]:
    return {
        "withdrawal_no": row.withdrawal_no,
        "shop_id": row.shop_id,
        "state": "unknown" if row.unsure and row.state == Withdrawal.State.ASKED else row.state,
        "source": row.source,
        "amount": {"amount_minor": row.amount_minor, "currency": row.currency},
        "tax": {"amount_minor": row.tax_minor, "currency": row.currency},
        "holder": row.holder,
        "bank_name": row.bank_name,
        "number_end": row.number[-4:],
        "asked_at": row.asked_at,
        "done_at": row.done_at,
        "tries": row.tries,
        "bank_reference": row.bank_reference,
        "failure": row.failure,
    }


def holds() -> list[dict[str, Any]]:
    """Risk holds, those in effect first, at most 200."""
    rows = sorted(RiskHold.objects.order_by("-id")[:200], key=lambda row: row.lifted_at is not None)
    return [
        {
            "id": row.pk,
            "shop_id": row.shop_id,
            "order_no": row.order_no,
            "reason": row.reason,
            "placed_at": row.placed_at,
            "lifted_at": row.lifted_at,
            "lift_reason": row.lift_reason,
        }
        for row in rows
    ]
