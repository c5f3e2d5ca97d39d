"""Reads of the ledger."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import StrIndex, Substr

from xingqu.kit.sql import fetch, read_time
from xingqu.ledger.contracts import AccountLine, Balance, LedgerCheck
from xingqu.ledger.domain import Phase
from xingqu.ledger.models import Journal, LedgerAccount, Transfer

TRIGGERS = frozenset(
    {"ledger_transfer_closed", "ledger_transfer_balance", "ledger_journal_copies", "ledger_account_kept"}
)
PHASES = ("posted", "post", "reversal")
LINES_AT_ONCE = 2_000
# One side of one account's transfers in the order of their ids: an index gives them so, whatever their number.
_SIDE = (
    "SELECT t.id, t.journal_id, {sign} t.amount_minor, j.idempotency_key, j.reference, j.posted_at"
    " FROM ledger_transfer t JOIN ledger_journal j ON j.id = t.journal_id"
    " WHERE t.{side}_account_id = %s AND t.id > %s AND j.phase IN ('posted', 'post', 'reversal')"
    " AND j.posted_at >= %s AND j.posted_at < %s ORDER BY t.id LIMIT {limit}"
)


def balances(*, accounts: Iterable[str] | None = None) -> list[Balance]:
    """Balances of the accounts named (all of them by default), ordered by code and currency; unknown ones are absent."""
    rows = LedgerAccount.objects.order_by("code", "currency")
    if accounts is not None:
        rows = rows.filter(code__in=list(accounts))
    return [_balance(row) for row in rows]


def balances_of_kind(*, kind: str) -> dict[tuple[str, str], int]:
    """(account, currency) -> balance in minor units of every account of one kind, as ``escrow``."""
    rows = LedgerAccount.objects.filter(code__startswith=f"{kind}:")
    return {(row.code, row.currency): _balance(row).balance_minor for row in rows}


def balance_minor(*, account: str, currency: str = "CNY") -> int:
    """Balance of one account on its own side; 0 when nothing was ever posted to it."""
    row = LedgerAccount.objects.filter(code=account, currency=currency).first()
    return _balance(row).balance_minor if row is not None else 0


def posted_minor(*, account: str, currency: str, idempotency_keys: Collection[str]) -> dict[str, int]:
    """Journal key -> what that journal moved into an account (debits less credits); keys that are not in the books are absent."""
    found: dict[str, int] = {}
    for side, sign in (("debit_account", 1), ("credit_account", -1)):
        rows = Transfer.objects.filter(
            journal__idempotency_key__in=idempotency_keys,
            journal__phase__in=PHASES,
            **{f"{side}__code": account, f"{side}__currency": currency},
        )
        for key, total in rows.values_list("journal__idempotency_key").annotate(total=Sum("amount_minor")):
            found[key] = found.get(key, 0) + sign * total
    return found


def is_posted(*, idempotency_key: str) -> bool:
    """Whether a journal with this key is in the books."""
    return Journal.objects.filter(idempotency_key=idempotency_key).exists()


def booked_amounts(*, keys: Sequence[str], kind: str) -> dict[str, int]:
    """What journals moved on accounts of one kind: key -> debits less credits in minor units. Keys without a journal are absent."""
    found = dict.fromkeys(Journal.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True), 0)
    for side, sign in (("debit_account", 1), ("credit_account", -1)):
        rows = Transfer.objects.filter(
            **{"journal__idempotency_key__in": keys, f"{side}__code__startswith": f"{kind}:"}
        )
        for key, total in rows.values_list("journal__idempotency_key").annotate(total=Sum("amount_minor")):
            found[key] += sign * total
    return found


def moved_minor(*, accounts: Sequence[str], currency: str, before: datetime) -> dict[str, int]:
    """Balance of credit accounts as it was at a moment; accounts without a posting are absent."""
    sums: dict[str, int] = {}
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = Transfer.objects.filter(
            **{f"{side}_account__code__in": list(accounts), f"{side}_account__currency": currency},
            journal__posted_at__lt=before,
            journal__phase__in=PHASES,
        )
        for code, total in rows.values_list(f"{side}_account__code").annotate(total=Sum("amount_minor")):
            sums[code] = sums.get(code, 0) + sign * total
    return sums


def sums_by_kind(
    *, accounts: Sequence[str], currency: str, since: datetime, until: datetime
) -> dict[tuple[str, str], int]:
    """(account, kind of journal) -> what credit accounts gained less lost in [since, until). The kind is the key's first part."""
    sums: dict[tuple[str, str], int] = {}
    kind = Substr("journal__idempotency_key", 1, StrIndex("journal__idempotency_key", Value(":")) - 1)
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = Transfer.objects.filter(
            **{f"{side}_account__code__in": list(accounts), f"{side}_account__currency": currency},
            journal__posted_at__gte=since,
            journal__posted_at__lt=until,
            journal__phase__in=PHASES,
        )
        found = (
            rows.annotate(kind=kind).values_list(f"{side}_account__code", "kind").annotate(total=Sum("amount_minor"))
        )
        for code, name, total in found:
            sums[code, name] = sums.get((code, name), 0) + sign * total
    return sums


def first_line_at(*, accounts: Sequence[str]) -> datetime | None:
    """When the first of these accounts was first posted to."""
    rows = Transfer.objects.filter(
        Q(credit_account__code__in=list(accounts)) | Q(debit_account__code__in=list(accounts))
    )
    return rows.order_by("id").values_list("journal__posted_at", flat=True).first()


def account_lines(
    *,
    accounts: Sequence[str],
    currency: str,
    since: datetime,
    until: datetime,
    after: int = 0,
    chunk: int = LINES_AT_ONCE,
) -> Iterator[AccountLine]:
    """What credit accounts gained and lost in [since, until), oldest first, one line a journal and account.

    Read in pieces by an index, so any number of lines takes the same memory. `after`: the position of a line, to go on from
    (lines of one journal share theirs: end a page between journals).
    """
    rows = LedgerAccount.objects.filter(code__in=list(accounts), currency=currency).values_list("id", "code")
    sides = [(pk, code, side, sign) for pk, code in rows for side, sign in (("credit", ""), ("debit", "-"))]
    last_id = after
    open_lines: dict[tuple[int, str], AccountLine] = {}
    while sides:
        found: list[tuple[Any, ...]] = []
        ends: list[int] = []
        for pk, code, side, sign in sides:
            piece = fetch(_SIDE.format(sign=sign, side=side, limit=chunk), [pk, last_id, since, until], fresh_plan=True)
            found += [(*row, code) for row in piece]
            if len(piece) == chunk:
                ends.append(piece[-1][0])
        # Beyond the end of the shortest full piece, rows of that side have not been read yet.
        horizon = min(ends) if ends else None
        for transfer_id, journal_id, amount, key, reference, posted_at, code in sorted(found):
            if horizon is not None and transfer_id > horizon:
                break
            for known in [known for known in open_lines if known[0] != journal_id]:
                yield open_lines.pop(known)
            before = open_lines.get((journal_id, code))
            total = int(amount) + (before.amount_minor if before else 0)
            open_lines[journal_id, code] = AccountLine(
                journal_id, key, reference, read_time(posted_at), code, total, transfer_id
            )
        if horizon is None:
            break
        last_id = horizon
    yield from open_lines.values()


def check(*, using: str = DEFAULT_DB_ALIAS) -> LedgerCheck:
    """Prove the books: sums are zero per currency, each account equals the sum of its transfers, journals are complete.

    `using`: of a copy.
    """
    problems: list[str] = []
    sums = {
        (side, pending): _sums(f"{side}_account_id", using, pending=pending)
        for side in ("debit", "credit")
        for pending in (False, True)
    }
    by_currency: dict[str, int] = {}
    accounts = list(LedgerAccount.objects.using(using).order_by("id"))
    for account in accounts:
        by_currency[account.currency] = (
            by_currency.get(account.currency, 0) + account.debits_minor - account.credits_minor
        )
        kept = (
            account.debits_minor,
            account.credits_minor,
            account.debits_pending_minor,
            account.credits_pending_minor,
        )
        proven = tuple(
            sums[side, pending].get(account.pk, 0) for pending in (False, True) for side in ("debit", "credit")
        )
        if kept != proven:
            problems.append(f"{account} differs from the sum of its transfers")
        if account.covered and _balance(account).balance_minor < 0:
            problems.append(f"{account} is overdrawn")
    problems += [f"{currency} sums to {total}, not zero" for currency, total in by_currency.items() if total]
    problems += _incomplete(using) + _mixed(using) + _missing_triggers(using)
    return LedgerCheck(
        transfer_count=Transfer.objects.using(using).count(), account_count=len(accounts), problems=tuple(problems)
    )


def _incomplete(using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT j.idempotency_key, j.transfer_count, count(t.id) FROM ledger_journal j"
            " LEFT JOIN ledger_transfer t ON t.journal_id = j.id"
            " GROUP BY j.id, j.idempotency_key, j.transfer_count HAVING count(t.id) <> j.transfer_count"
        )
        return [f"journal {key} has {found} of {count} transfers" for key, count, found in cursor.fetchall()]


def _mixed(using: str) -> list[str]:
    same = Q(debit_account__currency=F("journal__currency"), credit_account__currency=F("journal__currency"))
    rows = Transfer.objects.using(using).exclude(same).values_list("journal__idempotency_key", flat=True)
    return [f"journal {key} mixes currencies" for key in rows.distinct()]


def _missing_triggers(using: str) -> list[str]:
    table = "pg_trigger" if connections[using].vendor == "postgresql" else "sqlite_master"
    name = "tgname" if table == "pg_trigger" else "name"
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} WHERE {name} LIKE 'ledger_%'")
        found = {row[0] for row in cursor.fetchall()}
    return [f"the database lacks its trigger {name}" for name in sorted(TRIGGERS - found)]


def _sums(column: str, using: str, *, pending: bool) -> dict[int, int]:
    rows = Transfer.objects.using(using).values(column).annotate(total=Sum("amount_minor"))
    if not pending:
        return {row[column]: row["total"] for row in rows.filter(journal__phase__in=PHASES)}
    resolved = Journal.objects.using(using).filter(resolves__isnull=False).values("resolves_id")
    waiting = rows.filter(journal__phase=Phase.PENDING).exclude(journal_id__in=resolved)
    return {row[column]: row["total"] for row in waiting}


def _balance(row: LedgerAccount) -> Balance:
    difference = row.debits_minor - row.credits_minor
    pending = row.debits_pending_minor if row.nature == "credit" else row.credits_pending_minor
    balance = difference if row.nature == "debit" else -difference
    return Balance(
        account=row.code,
        currency=row.currency,
        debits_minor=row.debits_minor,
        credits_minor=row.credits_minor,
        balance_minor=balance,
        kept_aside_minor=pending,
    )
