"""The books: zero-sum, append-only, posted once, never overdrawn; proven by properties and by trying to break them."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.kit.money import MAX_MINOR
from xingqu.ledger.domain import Unbalanced, UnknownAccountKind, pair_entries
from xingqu.ledger.models import Journal, LedgerAccount, Transfer
from xingqu.ledger.selectors import balance_minor, balances, check, is_posted
from xingqu.ledger.services import PostedDifferently, post

ACCOUNTS = ["provider:a", "provider:b", "escrow:shop:1", "escrow:shop:2", "fee:x", "unapplied:buyers"]
entries_strategy = st.lists(
    st.tuples(st.sampled_from(ACCOUNTS), st.integers(-(10**9), 10**9)), min_size=0, max_size=8
).map(lambda entries: [*entries, ("receivable:shop:9", -sum(amount for _, amount in entries))])


def pay(amount_minor: int = 1000, key: str = "k1", shop: int = 1) -> bool:
    return post(
        entries=[("provider:sandbox", amount_minor), (f"escrow:shop:{shop}", -amount_minor)],
        currency="CNY",
        reference="P1",
        idempotency_key=key,
    )


def state() -> tuple[int, int, list[tuple[str, int, int]]]:
    rows = LedgerAccount.objects.order_by("code").values_list("code", "debits_minor", "credits_minor")
    return Journal.objects.count(), Transfer.objects.count(), list(rows)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries_strategy)
def test_pairs_keep_every_accounts_sum(entries: list[tuple[str, int]]) -> None:
    lines = pair_entries(entries, "CNY")
    sums: dict[str, int] = {}
    for account, amount in entries:
        sums[account] = sums.get(account, 0) + amount
    for line in lines:
        assert line.amount_minor > 0
        assert line.debit_account != line.credit_account
        sums[line.debit_account] -= line.amount_minor
        sums[line.credit_account] += line.amount_minor
    assert set(sums.values()) == {0}
    assert len(lines) < max(len(sums), 1) or len(lines) == 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries_strategy, st.integers(1, 10**9))
def test_what_does_not_sum_to_zero_is_refused(entries: list[tuple[str, int]], extra: int) -> None:
    with pytest.raises(Unbalanced):
        pair_entries([*entries, ("fee:x", extra)], "CNY")


@pytest.mark.parametrize("account", ["shop", "nothing:1", "escrow:", "escrow", "fee:" + "x" * 90])
def test_unknown_accounts_are_refused(account: str) -> None:
    with pytest.raises(UnknownAccountKind):
        pair_entries([(account, 1), ("fee:x", -1)], "CNY")


@pytest.mark.parametrize("amount", [1.5, True, MAX_MINOR + 1, -MAX_MINOR - 1, "1"])
def test_amounts_are_bounded_integers(amount: object) -> None:
    back = -amount if isinstance(amount, int | float) else -1
    with pytest.raises(ValueError, match="is no amount of minor units"):
        pair_entries([("provider:a", amount), ("fee:x", back)], "CNY")  # type: ignore[list-item]


@pytest.mark.django_db
def test_post_moves_balances_and_proves() -> None:
    assert pay(1000) is True
    assert pay(500, key="k2", shop=2) is True
    assert [(b.account, b.balance_minor) for b in balances()] == [
        ("escrow:shop:1", 1000),
        ("escrow:shop:2", 500),
        ("provider:sandbox", 1500),
    ]
    assert is_posted(idempotency_key="k2")
    found = check()
    assert (found.balanced, found.transfer_count, found.account_count) == (True, 2, 3)


@pytest.mark.django_db
def test_the_same_key_posts_once() -> None:
    pay(1000)
    before = state()
    assert pay(1000) is False
    assert state() == before
    with pytest.raises(PostedDifferently):
        pay(999)
    assert state() == before


@pytest.mark.django_db
def test_a_covered_account_is_never_overdrawn() -> None:
    pay(1000)
    before = state()
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            entries=[("escrow:shop:1", 1001), ("provider:sandbox", -1001)],
            currency="CNY",
            reference="R1",
            idempotency_key="too-much",
        )
    assert state() == before


@pytest.mark.django_db
def test_entries_of_several_accounts_share_one_journal() -> None:
    pay(1000)
    post(
        entries=[("escrow:shop:1", 1000), ("receivable:shop:1", -950), ("fee:tech_service", -50)],
        currency="CNY",
        reference="S1",
        idempotency_key="received:S1",
    )
    assert balance_minor(account="receivable:shop:1") == 950
    assert balance_minor(account="fee:tech_service") == 50
    assert balance_minor(account="escrow:shop:1") == 0
    assert balance_minor(account="escrow:nobody") == 0
    assert check().balanced


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfer SET amount_minor = 1",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_journal SET reference = 'x'",
        "DELETE FROM ledger_journal",
        "INSERT INTO ledger_transfer (journal_id, debit_account_id, credit_account_id, amount_minor)"
        " SELECT journal_id, debit_account_id, credit_account_id, -5 FROM ledger_transfer",
        "INSERT INTO ledger_transfer (journal_id, debit_account_id, credit_account_id, amount_minor)"
        " SELECT journal_id, debit_account_id, debit_account_id, 5 FROM ledger_transfer",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_books(statement: str) -> None:
    pay(1000)
    before = state()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert state() == before


@pytest.mark.django_db
def test_a_transfer_stays_in_one_currency() -> None:
    pay(1000)
    foreign = LedgerAccount.objects.create(code="fee:x", currency="USD", nature="credit", covered=True)
    row = Transfer.objects.get()
    journal = Journal.objects.create(idempotency_key="open", currency="CNY", phase="posted", transfer_count=1)
    with pytest.raises(DatabaseError, match="one currency"), transaction.atomic():
        Transfer.objects.create(
            journal=journal, debit_account=row.debit_account, credit_account=foreign, amount_minor=1
        )
    assert Transfer.objects.count() == 1


@pytest.mark.django_db
def test_check_finds_a_balance_that_was_tampered_with() -> None:
    pay(1000)
    LedgerAccount.objects.filter(code="provider:sandbox").update(debits_minor=1001)
    assert check().problems == (
        "provider:sandbox CNY differs from the sum of its transfers",
        "CNY sums to 1, not zero",
    )


@pytest.mark.django_db(transaction=True)
def test_posting_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        pay(1000)
    assert state() == (0, 0, [])
