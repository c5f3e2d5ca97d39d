"""Reads of the ledger."""

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Sum

from xingqu.ledger.contracts import Balance, LedgerCheck
from xingqu.ledger.models import Journal, LedgerAccount, Transfer


def balances(*, accounts: Iterable[str] | None = None) -> list[Balance]:
    """Balances of the accounts named (all of them by default), ordered by code and currency; unknown ones are absent."""
    rows = LedgerAccount.objects.order_by("code", "currency")
    if accounts is not None:
        rows = rows.filter(code__in=list(accounts))
    return [_balance(row) for row in rows]


def balance_minor(*, account: str, currency: str = "CNY") -> int:
    """Balance of one account on its own side; 0 when nothing was ever posted to it."""
    row = LedgerAccount.objects.filter(code=account, currency=currency).first()
    return _balance(row).balance_minor if row is not None else 0


def is_posted(*, idempotency_key: str) -> bool:
    """Whether a journal with this key is in the books."""
    return Journal.objects.filter(idempotency_key=idempotency_key).exists()


def check(*, using: str = DEFAULT_DB_ALIAS) -> LedgerCheck:
    """Prove the books: sums are zero per currency, and each account equals the sum of its transfers. `using`: of a copy."""
    problems: list[str] = []
    debits = _sums("debit_account_id", using)
    credits = _sums("credit_account_id", using)
    by_currency: dict[str, int] = {}
    accounts = list(LedgerAccount.objects.using(using).order_by("id"))
    for account in accounts:
        by_currency[account.currency] = (
            by_currency.get(account.currency, 0) + account.debits_minor - account.credits_minor
        )
        if account.debits_minor != debits.get(account.pk, 0) or account.credits_minor != credits.get(account.pk, 0):
            problems.append(f"{account} differs from the sum of its transfers")
        if account.covered and _balance(account).balance_minor < 0:
            problems.append(f"{account} is overdrawn")
    problems += [f"{currency} sums to {total}, not zero" for currency, total in by_currency.items() if total]
    return LedgerCheck(
        transfer_count=Transfer.objects.using(using).count(), account_count=len(accounts), problems=tuple(problems)
    )


def _sums(column: str, using: str) -> dict[int, int]:
    rows = Transfer.objects.using(using).values(column).annotate(total=Sum("amount_minor"))
    return {row[column]: row["total"] for row in rows}


def _balance(row: LedgerAccount) -> Balance:
    difference = row.debits_minor - row.credits_minor
    return Balance(
        account=row.code,
        currency=row.currency,
        debits_minor=row.debits_minor,
        credits_minor=row.credits_minor,
        balance_minor=difference if row.nature == "debit" else -difference,
    )
