"""The database itself refuses that a payment of its own and a share of another both pay a checkout.

Each alone is unique by a key; the two tables have none in common. On PostgreSQL the checkout's row is locked before the look, which a
payment that is applied holds already: two at once can't both find nothing.
"""

from django.db import migrations

TABLES = {"trade_paymentattempt": "trade_paymentshare", "trade_paymentshare": "trade_paymentattempt"}
MESSAGE = "a checkout is captured by one payment"

SQLITE = [
    f"""CREATE TRIGGER {table}_captured_{event[:6].lower()} BEFORE {event} ON {table}
    WHEN NEW.outcome = 'applied'
      AND EXISTS (SELECT 1 FROM {other} WHERE parent_id = NEW.parent_id AND outcome = 'applied')
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for table, other in TABLES.items()
    for event in ("INSERT", "UPDATE OF outcome, parent_id")
]
POSTGRESQL = [
    statement
    for table, other in TABLES.items()
    for statement in (
        f"""CREATE FUNCTION {table}_captured_once() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          PERFORM 1 FROM trade_parentorder WHERE id = NEW.parent_id FOR NO KEY UPDATE;
          IF EXISTS (SELECT 1 FROM {other} WHERE parent_id = NEW.parent_id AND outcome = 'applied') THEN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$""",
        f"""CREATE TRIGGER {table}_captured BEFORE INSERT OR UPDATE OF outcome, parent_id ON {table}
        FOR EACH ROW WHEN (NEW.outcome = 'applied') EXECUTE FUNCTION {table}_captured_once()""",
    )
]


def add_triggers(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("trade", "0016_payment_shares")]
    operations = [migrations.RunPython(add_triggers, migrations.RunPython.noop)]
