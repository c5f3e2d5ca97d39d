"""Pending, post, void and reversal: each resolved once, by the database's own hand; and the ways to cheat it that it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.ledger.models import Journal, LedgerAccount, Transfer
from xingqu.ledger.selectors import account_lines, balance_minor, balances, booked_amounts, check, moved_minor
from xingqu.ledger.services import AlreadyResolved, Overdrawn, post, resolve, reverse
from xingqu.ledger.tests.test_ledger import pay, state

EVER = {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2100, 1, 1, tzinfo=UTC)}


def keep(amount_minor: int, key: str = "w1", **options: object) -> bool:
    """Keep aside what shop 1 has in escrow."""
    return post(
        entries=[("escrow:shop:1", amount_minor), ("payout:bank", -amount_minor)],
        currency="CNY",
        reference="W1",
        idempotency_key=key,
        pending=True,
        **options,  # type: ignore[arg-type]
    )


def sums(code: str) -> tuple[int, int]:
    """(balance, kept aside)"""
    row = next(row for row in balances(accounts=[code]))
    return row.balance_minor, row.kept_aside_minor


@pytest.mark.django_db
def test_what_is_kept_aside_is_posted_once() -> None:
    pay(1000)
    assert keep(600) is True
    assert keep(600) is False
    assert sums("escrow:shop:1") == (1000, 600)
    assert resolve(pending_key="w1", outcome="post", idempotency_key="w1:paid") is True
    before = state()
    assert resolve(pending_key="w1", outcome="post", idempotency_key="w1:paid") is False
    for outcome, key in (("void", "w1:void"), ("post", "w1:again"), ("void", "w1:paid")):
        with pytest.raises(AlreadyResolved):
            resolve(pending_key="w1", outcome=outcome, idempotency_key=key)
    assert state() == before
    assert (sums("escrow:shop:1"), balance_minor(account="payout:bank")) == ((400, 0), 600)
    assert check().problems == ()


@pytest.mark.django_db
def test_what_is_voided_was_never_there() -> None:
    pay(1000)
    keep(600)
    assert resolve(pending_key="w1", outcome="void", idempotency_key="w1:void") is True
    assert sums("escrow:shop:1") == (1000, 0)
    assert [line.amount_minor for line in account_lines(accounts=["escrow:shop:1"], currency="CNY", **EVER)] == [1000]
    assert check().problems == ()


@pytest.mark.django_db
def test_what_is_kept_aside_is_not_spent_twice() -> None:
    pay(1000)
    keep(600)
    before = state()
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(401, key="w2")
    assert state() == before


@pytest.mark.django_db
def test_a_reversal_is_the_opposite_once() -> None:
    pay(1000)
    assert reverse(posted_key="k1", idempotency_key="r1") is True
    assert reverse(posted_key="k1", idempotency_key="r1") is False
    with pytest.raises(AlreadyResolved):
        reverse(posted_key="k1", idempotency_key="r2")
    assert balance_minor(account="escrow:shop:1") == balance_minor(account="provider:sandbox") == 0
    assert Transfer.objects.count() == 2
    with pytest.raises(NotFound):
        reverse(posted_key="nothing", idempotency_key="r3")
    assert check().problems == ()


@pytest.mark.django_db
def test_only_pending_is_resolved_and_only_posted_is_reversed() -> None:
    pay(1000)
    keep(600)
    before = state()
    for call in (
        lambda: resolve(pending_key="k1", outcome="post", idempotency_key="x"),
        lambda: reverse(posted_key="w1", idempotency_key="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            call()
    with pytest.raises(ValueError, match="nope"):
        resolve(pending_key="w1", outcome="nope", idempotency_key="x")
    with pytest.raises(ValueError, match="resolves nothing"):
        resolve(pending_key="w1", outcome="posted", idempotency_key="x")
    assert state() == before


@pytest.mark.django_db
def test_an_account_that_may_fall_below_zero_can_be_asked_not_to() -> None:
    entries = [("balance:shop:1", 100), ("payout:bank", -100)]
    with pytest.raises(Overdrawn):
        post(entries=entries, currency="CNY", reference="W", idempotency_key="w", must_bear=["balance:shop:1"])
    assert (Journal.objects.count(), balance_minor(account="balance:shop:1")) == (0, 0)
    post(entries=entries, currency="CNY", reference="R", idempotency_key="r")
    assert balance_minor(account="balance:shop:1") == -100


INSERT = "INSERT INTO ledger_transfer (journal_id, debit_account_id, credit_account_id, amount_minor)"
JOURNAL = (
    "INSERT INTO ledger_journal (idempotency_key, reference, currency, fingerprint, posted_at, phase, resolves_id,"
    " transfer_count)"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        # More transfers for a journal that is closed.
        f"{INSERT} SELECT journal_id, credit_account_id, debit_account_id, 5 FROM ledger_transfer"
        " WHERE journal_id = {posted}",
        # A resolution of nothing, of what is resolved, with another number of transfers, in another currency.
        f"{JOURNAL} SELECT 'x', '', currency, '', posted_at, 'void', NULL, 1 FROM ledger_journal WHERE id = {{pending}}",
        f"{JOURNAL} SELECT 'x', '', currency, '', posted_at, 'posted', id, 1 FROM ledger_journal WHERE id = {{pending}}",
        f"{JOURNAL} SELECT 'x', '', currency, '', posted_at, 'post', id, 2 FROM ledger_journal WHERE id = {{pending}}",
        f"{JOURNAL} SELECT 'x', '', 'USD', '', posted_at, 'post', id, 1 FROM ledger_journal WHERE id = {{pending}}",
        f"{JOURNAL} SELECT 'x', '', currency, '', posted_at, 'void', id, 1 FROM ledger_journal WHERE id = {{posted}}",
        f"{JOURNAL} SELECT 'x', '', currency, '', posted_at, 'reversal', id, 1 FROM ledger_journal WHERE id = {{pending}}",
        # An account that becomes another, or shrinks.
        "UPDATE ledger_ledgeraccount SET currency = 'USD'",
        "UPDATE ledger_ledgeraccount SET covered = NOT covered",
        "UPDATE ledger_ledgeraccount SET nature = 'debit' WHERE nature = 'credit'",
        "UPDATE ledger_ledgeraccount SET code = 'fee:mine' WHERE code = 'escrow:shop:1'",
        "UPDATE ledger_ledgeraccount SET debits_minor = 0, credits_minor = 0",
        "UPDATE ledger_ledgeraccount SET debits_minor = debits_minor - 1 WHERE code = 'provider:sandbox'",
        "DELETE FROM ledger_ledgeraccount",
    ],
)
def test_the_database_refuses_to_be_cheated(statement: str) -> None:
    pay(1000)
    keep(600)
    before = (state(), sums("escrow:shop:1"))
    pending, posted = (Journal.objects.get(idempotency_key=key).pk for key in ("w1", "k1"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(pending=pending, posted=posted))
    assert (state(), sums("escrow:shop:1")) == before


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can replace rows")
@pytest.mark.parametrize("table", ["ledger_journal", "ledger_transfer"])
def test_rows_are_not_replaced(table: str) -> None:
    pay(1000)
    before = state()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert state() == before


@pytest.mark.django_db
def test_check_finds_what_the_database_let_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{JOURNAL} VALUES ('half', '', 'CNY', '', %s, 'posted', NULL, 2)",
            [connection.ops.adapt_datetimefield_value(clock.now())],
        )
    LedgerAccount.objects.create(
        code="fee:x", currency="CNY", nature="credit", covered=True, credits_minor=5, debits_pending_minor=1
    )
    assert check().problems == (
        "fee:x CNY differs from the sum of its transfers",
        "CNY sums to -5, not zero",
        "journal half has 0 of 2 transfers",
    )


@pytest.mark.django_db
def test_lines_of_an_account_are_read_in_pieces() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    expected = []
    for day in range(20):
        with clock.frozen(at + timedelta(days=day)):
            pay(100 + day, key=f"p{day}", shop=1)
            pay(7, key=f"q{day}", shop=2)
            expected.append((f"p{day}", 100 + day))
            if day % 3 == 0:
                post(
                    entries=[("escrow:shop:1", 30), ("receivable:shop:1", -25), ("fee:x", -5)],
                    currency="CNY",
                    reference=f"S{day}",
                    idempotency_key=f"s{day}",
                )
                expected.append((f"s{day}", -30))
    for chunk in (1, 2, 3, 1000):
        lines = account_lines(accounts=["escrow:shop:1"], currency="CNY", chunk=chunk, **EVER)
        assert [(line.key, line.amount_minor) for line in lines] == expected
    part = account_lines(
        accounts=["escrow:shop:1"], currency="CNY", since=at + timedelta(days=18), until=at + timedelta(days=19)
    )
    assert [(line.key, line.amount_minor) for line in part] == [("p18", 118), ("s18", -30)]
    assert moved_minor(accounts=["escrow:shop:1"], currency="CNY", before=at + timedelta(days=2)) == {
        "escrow:shop:1": 100 - 30 + 101
    }
    assert booked_amounts(keys=["s0", "p1", "none"], kind="escrow") == {"s0": 30, "p1": -101}


class Books(RuleBasedStateMachine):
    """Everything the ledger can be asked, in any order, against sums kept by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.escrow, self.kept = 0, 0
        self.posted: dict[str, int] = {}
        self.pending: dict[str, int] = {}
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _key(self) -> str:
        self.numbers += 1
        return f"n{self.numbers}"

    @rule(amount=st.integers(1, 1000))
    def pay_in(self, amount: int) -> None:
        key = self._key()
        assert pay(amount, key=key) is True
        assert pay(amount, key=key) is False
        self.posted[key] = amount
        self.escrow += amount

    @rule(amount=st.integers(1, 1500))
    def keep_aside(self, amount: int) -> None:
        key = self._key()
        try:
            with transaction.atomic():
                keep(amount, key=key)
        except IntegrityError:
            assert self.escrow - self.kept < amount
            return
        assert self.escrow - self.kept >= amount
        self.pending[key] = amount
        self.kept += amount

    @precondition(lambda self: self.pending)
    @rule(number=st.integers(0, 50), outcome=st.sampled_from(["post", "void"]), again=st.booleans())
    def resolve_one(self, number: int, outcome: str, again: bool) -> None:
        key = sorted(self.pending)[number % len(self.pending)]
        amount = self.pending.pop(key)
        assert resolve(pending_key=key, outcome=outcome, idempotency_key=f"{key}:{outcome}") is True
        if again:
            assert resolve(pending_key=key, outcome=outcome, idempotency_key=f"{key}:{outcome}") is False
        with pytest.raises(AlreadyResolved):
            resolve(pending_key=key, outcome={"post": "void", "void": "post"}[outcome], idempotency_key=f"{key}:other")
        self.kept -= amount
        self.escrow -= amount if outcome == "post" else 0

    @precondition(lambda self: self.posted)
    @rule(number=st.integers(0, 50))
    def reverse_one(self, number: int) -> None:
        key = sorted(self.posted)[number % len(self.posted)]
        try:
            with transaction.atomic():
                reverse(posted_key=key, idempotency_key=f"{key}:reversed")
        except IntegrityError:
            assert self.escrow - self.kept < self.posted[key]
            return
        self.escrow -= self.posted.pop(key)

    @invariant()
    def books_agree(self) -> None:
        if self.numbers:
            row = next(iter(balances(accounts=["escrow:shop:1"])), None)
            found = (row.balance_minor, row.kept_aside_minor) if row else (0, 0)
            assert found == (self.escrow, self.kept)
        assert check().problems == ()


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_the_books_agree_with_the_model() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert check().problems == ()
