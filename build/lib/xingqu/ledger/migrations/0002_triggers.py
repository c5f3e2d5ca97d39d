"""Makes the books append-only and lets the database itself keep the balances."""

from django.db import migrations

FROZEN = ("ledger_journal", "ledger_transfer")

SQLITE = [
    *(
        f"""CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger only appends'); END"""
        for table in FROZEN
        for action in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER ledger_transfer_one_currency BEFORE INSERT ON ledger_transfer
    WHEN (SELECT count(DISTINCT currency) FROM (
            SELECT currency FROM ledger_ledgeraccount WHERE id IN (NEW.debit_account_id, NEW.credit_account_id)
            UNION ALL SELECT currency FROM ledger_journal WHERE id = NEW.journal_id)) <> 1
    BEGIN SELECT RAISE(ABORT, 'a transfer stays in one currency'); END""",
    """CREATE TRIGGER ledger_transfer_balance AFTER INSERT ON ledger_transfer
    BEGIN
      UPDATE ledger_ledgeraccount SET
        debits_minor = debits_minor + CASE WHEN id = NEW.debit_account_id THEN NEW.amount_minor ELSE 0 END,
        credits_minor = credits_minor + CASE WHEN id = NEW.credit_account_id THEN NEW.amount_minor ELSE 0 END
      WHERE id IN (NEW.debit_account_id, NEW.credit_account_id);
    END""",
]

POSTGRESQL = [
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger only appends' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"""
        for table in FROZEN
    ),
    """CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      IF (SELECT count(DISTINCT currency) FROM (
            SELECT currency FROM ledger_ledgeraccount WHERE id IN (NEW.debit_account_id, NEW.credit_account_id)
            UNION ALL SELECT currency FROM ledger_journal WHERE id = NEW.journal_id) AS seen) <> 1 THEN
        RAISE EXCEPTION 'a transfer stays in one currency' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      UPDATE ledger_ledgeraccount SET
        debits_minor = debits_minor + CASE WHEN id = NEW.debit_account_id THEN NEW.amount_minor ELSE 0 END,
        credits_minor = credits_minor + CASE WHEN id = NEW.credit_account_id THEN NEW.amount_minor ELSE 0 END
      WHERE id IN (NEW.debit_account_id, NEW.credit_account_id);
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER ledger_transfer_balance AFTER INSERT ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_apply()""",
]


def add_triggers(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
