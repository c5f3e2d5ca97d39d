"""Pending, post, void and reversal in the database itself; journals are closed; accounts keep what they are.

The triggers of 0002 were dropped by 0003, which changes the tables.
"""

from django.db import migrations

APPEND_ONLY = ("ledger_journal", "ledger_transfer")
CURRENCIES = """(SELECT count(DISTINCT currency) FROM (
    SELECT currency FROM ledger_ledgeraccount WHERE id IN (NEW.debit_account_id, NEW.credit_account_id)
    UNION ALL SELECT currency FROM ledger_journal WHERE id = NEW.journal_id) AS seen)"""
IS_CLOSED = """(SELECT count(*) FROM ledger_transfer WHERE journal_id = NEW.journal_id)
    >= (SELECT transfer_count FROM ledger_journal WHERE id = NEW.journal_id)"""
PHASE = "(SELECT phase FROM ledger_journal WHERE id = NEW.journal_id)"
RESOLVED = """(SELECT 1 FROM ledger_journal t WHERE t.id = NEW.resolves_id AND t.currency = NEW.currency
    AND t.transfer_count = NEW.transfer_count AND ((NEW.phase IN ('post', 'void') AND t.phase = 'pending')
    OR (NEW.phase = 'reversal' AND t.phase IN ('posted', 'post'))))"""
COPY = """INSERT INTO ledger_transfer (journal_id, debit_account_id, credit_account_id, amount_minor)
    SELECT NEW.id, CASE WHEN NEW.phase = 'reversal' THEN credit_account_id ELSE debit_account_id END,
      CASE WHEN NEW.phase = 'reversal' THEN debit_account_id ELSE credit_account_id END, amount_minor
    FROM ledger_transfer WHERE journal_id = NEW.resolves_id ORDER BY id;"""
ADD = """UPDATE ledger_ledgeraccount SET
    debits_minor = debits_minor + CASE WHEN id = NEW.debit_account_id THEN NEW.amount_minor ELSE 0 END,
    credits_minor = credits_minor + CASE WHEN id = NEW.credit_account_id THEN NEW.amount_minor ELSE 0 END
    WHERE id IN (NEW.debit_account_id, NEW.credit_account_id);"""
MOVE_PENDING = """UPDATE ledger_ledgeraccount SET
    debits_pending_minor = debits_pending_minor + CASE WHEN id = NEW.debit_account_id THEN {sign} NEW.amount_minor ELSE 0 END,
    credits_pending_minor = credits_pending_minor + CASE WHEN id = NEW.credit_account_id THEN {sign} NEW.amount_minor ELSE 0 END
    WHERE id IN (NEW.debit_account_id, NEW.credit_account_id);"""
KEPT = """NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.currency <> OLD.currency OR NEW.nature <> OLD.nature
    OR NEW.covered <> OLD.covered"""
SHRINKS = "NEW.debits_minor < OLD.debits_minor OR NEW.credits_minor < OLD.credits_minor"


def _sqlite(name, event, when, message):
    return f"CREATE TRIGGER {name} {event} {f'WHEN {when}' if when else ''} BEGIN SELECT RAISE(ABORT, '{message}'); END"


SQLITE = [
    *(
        _sqlite(f"{table}_no_{action.lower()}", f"BEFORE {action} ON {table}", "", "the ledger only appends")
        for table in APPEND_ONLY
        for action in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without a word to the triggers for DELETE.
    *(
        _sqlite(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
            "the ledger only appends",
        )
        for table in APPEND_ONLY
    ),
    _sqlite("ledger_account_kept", "BEFORE UPDATE ON ledger_ledgeraccount", KEPT, "an account keeps what it is"),
    _sqlite("ledger_account_no_delete", "BEFORE DELETE ON ledger_ledgeraccount", "", "the ledger only appends"),
    _sqlite(
        "ledger_account_grows", "BEFORE UPDATE ON ledger_ledgeraccount", SHRINKS, "the sums of an account only grow"
    ),
    _sqlite(
        "ledger_transfer_one_currency",
        "BEFORE INSERT ON ledger_transfer",
        f"{CURRENCIES} <> 1",
        "a transfer stays in one currency",
    ),
    _sqlite("ledger_transfer_closed", "BEFORE INSERT ON ledger_transfer", IS_CLOSED, "the journal is closed"),
    _sqlite(
        "ledger_journal_fits",
        "BEFORE INSERT ON ledger_journal",
        f"NEW.resolves_id IS NOT NULL AND NOT EXISTS {RESOLVED}",
        "nothing that this journal could resolve",
    ),
    f"CREATE TRIGGER ledger_journal_copies AFTER INSERT ON ledger_journal WHEN NEW.resolves_id IS NOT NULL BEGIN {COPY} END",
    f"CREATE TRIGGER ledger_transfer_balance AFTER INSERT ON ledger_transfer"
    f" WHEN {PHASE} IN ('posted', 'reversal') BEGIN {ADD} END",
    f"CREATE TRIGGER ledger_transfer_pending AFTER INSERT ON ledger_transfer WHEN {PHASE} = 'pending'"
    f" BEGIN {MOVE_PENDING.format(sign='')} END",
    f"CREATE TRIGGER ledger_transfer_void AFTER INSERT ON ledger_transfer WHEN {PHASE} = 'void'"
    f" BEGIN {MOVE_PENDING.format(sign='-')} END",
    # What was kept aside is freed before it is spent: a covered account can't bear both.
    f"CREATE TRIGGER ledger_transfer_post AFTER INSERT ON ledger_transfer WHEN {PHASE} = 'post'"
    f" BEGIN {MOVE_PENDING.format(sign='-')} {ADD} END",
]
RAISE = "USING ERRCODE = 'integrity_constraint_violation'"
POSTGRESQL = [
    "DROP FUNCTION IF EXISTS ledger_apply CASCADE",
    *(
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"""
        for table in APPEND_ONLY
    ),
    f"""CREATE FUNCTION ledger_account_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF {KEPT} THEN RAISE EXCEPTION 'an account keeps what it is' {RAISE}; END IF;
      IF {SHRINKS} THEN RAISE EXCEPTION 'the sums of an account only grow' {RAISE}; END IF;
      RETURN NEW; END $$""",
    """CREATE TRIGGER ledger_account_kept BEFORE UPDATE ON ledger_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION ledger_account_check()""",
    """CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
    f"""CREATE FUNCTION ledger_transfer_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF {CURRENCIES} <> 1 THEN RAISE EXCEPTION 'a transfer stays in one currency' {RAISE}; END IF;
      IF {IS_CLOSED} THEN RAISE EXCEPTION 'the journal is closed' {RAISE}; END IF;
      RETURN NEW; END $$""",
    """CREATE TRIGGER ledger_transfer_closed BEFORE INSERT ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_check()""",
    f"""CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE journal_phase text := {PHASE}; BEGIN
      IF journal_phase = 'pending' THEN {MOVE_PENDING.format(sign="")} END IF;
      IF journal_phase IN ('post', 'void') THEN {MOVE_PENDING.format(sign="-")} END IF;
      IF journal_phase IN ('posted', 'post', 'reversal') THEN {ADD} END IF;
      RETURN NULL; END $$""",
    """CREATE TRIGGER ledger_transfer_balance AFTER INSERT ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_apply()""",
    f"""CREATE FUNCTION ledger_resolve() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.resolves_id IS NOT NULL THEN
        IF NOT EXISTS {RESOLVED} THEN RAISE EXCEPTION 'nothing that this journal could resolve' {RAISE}; END IF;
        {COPY}
      END IF;
      RETURN NULL; END $$""",
    """CREATE TRIGGER ledger_journal_copies AFTER INSERT ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_resolve()""",
]


def remake(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(
        "UPDATE ledger_journal SET transfer_count = (SELECT count(*) FROM ledger_transfer WHERE journal_id = ledger_journal.id)"
    )
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_phases")]
    operations = [migrations.RunPython(remake, migrations.RunPython.noop)]
