"""Guards of the ledger: in its services, and in the database itself."""

from bench.mutation.guard import Guard

SERVICES = "xingqu/ledger/services.py"
DOMAIN = "xingqu/ledger/domain.py"
TRIGGERS = "xingqu/ledger/migrations/0004_triggers_of_phases.py"
PHASE_TABLES = "xingqu/ledger/migrations/0003_phases.py"
TESTS = "xingqu/ledger/tests/test_ledger.py"
PHASES = "xingqu/ledger/tests/test_phases.py"

GUARDS = (
    Guard(
        "a journal that does not sum to zero",
        DOMAIN,
        "    if sum(sums.values()) != 0:\n",
        "    if False:\n",
        f"{TESTS}::test_what_does_not_sum_to_zero_is_refused",
    ),
    Guard(
        "an account nobody knows",
        DOMAIN,
        "    if kind is None or len(account) > 80",
        "    if kind is None and len(account) > 80",
        f"{TESTS}::test_unknown_accounts_are_refused",
    ),
    Guard(
        "amounts that are none",
        DOMAIN,
        "or abs(amount_minor) > MAX_MINOR:",
        "or False:",
        f"{TESTS}::test_amounts_are_bounded_integers",
    ),
    Guard(
        "one key for two journals",
        SERVICES,
        ".fingerprint != fingerprint:",
        '.fingerprint == "":',
        f"{TESTS}::test_the_same_key_posts_once",
    ),
    Guard(
        "posting outside the event's transaction",
        SERVICES,
        "    if not connection.in_atomic_block:\n",
        "    if False:\n",
        f"{TESTS}::test_posting_needs_a_transaction",
    ),
    Guard(
        "taking from an account that was asked not to fall below zero",
        SERVICES,
        "        if available < 0:\n",
        "        if False:\n",
        f"{PHASES}::test_an_account_that_may_fall_below_zero_can_be_asked_not_to",
    ),
    Guard(
        "resolving one journal in two ways",
        SERVICES,
        "        if (earlier.idempotency_key, earlier.fingerprint) != (idempotency_key, fingerprint):\n",
        "        if False:\n",
        f"{PHASES}::test_what_is_kept_aside_is_posted_once",
    ),
    Guard(
        "posting what was only voided or reversed",
        SERVICES,
        "    if phase not in (Phase.POST, Phase.VOID, Phase.REVERSAL):\n",
        "    if False:\n",
        f"{PHASES}::test_only_pending_is_resolved_and_only_posted_is_reversed",
    ),
    Guard(
        "rewriting a journal or transfer",
        TRIGGERS,
        'f"BEFORE {action} ON {table}", "", "the ledger only appends")',
        'f"BEFORE {action} ON {table}", "1 = 0", "the ledger only appends")',
        f"{TESTS}::test_the_database_itself_refuses_to_rewrite_the_books",
    ),
    Guard(
        "replacing a row",
        TRIGGERS,
        'f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",',
        '"1 = 0",',
        f"{PHASES}::test_rows_are_not_replaced",
    ),
    Guard(
        "an account that becomes another",
        TRIGGERS,
        '_sqlite("ledger_account_kept", "BEFORE UPDATE ON ledger_ledgeraccount", KEPT,',
        '_sqlite("ledger_account_kept", "BEFORE UPDATE ON ledger_ledgeraccount", "1 = 0",',
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
    ),
    Guard(
        "an account that is deleted",
        TRIGGERS,
        '_sqlite("ledger_account_no_delete", "BEFORE DELETE ON ledger_ledgeraccount", "",',
        '_sqlite("ledger_account_no_delete", "BEFORE DELETE ON ledger_ledgeraccount", "1 = 0",',
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
    ),
    Guard(
        "sums that shrink",
        TRIGGERS,
        '"BEFORE UPDATE ON ledger_ledgeraccount", SHRINKS, "the sums',
        '"BEFORE UPDATE ON ledger_ledgeraccount", "1 = 0", "the sums',
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
    ),
    Guard(
        "a transfer between two currencies",
        TRIGGERS,
        '        f"{CURRENCIES} <> 1",\n',
        '        "1 = 0",\n',
        f"{TESTS}::test_a_transfer_stays_in_one_currency",
    ),
    Guard(
        "a transfer added to a journal later",
        TRIGGERS,
        '"BEFORE INSERT ON ledger_transfer", IS_CLOSED, "the journal is closed"),\n    _sqlite(',
        '"BEFORE INSERT ON ledger_transfer", "1 = 0", "the journal is closed"),\n    _sqlite(',
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
    ),
    Guard(
        "resolving what can't be resolved",
        TRIGGERS,
        'f"NEW.resolves_id IS NOT NULL AND NOT EXISTS {RESOLVED}",',
        '"1 = 0",',
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
    ),
    Guard(
        "spending what is kept aside",
        PHASE_TABLES,
        'models.F("debits_minor"), "+", models.F("debits_pending_minor")',
        'models.F("debits_minor"), "-", models.F("debits_pending_minor")',
        f"{PHASES}::test_what_is_kept_aside_is_not_spent_twice",
    ),
    Guard(
        "rewriting the books on PostgreSQL",
        TRIGGERS,
        'f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}',
        'f"""CREATE TRIGGER {table}_no_change BEFORE TRUNCATE ON {table}',
        f"{TESTS}::test_the_database_itself_refuses_to_rewrite_the_books",
        "postgresql",
    ),
    Guard(
        "a transfer added to a journal later, on PostgreSQL",
        TRIGGERS,
        "      IF {IS_CLOSED} THEN RAISE",
        "      IF FALSE THEN RAISE",
        f"{PHASES}::test_the_database_refuses_to_be_cheated",
        "postgresql",
    ),
    Guard(
        "postings that wait for each other in a circle",
        SERVICES,
        'lock = "ORDER BY id FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""',
        'lock = ""',
        "xingqu/trade/tests/test_side_by_side.py::test_postings_of_the_same_accounts_in_either_order",
        "postgresql",
    ),
)
