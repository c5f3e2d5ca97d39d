"""Writes of the ledger: post at once, or keep aside and then post or void; what is wrong is reversed, never changed."""

import hashlib
from collections.abc import Iterable
from contextlib import nullcontext

import orjson
from django.db import connection, transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, NotFound
from xingqu.kit.sql import fetch, fetch_one, insert
from xingqu.ledger.domain import Phase, TransferLine, kind_of, pair_entries
from xingqu.ledger.models import Journal, LedgerAccount, Transfer

_JOURNAL = (
    "INSERT INTO ledger_journal"
    " (idempotency_key, reference, currency, fingerprint, posted_at, phase, resolves_id, transfer_count)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id"
)
# What a credit account could still give away, with all that is kept aside.
_AVAILABLE = (
    "SELECT code, credits_minor - debits_minor - debits_pending_minor FROM ledger_ledgeraccount"
    " WHERE currency = %s AND code IN ({marks})"
)


class PostedDifferently(Conflict):
    """The idempotency key is in the books already, with other entries."""

    code = "ledger_posted_differently"
    message = "This was posted before with other amounts."


class Overdrawn(Conflict):
    """An account that had to bear the journal can't. `data` is {account}."""

    code = "ledger_overdrawn"
    message = "There is not enough money in the account."


class AlreadyResolved(Conflict):
    """The journal was posted, voided or reversed before, in another way or under another key."""

    code = "ledger_already_resolved"
    message = "This has been decided before."


def post(
    *,
    entries: Iterable[tuple[str, int]],
    currency: str,
    reference: str,
    idempotency_key: str,
    pending: bool = False,
    must_bear: Iterable[str] = (),
) -> bool:
    """Post one business event in the caller's transaction. Returns False when it had been posted already.

    `entries` are (account code, amount in minor units), positive = debit, negative = credit; they sum to zero. A `pending`
    journal only keeps the amounts aside, until `resolve` posts or voids it. `must_bear` names credit accounts that must not
    be below zero afterwards though they may be in general. Source of the method: TigerBeetle, docs/coding/data-modeling.md
    and two-phase-transfers.md.
    Raises Unbalanced, UnknownAccountKind and ValueError for bad entries, PostedDifferently for a key used for something else,
    Overdrawn (nothing is kept of the journal), django.db.IntegrityError when a covered account would be overdrawn,
    RuntimeError outside a transaction.
    """
    _need_transaction()
    lines = pair_entries(entries, currency)
    phase = Phase.PENDING if pending else Phase.POSTED
    fingerprint = _fingerprint(lines, currency, reference, phase)
    with transaction.atomic() if must_bear else nullcontext():  # a savepoint costs
        row = fetch_one(
            _JOURNAL,
            [idempotency_key, reference, currency, fingerprint, clock.now(), phase.value, None, len(lines)],
        )
        if row is None:
            return _posted_before(idempotency_key, fingerprint)
        if lines:
            ids = _account_ids(lines, currency)
            insert(
                "ledger_transfer",
                ("journal_id", "debit_account_id", "credit_account_id", "amount_minor"),
                [(row[0], ids[line.debit_account], ids[line.credit_account], line.amount_minor) for line in lines],
            )
        if must_bear:
            _refuse_overdrawn(list(must_bear), currency)
    return True


def resolve(*, pending_key: str, outcome: str, idempotency_key: str) -> bool:
    """Post (`outcome` "post") or void ("void") what a pending journal keeps aside, in the caller's transaction, exactly once.

    Returns False when this very resolution was written before. Raises NotFound, AlreadyResolved, ValueError.
    """
    return _resolve(of_key=pending_key, phase=Phase(outcome), idempotency_key=idempotency_key, reference=None)


def reverse(*, posted_key: str, idempotency_key: str, reference: str | None = None) -> bool:
    """Write the opposite of a posted journal, in the caller's transaction, at most once. Nothing is ever changed.

    Returns False when it was reversed under this key before. Raises NotFound, AlreadyResolved, django.db.IntegrityError when a
    covered account can't give back what it has not any more, or for a journal that only keeps aside.
    """
    return _resolve(of_key=posted_key, phase=Phase.REVERSAL, idempotency_key=idempotency_key, reference=reference)


def _resolve(*, of_key: str, phase: Phase, idempotency_key: str, reference: str | None) -> bool:
    _need_transaction()
    if phase not in (Phase.POST, Phase.VOID, Phase.REVERSAL):
        raise ValueError(f"{phase} resolves nothing")
    target = Journal.objects.select_for_update(no_key=True).filter(idempotency_key=of_key).first()
    if target is None:
        raise NotFound(field="idempotency_key", expected="the key of a journal")
    fingerprint = hashlib.sha256(orjson.dumps([of_key, phase.value])).hexdigest()
    earlier = Journal.objects.filter(resolves=target).first()
    if earlier is not None:
        if (earlier.idempotency_key, earlier.fingerprint) != (idempotency_key, fingerprint):
            raise AlreadyResolved(data={"phase": earlier.phase})
        return False
    accounts = Transfer.objects.filter(journal=target).values_list("debit_account_id", "credit_account_id")
    _lock_accounts(sorted({pk for pair in accounts for pk in pair}))
    row = fetch_one(
        _JOURNAL,
        [
            idempotency_key,
            reference or target.reference,
            target.currency,
            fingerprint,
            clock.now(),
            phase.value,
            target.pk,
            target.transfer_count,
        ],
    )
    return row is not None or _posted_before(idempotency_key, fingerprint)


def _need_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the books are written in the transaction of the event that they tell of")


def _posted_before(idempotency_key: str, fingerprint: str) -> bool:
    if Journal.objects.get(idempotency_key=idempotency_key).fingerprint != fingerprint:
        raise PostedDifferently(data={"idempotency_key": idempotency_key})
    return False


def _refuse_overdrawn(codes: list[str], currency: str) -> None:
    marks = ", ".join(["%s"] * len(codes))
    for code, available in fetch(_AVAILABLE.format(marks=marks), [currency, *codes]):
        if available < 0:
            raise Overdrawn(data={"account": code})


def _fingerprint(lines: tuple[TransferLine, ...], currency: str, reference: str, phase: Phase) -> str:
    content = [
        sorted((line.debit_account, line.credit_account, line.amount_minor) for line in lines),
        currency,
        reference,
    ]
    if phase is not Phase.POSTED:  # which has the fingerprint it had before there were phases
        content.append(phase.value)
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


def _lock_accounts(ids: list[int]) -> None:
    if connection.vendor == "postgresql":
        list(LedgerAccount.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id"))
