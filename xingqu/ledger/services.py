"""Writes of the ledger: there is one, `post`."""

import hashlib
from collections.abc import Iterable

import orjson
from django.db import connection, transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict
from xingqu.kit.sql import fetch, fetch_one, insert
from xingqu.ledger.domain import TransferLine, kind_of, pair_entries
from xingqu.ledger.models import Journal, LedgerAccount

_JOURNAL = (
    "INSERT INTO ledger_journal (idempotency_key, reference, currency, fingerprint, posted_at)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id"
)


class PostedDifferently(Conflict):
    """The idempotency key is in the books already, with other entries."""

    code = "ledger_posted_differently"
    message = "This was posted before with other amounts."


def post(*, entries: Iterable[tuple[str, int]], currency: str, reference: str, idempotency_key: str) -> bool:
    """Post one business event in the caller's transaction. Returns False when it had been posted already.

    `entries` are (account code, amount in minor units), positive = debit, negative = credit; they sum to zero.
    Source of the method: TigerBeetle, docs/coding/data-modeling.md (two-account transfers).
    Raises Unbalanced, UnknownAccountKind and ValueError for bad entries, PostedDifferently for a key used for something else,
    django.db.IntegrityError when a covered account would be overdrawn, RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("post() must be called in the transaction of the event that it books")
    lines = pair_entries(entries, currency)
    fingerprint = _fingerprint(lines, currency, reference)
    row = fetch_one(_JOURNAL, [idempotency_key, reference, currency, fingerprint, clock.now()])
    if row is None:
        if Journal.objects.get(idempotency_key=idempotency_key).fingerprint != fingerprint:
            raise PostedDifferently(data={"idempotency_key": idempotency_key})
        return False
    if lines:
        ids = _account_ids(lines, currency)
        insert(
            "ledger_transfer",
            ("journal_id", "debit_account_id", "credit_account_id", "amount_minor"),
            [(row[0], ids[line.debit_account], ids[line.credit_account], line.amount_minor) for line in lines],
        )
    return True


def _fingerprint(lines: tuple[TransferLine, ...], currency: str, reference: str) -> str:
    content = [
        sorted((line.debit_account, line.credit_account, line.amount_minor) for line in lines),
        currency,
        reference,
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def _account_ids(lines: tuple[TransferLine, ...], currency: str) -> dict[str, int]:
    codes = {code for line in lines for code in (line.debit_account, line.credit_account)}
    ids = _read_ids(codes, currency)
    missing = sorted(codes - ids.keys())
    if missing:
        with transaction.atomic():
            LedgerAccount.objects.bulk_create(
                [
                    LedgerAccount(
                        code=code, currency=currency, nature=kind_of(code).nature, covered=kind_of(code).covered
                    )
                    for code in missing
                ],
                ignore_conflicts=True,
            )
        ids = _read_ids(codes, currency)
    return ids


def _read_ids(codes: set[str], currency: str) -> dict[str, int]:
    marks = ", ".join(["%s"] * len(codes))
    # Locked in one order for all, or the trigger's updates of two postings could wait for each other.
    lock = "ORDER BY id FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    sql = f"SELECT code, id FROM ledger_ledgeraccount WHERE currency = %s AND code IN ({marks}) {lock}"
    return {code: int(pk) for code, pk in fetch(sql, [currency, *sorted(codes)])}
