"""Writes of the ledger: there is one, `post`."""

import hashlib
from collections.abc import Iterable

import orjson
from django.db import connection, transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict
from xingqu.ledger.domain import TransferLine, kind_of, pair_entries
from xingqu.ledger.models import Journal, LedgerAccount, Transfer


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
    table = Journal._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (idempotency_key, reference, currency, fingerprint, posted_at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id",
            [idempotency_key, reference, currency, fingerprint, clock.now()],
        )
        row = cursor.fetchone()
    if row is None:
        if Journal.objects.get(idempotency_key=idempotency_key).fingerprint != fingerprint:
            raise PostedDifferently(data={"idempotency_key": idempotency_key})
        return False
    if lines:
        ids = _account_ids(lines, currency)
        Transfer.objects.bulk_create(
            [
                Transfer(
                    journal_id=row[0],
                    debit_account_id=ids[line.debit_account],
                    credit_account_id=ids[line.credit_account],
                    amount_minor=line.amount_minor,
                )
                for line in lines
            ]
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
    rows = LedgerAccount.objects.filter(code__in=sorted(codes), currency=currency).values_list("code", "id")
    return dict(rows)
